"""Questions that are answered by putting choices into an order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext

from mapping.questions.choices import MultipleChoice, other_values
from mapping.questions.kind import (
    Answer,
    AnswerRefused,
    Asked,
    ColumnType,
    Measured,
    Open311Type,
    Options,
)
from mapping.questions.names import QuestionKind
from mapping.questions.widgets import RankingSelects

_FIRST: Final = ":1"
"""Behind a choice, in filters: this choice in the first place."""


class Ranking(MultipleChoice):
    """Choices in an order, the best first; answers may leave the last ones out."""

    name: ClassVar = QuestionKind.RANKING
    column: ClassVar[ColumnType] = "texts"
    open311: ClassVar[Open311Type] = "string"
    measured: ClassVar[Measured | None] = "rank"

    def options_problem(self, options: object) -> str | None:
        """See `Kind`."""
        problem = super().options_problem(options)
        if problem is None and isinstance(options, dict) and other_values(options):
            return gettext("A ranking cannot have a choice that asks for a text.")
        return problem

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`; the order is the answer."""
        if not isinstance(value, list | tuple):
            raise AnswerRefused("not_a_list_of_choices")
        known = dict(self.choices(options))
        if not all(isinstance(one, str) and one in known for one in value):
            raise AnswerRefused("not_a_choice")
        if len(set(value)) < len(value):
            raise AnswerRefused("ranked_twice")
        return list(value) or None

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`; one list to unfold for each rank, which works without scripts."""
        return forms.Field(required=False, widget=RankingSelects(list(self.choices(question.options))))

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        if not isinstance(answer, list):
            return str(answer)
        titles = self.titles(question.options)
        return ", ".join(f"{rank}. {titles.get(str(one), str(one))}" for rank, one in enumerate(answer, 1))

    def filters(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`: a choice in the first place, or anywhere."""
        choices = list(self.choices(options))
        for value, title in choices:
            yield f"{value}{_FIRST}", gettext("%(choice)s in the first place") % {"choice": title}
        yield from choices

    def stored(self, value: str) -> object | None:
        """See `Kind`."""
        return None if value.endswith(_FIRST) else super().stored(value)

    def path(self, value: str) -> str | None:
        """See `Kind`."""
        if not value.endswith(_FIRST):
            return None
        return f"[0] ? (@ == {json.dumps(value.removesuffix(_FIRST))})"

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`; each choice with its rank."""
        for rank, one in enumerate(answer if isinstance(answer, list) else (), 1):
            yield f"{one}\x1f{rank}"

    def open311_type(self, options: Options) -> Open311Type:
        """See `Kind`; GeoReport v2 knows no order."""
        return self.open311

    def open311_values(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`."""
        yield from ()

    def open311_hint(self, options: Options) -> str:
        """See `Kind`."""
        return "; ".join(value for value, _title in self.choices(options))

    def open311_answer(self, values: Any) -> object:
        """See `Kind`; one value lists all, the best first."""
        return self.cell({}, values[0]) if len(values) == 1 else [value for value in values if value]
