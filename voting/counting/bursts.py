"""Spans with irregularly many ballots: marked for people to look at, never counted out by themselves.

Ballots come in waves, so that the usual number is robust: the median of all intervals with a ballot, and their median
absolute deviation (MAD), which half of them could not move. Iglewicz and Hoaglin (How to Detect and Handle Outliers,
1993) call a value an outlier from 3.5 times 1.4826 MAD; here it is 5 times, since days have busy hours, and the scale
is at least the square root of the median, which chance alone makes (Poisson). A slow stream over days is not found.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

INTERVAL: Final = timedelta(minutes=10)
"""Ballots are counted in intervals of this length."""
FEWEST: Final = 10
"""Fewer ballots in an interval are never irregular."""
DEVIATIONS: Final = 5.0
_TO_SIGMA: Final = 1.4826
"""1.4826 times the MAD is the standard deviation of a normal distribution."""


@dataclass(frozen=True)
class Usual:
    """How many ballots an interval with ballots usually has, and the number from which one is irregular."""

    median: float
    deviation: float
    threshold: int


@dataclass(frozen=True)
class Burst:
    """Irregular intervals that follow one another: start included, end excluded."""

    starts_at: datetime
    ends_at: datetime
    ballots: int


def usual_of(counts: Mapping[datetime, int]) -> Usual:
    """The usual number; `counts` are ballots by the start of their interval, empty intervals may be missing."""
    numbers = [number for number in counts.values() if number > 0]
    if not numbers:
        return Usual(0.0, 0.0, FEWEST)
    middle = float(median(numbers))
    deviation = float(median(abs(number - middle) for number in numbers))
    scale = max(_TO_SIGMA * deviation, math.sqrt(middle))
    return Usual(middle, deviation, max(FEWEST, math.floor(middle + DEVIATIONS * scale) + 1))


def bursts_in(counts: Mapping[datetime, int]) -> list[Burst]:
    """The irregular spans in the order of time."""
    threshold = usual_of(counts).threshold
    found: list[Burst] = []
    for start in sorted(moment for moment, number in counts.items() if number >= threshold):
        last = found[-1] if found else None
        if last is not None and last.ends_at == start:
            found[-1] = Burst(last.starts_at, start + INTERVAL, last.ballots + counts[start])
        else:
            found.append(Burst(start, start + INTERVAL, counts[start]))
    return found
