"""Classes of a legend: whole numbers without gaps, as `js/planning/heatmap/classes.js` makes them for planners.

At most five, each about the same factor wider than the one before: numbers of contributions are skewed (many cells
with one, few with hundreds), and equal steps would put all but a handful of cells into the first class. Few
different values get a class each.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

Ramp = Literal["heat", "change"]

CLASSES: Final = 5

SIDES: Final = 3
"""Classes on each side of zero."""

_STEPS: Final = ((), (2,), (1, 3), (1, 2, 4), (1, 2, 3, 4), (0, 1, 2, 3, 4))
"""Steps of the ramp for one, two, ... classes: few classes omit the palest one and still end dark."""

_ROUND: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
"""Round numbers, within one power of ten."""


@dataclass(frozen=True, slots=True)
class HeatClass:
    """The cells whose value lies between `low` and `high` (both included); `step` of the ramp is 0 (few) to 4, of the
    ramp "change" 0 (many fewer) to 6 with 3 for zero.

    Classes of means and densities touch: the limit between two belongs to the lower one.
    """

    low: float
    high: float
    cells: int
    step: int
    ramp: Ramp = "heat"

    @property
    def look(self) -> str:
        """The CSS class with the colour of `tokens.css`."""
        return f"{self.ramp}-{self.step + 1}"


def classes_of(values: Sequence[int]) -> list[HeatClass]:
    """Sort positive values into classes; none without values. An empty class has `cells` 0."""
    distinct = sorted({value for value in values if value > 0})
    if not distinct:
        return []
    is_short = len(distinct) <= CLASSES
    limits = distinct if is_short else _geometric_limits(distinct[0], distinct[-1])
    lows = limits if is_short else [distinct[0], *(high + 1 for high in limits[:-1])]
    steps = _STEPS[len(limits)]
    return [
        HeatClass(low, high, sum(low <= value <= high for value in values), step)
        for low, high, step in zip(lows, limits, steps, strict=True)
    ]


def signed_classes_of(values: Sequence[int]) -> list[HeatClass]:
    """Classes of differences, alike on both sides of zero, so that a colour weighs the same whether more or fewer."""
    sizes = sorted({abs(value) for value in values} - {0})
    is_short = len(sizes) <= SIDES
    limits = sizes if is_short else _geometric_limits(sizes[0], sizes[-1], SIDES)
    lows = limits if is_short else [sizes[0], *(high + 1 for high in limits[:-1])]
    gains = [(low, high, SIDES + step) for step, (low, high) in enumerate(zip(lows, limits, strict=True), 1)]
    losses = [(-high, -low, 2 * SIDES - step) for low, high, step in reversed(gains)]
    return [
        HeatClass(low, high, sum(low <= value <= high for value in values), step, "change")
        for low, high, step in (*losses, (0, 0, SIDES), *gains)
    ]


def quantile_classes_of(values: Sequence[float], *, whole: bool) -> list[HeatClass]:
    """At most five classes that hold about equally many values."""
    ordered = sorted(values)
    limits = {ordered[math.ceil(len(ordered) * part / CLASSES) - 1] for part in range(1, CLASSES + 1)}
    return _up_to(sorted(limits), ordered, whole=whole)


def equal_classes_of(values: Sequence[int]) -> list[HeatClass]:
    """At most five classes of equal width for whole numbers."""
    lowest, highest = min(values), max(values)
    width = (highest - lowest) / CLASSES
    limits = {math.floor(lowest + width * part) for part in range(1, CLASSES)} | {highest}
    return _up_to(sorted(limits), sorted(values), whole=True)


def manual_classes_of(values: Sequence[float], limits: Sequence[float], *, whole: bool) -> list[HeatClass]:
    """Classes up to the limits that users chose and one for the rest; empty classes are kept."""
    highest = max(values)
    chosen = {limit for limit in limits if limit < highest} | {highest}
    return _up_to(sorted(chosen), sorted(values), whole=whole)


def _up_to(limits: Sequence[float], ordered: Sequence[float], *, whole: bool) -> list[HeatClass]:
    """Classes by their highest values; for fractional numbers a limit belongs to the lower class."""
    lows = [min(ordered[0], limits[0]), *(high + 1 if whole else high for high in limits[:-1])]
    ends = [bisect_right(ordered, limit) for limit in limits]
    numbers = [end - start for start, end in pairwise((0, *ends))]
    return [
        HeatClass(low, high, number, step)
        for low, high, number, step in zip(lows, limits, numbers, _STEPS[len(limits)], strict=True)
    ]


def density_classes_of(values: Sequence[float]) -> list[HeatClass]:
    """At most five classes for positive numbers of any size, limits round and about the same factor apart."""
    if not values:
        return []
    lowest, highest = min(values), max(values)
    wanted = (_rounded(lowest * (highest / lowest) ** (index / CLASSES)) for index in range(1, CLASSES))
    top = _rounded(highest, upwards=True)
    bottom = _rounded(lowest, upwards=False)
    limits = sorted({limit for limit in wanted if bottom < limit < top} | {top})
    return _touching([bottom, *limits[:-1]], limits, values)


def mean_classes_of(values: Sequence[float]) -> list[HeatClass]:
    """Five classes of equal width for means, with limits of one decimal; one class for one value."""
    if not values:
        return []
    lowest, highest = math.floor(min(values) * 10) / 10, math.ceil(max(values) * 10) / 10
    width = (highest - lowest) / CLASSES
    limits = sorted({round(lowest + width * index, 1) for index in range(1, CLASSES + 1)} | {highest})
    return _touching([lowest, *limits[:-1]], limits, values)


def _touching(lows: Sequence[float], limits: Sequence[float], values: Sequence[float]) -> list[HeatClass]:
    """Classes without gaps: a limit belongs to the lower class."""
    bottom = lows[0]
    return [
        HeatClass(low, high, sum(low < value <= high or (low == bottom == value) for value in values), step)
        for low, high, step in zip(lows, limits, _STEPS[len(limits)], strict=True)
    ]


def step_of(value: float | None, classes: Sequence[HeatClass]) -> int | None:
    """The step of the ramp of a value; None for no colour: no value, or below all classes."""
    if value is None or not classes or value < classes[0].low:
        return None
    return next((one.step for one in classes if value <= one.high), classes[-1].step)


def _geometric_limits(lowest: int, highest: int, number: int = CLASSES) -> list[int]:
    limits: list[int] = []
    for index in range(1, number):
        wanted = _round_number(lowest * (highest / lowest) ** (index / number))
        least = limits[-1] + 1 if limits else lowest
        limits.append(min(max(wanted, least), highest - number + index))
    limits.append(highest)
    assert all(low < high for low, high in pairwise(limits))  # noqa: S101 - what the sentence above promises
    return limits


def _rounded(value: float, *, upwards: bool | None = None) -> float:
    """The nearest number of `_ROUND` times a power of ten; the next one not below it or not above it on demand."""
    power = 10.0 ** math.floor(math.log10(value))
    near = [
        one
        for one in _ROUND
        if upwards is None
        or (one * power >= value * (1 - 1e-9) if upwards else one * power <= value * (1 + 1e-9))
    ]
    best = round(min(near, key=lambda one: abs(one * power - value)) * power, 9)
    return int(best) if best.is_integer() else best


def _round_number(value: float) -> int:
    power = 10.0 ** math.floor(math.log10(value))
    near = min(_ROUND, key=lambda one: abs(one * power - value))
    return max(1, math.floor(near * power + 0.5))
