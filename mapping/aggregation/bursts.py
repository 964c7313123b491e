"""Detection of bursts of contributions from their times alone, without knowing who sent them.

The baseline is the lower quartile of the non-empty ten-minute spans of two weeks. It stays low during a flood that
fills most of an evening, where a mean or a median would rise.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection

from mapping.models import Campaign, Source

SPAN: Final = timedelta(minutes=10)
LOOKED_BACK: Final = timedelta(days=14)
TOLD_FOR: Final = timedelta(days=3)
FEWEST: Final = 20
"""Fewest contributions in ten minutes that make a burst, however quiet a campaign is."""
TIMES_THE_USUAL: Final = 5
_ENOUGH: Final = 12
"""Fewest non-empty spans that make a baseline; below, a rush at the beginning of a campaign is reported."""
_SPAN_SECONDS: Final = int(SPAN.total_seconds())

_COUNTS: Final = """
SELECT floor(extract(epoch FROM created_at) / %(span)s)::bigint, count(*)
FROM mapping_contribution
WHERE campaign_id = %(campaign)s AND source = %(source)s
    AND created_at > %(start)s AND created_at <= %(end)s
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Burst:
    """`number` contributions from `start` (included) to `end` (excluded); `usual` is the baseline per ten minutes."""

    start: datetime
    end: datetime
    number: int
    usual: int


def bursts_of(campaign: Campaign, at: datetime) -> list[Burst]:
    """The bursts of the last days, newest first."""
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "source": Source.ONLINE.value,
        "span": _SPAN_SECONDS,
        "start": at - LOOKED_BACK,
        "end": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        counts: dict[int, int] = dict(cursor.fetchall())
    return [burst for burst in find_bursts(counts) if burst.end > at - TOLD_FOR]


def find_bursts(counts: Mapping[int, int]) -> list[Burst]:
    """Find runs of ten-minute spans, numbered since 1970, far above the baseline; newest first."""
    usual = statistics.quantiles(counts.values(), n=4)[0] if len(counts) >= _ENOUGH else 0.0
    threshold = max(FEWEST, TIMES_THE_USUAL * usual)
    found: list[Burst] = []
    run: list[int] = []
    for span in sorted(span for span, number in counts.items() if number >= threshold):
        if run and span - run[-1] > 2:  # one quieter span in between belongs to it
            found.append(_burst(run, counts, usual))
            run = []
        run.append(span)
    if run:
        found.append(_burst(run, counts, usual))
    return found[::-1]


def _burst(run: list[int], counts: Mapping[int, int], usual: float) -> Burst:
    number = sum(counts.get(span, 0) for span in range(run[0], run[-1] + 1))
    start, end = (datetime.fromtimestamp(span * _SPAN_SECONDS, tz=UTC) for span in (run[0], run[-1] + 1))
    return Burst(start, end, number, round(usual))
