"""Questions that are answered by a time of day or a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from mapping.geo.text import cell_text
from mapping.questions.kind import (
    Answer,
    AnswerRefused,
    Asked,
    ColumnType,
    Kind,
    Limits,
    Open311Type,
    Options,
)
from mapping.questions.names import QuestionKind

_TIME: Final = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::[0-5][0-9])?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GERMAN_DATE: Final = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_CLOCK: Final = re.compile(
    r"([0-9]{1,2})[:.h]([0-9]{2})(?:[:.][0-9]{2}(?:\.[0-9]+)?)?\s*(?:uhr|h)?", re.IGNORECASE
)


class TimeOfDay(Kind):
    """Hours and minutes, "HH:MM"."""

    name: ClassVar = QuestionKind.TIME_OF_DAY
    column: ClassVar[ColumnType] = "text"
    open311: ClassVar[Open311Type] = "string"
    limits: ClassVar[Limits] = "time"

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`; browsers' time fields may add seconds, which are dropped."""
        match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise AnswerRefused("not_a_time")
        return match[1]

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        return forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "time"}))

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`."""
        yield str(answer)

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        return pgettext("time of day", "%(time)s") % {"time": answer}

    def limit(self, text: str) -> str | float | None:
        """See `Kind`."""
        match = _TIME.fullmatch(text)
        return None if match is None else match[1]

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`: hours and minutes, ignoring the rest: 8:05, 08:05:00.000, 8.05 Uhr, a moment of a workbook."""
        if isinstance(value, datetime):
            value = value.time()
        text = cell_text(value)
        found = _CLOCK.fullmatch(text)
        return f"{int(found[1]):02}:{found[2]}" if found else text

    def open311_hint(self, options: Options) -> str:
        """See `Kind`."""
        return "HH:MM"


class Date(Kind):
    """A day of the calendar, "YYYY-MM-DD"; options `minimum` and `maximum` are the first and the last possible one."""

    name: ClassVar = QuestionKind.DATE
    column: ClassVar[ColumnType] = "text"
    open311: ClassVar[Open311Type] = "string"
    limits: ClassVar[Limits] = "date"

    def options_problem(self, options: object) -> str | None:
        """See `Kind`."""
        given = options if isinstance(options, dict) else {}
        bounds = [given.get(name) for name in ("minimum", "maximum")]
        days = [_day(bound) for bound in bounds]
        if any(bound not in (None, "") and day is None for bound, day in zip(bounds, days, strict=True)):
            return gettext("Please write the first and the last day like 2026-12-24.")
        first, last = days
        if first is not None and last is not None and last < first:
            return gettext("The last day lies before the first one. Please exchange them.")
        return None

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        day = _day(value.strip()) if isinstance(value, str) else None
        if day is None:
            raise AnswerRefused("not_a_date")
        first, last = _day(options.get("minimum")) or date.min, _day(options.get("maximum")) or date.max
        if not first <= day <= last:
            raise AnswerRefused("day_too_early" if day < first else "day_too_late", first=first, last=last)
        return day.isoformat()

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        bounds = {"min": question.options.get("minimum"), "max": question.options.get("maximum")}
        attrs = {"type": "date", **{name: day for name, day in bounds.items() if day}}
        return forms.CharField(required=False, widget=forms.TextInput(attrs=attrs))

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`."""
        yield str(answer)

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        day = _day(answer)
        return str(answer) if day is None else date_format(day, "DATE_FORMAT")

    def limit(self, text: str) -> str | float | None:
        """See `Kind`."""
        day = _day(text)
        return None if day is None else day.isoformat()

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`: 2026-12-24, 24.12.2026, a day or a moment of a workbook."""
        if isinstance(value, datetime):
            value = value.date()
        text = cell_text(value)
        found = _GERMAN_DATE.fullmatch(text)
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text

    def open311_hint(self, options: Options) -> str:
        """See `Kind`."""
        return "YYYY-MM-DD"


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:  # the 30th of February
        return None
