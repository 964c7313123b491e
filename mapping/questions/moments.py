"""Questions that are answered by a time."""

from __future__ import annotations

import re
from datetime import datetime
from typing import ClassVar, Final

from django import forms
from django.utils.translation import pgettext

from mapping.questions.kind import (
    Answer,
    AnswerRefused,
    Asked,
    ColumnType,
    Kind,
    Open311Type,
    Options,
    text_of,
)
from mapping.questions.names import QuestionKind

_TIME: Final = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::[0-5][0-9])?")
_CLOCK: Final = re.compile(
    r"([0-9]{1,2})[:.h]([0-9]{2})(?:[:.][0-9]{2}(?:\.[0-9]+)?)?\s*(?:uhr|h)?", re.IGNORECASE
)


class TimeOfDay(Kind):
    """Hours and minutes, "HH:MM"."""

    name: ClassVar = QuestionKind.TIME_OF_DAY
    column: ClassVar[ColumnType] = "text"
    open311: ClassVar[Open311Type] = "string"

    def read(self, value: object, options: Options) -> Answer | None:
        """See `Kind`; browsers' time fields may add seconds, which are dropped."""
        if value is None or value == "":
            return None
        match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise AnswerRefused("not_a_time")
        return match[1]

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        return forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "time"}))

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        return pgettext("time of day", "%(time)s") % {"time": answer}

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`: hours and minutes, ignoring the rest: 8:05, 08:05:00.000, 8.05 Uhr, a moment of a workbook."""
        if isinstance(value, datetime):
            value = value.time()
        text = text_of(value)
        found = _CLOCK.fullmatch(text)
        return f"{int(found[1]):02}:{found[2]}" if found else text

    def open311_hint(self, options: Options) -> str:
        """See `Kind`."""
        return "HH:MM"
