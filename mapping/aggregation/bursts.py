"""When unusually many contributions came in: counted from their times alone, without knowing where they came from.

What is usual is the lower quartile of the ten-minute spans of two weeks in which anything came. A flood that fills most
of an evening leaves it low, where a mean or a median would rise with the flood.
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
"""Fewer in ten minutes are no burst, however quiet a campaign is."""
TIMES_THE_USUAL: Final = 5
_ENOUGH: Final = 12
"""Spans with contributions; fewer say nothing about what is usual, and a rush at the beginning is told."""
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
    """From `start` (included) to `end` (excluded) came `number` contributions; `usual` come in ten minutes."""

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
    """Runs of ten-minute spans, numbered since 1970, with far more than usual; newest first."""
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
