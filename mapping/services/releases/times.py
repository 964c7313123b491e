"""Schedule of releases: at fixed times, independent of anybody's actions.

A release triggered by an event would reveal when it happened, and give an attacker immediate feedback.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from mapping.models import ReleaseRhythm

_HOUR: Final = time(3)
"""Local time of the city; 3 o'clock occurs exactly once on every day of the year."""

_DAYS: Final = {ReleaseRhythm.DAILY: 1, ReleaseRhythm.WEEKLY: 7, ReleaseRhythm.BY_HAND: 1}
"""Days between two fixed times. A release ordered by hand is made at the next daily time."""


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
