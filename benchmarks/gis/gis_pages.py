"""Pages of items and tiles, against tipg and pygeoapi; and what slow clients cost everybody else."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.gis import gis_peers
from benchmarks.gis.gis_peers import Peer
from benchmarks.running import server
from benchmarks.running.load import Serving, requests_per_second, slow_readers

if TYPE_CHECKING:
    from mapping.models import Campaign

LIMIT: Final = 1000
LEVEL: Final = 12
SLOW_CLIENTS: Final = 2
SLOW_BYTES: Final = 1_000_000
_DEEP: Final = 1000
"""Pages; they are a little shorter than `LIMIT` so that a million has as many."""
_STRIDE: Final = 10
_REPEATS: Final = 15


@dataclass(frozen=True)
class Ours:
    """Our server twice: making every answer anew, and keeping them as it does in the field."""

    making: server.Server
    keeping: server.Server


@dataclass(frozen=True)
class Pages:
    """Requests per second; `ours` are made for each request, `kept` where nothing changed since the last one."""

    ours: float
    kept: float
    not_modified: float
    tipg: float
    pygeoapi: float


@dataclass(frozen=True)
class Depth:
    """Milliseconds for page 1 and for a deep page, ours by keyset and tipg's by offset."""

    page: int
    first: float
    deep: float
    tipg_first: float
    tipg_deep: float


@dataclass(frozen=True)
class Tiles:
    """One tile, the fullest of its level: requests per second, and how many contributions lie in it.

    `level` is where maps get cells from us and every feature from tipg; `same_level` is the first one where ours holds
    the contributions, too. `every_feature` and `tipg_alone` are milliseconds for all features of the tile of `level`:
    ours without a server, for no address gives them, tipg's with it.
    """

    level: int
    inside: int
    ours: float
    kept: float
    not_modified: float
    tipg: float
    same_level: int
    same_inside: int
    same_ours: float
    same_tipg: float
    every_feature: float
    tipg_alone: float


def items_path(campaign: Campaign, limit: int = LIMIT) -> str:
    """Where our items are."""
    return f"/ogc/collections/{campaign.slug}-contributions/items?limit={limit}"


def tipg_path(campaign: Campaign, rest: str) -> str:
    """An address of tipg's collection."""
    return f"/collections/{gis_peers.SCHEMA}.{gis_peers.table_name(campaign)}/{rest}"


def pages(campaign: Campaign, ours: Ours, tipg: Peer, pygeoapi: Peer, rounds: int) -> Pages:
    """Page 1 of 1,000 items over four open connections, in turns."""
    path = items_path(campaign)
    theirs = tipg_path(campaign, f"items?limit={LIMIT}")
    others = f"/collections/{gis_peers.table_name(campaign)}/items?limit={LIMIT}&f=json"
    for served, address in ((ours.making, path), (tipg, theirs), (pygeoapi, others)):
        number = len(json.loads(_answer(served, address)[0])["features"])
        if number != LIMIT:
            raise RuntimeError(f"{address} holds {number} features")
    tag = _answer(ours.keeping, path)[1]
    found = _in_turns(
        {
            "ours": lambda: requests_per_second(ours.making, path),
            "kept": lambda: requests_per_second(ours.keeping, path),
            "not_modified": lambda: requests_per_second(
                ours.keeping, path, headers={"If-None-Match": tag}, expected=304
            ),
            "tipg": lambda: requests_per_second(tipg, theirs),
            "pygeoapi": lambda: requests_per_second(pygeoapi, others),
        },
        rounds,
    )
    return Pages(**found)


def depth(campaign: Campaign, ours: server.Server, tipg: Peer) -> Depth:
    """Follow the links `next` to a page as deep as there is up to `_DEEP`, then ask for it and page 1 in turns."""
    from mapping.models import Contribution

    total = Contribution.objects.published().filter(campaign=campaign).count()
    limit = min(LIMIT, total // (_DEEP + 1)) if total >= _DEEP * 100 else LIMIT
    number = min(_DEEP, total // limit)
    first = items_path(campaign, limit)
    path = f"{first}&f=json"
    # The same links lead through longer pages, ten at a time, which spares most of the way.
    strides, steps = divmod(number - 1, _STRIDE)
    for length in [limit * _STRIDE] * strides + [limit] * steps:
        path = _next(ours, path.replace(f"limit={limit}&", f"limit={length}&"), limit)
    offset = limit * (number - 1)
    took = _milliseconds(
        {
            "first": (ours, f"{first}&f=json"),
            "deep": (ours, path),
            "tipg_first": (tipg, tipg_path(campaign, f"items?limit={limit}")),
            "tipg_deep": (tipg, tipg_path(campaign, f"items?limit={limit}&offset={offset}")),
        }
    )
    return Depth(number, **took)


def _next(ours: server.Server, path: str, limit: int) -> str:
    """The address of the page behind one, again of `limit` items."""
    links = {one["rel"]: one["href"] for one in json.loads(_answer(ours, path)[0])["links"]}
    address = urlsplit(links["next"])
    query = dict(parse_qsl(address.query)) | {"limit": str(limit)}
    return f"{address.path}?{urlencode(query)}"


def tiles(campaign: Campaign, ours: Ours, tipg: Peer, rounds: int) -> Tiles:
    """The fullest tile of level 12, and the fullest one of the first level at which ours holds contributions."""
    from mapping.models import ContributionStatus
    from mapping.ogc.tiles.levels import first_level_of_features
    from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD

    same_level = first_level_of_features(campaign, (ContributionStatus.PUBLISHED.value,), WEB_MERCATOR_QUAD)
    (column, row), inside = _fullest_tile(campaign, LEVEL)
    (same_column, same_row), same_inside = _fullest_tile(campaign, same_level)
    address = f"/ogc/collections/{campaign.slug}-contributions/tiles/WebMercatorQuad/"
    path = f"{address}{LEVEL}/{row}/{column}"
    theirs = tipg_path(campaign, f"tiles/WebMercatorQuad/{LEVEL}/{column}/{row}")
    same = f"{address}{same_level}/{same_row}/{same_column}"
    same_theirs = tipg_path(campaign, f"tiles/WebMercatorQuad/{same_level}/{same_column}/{same_row}")
    tag = _answer(ours.keeping, path)[1]
    found = _in_turns(
        {
            "ours": lambda: requests_per_second(ours.making, path),
            "kept": lambda: requests_per_second(ours.keeping, path),
            "not_modified": lambda: requests_per_second(
                ours.keeping, path, headers={"If-None-Match": tag}, expected=304
            ),
            "tipg": lambda: requests_per_second(tipg, theirs),
            "same_ours": lambda: requests_per_second(ours.making, same),
            "same_tipg": lambda: requests_per_second(tipg, same_theirs),
        },
        rounds,
    )
    every = _every_feature(campaign, row, column)
    alone = _milliseconds({"tipg": (tipg, theirs)}, repeats=3)["tipg"]
    return Tiles(
        LEVEL,
        inside,
        same_level=same_level,
        same_inside=same_inside,
        every_feature=every,
        tipg_alone=alone,
        **found,
    )


def _fullest_tile(campaign: Campaign, level: int) -> tuple[tuple[int, int], int]:
    """Column and row of the tile of Web Mercator with the most contributions, and how many these are."""
    from django.db import connection

    table = f"{gis_peers.SCHEMA}.{gis_peers.table_name(campaign)}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT floor((ST_X(geom) + 180) / 360 * 2 ^ %(level)s)::integer AS x,"
            " floor((1 - asinh(tand(ST_Y(geom))) / pi()) / 2 * 2 ^ %(level)s)::integer AS y, count(*)"
            f" FROM {table} GROUP BY x, y ORDER BY count(*) DESC LIMIT 1",
            {"level": level},
        )
        column, row, number = cursor.fetchone()
    return (column, row), number


def _every_feature(campaign: Campaign, row: int, column: int) -> float:
    """Milliseconds for a tile of all contributions, which maps would not get at this level."""
    from mapping.exports.selection import Selection
    from mapping.exports.sources import contributions_source
    from mapping.ogc.tiles.describe import fields_in_tiles
    from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD
    from mapping.ogc.tiles.read import features_tile

    source = contributions_source(Selection(campaign), "/photos/")
    tile = WEB_MERCATOR_QUAD.tile(LEVEL, row, column)
    assert tile
    took = []
    for _ in range(3):
        start = time.perf_counter()
        features_tile(source, fields_in_tiles(source.fields), tile)
        took.append(time.perf_counter() - start)
    return min(took) * 1000


def slow_downloads(campaign: Campaign, ours: server.Server, rounds: int) -> tuple[float, float, int]:
    """Items per second without and with slow readers of the download, and the bytes these read."""
    path = items_path(campaign)
    download = f"/api/v1/campaigns/{campaign.slug}/download.geojson"
    alone: list[float] = []
    beside: list[float] = []
    read = 0
    for _ in range(rounds):
        alone.append(requests_per_second(ours, path))
        with slow_readers(ours, download, SLOW_CLIENTS, SLOW_BYTES) as sips:
            time.sleep(1)
            beside.append(requests_per_second(ours, path))
        read += sum(sips)
    return statistics.median(alone), statistics.median(beside), read


def _answer(served: Serving, path: str) -> tuple[bytes, str]:
    """Body and entity tag."""
    connection = served.connect()
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answers {response.status}")
        return body, response.headers.get("ETag", "")
    finally:
        connection.close()


def _in_turns(actions: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each, asked in turns."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            found[name].append(action())
    return {name: statistics.median(values) for name, values in found.items()}


def _milliseconds(asked: Mapping[str, tuple[Serving, str]], repeats: int = _REPEATS) -> dict[str, float]:
    """The shortest of several answers each, asked in turns over one open connection."""
    connections = {name: served.connect() for name, (served, _path) in asked.items()}
    best = dict.fromkeys(asked, float("inf"))
    for _ in range(repeats):
        for name, (_served, path) in asked.items():
            best[name] = min(best[name], _duration(connections[name], path))
    for connection in connections.values():
        connection.close()
    return {name: seconds * 1000 for name, seconds in best.items()}


def _duration(connection: http.client.HTTPConnection, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answers {response.status}")
    return time.perf_counter() - start
