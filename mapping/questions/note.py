"""A heading with an explanation between questions."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from mapping.questions.kind import Answer, AnswerRefused, Asked, ColumnType, Kind, Open311Type, Options
from mapping.questions.names import QuestionKind


class Note(Kind):
    """The question's title is a heading, its help text the explanation; there is nothing to answer."""

    name: ClassVar = QuestionKind.NOTE
    column: ClassVar[ColumnType] = "text"
    open311: ClassVar[Open311Type] = "string"
    is_answered: ClassVar[bool] = False
    for_contributions: ClassVar[bool] = False
    input_required: ClassVar[bool] = False

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        raise AnswerRefused("nothing_to_answer")

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`; pages show the heading instead."""
        return forms.CharField(required=False, widget=forms.HiddenInput)

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`."""
        return value
