"""Change between two periods: counts per cell, their difference, and its significance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse

from mapping.aggregation.heatmap.counts import Totals, heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.shares import shares_of
from mapping.aggregation.statistics.significance import FEWEST_VOICES, benjamini_hochberg, poisson_change
from mapping.filters.interval import Interval
from mapping.filters.problems import QueryProblem
from mapping.filters.times import INTERVAL

Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Kind = Literal["more", "fewer", "none"]
_Tested = tuple[float | None, float | None, Kind]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the site's time zone, first and last included."""

    first: date
    last: date

    @property
    def interval(self) -> Interval:
        """The period as an `Interval` for filters."""
        return Interval.of_days(self.first, self.last)

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell's contributions in both periods; `p` and `p_adjusted` are None where no test was made."""

    key: int
    before: int
    after: int
    p: float | None
    p_adjusted: float | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Change:
    """The cells with contributions in either period, in ascending order, and the totals of both periods.

    `is_tested` is False where neither period has `FEWEST_VOICES` people (the same ones may be in both).
    """

    cells: tuple[CellChange, ...]
    before: Totals
    after: Totals
    is_tested: bool


def change(query: HeatmapQuery, before: Period, after: Period, alpha: float = 0.05) -> Change:
    """Compare the contributions per cell of two periods under the same filters (the query's dates do not matter).

    Tested by `significance.poisson_change` with the days of each period as exposure, adjusted for the number of
    cells by `benjamini_hochberg`; "more" and "fewer" are adjusted probabilities up to `alpha`, measured against equal
    rates per day, where enough different people contributed in the busier period (`Shares.carried`).

    Raises QueryProblem as `heatmap` does, and `periods_overlap`.
    """
    if before.first <= after.last and after.first <= before.last:
        raise QueryProblem("periods_overlap", parameter="after")
    old_query = query.having(INTERVAL, before.interval)
    new_query = query.having(INTERVAL, after.interval)
    first, second = heatmap(old_query), heatmap(new_query)
    counts = [{row[0]: row[1] for row in found.rows} for found in (first, second)]
    keys = sorted(counts[0].keys() | counts[1].keys())
    old, new = (np.array([found.get(key, 0) for key in keys], dtype=np.int64) for found in counts)
    voices = max(one.totals.participants + one.totals.unnamed for one in (first, second))
    is_tested = voices >= FEWEST_VOICES
    untested: list[_Tested] = [(None, None, "none")] * len(keys)
    rows = untested
    if is_tested:
        places = np.array(keys, dtype=np.int64)
        carried = [_carried(old_query, places), _carried(new_query, places)]
        rows = _tested((old, new), (before, after), carried, alpha)
    return Change(
        tuple(
            CellChange(key, a, b, p, adjusted, kind)
            for key, a, b, (p, adjusted, kind) in zip(keys, old.tolist(), new.tolist(), rows, strict=True)
        ),
        first.totals,
        second.totals,
        is_tested,
    )


def _carried(query: HeatmapQuery, keys: Counts) -> Flags:
    """Mask of the cells in which enough different people contributed in a period, each cell by itself."""
    alone = scipy.sparse.csr_array(scipy.sparse.identity(len(keys), format="csr"))
    return shares_of(query).carried(keys, alone, np.ones(len(keys), dtype=np.bool_), by_people=False)


def _tested(
    counts: tuple[Counts, Counts], periods: tuple[Period, Period], carried: Sequence[Flags], alpha: float
) -> list[_Tested]:
    (old, new), (before, after) = counts, periods
    p = poisson_change(old, new, before.days, after.days)
    adjusted = benjamini_hochberg(p)
    grows = new * before.days > old * after.days
    is_clear = (adjusted <= alpha) & np.where(grows, carried[1], carried[0])
    kinds = np.where(is_clear, np.where(grows, "more", "fewer"), "none")
    return list(zip(p.tolist(), adjusted.tolist(), kinds.tolist(), strict=True))
