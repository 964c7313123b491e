"""The heat map: contributions and participants per square cell, exact, as rows, GeoJSON or compact JSON.

Without a filter by category or date the numbers are read from the tally; with one they are counted from the covering
index of the footprints. Both are as new as the last committed change. Rules of counting:

- A contribution counts once in every cell that its place touches (cells are lower-left closed), in `totals` once.
- A participant counts once in every cell with a contribution of theirs, in `totals` once. Contributions without a
  person (drawn by the city, imported without one) count as contributions only.
- `totals.unlocated` are those of `totals.contributions` that have no place on the European grid.
- Days are calendar days in the site's time zone; `start` and `end` both belong to the range.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from django.db import connections, router

from mapping.aggregation.query import HeatmapProblem, HeatmapQuery
from mapping.aggregation.rows import matching_footprints
from mapping.aggregation.tally import TOTALS, parent_sql
from mapping.geo.crs import LAEA, laea_to_lonlat
from mapping.geo.grid import KEY_FACTOR, SIZES, Cell
from mapping.models import Footprint
from mapping.models.footprint import EVERYWHERE, NOWHERE, STATUS_CODES, UNNAMED

MOST_CELLS: Final = 50_000
"""More cells than anyone can look at, and more than a page should load."""

_LONLAT_DECIMALS: Final = 7

_TALLY: Final = f"""
    SELECT level, cell, contributions, participants
    FROM mapping_tally
    WHERE campaign_id = %(campaign)s AND status = %(status)s AND level IN (%(level)s, {TOTALS})
    ORDER BY level, cell
    LIMIT {MOST_CELLS + 4}
"""
_COUNT: Final = f"""
    (
        SELECT %(level)s, {{cell}}, count(*) FILTER (WHERE sizes >> %(level)s & 1 = 1), count(DISTINCT participant_id)
        FROM mapping_footprint
        WHERE {{matching}} AND cell >= 0
        GROUP BY {{cell}}
        LIMIT {MOST_CELLS + 1}
    )
    UNION ALL
    SELECT {TOTALS}, {EVERYWHERE}, count(*) FILTER (WHERE sizes >> {TOTALS} & 1 = 1), count(DISTINCT participant_id)
    FROM mapping_footprint
    WHERE {{matching}}
    UNION ALL
    SELECT {TOTALS}, {NOWHERE}, count(*), count(DISTINCT participant_id)
    FROM mapping_footprint
    WHERE {{matching}} AND cell = {NOWHERE}
    UNION ALL
    SELECT {TOTALS}, {UNNAMED}, count(*), 0
    FROM mapping_footprint
    WHERE {{matching}} AND participant_id IS NULL AND sizes >> {TOTALS} & 1 = 1
"""
_NUMBER_OF_CELLS: Final = """
    SELECT count(DISTINCT {cell}) FROM mapping_footprint WHERE {matching} AND cell >= 0
"""


@dataclass(frozen=True, slots=True)
class CellCount:
    """One cell and what it holds."""

    cell: Cell
    contributions: int
    participants: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What matches the filter, wherever it lies.

    Of `contributions`, `unlocated` have no place on the European grid, and behind `unnamed` stands no participant
    (drawn by the city, imported without a person).
    """

    contributions: int
    participants: int
    unlocated: int
    unnamed: int = 0


Row = tuple[int, int, int]
"""A cell's key at the heat map's size (`grid.Cell.key`), contributions, participants."""


@dataclass(frozen=True)
class Heatmap:
    """Counts of all cells that hold something, from south-west to north-east."""

    size: int
    rows: tuple[Row, ...]
    totals: Totals

    @cached_property
    def cells(self) -> list[CellCount]:
        """The rows with their cells as objects; the ways out (`as_compact`, `as_geojson`) do without."""
        return [CellCount(Cell.from_key(key, self.size), n, people) for key, n, people in self.rows]


def heatmap(query: HeatmapQuery) -> Heatmap:
    """Count a campaign's contributions and participants per square cell.

    One statement, hence one moment: cells and totals always agree. Raises HeatmapProblem.
    """
    query.check()
    level = SIZES.index(query.size)
    if query.is_tallied:
        statement = _TALLY
        params = {
            "campaign": query.campaign_id,
            "status": STATUS_CODES[query.statuses[0]],
            "level": level,
        }
    else:
        matching, params = matching_footprints(query)
        statement = _COUNT.format(cell=parent_sql("cell", level), matching=matching)
        params["level"] = level
    rows: list[Row] = []
    totals: dict[int, tuple[int, int]] = {}
    for found_level, cell, contributions, participants in fetch(statement, params):
        if found_level == level:
            rows.append((cell, contributions, participants))
        else:
            totals[cell] = (contributions, participants)
    if len(rows) > MOST_CELLS:
        raise HeatmapProblem(
            "too_many_cells",
            parameter="size",
            size=query.size,
            limit=MOST_CELLS,
            smallest=_smallest_size(query),
        )
    rows.sort()
    nothing = (0, 0)
    return Heatmap(
        query.size,
        tuple(rows),
        Totals(
            *totals.get(EVERYWHERE, nothing),
            unlocated=totals.get(NOWHERE, nothing)[0],
            unnamed=totals.get(UNNAMED, nothing)[0],
        ),
    )


def as_compact(heatmap: Heatmap) -> dict[str, Any]:
    """The heat map for a map that draws the squares itself: `[east, north, contributions, participants]`, metres."""
    size = heatmap.size
    return {
        "grid": "square",
        "size": size,
        "crs": LAEA,
        "cells": [
            [key % KEY_FACTOR * size, key // KEY_FACTOR * size, contributions, participants]
            for key, contributions, participants in heatmap.rows
        ],
        "totals": _totals(heatmap.totals),
    }


def as_geojson(heatmap: Heatmap) -> dict[str, Any]:
    """The heat map as a GeoJSON FeatureCollection (RFC 7946); a feature's id is the cell's GeoGitter id."""
    collection: dict[str, Any] = json.loads(geojson_text(heatmap))
    return collection


def geojson_text(heatmap: Heatmap) -> str:
    """`as_geojson` as finished text, several times faster than through objects: neighbours share written corners."""
    size = heatmap.size
    features = ",".join(
        f'{{"type":"Feature","id":"CRS{LAEA}RES{size}mN{key // KEY_FACTOR * size}E{key % KEY_FACTOR * size}",'
        f'"geometry":{{"type":"Polygon","coordinates":[[{sw},{se},{ne},{nw},{sw}]]}},'
        f'"properties":{{"contributions":{contributions},"participants":{participants}}}}}'
        for (key, contributions, participants), (sw, se, ne, nw) in zip(
            heatmap.rows, _corner_texts(heatmap), strict=True
        )
    )
    totals = json.dumps(_totals(heatmap.totals), separators=(",", ":"))
    return f'{{"type":"FeatureCollection","features":[{features}],"totals":{totals}}}'


def _totals(totals: Totals) -> Mapping[str, int]:
    return {
        "contributions": totals.contributions,
        "participants": totals.participants,
        "unlocated": totals.unlocated,
    }


def _corner_texts(heatmap: Heatmap) -> Iterator[tuple[str, str, str, str]]:
    """Write each corner once as "[lon,lat]" (as `grid.squares_lonlat` computes it); yield four per cell."""
    if not heatmap.rows:
        return
    keys = np.fromiter((row[0] for row in heatmap.rows), dtype=np.int64, count=len(heatmap.rows))
    # Columns and rows of corners reach one further than those of cells, hence a factor of their own.
    factor = KEY_FACTOR + 1
    south_west = keys // KEY_FACTOR * factor + keys % KEY_FACTOR
    corners, places = np.unique(
        np.stack([south_west, south_west + 1, south_west + factor + 1, south_west + factor], axis=1),
        return_inverse=True,
    )
    metres = np.stack([corners % factor, corners // factor], axis=1) * float(heatmap.size)
    # Adding zero turns a negative zero into a plain one.
    lonlat = np.round(laea_to_lonlat(metres), _LONLAT_DECIMALS) + 0.0
    texts = [f"[{lon},{lat}]" for lon, lat in lonlat.tolist()]
    for sw, se, ne, nw in places.reshape(-1, 4).tolist():
        yield texts[sw], texts[se], texts[ne], texts[nw]


def _smallest_size(query: HeatmapQuery) -> int | None:
    """Find the smallest larger size that does not yield too many cells."""
    matching, params = matching_footprints(query)
    for level in range(SIZES.index(query.size) + 1, len(SIZES)):
        cell = parent_sql("cell", level)
        [(number,)] = fetch(_NUMBER_OF_CELLS.format(cell=cell, matching=matching), params)
        if number <= MOST_CELLS:
            return SIZES[level]
    return None


def fetch(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a reading statement where footprints are read (that may be a replica)."""
    with connections[router.db_for_read(Footprint)].cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
