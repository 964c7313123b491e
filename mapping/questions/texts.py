"""Questions that are answered in free text."""

from __future__ import annotations

from typing import ClassVar, Final

from django import forms

from mapping.geo.text import TextProblem, cell_text, clean_text
from mapping.questions.kind import (
    Answer,
    AnswerRefused,
    Asked,
    ColumnType,
    Kind,
    Open311Type,
    Options,
)
from mapping.questions.names import QuestionKind

MAX_TEXT: Final = 300
MAX_LONG_TEXT: Final = 5000


class ShortText(Kind):
    """A line of text."""

    name: ClassVar = QuestionKind.TEXT
    column: ClassVar[ColumnType] = "text"
    open311: ClassVar[Open311Type] = "string"
    max_length: ClassVar[int] = MAX_TEXT

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        if not isinstance(value, str):
            raise AnswerRefused("not_a_text")
        try:
            return clean_text(value, max_length=self.max_length, multiline=self.is_long) or None
        except TextProblem as problem:
            raise AnswerRefused(problem.code, **problem.params) from None

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        return forms.CharField(required=False, widget=forms.TextInput(attrs={"maxlength": self.max_length}))

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`."""
        return cell_text(value)


class LongText(ShortText):
    """Paragraphs of text."""

    name: ClassVar = QuestionKind.LONG_TEXT
    open311: ClassVar[Open311Type] = "text"
    is_long: ClassVar[bool] = True
    max_length: ClassVar[int] = MAX_LONG_TEXT

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        attrs = {"rows": 4, "maxlength": self.max_length, "dir": "auto"}
        return forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs=attrs))
