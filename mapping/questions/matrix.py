"""Questions of several statements that are judged by one set of choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext

from mapping.questions.choices import choices_problem
from mapping.questions.kind import (
    NO_ANSWER,
    Answer,
    AnswerRefused,
    Asked,
    ColumnType,
    Kind,
    Measured,
    Open311Type,
    Options,
)
from mapping.questions.names import QuestionKind
from mapping.questions.widgets import MatrixRadios

MOST_ROWS = 30


class Matrix(Kind):
    """Statements (`rows`) judged by one set of `choices`, both lists of `{"value", "title"}`.

    The answer is an object of the chosen value by row; rows may stay unanswered unless the question is required.
    """

    name: ClassVar = QuestionKind.MATRIX
    column: ClassVar[ColumnType] = "objects"
    open311: ClassVar[Open311Type] = "string"
    for_contributions: ClassVar[bool] = False
    lists_choices: ClassVar[bool] = True
    input_required: ClassVar[bool] = False
    measured: ClassVar[Measured | None] = "step"

    def options_problem(self, options: object) -> str | None:
        """See `Kind`."""
        given = options if isinstance(options, dict) else {}
        rows = given.get("rows")
        if not isinstance(rows, list) or not rows:
            return gettext("Please list the statements that are to be judged.")
        if len(rows) > MOST_ROWS:
            return gettext("These are more than %(most)s statements.") % {"most": MOST_ROWS}
        return choices_problem({"choices": rows}) or choices_problem(options)

    def rows(self, options: Options) -> Iterator[tuple[str, str]]:
        """Value and title of each statement."""
        yield from _listed(options, "rows")

    def scale(self, options: Options) -> Iterator[tuple[str, str]]:
        """Value and title of each choice by which the statements are judged."""
        yield from _listed(options, "choices")

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        if not isinstance(value, Mapping):
            raise AnswerRefused("not_an_object_of_rows")
        rows, known = dict(self.rows(options)), dict(self.scale(options))
        if not all(isinstance(row, str) and row in rows for row in value):
            raise AnswerRefused("not_a_row")
        judged = {row: one for row, one in value.items() if one not in (None, "")}
        if not all(isinstance(one, str) and one in known for one in judged.values()):
            raise AnswerRefused("not_a_choice")
        return {row: judged[row] for row in rows if row in judged} or None

    def is_complete(self, answer: object, options: Options) -> bool:
        """See `Kind`; every statement is judged."""
        return isinstance(answer, Mapping) and all(row in answer for row, _title in self.rows(options))

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`; statements of an optional question may be left without a judgement."""
        scale: list[tuple[str, Any]] = list(self.scale(question.options))
        # Radio buttons cannot be unchecked: see `kind.radios`.
        offered = scale if question.required else [*scale, NO_ANSWER]
        widget = MatrixRadios(list(self.rows(question.options)), offered)
        return forms.Field(required=False, widget=widget)

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        if not isinstance(answer, Mapping):
            return str(answer)
        rows, known = dict(self.rows(question.options)), dict(self.scale(question.options))
        return "; ".join(f"{rows.get(row, row)}: {known.get(one, one)}" for row, one in answer.items())

    def filters(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`: each statement with each choice."""
        scale = list(self.scale(options))
        for row, statement in self.parts(options):
            yield from ((f"{row}:{value}", f"{statement}: {title}") for value, title in scale)

    def parts(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`; a statement whose value has a colon could not be told from its choices."""
        yield from ((row, title) for row, title in self.rows(options) if ":" not in row)

    def stored(self, value: str) -> object | None:
        """See `Kind`."""
        row, _colon, chosen = value.partition(":")
        return {row: chosen}

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`; each statement with its choice."""
        for row, one in answer.items() if isinstance(answer, Mapping) else ():
            yield f"{row}\x1f{one}"

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`; tables have one column for each statement."""
        return value


def _listed(options: Options, name: str) -> Iterator[tuple[str, str]]:
    given = options.get(name)
    for one in given if isinstance(given, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("value"), str):
            yield one["value"], str(one.get("title") or one["value"])
