"""Timelines in SVG coordinates: computed here, written by templates as presentation attributes.

A chart is made for one width; pages for phones and desktops include two and show one, so that type keeps its size.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final, Literal

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Unit = Literal["day", "week", "month"]
UNITS: Final[tuple[Unit, ...]] = ("day", "week", "month")

_MOST_DAYS: Final = 62
_MOST_WEEKS: Final = 400
_TOP: Final = 10
_BOTTOM: Final = 22
_SPACE_PER_LABEL: Final = 84


@dataclass(frozen=True, slots=True)
class Bin:
    """A span of days (both included) and its contributions; `so_far` is the running total."""

    start: date
    end: date
    value: int
    so_far: int
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bin as a rectangle."""

    bin: Bin
    x: str
    y: str
    width: str
    height: str
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis at its place."""

    position: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart over time in SVG user units, optionally with the line of the running total."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    bars: Sequence[Bar]
    values: Sequence[Tick]
    dates: Sequence[Tick]
    line: str
    so_far: Sequence[Tick]


def unit_for(first: date, last: date) -> Unit:
    """The step for a period: days up to two months, weeks up to some years, then months."""
    days = (last - first).days + 1
    if days <= _MOST_DAYS:
        return "day"
    return "week" if days <= _MOST_WEEKS else "month"


def bins_of(counts: Sequence[tuple[date, int]], unit: Unit) -> list[Bin]:
    """Sum days into bins without gaps, from the first day with a contribution to the last."""
    if not counts:
        return []
    sums: dict[date, int] = {}
    for day, number in counts:
        start = _start_of(day, unit)
        sums[start] = sums.get(start, 0) + number
    starts = [min(sums)]
    while starts[-1] < max(sums):
        starts.append(_next(starts[-1], unit))
    so_far = accumulate(sums.get(start, 0) for start in starts)
    return [
        Bin(start, _next(start, unit) - timedelta(days=1), sums.get(start, 0), total, label_of(start, unit))
        for start, total in zip(starts, so_far, strict=True)
    ]


def chart_of(
    bins: Sequence[Bin],
    unit: Unit,
    *,
    width: int,
    height: int,
    with_line: bool = False,
    is_inside: Callable[[Bin], bool] = lambda _bin: True,
) -> Chart:
    """Lay bins out in a width; `with_line` adds a second axis at the right for the running total."""
    ceiling = nice_ceiling(max((one.value for one in bins), default=0))
    total = nice_ceiling(bins[-1].so_far if bins else 0)
    left = 12 + 8 * len(number(ceiling))
    right = width - (12 + 8 * len(number(total)) if with_line else 4)
    bottom = height - _BOTTOM
    step = (right - left) / max(len(bins), 1)
    gap = min(2.0, step * 0.2)

    def y_of(value: int, maximum: int) -> float:
        return bottom - (bottom - _TOP) * value / maximum

    def centre_of(index: int) -> float:
        return left + (index + 0.5) * step

    bars = [
        Bar(
            one,
            _text(left + index * step + gap / 2),
            _text(y_of(one.value, ceiling)),
            _text(max(step - gap, 0.5)),
            _text(bottom - y_of(one.value, ceiling)),
            is_inside(one),
        )
        for index, one in enumerate(bins)
    ]
    line = " ".join(
        f"{_text(centre_of(index))},{_text(y_of(one.so_far, total))}" for index, one in enumerate(bins)
    )
    return Chart(
        width=width,
        height=height,
        left=left,
        right=right,
        bottom=bottom,
        bars=bars,
        values=[Tick(_text(y_of(value, ceiling)), number(value)) for value in _steps(ceiling)],
        dates=_date_ticks(bins, unit, centre_of, left, right),
        line=line if with_line else "",
        so_far=[Tick(_text(y_of(value, total)), number(value)) for value in _steps(total)]
        if with_line
        else [],
    )


def nice_ceiling(value: int) -> int:
    """The smallest of 2, 4, 10, 20, 40, 100, ... that a value does not exceed: half of it is a round number too."""
    if value <= 2:
        return 2
    power = 10 ** math.floor(math.log10(value))
    return next(int(factor * power) for factor in (1, 2, 4, 6, 8, 10) if factor * power >= value)


def label_of(start: date, unit: Unit) -> str:
    """A bin's days in words."""
    if unit == "month":
        return formats.date_format(start, "F Y")
    if unit == "week":
        return _("Week from %(day)s") % {"day": _day(start, with_year=True)}
    return _day(start, with_year=True)


def number(value: int) -> str:
    """A number with the separators of the language."""
    return str(formats.number_format(value, force_grouping=True))


def _day(day: date, *, with_year: bool) -> str:
    form = "j. N" if get_language() == "de" else "j M"
    return formats.date_format(day, f"{form} Y" if with_year else form)


def _start_of(day: date, unit: Unit) -> date:
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _next(start: date, unit: Unit) -> date:
    if unit == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start + timedelta(days=7 if unit == "week" else 1)


def _steps(ceiling: int) -> Sequence[int]:
    return (0, ceiling // 2, ceiling)


def _date_ticks(
    bins: Sequence[Bin], unit: Unit, centre_of: Callable[[int], float], left: int, right: int
) -> list[Tick]:
    """As many dates as there is room for, evenly spread; the outer ones stay inside the drawing."""
    if not bins:
        return []
    wanted = max(2, min(len(bins), int((right - left) // _SPACE_PER_LABEL)))
    indexes = sorted({round(place * (len(bins) - 1) / max(wanted - 1, 1)) for place in range(wanted)})
    crosses_years = bins[0].start.year != bins[-1].end.year
    ticks = []
    for index in indexes:
        start = bins[index].start
        if unit == "month" or (unit == "week" and crosses_years):
            label = formats.date_format(start, "M Y")
        else:
            label = _day(start, with_year=False)
        position, anchor = centre_of(index), "middle"
        if len(indexes) > 1 and index == indexes[0]:
            position, anchor = float(left), "start"
        elif len(indexes) > 1 and index == indexes[-1]:
            position, anchor = float(right), "end"
        ticks.append(Tick(_text(position), label, anchor))
    return ticks


def _text(value: float) -> str:
    """An SVG number: a dot as decimal separator whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
