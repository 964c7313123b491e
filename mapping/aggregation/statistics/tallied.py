"""Shares of a whole campaign in which every contribution lies in one cell, from the counts of its heat map.

Counting a million contributions anew after each submission takes seconds; their heat map is read from the tally. What
the tally does not tell, how much one person contributed to a cell, is bounded by it: each of the others contributed at
least once. Cells that the bounds leave open are counted from footprints, so that the answer is that of `shares_of`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from mapping.aggregation.heatmap.counts import Heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.shares import Flags, Floats, Integers, Shares, shares_in_cells, shares_of
from mapping.aggregation.statistics.significance import FEWEST_PEOPLE, LARGEST_PART


@dataclass(frozen=True, slots=True)
class TalliedShares:
    """Counts per cell: `contributions` of each cell, and its `participants`, of the non-empty cells `keys`, ascending.

    Each contribution has one share, of one. It answers what `Shares` answers.
    """

    query: HeatmapQuery
    keys: Integers
    numbers: Integers
    people: Integers

    def contributions(self, frame_keys: Integers) -> Floats:
        """Sum of shares of contributions per cell; `frame_keys` are in ascending order."""
        return self._spread(frame_keys, self.numbers)

    def participants(self, frame_keys: Integers) -> Floats:
        """Sum of shares of participants per cell."""
        return self._spread(frame_keys, self.people)

    def carried(
        self, frame_keys: Integers, weights: scipy.sparse.csr_array, candidates: Flags, *, by_people: bool
    ) -> Flags:
        """As `Shares.carried`; reads the footprints around the candidates for which counts do not suffice."""
        numbers, people = self.contributions(frame_keys), self.participants(frame_keys)
        # Contributions without a person are people of their own, and may be among the others: a bound from above.
        largest = np.where(people > 0, numbers - people + 1, np.minimum(numbers, 1))
        totals = numbers
        if by_people:
            largest, totals = np.minimum(numbers, 1), people
        has_enough = (people >= FEWEST_PEOPLE).astype(np.float64)
        is_sure = (weights @ has_enough > 0) & (weights @ largest <= LARGEST_PART * (weights @ totals))
        carried: Flags = candidates & is_sure
        is_open = candidates & ~carried
        if is_open.any():
            around = frame_keys[weights.T @ is_open.astype(np.float64) > 0]
            exact = shares_in_cells(self.query, around)
            carried |= exact.carried(frame_keys, weights, is_open, by_people=by_people)
        return carried

    def _spread(self, frame_keys: Integers, values: npt.NDArray[np.int64]) -> Floats:
        spread = np.zeros(len(frame_keys))
        is_inside = np.isin(self.keys, frame_keys)
        spread[np.searchsorted(frame_keys, self.keys[is_inside])] = values[is_inside]
        return spread


def shares_of_all(query: HeatmapQuery, found: Heatmap) -> Shares | TalliedShares:
    """The shares of a query whose heat map is known; raises QueryProblem as `shares_of` does."""
    columns = [np.array([row[position] for row in found.rows], dtype=np.int64) for position in range(3)]
    keys, numbers, people = columns
    is_in_one_cell_each = int(numbers.sum()) + found.totals.unlocated == found.totals.contributions
    if query.is_tallied and is_in_one_cell_each:
        return TalliedShares(query, keys, numbers, people)
    return shares_of(query)
