"""What changed between two periods: counts per cell, their difference, and whether it is more than chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from mapping.aggregation.heatmap import Totals, heatmap
from mapping.aggregation.query import HeatmapProblem, HeatmapQuery
from mapping.aggregation.significance import FEWEST_VOICES, benjamini_hochberg, poisson_change

Counts = npt.NDArray[np.int64]
Kind = Literal["more", "fewer", "none"]
_Tested = tuple[float | None, float | None, Kind]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the site's time zone; both belong to it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell's contributions in both periods; `p` and `p_adjusted` are None where nothing was tested."""

    key: int
    before: int
    after: int
    p: float | None
    p_adjusted: float | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Change:
    """The cells that hold something in either period, in ascending order, and what both hold in all.

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
    rates per day. Raises HeatmapProblem as `heatmap` does, and `periods_overlap`.
    """
    if before.first <= after.last and after.first <= before.last:
        raise HeatmapProblem("periods_overlap", parameter="after")
    first = heatmap(replace(query, start=before.first, end=before.last))
    second = heatmap(replace(query, start=after.first, end=after.last))
    counts = [{row[0]: row[1] for row in found.rows} for found in (first, second)]
    keys = sorted(counts[0].keys() | counts[1].keys())
    old, new = (np.array([found.get(key, 0) for key in keys], dtype=np.int64) for found in counts)
    voices = max(one.totals.participants + one.totals.unnamed for one in (first, second))
    is_tested = voices >= FEWEST_VOICES
    untested: list[_Tested] = [(None, None, "none")] * len(keys)
    rows = _tested(old, new, before, after, alpha) if is_tested else untested
    return Change(
        tuple(
            CellChange(key, a, b, p, adjusted, kind)
            for key, a, b, (p, adjusted, kind) in zip(keys, old.tolist(), new.tolist(), rows, strict=True)
        ),
        first.totals,
        second.totals,
        is_tested,
    )


def _tested(old: Counts, new: Counts, before: Period, after: Period, alpha: float) -> list[_Tested]:
    p = poisson_change(old, new, before.days, after.days)
    adjusted = benjamini_hochberg(p)
    grows = new * before.days > old * after.days
    kinds: list[Kind] = ["more" if up else "fewer" for up in grows.tolist()]
    return [
        (chance, corrected, kind if corrected <= alpha else "none")
        for chance, corrected, kind in zip(p.tolist(), adjusted.tolist(), kinds, strict=True)
    ]
