"""What an event can be: its texts, places and times, checked before they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Final

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from engagement.calendar.clock import known_zones, moment_of
from engagement.calendar.problems import CalendarProblem
from engagement.calendar.recurrence import occurrences, parse_rule
from engagement.models import EventKind, Known, Topic
from engagement.models.common import ONE_SUMMARY
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.languages import ORIGINAL, TAGS
from mapping.models import Campaign
from mapping.services.errors import Invalid, Problem, invalid

LONGEST: Final[Mapping[str, int]] = {
    "title": 160,
    "summary": ONE_SUMMARY,
    "description": 20_000,
    "organiser": 160,
    "contact": 200,
    "place_name": 160,
    "address": 200,
    "accessibility": 2_000,
    "online_link": 500,
    "registration_hint": ONE_SUMMARY,
}
"""Characters of each text."""
MOST_PLACES: Final = 100_000
MOST_HOURS: Final = 24 * 60
_OF_SEVERAL_LINES: Final = frozenset({"description", "accessibility"})
_ACCESS: Final = ("step_free", "accessible_toilet", "hearing_loop", "sign_language")
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "kind": EventKind.values,
    "topic": Topic.values,
    "language": TAGS,
    **dict.fromkeys(_ACCESS, Known.values),
}
_OF_PLACES: Final[Mapping[str, object]] = {
    "place_name": "",
    "address": "",
    "place": None,
    "accessibility": "",
    "step_free": Known.UNKNOWN,
    "accessible_toilet": Known.UNKNOWN,
    "hearing_loop": Known.UNKNOWN,
}
"""What digital events do not have."""
_OF_LINKS: Final[Mapping[str, object]] = {"online_link": "", "hides_online_link": False}
"""What events on site do not have."""
_LONGEST_DATE: Final = timedelta(days=366)
_is_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class EventValues:
    """Everything about an event but its times; `place` in EPSG:4326."""

    title: str
    summary: str = ""
    description: str = ""
    kind: str = EventKind.ON_SITE
    topic: str = Topic.OTHER
    organiser: str = ""
    contact: str = ""
    languages: Sequence[str] = ()
    language: str = ORIGINAL
    place_name: str = ""
    address: str = ""
    place: Point | None = None
    step_free: str = Known.UNKNOWN
    accessible_toilet: str = Known.UNKNOWN
    hearing_loop: str = Known.UNKNOWN
    sign_language: str = Known.UNKNOWN
    accessibility: str = ""
    online_link: str = ""
    hides_online_link: bool = False
    takes_registrations: bool = False
    registration_hint: str = ""
    registration_places: int | None = None
    registration_closes_hours: int = 0
    campaigns: Sequence[Campaign] = ()

    def columns(self) -> dict[str, object]:
        """The values as the columns of the event store them.

        What the kind of event does not have is left out. Raises Invalid by the names of the fields: required,
        too_long, not_a_choice, link_invalid, registration_places, registration_hours.
        """
        values: dict[str, object] = {
            one.name: getattr(self, one.name) for one in fields(self) if one.name != "campaigns"
        }
        values["languages"] = list(dict.fromkeys(self.languages))
        if self.kind == EventKind.DIGITAL:
            values.update(_OF_PLACES)
        elif self.kind == EventKind.ON_SITE:
            values.update(_OF_LINKS)
        problems = _clean_texts(values)
        for name, choices in _CHOICES.items():
            if values[name] not in choices:
                problems[name] = [Problem("not_a_choice")]
        if not set(self.languages) <= set(TAGS):
            problems["languages"] = [Problem("not_a_choice")]
        if values["online_link"] and not is_link(str(values["online_link"])):
            problems["online_link"] = [Problem("link_invalid")]
        if self.registration_places is not None and not 1 <= self.registration_places <= MOST_PLACES:
            problems["registration_places"] = [Problem("registration_places", {"max": MOST_PLACES})]
        if not 0 <= self.registration_closes_hours <= MOST_HOURS:
            problems["registration_closes_hours"] = [Problem("registration_hours", {"max": MOST_HOURS})]
        if problems:
            raise Invalid(problems)
        return values


@dataclass(frozen=True, slots=True)
class Span:
    """One date: moments, the end excluded."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When an event is, on the clock of its time zone; the end of all-day events is their last day, included.

    `is_second` means the later hour in the night in which clocks are put back. `rule` repeats it (RFC 5545).
    """

    starts_on: date
    starts_time: time | None = None
    ends_on: date | None = None
    ends_time: time | None = None
    time_zone: str = "Europe/Berlin"
    is_all_day: bool = False
    is_second: bool = False
    rule: str = ""

    @property
    def start(self) -> datetime:
        """The first start, on the clock."""
        return datetime.combine(self.starts_on, self._start_time)

    @property
    def _start_time(self) -> time:
        return time.min if self.is_all_day or self.starts_time is None else self.starts_time

    def end(self) -> datetime:
        """The first end, on the clock and excluded. Raises Invalid on "ends_on" and "ends_time"."""
        last = self.ends_on or self.starts_on
        if self.is_all_day:
            if last < self.starts_on:
                raise invalid("ends_on", "ends_before_start")
            return datetime.combine(last, time.min) + timedelta(days=1)
        if self.ends_time is None:
            raise invalid("ends_time", "required")
        end = datetime.combine(last, self.ends_time)
        if end <= self.start:
            name = "ends_on" if last < self.starts_on else "ends_time"
            raise invalid(name, "ends_before_start")
        return end

    def spans(self) -> list[Span]:
        """All dates, the first one at the start.

        Raises Invalid: on "time_zone" not_a_choice, on "starts_time" and "ends_time" required and time_missing (02:30
        in the night in which clocks are put forward), on "starts_on" year_unlikely, on "ends_on" date_too_long, on
        "repeats" what `recurrence.occurrences` and `parse_rule` refuse.
        """
        if self.time_zone not in known_zones():
            raise invalid("time_zone", "not_a_choice")
        if not self.is_all_day and self.starts_time is None:
            raise invalid("starts_time", "required")
        # Before anything is added to a day that is the last one that Python knows.
        self._moment("starts_on", self.start)
        if self.ends_on is not None and abs(self.ends_on - self.starts_on) > _LONGEST_DATE:
            raise invalid("ends_on", "date_too_long", days=_LONGEST_DATE.days)
        length = self.end() - self.start
        try:
            starts = [self.start]
            if self.rule:
                starts = occurrences(self.start, parse_rule(self.rule), self.time_zone)
        except CalendarProblem as problem:
            raise Invalid({"repeats": [Problem(problem.code, problem.params)]}) from None
        return [self._span(start, length) for start in starts]

    def _span(self, start: datetime, length: timedelta) -> Span:
        begin = self._moment("starts_time", start)
        end = self._moment("ends_time", start + length)
        if end <= begin:
            raise invalid("ends_time", "ends_before_start")
        return Span(begin, end)

    def _moment(self, name: str, local: datetime) -> datetime:
        try:
            return moment_of(local, self.time_zone, is_second=self.is_second)
        except CalendarProblem as problem:
            field = "starts_on" if problem.code == "year_unlikely" else name
            if name == "starts_on" and problem.code == "time_missing":
                field = "starts_time"
            raise Invalid({field: [Problem(problem.code, problem.params)]}) from None


def is_link(text: str) -> bool:
    """Whether browsers may be sent there: http or https, and no account in it."""
    try:
        _is_link(text)
    except ValidationError:
        return False
    return "@" not in text.partition("//")[2].partition("/")[0]


def clean_line(name: str, text: str, *, is_required: bool = False) -> str:
    """A line of at most a summary's length. Raises Invalid on `name`: required, too_long."""
    try:
        found = clean_text(text, max_length=ONE_SUMMARY, multiline=False)
    except TextProblem as problem:
        raise Invalid({name: [Problem(problem.code, problem.params)]}) from None
    if is_required and not found:
        raise invalid(name, "required")
    return found


def _clean_texts(values: dict[str, object]) -> dict[str, list[Problem]]:
    problems: dict[str, list[Problem]] = {}
    for name, longest in LONGEST.items():
        try:
            values[name] = clean_text(
                str(values[name]), max_length=longest, multiline=name in _OF_SEVERAL_LINES
            )
        except TextProblem as problem:
            problems[name] = [Problem(problem.code, problem.params)]
    if not values["title"] and "title" not in problems:
        problems["title"] = [Problem("required")]
    return problems
