"""Times on a clock and the moments that they are, around the nights in which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from engagement.calendar.problems import CalendarProblem

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100


@cache
def known_zones() -> frozenset[str]:
    """Names of all time zones that have a place (`Europe/Berlin`), and UTC."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return frozenset(name for name in available_timezones() if name.startswith(regions)) | {"UTC"}


def moment_of(local: datetime, zone: str, *, is_second: bool = False) -> datetime:
    """The moment (UTC) at which a clock in a zone shows a time.

    In the night in which clocks are put back, one hour is shown twice: `is_second` means the later one. Raises
    CalendarProblem "time_missing" (params: moment) for a time that is left out when clocks are put forward, and
    "year_unlikely" (params: first, last).
    """
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise CalendarProblem("year_unlikely", first=str(FIRST_YEAR), last=str(LAST_YEAR))
    moment = local.replace(tzinfo=ZoneInfo(zone), fold=int(is_second)).astimezone(UTC)
    if local_of(moment, zone) == local.replace(fold=0):
        return moment
    if local.time() == time.min:
        # Zones that change their clocks at midnight: the day begins at the first time that there is.
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    raise CalendarProblem("time_missing", moment=local)


def local_of(moment: datetime, zone: str) -> datetime:
    """What a clock in a zone shows at a moment, without time zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def is_twice(local: datetime, zone: str) -> bool:
    """Whether clocks in a zone show this time twice, because they are put back."""
    first = local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    second = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    return first < second


def is_second(moment: datetime, zone: str) -> bool:
    """Whether a moment is the later one of two at which clocks in a zone show the same time."""
    return bool(moment.astimezone(ZoneInfo(zone)).fold)
