"""VTIMEZONE components with yearly rules (RFC 5545, section 3.6.5).

The library writes every change of clocks as an RDATE, which Outlook ignores: dates in summer would be an hour off. The
rule of today stands at the end of a zone's file in the IANA database (RFC 8536, section 3.3), in POSIX notation:
`CET-1CEST,M3.5.0,M10.5.0/3`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import icalendar

_DAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_FIRST_YEARS: Final = (1997, 2010)
"""From when a rule may hold: the European Union changes clocks as today since 1997 (Directive 97/44/EC)."""
_LAST_YEAR: Final = 2036
_POSIX: Final = re.compile(
    r"(?P<name>[A-Za-z]{3,6}|<[+\-0-9A-Za-z]{1,6}>)(?P<offset>[+-]?[0-9]{1,2}(?::[0-9]{2})?)"
    r"(?:(?P<summer>[A-Za-z]{3,6}|<[+\-0-9A-Za-z]{1,6}>)(?P<summer_offset>[+-]?[0-9]{1,2}(?::[0-9]{2})?)?"
    r",(?P<begin>M[0-9.]+(?:/[0-9:]+)?),(?P<end>M[0-9.]+(?:/[0-9:]+)?))?"
)
_CHANGE: Final = re.compile(r"M([0-9]{1,2})\.([1-5])\.([0-6])(?:/([0-9]{1,2})(?::([0-9]{2}))?)?")


@dataclass(frozen=True)
class _Change:
    """When clocks are changed: the `week`-th (5: last) `weekday` of a month, at an hour of the day."""

    month: int
    week: int
    weekday: int
    at: timedelta

    @property
    def rule(self) -> str:
        week = -1 if self.week == 5 else self.week
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={week}{_DAYS[self.weekday]}"

    def in_year(self, year: int) -> datetime:
        """The moment on the clock that is changed."""
        first = datetime(year, self.month, 1)  # noqa: DTZ001 - what a clock shows
        first += timedelta(days=(self.weekday - first.isoweekday()) % 7)
        day = first + timedelta(weeks=self.week - 1)
        while day.month != self.month:
            day -= timedelta(weeks=1)
        return day + self.at


@dataclass(frozen=True)
class _Clock:
    """What a zone's clocks show: names and offsets in winter and summer; no changes without summer time."""

    name: str
    offset: timedelta
    summer_name: str = ""
    summer_offset: timedelta = timedelta()
    changes: tuple[_Change, _Change] | None = None

    def offset_at(self, local: datetime) -> timedelta:
        """The distance to UTC when the clock shows a time that is no time of a change."""
        if self.changes is None:
            return self.offset
        begin, end = (one.in_year(local.year) for one in self.changes)
        is_summer = begin <= local < end if begin < end else not end <= local < begin
        return self.summer_offset if is_summer else self.offset

    def holds_since(self, key: str) -> int | None:
        """The year since when the zone follows this rule; None for Morocco and others whose clocks follow tables."""
        zone = ZoneInfo(key)
        for first in _FIRST_YEARS:
            noons = (
                datetime(year, month, day, 12)  # noqa: DTZ001 - what a clock shows
                for year in range(first, _LAST_YEAR)
                for month in range(1, 13)
                for day in (1, 8, 15, 22)
            )
            if all(zone.utcoffset(noon) == self.offset_at(noon) for noon in noons):
                return first
        return None


@cache
def component_of(key: str) -> icalendar.Timezone | None:
    """The VTIMEZONE of a zone; None where its clocks follow no rule that iCalendar can hold.

    Callers must not change it: it is made once.
    """
    clock = _clock_of(key)
    first_year = None if clock is None else clock.holds_since(key)
    if clock is None or first_year is None:
        return None
    zone = icalendar.Timezone()
    zone.add("tzid", key)
    if clock.changes is None:
        begins = datetime(first_year, 1, 1)  # noqa: DTZ001 - what a clock shows
        parts = [_part(icalendar.TimezoneStandard(), clock.name, (clock.offset, clock.offset), begins)]
    else:
        forward, back = (clock.offset, clock.summer_offset), (clock.summer_offset, clock.offset)
        begin, end = clock.changes
        parts = [
            _part(
                icalendar.TimezoneDaylight(),
                clock.summer_name,
                forward,
                begin.in_year(first_year),
                begin.rule,
            ),
            _part(icalendar.TimezoneStandard(), clock.name, back, end.in_year(first_year), end.rule),
        ]
    for part in parts:
        zone.add_component(part)
    return zone


_Part = icalendar.TimezoneStandard | icalendar.TimezoneDaylight


def _part(
    part: _Part, name: str, offsets: tuple[timedelta, timedelta], begins: datetime, rule: str = ""
) -> _Part:
    part.add("dtstart", begins)
    part.add("tzoffsetfrom", offsets[0])
    part.add("tzoffsetto", offsets[1])
    part.add("tzname", name)
    if rule:
        part.add("rrule", icalendar.vRecur.from_ical(rule))
    return part


def _clock_of(key: str) -> _Clock | None:
    found = _POSIX.fullmatch(_footer(key))
    if found is None:
        return None
    name, offset = found["name"].strip("<>"), -_hours(found["offset"])
    if found["summer"] is None:
        return _Clock(name, offset)
    begin, end = _change(found["begin"]), _change(found["end"])
    if begin is None or end is None:
        return None
    summer_offset = -_hours(found["summer_offset"]) if found["summer_offset"] else offset + timedelta(hours=1)
    return _Clock(name, offset, found["summer"].strip("<>"), summer_offset, (begin, end))


def _change(text: str) -> _Change | None:
    found = _CHANGE.fullmatch(text)
    if found is None:
        return None
    month, week, weekday, hour, minute = found.groups()
    # Hours beyond the day would move the change to another weekday than the rule names.
    if int(hour or 2) >= 24:
        return None
    at = timedelta(hours=int(hour or 2), minutes=int(minute or 0))
    return _Change(int(month), int(week), int(weekday), at)


def _hours(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, _, minutes = text.lstrip("+-").partition(":")
    return sign * timedelta(hours=int(hours), minutes=int(minutes or 0))


def _footer(key: str) -> str:
    """The last line of the zone's file: the one of `tzdata`, which is there whatever the system is."""
    try:
        ZoneInfo(key)
        file = resources.files("tzdata.zoneinfo").joinpath(*key.split("/"))
        return file.read_bytes().rstrip(b"\n").rpartition(b"\n")[2].decode("ascii")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
