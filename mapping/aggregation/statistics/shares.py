"""Shares of contributions in cells: the shares of one contribution sum to one.

Tests of significance count by these shares. A heat map counts a line in every cell that it touches, which is right for
"how many touch this cell"; a test would mistake one street drawn once for a dozen neighbouring cells that agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse

from mapping.aggregation.columns import fetch, fetch_columns
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.rows import NOBODY, footprint_rows, footprint_source
from mapping.aggregation.heatmap.zones import located, parents
from mapping.aggregation.statistics.significance import FEWEST_PEOPLE, LARGEST_PART
from mapping.aggregation.tally import TOTALS, parent_sql
from mapping.geo.grid import SIZES
from mapping.models.footprint import NOWHERE

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_ROWS_AT_ONCE: Final = 500
"""Cells whose neighbourhoods are summed per person in one batch: bounds the memory."""

_ROUNDING: Final = 1e-9

# Every contribution but a point has a row without the bit of totals, unless one cell of 100 m holds it all.
_HAS_SHAPES: Final = f"SELECT EXISTS (SELECT 1 {{source}} AND f.sizes >> {TOTALS} & 1 = 0)"
_SPREAD: Final = f"""
    SELECT array_agg(cell), array_agg(person), array_agg(number) FROM (
        SELECT f.cell,
            coalesce(f.participant_id, -dense_rank() OVER (ORDER BY f.contribution_id)) AS person,
            count(*) OVER (PARTITION BY f.contribution_id) AS number
        {{source}} AND f.sizes >> %(level)s::integer & 1 = 1 AND f.cell <> {NOWHERE}
    ) AS spread
"""
_IN_CELLS: Final = f"""
    SELECT array_agg({{cell}}), array_agg(coalesce(f.participant_id, {NOBODY}))
    {{source}} AND f.sizes >> %(level)s::integer & 1 = 1 AND {{cell}} = ANY(%(keys)s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares per person and cell: one entry per pair, arrays of one length.

    `people` are arbitrary numbers, negative for contributions without a person (each counts as a person of its own).
    `sums` add the shares of all contributions of the person in the cell; `most` is the largest of these shares, at most
    one, so that nobody is more than one participant in a cell.
    """

    keys: Integers
    people: Integers
    sums: Floats
    most: Floats

    def contributions(self, frame_keys: Integers) -> Floats:
        """Sum of shares of contributions per cell; `frame_keys` are in ascending order."""
        return self._summed(frame_keys, self.sums)

    def participants(self, frame_keys: Integers) -> Floats:
        """Sum of shares of participants per cell."""
        return self._summed(frame_keys, np.where(self.people >= 0, self.most, 0.0))

    def carried(
        self, frame_keys: Integers, weights: scipy.sparse.csr_array, candidates: Flags, *, by_people: bool
    ) -> Flags:
        """Mask of the candidates that, with their neighbours in `weights` (binary), have enough different people.

        Enough means at least `FEWEST_PEOPLE`, none of whom contributes more than `LARGEST_PART`.
        """
        values = self.most if by_people else self.sums
        is_inside, positions = _positions(frame_keys, self.keys)
        _known, people = np.unique(self.people[is_inside], return_inverse=True)
        cells = len(frame_keys)
        shape = (cells, int(people.max()) + 1 if len(people) else 1)
        entries = scipy.sparse.csr_array((values[is_inside], (positions, people.reshape(-1))), shape=shape)
        totals = weights @ np.asarray(entries.sum(axis=1), dtype=np.float64).ravel()
        carried = np.zeros(cells, dtype=np.bool_)
        carried[candidates & _surely_carried(entries, weights, totals)] = True
        open_rows = np.flatnonzero(candidates & ~carried)
        for start in range(0, len(open_rows), _ROWS_AT_ONCE):
            rows = open_rows[start : start + _ROWS_AT_ONCE]
            around = scipy.sparse.csr_array(weights[rows] @ entries)
            numbers, largest = np.diff(around.indptr), _largest(around)
            carried[rows] = _is_carried(numbers, largest, totals[rows])
        return carried

    def _summed(self, frame_keys: Integers, values: Floats) -> Floats:
        is_inside, positions = _positions(frame_keys, self.keys)
        return np.bincount(positions, weights=values[is_inside], minlength=len(frame_keys)).astype(np.float64)


def shares_of(query: HeatmapQuery) -> Shares:
    """Read the shares per person and cell of a query's grid; raises QueryProblem as `heatmap` does."""
    query.check()
    if not query.is_in_footprints:
        found = located(query)
        cells = found.incidence(query.size)
        touched = np.bincount(cells.rows, minlength=len(found.places.people))
        return _of_people(cells.keys, _apart(found.places.people)[cells.rows], 1.0 / touched[cells.rows])
    source, params = footprint_source(query)
    [(has_shapes,)] = fetch(_HAS_SHAPES.format(source=source), params)
    if has_shapes:
        params["level"] = SIZES.index(query.size)
        keys, people, numbers = fetch_columns(_SPREAD.format(source=source), params)
        return _of_people(parents(keys, query.size), people, 1.0 / np.maximum(numbers, 1))
    rows = footprint_rows(query)
    is_somewhere = rows.cells != NOWHERE
    people = _apart(rows.people)[is_somewhere]
    return _of_people(parents(rows.cells[is_somewhere], query.size), people, np.ones(len(people)))


def shares_in_cells(query: HeatmapQuery, keys: Integers) -> Shares:
    """Read the shares in some cells of the query's squares, where no contribution touches more than one of them.

    Raises QueryProblem as `footprint_source` does.
    """
    source, params = footprint_source(query)
    params |= {"level": SIZES.index(query.size), "keys": keys.tolist()}
    statement = _IN_CELLS.format(cell=parent_sql("f.cell", params["level"]), source=source)
    found, people = fetch_columns(statement, params)
    return _of_people(found, _apart(people), np.ones(len(people)))


def _apart(people: Integers) -> Integers:
    """The people of contributions; a negative number of its own for each that nobody stands behind."""
    return np.where(people == NOBODY, -1 - np.arange(len(people)), people)


def _of_people(keys: Integers, people: Integers, shares: Floats) -> Shares:
    """Merge the entries of one person in one cell."""
    if not len(keys):
        return Shares(keys, people, shares, shares)
    order = np.lexsort((people, keys))
    keys, people, shares = keys[order], people[order], shares[order]
    is_first = (np.diff(keys, prepend=keys[0] - 1) != 0) | (np.diff(people, prepend=people[0] - 1) != 0)
    starts = np.flatnonzero(is_first)
    return Shares(
        keys[starts], people[starts], np.add.reduceat(shares, starts), np.maximum.reduceat(shares, starts)
    )


def _positions(frame_keys: Integers, keys: Integers) -> tuple[Flags, Integers]:
    """Mask of the keys in the frame, and their positions."""
    is_inside = np.isin(keys, frame_keys)
    return is_inside, np.searchsorted(frame_keys, keys[is_inside]).astype(np.int64)


def _surely_carried(
    entries: scipy.sparse.csr_array, weights: scipy.sparse.csr_array, totals: Floats
) -> Flags:
    """Cells accepted by bounds alone: one neighbouring cell has enough people, and the sum of each cell's largest
    person is small. Saves crowded campaigns the sums per person.
    """
    has_enough = (np.diff(entries.indptr) >= FEWEST_PEOPLE).astype(np.float64)
    largest = weights @ _largest(entries)
    return np.asarray((weights @ has_enough > 0) & (largest <= LARGEST_PART * totals), dtype=np.bool_)


def _largest(rows: scipy.sparse.csr_array) -> Floats:
    return np.asarray(rows.max(axis=1).todense(), dtype=np.float64).ravel()


def _is_carried(numbers: npt.NDArray[np.integer], largest: Floats, totals: Floats) -> Flags:
    return np.asarray(
        (numbers >= FEWEST_PEOPLE) & (largest <= LARGEST_PART * totals * (1 + _ROUNDING)), dtype=np.bool_
    )
