"""Filters by date, weekday and hour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar, Final

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.filters.choices import Choices
from mapping.filters.dimension import (
    Control,
    Dimension,
    Group,
    HeldBy,
    Named,
    Option,
    Pairs,
    Params,
    Reader,
    known_only,
    words_of,
)
from mapping.filters.interval import Interval, interval_of
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign
from mapping.models.contribution import ContributionQuerySet
from mapping.wording import in_words_day

FIRST_MONDAY: Final = "'0001-01-01'::date"
"""The first day of the calendar, which was a Monday: days since then modulo seven are weekdays, in SQL and Python."""

WEEK: Final = tuple(str(day) for day in range(1, 8))

_ALL_DAY: Final = (0, 24)
_HOURS: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")


class _Interval(Dimension[Interval]):
    """The time interval in which contributions were made."""

    name = "datetime"
    title = gettext_lazy("Period")
    description = (
        "A date, a date-time with time zone, or an interval of them: `a/b`, `a/..`, `../b`; both ends count. Dates are "
        "days in the site's time zone."
    )
    held_by: ClassVar[HeldBy] = "footprint"
    is_seldom = False

    def read(self, reader: Reader, choices: Choices) -> Interval | None:
        """See `Dimension`."""
        return reader.read(self.name, interval_of) or None

    def find(self, query: QueryDict, choices: Choices, prefix: str) -> Interval | None:
        """See `Dimension`; the days are in `start` and `end`, in any order."""
        start, end = _day(query.get(f"{prefix}start", "")), _day(query.get(f"{prefix}end", ""))
        if start and end and end < start:
            start, end = end, start
        return Interval.of_days(start, end) or None

    def pairs(self, value: Interval) -> Pairs:
        """See `Dimension`."""
        days = (("start", value.first_day), ("end", value.last_day))
        return [(name, str(day)) for name, day in days if day is not None]

    def written(self, value: Interval) -> Mapping[str, str]:
        """See `Dimension`."""
        return {self.name: str(value)}

    def check(self, value: Interval) -> None:
        """See `Dimension`; raises "dates_inverted"."""
        if value.start is not None and value.end is not None and value.end <= value.start:
            raise QueryProblem(
                "dates_inverted", parameter=self.name, start=value.first_day, end=value.last_day
            )

    def contributions(
        self, found: ContributionQuerySet, value: Interval, campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.created_between(value.start, value.end)

    def footprints(self, value: Interval, campaign_id: int, params: Params) -> str:
        """See `Dimension`; footprints store days only."""
        conditions = []
        if value.first_day is not None:
            params["start"] = value.first_day
            conditions.append("f.day >= %(start)s::date")
        if value.last_day is not None:
            params["end"] = value.last_day
            conditions.append("f.day <= %(end)s::date")
        return " AND ".join(conditions) or "TRUE"

    def statements(self, value: Interval, choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        first, last = value.first_day, value.last_day
        if first and last:
            days = {"start": in_words_day(first), "end": in_words_day(last)}
            yield str(self.title), _("%(start)s to %(end)s") % days
        elif first:
            yield str(self.title), _("from %(start)s") % {"start": in_words_day(first)}
        elif last:
            yield str(self.title), _("up to %(end)s") % {"end": in_words_day(last)}


class _Weekday(Named):
    """The day of the week, 1 is Monday (ISO 8601)."""

    name = "weekday"
    title = gettext_lazy("Weekdays")
    description = "Days of the week, 1 (Monday) to 7: `6,7`. Local time."
    held_by: ClassVar[HeldBy] = "footprint"
    control: ClassVar[Control] = "days"

    def read(self, reader: Reader, choices: Choices) -> tuple[str, ...] | None:
        """See `Dimension`."""
        return reader.read(self.name, lambda text: known_only(self.name, words_of(text), WEEK))

    def options(self, choices: Choices) -> Sequence[Option]:
        """See `Named`."""
        return [Option(day, str(WEEKDAYS[int(day) - 1]), str(WEEKDAYS_ABBR[int(day) - 1])) for day in WEEK]

    def check(self, value: tuple[str, ...]) -> None:
        """See `Dimension`; raises "unknown_weekday"."""
        known_only(self.name, value, WEEK)

    def contributions(
        self, found: ContributionQuerySet, value: tuple[str, ...], campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.on_weekdays(int(day) for day in value)

    def footprints(self, value: tuple[str, ...], campaign_id: int, params: Params) -> str:
        """See `Dimension`."""
        params["weekdays"] = [int(day) - 1 for day in value]
        return f"(f.day - {FIRST_MONDAY}) %% 7 = ANY(%(weekdays)s::integer[])"


class _Hours(Dimension[tuple[int, int]]):
    """The first hour (included) and the last hour (excluded) of the day; passes midnight where the first is larger."""

    name = "hours"
    title = gettext_lazy("Time of day")
    description = "Hours of the day, the last one excluded: `20-6` is 20:00 to 05:59. Local time."
    held_by: ClassVar[HeldBy] = "footprint"

    def read(self, reader: Reader, choices: Choices) -> tuple[int, int] | None:
        """See `Dimension`."""
        return reader.read(self.name, hours_of)

    def find(self, query: QueryDict, choices: Choices, prefix: str) -> tuple[int, int] | None:
        """See `Dimension`; a missing side is the day's start or end, the whole day means no filter."""
        start = _hour(query.get(f"{prefix}hour_from", ""), 0) % 24
        end = _hour(query.get(f"{prefix}hour_to", ""), 24) or 24
        return None if (start, end) == _ALL_DAY or start == end else (start, end)

    def pairs(self, value: tuple[int, int]) -> Pairs:
        """See `Dimension`."""
        return [("hour_from", str(value[0])), ("hour_to", str(value[1]))]

    def written(self, value: tuple[int, int]) -> Mapping[str, str]:
        """See `Dimension`."""
        return {self.name: "{}-{}".format(*value)}

    def check(self, value: tuple[int, int]) -> None:
        """See `Dimension`; raises "unknown_hours"."""
        _check_hours(*value, f"{value[0]}-{value[1]}")

    def contributions(
        self, found: ContributionQuerySet, value: tuple[int, int], campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.during_hours(*value)

    def footprints(self, value: tuple[int, int], campaign_id: int, params: Params) -> str:
        """See `Dimension`."""
        params["from_hour"], params["to_hour"] = value
        word = "AND" if value[0] < value[1] else "OR"
        return f"(f.hour >= %(from_hour)s::integer {word} f.hour < %(to_hour)s::integer)"

    def statements(self, value: tuple[int, int], choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        yield str(self.title), _("%(first)s to %(last)s o’clock") % {"first": value[0], "last": value[1]}

    def groups(self, value: tuple[int, int] | None, choices: Choices) -> Iterator[Group]:
        """See `Dimension`."""
        options = [Option(str(hour), f"{hour}:00") for hour in range(25)]
        yield Group(self.name, str(self.title), "hours", options, tuple(map(str, value or ())), self.name)


def hours_of(text: str) -> tuple[int, int] | None:
    """Parse "20-6"; a whole day ("0-24") means no filter. Raises QueryProblem "unknown_hours"."""
    match = _HOURS.fullmatch(text.strip())
    first, last = (int(match[1]), int(match[2])) if match else (-1, -1)
    _check_hours(first, last, text[:20])
    return None if (first, last) == _ALL_DAY else (first, last)


def _check_hours(first: int, last: int, text: str) -> None:
    if not (0 <= first <= 23 and 0 <= last <= 24) or first == last:
        raise QueryProblem("unknown_hours", parameter="hours", hours=text)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _hour(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= 24 else default


INTERVAL: Final = _Interval()
WEEKDAY: Final = _Weekday()
HOURS: Final = _Hours()

DIMENSIONS: Final = (INTERVAL, WEEKDAY, HOURS)
