"""The parameters of addresses: every one known, single where it must be, and right; otherwise a reason by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

from django.http import QueryDict
from django.utils import timezone

from mapping.aggregation.heatmap.query import HeatmapProblem
from mapping.geo.bbox import parse_bbox
from mapping.geo.errors import GeometryProblem
from mapping.models import ContributionStatus
from mapping.services.checking.content import Collected
from mapping.services.errors import Invalid

Box = tuple[float, float, float, float]
ReadT = TypeVar("ReadT")
ChoiceT = TypeVar("ChoiceT", bound=str)

STATUSES: Final = (
    ContributionStatus.PENDING.value,
    ContributionStatus.PUBLISHED.value,
    ContributionStatus.REJECTED.value,
)
"""What staff may ask for; of withdrawn contributions nothing is left."""

_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339 section 5.6. A plus sign that nobody escaped arrives as a blank.
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


@dataclass(frozen=True)
class Interval:
    """A stretch of time; `end` is excluded, None leaves a side open."""

    start: datetime | None = None
    end: datetime | None = None

    def first_day(self) -> date | None:
        """The day on which it begins, in the site's time zone."""
        return None if self.start is None else timezone.localdate(self.start)

    def last_day(self) -> date | None:
        """The last day of which it holds anything."""
        return None if self.end is None else timezone.localdate(self.end - _INSTANT)


class Parameters:
    """Reads the query of an address; problems gather until `done()` raises them together."""

    def __init__(self, query: QueryDict, known: Collection[str]) -> None:
        self._query = query
        self._problems = Collected()
        for name in query:
            if name not in known:
                # The name is the client's own text; only its beginning is repeated.
                self._problems.add(name[:40], "unknown_parameter", known=", ".join(sorted(known)))

    def done(self) -> None:
        """Raise Invalid where anything was wrong."""
        if self._problems.fields:
            raise Invalid(self._problems.fields)

    def text(self, name: str) -> str:
        """A parameter given at most once; empty and missing are the same."""
        values = self._query.getlist(name)
        if len(values) > 1:
            self._problems.add(name, "repeated")
        return values[0].strip() if len(values) == 1 else ""

    def whole_number(self, name: str, default: int, minimum: int, maximum: int) -> int:
        """A number within limits."""
        text = self.text(name)
        if not text:
            return default
        number = int(text) if _WHOLE_NUMBER.fullmatch(text) else -1
        if not minimum <= number <= maximum:
            self._problems.add(name, "not_a_whole_number", minimum=minimum, maximum=maximum)
            return default
        return number

    def choice(self, name: str, choices: Sequence[ChoiceT], default: ChoiceT) -> ChoiceT:
        """One of several words."""
        text = self.text(name) or default
        for choice in choices:
            if choice == text:
                return choice
        self._problems.add(name, "unknown_choice", choices=", ".join(choices))
        return default

    def read(self, name: str, reader: Callable[[str], ReadT]) -> ReadT | None:
        """What a reader makes of a parameter; None where it is missing."""
        text = self.text(name)
        try:
            return reader(text) if text else None
        except HeatmapProblem as problem:
            self._problems.add(name, problem.code, **problem.params)
            return None

    def words(self, name: str) -> tuple[str, ...]:
        """Any words, as a comma list or repeated, each once."""
        words = (word.strip() for value in self._query.getlist(name) for word in value.split(","))
        return tuple(dict.fromkeys(word for word in words if word))

    def choices(
        self, name: str, choices: Collection[str], problem: str = "unknown_choice"
    ) -> tuple[str, ...] | None:
        """Several words, as a comma list or repeated; None where there are none."""
        given = self.words(name)
        if any(word not in choices for word in given):
            self._problems.add(name, problem, choices=", ".join(sorted(choices)))
            return None
        return given or None

    def boxes(self, name: str = "bbox") -> tuple[Box, ...]:
        """A bounding box, as one box or as two where it crosses the antimeridian."""
        text = self.text(name)
        if not text:
            return ()
        try:
            return parse_bbox(text).boxes()
        except GeometryProblem as problem:
            self._problems.add(name, problem.code, **problem.params)
            return ()

    def interval(self, name: str = "datetime") -> Interval:
        """A date, a date-time or an interval of them (OGC 17-069r4 section 7.15.4, parameter `datetime`).

        A date means the whole day in the site's time zone.
        """
        text = self.text(name)
        if not text:
            return Interval()
        first, slash, last = text.partition("/")
        try:
            if slash:
                start = Interval() if first in _OPEN or _BEGINNING.match(first) else _read_moment(first)
                end = Interval() if last in _OPEN or _END.match(last) else _read_moment(last)
            else:
                start = end = _read_moment(first)
        except _MomentError as error:
            self._problems.add(name, error.code)
            return Interval()
        if start.start is not None and end.end is not None and start.start >= end.end:
            self._problems.add(name, "dates_reversed")
            return Interval()
        return Interval(
            None if start.start is None else _whole_second(start.start + _SECOND - _INSTANT),
            None if end.end is None else _whole_second(end.end + _SECOND - _INSTANT),
        )


def _whole_second(moment: datetime) -> datetime:
    """The second of a moment: answers tell no finer times, so that no bisection by questions may find them either."""
    return moment.replace(microsecond=0)


class _MomentError(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _read_moment(text: str) -> Interval:
    """The stretch that a date (a day) or a date-time (a microsecond, both ends of intervals being included) means."""
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            _check_year(day)
            return Interval(_midnight(day), _midnight(day + timedelta(days=1)))
        match = _DATE_TIME.fullmatch(text)
        if match:
            day_text, time_text, zone = match.groups()
            moment = datetime.fromisoformat(f"{day_text}T{time_text}{zone.replace(' ', '+').upper()}")
            _check_year(moment)
            return Interval(moment, moment + _INSTANT)
    except (ValueError, OverflowError) as error:
        if isinstance(error, _MomentError):
            raise
    raise _MomentError("dates_malformed")


def _check_year(moment: date) -> None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise _MomentError("dates_out_of_range")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
