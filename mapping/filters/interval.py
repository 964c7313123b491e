"""Time intervals: the parameter `datetime` of OGC API Features (17-069r4, 7.15.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from mapping.filters.problems import QueryProblem

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339 section 5.6. An unescaped plus sign arrives as a blank.
_DATE_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)[0-9]*([Zz]|[ +-][0-9]{2}:[0-9]{2})"
)
_OPEN: Final = frozenset({"", ".."})
# What QGIS writes for an interval without a beginning or an end (QgsOapifProvider, filters by date).
_BEGINNING: Final = re.compile(r"000[01]-01-01T")
_END: Final = re.compile(r"9999-12-31T")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_INSTANT: Final = timedelta(microseconds=1)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """A time interval; `end` is excluded, None leaves a side open."""

    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def of_days(cls, first: date | None, last: date | None) -> Interval:
        """Make an interval of whole days in the site's time zone, both included."""
        return cls(
            None if first is None or first == date.min else midnight(first),
            None if last is None or last == date.max else midnight(last + timedelta(days=1)),
        )

    def __bool__(self) -> bool:
        return self.start is not None or self.end is not None

    @property
    def first_day(self) -> date | None:
        """The day on which the interval begins, in the site's time zone."""
        return None if self.start is None else timezone.localdate(self.start)

    @property
    def last_day(self) -> date | None:
        """The last day that the interval touches."""
        return None if self.end is None else timezone.localdate(self.end - _INSTANT)

    def whole_days(self) -> Interval:
        """Extend the interval to whole days."""
        return Interval.of_days(self.first_day, self.last_day)

    def __str__(self) -> str:
        """The days as parameter `datetime`; empty where both sides are open."""
        return f"{self.first_day or '..'}/{self.last_day or '..'}" if self else ""


def interval_of(text: str) -> Interval:
    """Parse a date (a whole day in the site's time zone), a date-time, or an interval of them including both ends.

    Raises QueryProblem "dates_malformed", "dates_out_of_range", "dates_reversed".
    """
    first, slash, last = text.partition("/")
    if slash:
        start = Interval() if first in _OPEN or _BEGINNING.match(first) else _moment(first)
        end = Interval() if last in _OPEN or _END.match(last) else _moment(last)
    else:
        start = end = _moment(first)
    if start.start is not None and end.end is not None and start.start >= end.end:
        raise QueryProblem("dates_reversed", parameter="datetime")
    return Interval(
        None if start.start is None else _whole_second(start.start + _SECOND - _INSTANT),
        None if end.end is None else _whole_second(end.end + _SECOND - _INSTANT),
    )


def _whole_second(moment: datetime) -> datetime:
    """Truncate to the second: responses reveal no finer times, so bisection by queries must not either."""
    return moment.replace(microsecond=0)


def midnight(day: date) -> datetime:
    """The beginning of a day in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _moment(text: str) -> Interval:
    """The interval of a date (a day) or of a date-time (a microsecond, as both ends of intervals are included)."""
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            _check_year(day)
            return Interval(midnight(day), midnight(day + timedelta(days=1)))
        match = _DATE_TIME.fullmatch(text)
        if match:
            day_text, time_text, zone = match.groups()
            moment = datetime.fromisoformat(f"{day_text}T{time_text}{zone.replace(' ', '+').upper()}")
            _check_year(moment)
            return Interval(moment, moment + _INSTANT)
    except (ValueError, OverflowError) as error:
        if isinstance(error, QueryProblem):
            raise
    raise QueryProblem("dates_malformed", parameter="datetime")


def _check_year(moment: date) -> None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise QueryProblem("dates_out_of_range", parameter="datetime")
