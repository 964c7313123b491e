"""The heat map: contributions and participants per square, hexagon or district, exact.

Squares of one status without a filter are read from the tally; everything else is counted in numpy from what PostgreSQL
filters (`rows`, `zones`, `counting`). Both are as new as the last committed change. Rules of counting:

- A contribution counts once in every cell that its place touches, in `totals` once. A point lies in one cell: squares
  are lower-left closed, on edges of hexagons see `geo.hexagon`, on borders of districts the first by code counts.
- A participant counts once in every cell with a contribution of theirs, in `totals` once. Contributions without a
  person (drawn by the city, imported without one) count as contributions only.
- `totals.unlocated` are those of `totals.contributions` that have no place on the European grid.
- Support is the number of opinions in favour, opposition that of those against, the balance their difference. The mean
  is that of the answers given, None where nobody gave one. An answer to the survey counts once in every cell in which
  its author placed something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from mapping.aggregation.columns import fetch_columns
from mapping.aggregation.heatmap.counting import (
    Counts,
    Floats,
    Integers,
    count,
    distinct,
    first_of_each,
    totals,
)
from mapping.aggregation.heatmap.query import OPINIONS, Grid, HeatmapQuery, Measure
from mapping.aggregation.heatmap.rows import footprint_rows
from mapping.aggregation.heatmap.zones import located, parents
from mapping.aggregation.tally import TOTALS
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import SIZES, Cell
from mapping.models.footprint import EVERYWHERE, NOWHERE, STATUS_CODES, UNNAMED

MOST_CELLS: Final = 50_000
"""The most cells of one heat map: more than anyone can look at, and more than a page should load."""

_TALLY: Final = f"""
    SELECT array_agg(cell), array_agg(contributions), array_agg(participants), (
        SELECT array_agg(number)
        FROM mapping_tally, unnest(ARRAY[cell, contributions, participants]) AS number
        WHERE campaign_id = %(campaign)s AND status = %(status)s AND level = {TOTALS}
    )
    FROM (
        SELECT cell, contributions, participants FROM mapping_tally
        WHERE campaign_id = %(campaign)s AND status = %(status)s AND level = %(level)s::smallint
        LIMIT {MOST_CELLS + 1}
    ) AS cells
"""
_TALLIED_CELLS: Final = f"""
    SELECT array_agg(level), array_agg(cells) FROM (
        SELECT level, count(*) AS cells FROM mapping_tally
        WHERE campaign_id = %(campaign)s AND status = %(status)s AND level < {TOTALS} GROUP BY level
    ) AS levels
"""


@dataclass(frozen=True, slots=True)
class CellCount:
    """One square and its counts."""

    cell: Cell
    contributions: int
    participants: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of all contributions that match the filter, wherever they lie.

    Of `contributions`, `unlocated` have no place on the European grid, and `unnamed` have no participant (drawn by the
    city, imported without a person).
    """

    contributions: int
    participants: int
    unlocated: int
    unnamed: int = 0


Row = tuple[int, int, int] | tuple[int, int, int, float | None]
"""Key, contributions, participants, and the value where the measure has one.

The key is `geo.grid.Cell.key` or `geo.hexagon.Hexagon.key` at the heat map's size, or a district's primary key.
"""


@dataclass(frozen=True)
class Heatmap:
    """Counts of all non-empty cells: from south-west to north-east, districts by their key."""

    grid: Grid
    size: int
    rows: tuple[Row, ...]
    totals: Totals
    measure: Measure = "contributions"

    @cached_property
    def cells(self) -> list[CellCount]:
        """The rows of a grid of squares as objects; `exports.cells` uses the plain rows."""
        return [CellCount(Cell.from_key(row[0], self.size), row[1], row[2]) for row in self.rows]


def heatmap(query: HeatmapQuery) -> Heatmap:
    """Count a campaign's contributions and participants per cell.

    One statement, hence one snapshot: cells and totals always agree. (Districts and questions are looked up before.)
    Raises QueryProblem.
    """
    query.check()
    if query.is_tallied:
        return _tallied(query)
    if query.is_in_footprints:
        return _from_footprints(query)
    return _from_places(query)


def _tallied(query: HeatmapQuery) -> Heatmap:
    params = {
        "campaign": query.campaign_id,
        "status": STATUS_CODES[query.statuses[0]],
        "level": SIZES.index(query.size),
    }
    keys, contributions, participants, rest = fetch_columns(_TALLY, params)
    if len(keys) > MOST_CELLS:
        at_level = dict(
            zip(*(column.tolist() for column in fetch_columns(_TALLIED_CELLS, params)), strict=True)
        )
        raise _too_many(query, lambda size: at_level.get(SIZES.index(size), 0))
    order = np.argsort(keys)
    counts = Counts(keys[order], contributions[order], participants[order])
    known = {cell: (number, people) for cell, number, people in rest.reshape(-1, 3).tolist()}
    everything, people = known.get(EVERYWHERE, (0, 0))
    unlocated, unnamed = (known.get(cell, (0, 0))[0] for cell in (NOWHERE, UNNAMED))
    return Heatmap(
        query.grid, query.size, _rows(counts), Totals(everything, people, unlocated, unnamed), query.measure
    )


def _from_footprints(query: HeatmapQuery) -> Heatmap:
    rows = footprint_rows(query)
    is_once = rows.sizes >> TOTALS & 1 == 1
    is_cell = rows.cells != NOWHERE
    cells, people = rows.cells[is_cell], rows.people[is_cell]
    keys = parents(cells, query.size)
    stands = (rows.sizes[is_cell] >> SIZES.index(query.size) & 1).astype(np.bool_)
    counts = count(keys, people, stands)
    if len(counts.keys) > MOST_CELLS:
        raise _too_many(query, lambda size: distinct(parents(cells, size)))
    return Heatmap(
        query.grid,
        query.size,
        _rows(counts),
        Totals(
            contributions=int(np.count_nonzero(is_once)),
            participants=distinct(rows.people),
            unlocated=len(rows.cells) - len(cells),
            unnamed=int(np.count_nonzero(is_once & (rows.people < 0))),
        ),
        query.measure,
    )


def _from_places(query: HeatmapQuery) -> Heatmap:
    read = located(query)
    places = read.places
    found = read.incidence(query.size)
    counts = count(found.keys, places.people[found.rows])
    if len(counts.keys) > MOST_CELLS:
        raise _too_many(query, lambda size: distinct(read.incidence(size).keys))
    values = None if places.values is None else places.values[found.rows]
    keys = found.keys
    if query.measures_people and values is not None:
        once = first_of_each(keys, places.people[found.rows])
        keys, values = keys[once], values[once]
    people = places.people[read.chosen]
    return Heatmap(
        query.grid,
        query.size,
        _rows(counts, _values(query, counts, keys, values)),
        Totals(
            contributions=len(people),
            participants=distinct(people),
            unlocated=int(np.count_nonzero(places.kinds[read.chosen] == 0)),
            unnamed=int(np.count_nonzero(people < 0)),
        ),
        query.measure,
    )


def _values(
    query: HeatmapQuery, counts: Counts, keys: Integers, values: Floats | None
) -> list[float | None] | None:
    """The measure's value for each of the counted keys."""
    if values is None:
        return None
    sums, numbers = totals(counts.keys, keys, values)
    if query.measure in OPINIONS:
        return list(sums.astype(np.int64).tolist())
    return [
        total / number if number else None
        for total, number in zip(sums.tolist(), numbers.tolist(), strict=True)
    ]


def _rows(counts: Counts, values: list[float | None] | None = None) -> tuple[Row, ...]:
    columns = (counts.keys.tolist(), counts.contributions.tolist(), counts.people.tolist())
    if values is None:
        return tuple(zip(*columns, strict=True))
    return tuple(zip(*columns, values, strict=True))


def _too_many(query: HeatmapQuery, cells_at_size: Callable[[int], int]) -> QueryProblem:
    """Make the QueryProblem that names the smallest larger size without too many cells."""
    larger = SIZES[SIZES.index(query.size) + 1 :]
    return QueryProblem(
        "too_many_cells",
        parameter="size",
        size=query.size,
        limit=MOST_CELLS,
        smallest=next((size for size in larger if cells_at_size(size) <= MOST_CELLS), None),
    )
