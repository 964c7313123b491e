"""When releases are made: at fixed times, whatever anybody does.

A release that followed an event would tell when it happened, and whoever probes would have the answer at once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from mapping.models import ReleaseRhythm

_HOUR: Final = time(3)
"""By the clock of the city; it strikes three once on every day of the year."""

_DAYS: Final = {ReleaseRhythm.DAILY: 1, ReleaseRhythm.WEEKLY: 7, ReleaseRhythm.BY_HAND: 1}
"""Days between two of the fixed times. An order by hand is carried out at the next time of a daily campaign."""


def last_time(rhythm: str, at: datetime) -> datetime:
    """The latest fixed time up to a moment; weekly ones are on Mondays."""
    day = timezone.localtime(at, timezone.get_default_timezone()).date()
    if _on(day) > at:
        day -= timedelta(days=1)
    if rhythm == ReleaseRhythm.WEEKLY:
        day -= timedelta(days=day.weekday())
    return _on(day)


def next_time(rhythm: str, at: datetime) -> datetime:
    """The first fixed time after a moment."""
    return _on(last_time(rhythm, at).date() + timedelta(days=_DAYS[ReleaseRhythm(rhythm)]))


def _on(day: date) -> datetime:
    return datetime.combine(day, _HOUR, tzinfo=timezone.get_default_timezone())
