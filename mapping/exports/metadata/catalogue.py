"""The catalogue of all public data, written piece by piece: a graph of a thousand datasets is never held.

All nodes have addresses, so pieces of Turtle, JSON-LD and RDF/XML can follow each other within one document; what is
said of a node in several pieces (the members of the catalogue) adds up (RDF 1.1 Concepts, section 3: a graph is a set).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import quoteattr

from rdflib import Graph

from mapping.exports.metadata.dataset import Dataset, all_datasets
from mapping.exports.metadata.graph import add_catalogue, add_entry, add_site
from mapping.exports.metadata.serialising import serialised
from mapping.exports.metadata.site import Site
from mapping.exports.metadata.vocabulary import PREFIXES, new_graph

_BATCH: Final = 20
"""Datasets in one graph: about 4,000 statements."""
_SHAPE: Final = 2
"""Raised when the description itself changes, so that harvesters fetch it again."""


@dataclass(frozen=True)
class State:
    """All that a catalogue says, before it is written; `version` tells it from another one.

    Datasets are a few kilobytes each. They are read at once: writing needs no database, in whichever thread it happens.
    """

    datasets: tuple[Dataset, ...]
    version: str
    modified: datetime | None


def catalogue_state(site: Site) -> State:
    """Read the datasets of all apps, but build nothing."""
    datasets = all_datasets(site)
    digest = hashlib.sha256(_general(site))
    for one in datasets:
        digest.update(_particular(one))
    modified = max((one.modified_at for one in datasets), default=None)
    return State(datasets, digest.hexdigest()[:32], modified)


def version_of(dataset: Dataset, site: Site) -> str:
    """The same of one dataset."""
    return hashlib.sha256(_general(site) + _particular(dataset)).hexdigest()[:32]


def _general(site: Site) -> bytes:
    return repr((_SHAPE, site)).encode()


def _particular(dataset: Dataset) -> bytes:
    return repr(dataset).encode()


def catalogue_pieces(site: Site, state: State, ending: str) -> Generator[bytes, None, None]:
    """The whole catalogue as text; raises KeyError for an ending that is none of `SERIALISATIONS`."""
    return _WRITERS[ending](_graphs(site, state))


def _graphs(site: Site, state: State) -> Iterator[Graph]:
    first = new_graph()
    add_site(first, site)
    add_catalogue(first, site, state.datasets)
    yield first
    for first_of_batch in range(0, len(state.datasets), _BATCH):
        graph = new_graph()
        for one in state.datasets[first_of_batch : first_of_batch + _BATCH]:
            add_entry(graph, one, site)
        yield graph


def _turtle(graphs: Iterable[Graph]) -> Generator[bytes, None, None]:
    yield "".join(f"@prefix {prefix}: <{address}> .\n" for prefix, address in PREFIXES.items()).encode()
    for graph in graphs:
        text = serialised(graph, "ttl")
        # Only the lines at the beginning: a text may hold such a line, too.
        while text.startswith(b"@prefix"):
            text = text.partition(b"\n")[2]
        yield text


def _json_ld(graphs: Iterable[Graph]) -> Generator[bytes, None, None]:
    yield b'{"@context":' + json.dumps(PREFIXES, separators=(",", ":")).encode() + b',"@graph":['
    separator = b"\n"
    for graph in graphs:
        for node in json.loads(serialised(graph, "jsonld"))["@graph"]:
            yield separator + json.dumps(node, ensure_ascii=False, separators=(",", ":")).encode()
            separator = b",\n"
    yield b"\n]}\n"


def _rdf_xml(graphs: Iterable[Graph]) -> Generator[bytes, None, None]:
    names = "".join(f"\n   xmlns:{prefix}={quoteattr(address)}" for prefix, address in PREFIXES.items())
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF{names}\n>\n'.encode()
    for graph in graphs:
        _root, _end, inside = serialised(graph, "rdf").partition(b"<rdf:RDF")[2].partition(b">")
        yield inside.rpartition(b"</rdf:RDF>")[0].lstrip()
    yield b"</rdf:RDF>\n"


_WRITERS: Final[dict[str, Callable[[Iterable[Graph]], Generator[bytes, None, None]]]] = {
    "ttl": _turtle,
    "jsonld": _json_ld,
    "rdf": _rdf_xml,
}
