"""Writes tiny extracts of OpenStreetMap, as XML and as PBF (https://wiki.openstreetmap.org/wiki/PBF_Format)."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

Tags = Mapping[str, str]
_NANODEGREES = 100
"""The granularity of positions that the format has where nothing else is said."""


@dataclass(frozen=True)
class Node:
    """A position, with tags if it is something by itself."""

    lon: float
    lat: float
    tags: Tags = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """Numbers of nodes (from 0) in their order."""

    nodes: Sequence[int]
    tags: Tags


def as_xml(nodes: Sequence[Node], ways: Sequence[Way]) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for number, node in enumerate(nodes, start=1):
        lines.append(f'<node id="{number}" lat="{node.lat}" lon="{node.lon}">{_xml_tags(node.tags)}</node>')
    for number, way in enumerate(ways, start=1):
        members = "".join(f'<nd ref="{one + 1}"/>' for one in way.nodes)
        lines.append(f'<way id="{number}">{members}{_xml_tags(way.tags)}</way>')
    return "\n".join([*lines, "</osm>"])


def as_pbf(nodes: Sequence[Node], ways: Sequence[Way]) -> bytes:
    tagged = [one.tags for one in nodes] + [one.tags for one in ways]
    words = ["", *sorted({word for tags in tagged for pair in tags.items() for word in pair})]
    numbers = {word: number for number, word in enumerate(words)}
    strings = b"".join(_bytes(1, word.encode()) for word in words)
    written_nodes = b"".join(
        _bytes(1, _node(number, node, numbers)) for number, node in enumerate(nodes, start=1)
    )
    written_ways = b"".join(_bytes(3, _way(number, way, numbers)) for number, way in enumerate(ways, start=1))
    block = _bytes(1, strings) + _bytes(2, written_nodes) + _bytes(2, written_ways)
    return _blob("OSMHeader", _bytes(4, b"OsmSchema-V0.6")) + _blob("OSMData", block)


def _xml_tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def _node(number: int, node: Node, words: Mapping[str, int]) -> bytes:
    lat, lon = (round(degrees * 1e9 / _NANODEGREES) for degrees in (node.lat, node.lon))
    return b"".join(
        [
            *(_number(1, _signed(number)), _tags(node.tags, words)),
            *(_number(8, _signed(lat)), _number(9, _signed(lon))),
        ]
    )


def _way(number: int, way: Way, words: Mapping[str, int]) -> bytes:
    ids = [one + 1 for one in way.nodes]
    steps = [now - before for before, now in zip([0, *ids], ids, strict=False)]
    return _number(1, number) + _tags(way.tags, words) + _packed(8, map(_signed, steps))


def _tags(tags: Tags, words: Mapping[str, int]) -> bytes:
    if not tags:
        return b""
    return _packed(2, (words[key] for key in tags)) + _packed(3, (words[value] for value in tags.values()))


def _blob(kind: str, content: bytes) -> bytes:
    blob = _bytes(1, content)
    header = _bytes(1, kind.encode()) + _number(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _signed(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _number(name: int, value: int) -> bytes:
    return _varint(name << 3) + _varint(value)


def _bytes(name: int, value: bytes) -> bytes:
    return _varint(name << 3 | 2) + _varint(len(value)) + value


def _packed(name: int, values: Iterable[int]) -> bytes:
    return _bytes(name, b"".join(map(_varint, values)))
