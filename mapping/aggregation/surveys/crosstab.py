"""Tables of two questions of a survey: how many people gave which pair of answers, exact, for staff.

One pass over the responses counts each distinct pair of answers; those with several choices are taken apart afterwards.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connections, router
from django.utils.translation import gettext as _

from mapping.aggregation.surveys.results import CHOSEN
from mapping.models import Audience, Campaign, Phase, Question, Response
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS

PHASE: Final = ":phase"
"""The name of the axis of phases; no short name of a question begins with a colon."""

FEW_PEOPLE: Final = 30
"""Below so many people shares are a matter of chance."""

# Compared by bytes, which is faster than by the rules of a language. PostgreSQL knows nothing of the answers in JSON
# and expects few rows of a condition on them, which it would sort; of CASE it expects half of all, which it hashes.
_COUNTED: Final = """
    SELECT {first} COLLATE "C" AS a, {second} COLLATE "C" AS b, count(*) FROM mapping_response AS response
    WHERE response.campaign_id = %s AND response.completed_at IS NOT NULL
        AND CASE WHEN {condition} THEN TRUE ELSE FALSE END
    GROUP BY a, b
"""


@dataclass(frozen=True, slots=True)
class Axis:
    """What a table may be divided by: a question with choices, a row of a matrix, the phases.

    `expression` reads the answer of a response in SQL as text, a list of choices as JSON if `is_list`.
    """

    name: str
    title: str
    values: tuple[tuple[str, str], ...]
    expression: str
    parameters: tuple[str | datetime, ...]
    is_list: bool = False

    def read(self, answer: str) -> list[str]:
        """The values of an answer."""
        if not self.is_list:
            return [answer]
        listed = json.loads(answer)
        return [str(one) for one in listed] if isinstance(listed, list) else []


@dataclass(frozen=True, slots=True)
class Only:
    """A condition: the answer on an axis is a value, or one of several choices is."""

    axis: Axis
    value: str

    @property
    def name(self) -> str:
        """How addresses name it."""
        return f"{self.axis.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Pair:
    """One cell of a table; `share` is its part of the row's people."""

    title: str
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One row of a table."""

    title: str
    people: int
    pairs: tuple[Pair, ...]

    @property
    def has_few(self) -> bool:
        """Whether shares are a matter of chance."""
        return 0 < self.people < FEW_PEOPLE


@dataclass(frozen=True, slots=True)
class CrossTable:
    """A table of two axes; `people` gave an answer on both."""

    columns: tuple[str, ...]
    rows: tuple[CrossRow, ...]
    whole: CrossRow
    people: int


def axes_of(campaign: Campaign, questions: Iterable[Question]) -> list[Axis]:
    """All axes of a survey in the order of its questions, the phases last."""
    found = [axis for question in questions for axis in _axes(question)]
    phases = list(campaign.timeline)
    return [*found, _phases(phases)] if phases else found


def choices_of(axes: Iterable[Axis]) -> Iterator[Only]:
    """All conditions that tables may be reduced by."""
    for axis in axes:
        for value, _title in axis.values:
            yield Only(axis, value)


def cross_table(campaign: Campaign, first: Axis, second: Axis, only: Only | None = None) -> CrossTable:
    """Count people by their answers on two axes, rows first; choices that were removed come last."""
    people: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    total = 0
    for a, b, number in _counted(campaign, first, second, only):
        total += number
        rows_of, columns_of = first.read(a), second.read(b)
        for column in columns_of:
            columns[column] += number
        for row in rows_of:
            people[row] += number
            for column in columns_of:
                pairs[row, column] += number
    down, across = _titles(first, people), _titles(second, columns)
    return CrossTable(
        columns=tuple(across.values()),
        rows=tuple(
            _row(title, people[row], [(name, pairs[row, column]) for column, name in across.items()])
            for row, title in down.items()
        ),
        whole=_row(_("All"), total, [(name, columns[column]) for column, name in across.items()]),
        people=total,
    )


def _row(title: str, people: int, numbers: Sequence[tuple[str, int]]) -> CrossRow:
    return CrossRow(
        title,
        people,
        tuple(Pair(name, number, number / people if people else 0.0) for name, number in numbers),
    )


def _titles(axis: Axis, found: Iterable[str]) -> dict[str, str]:
    titles = dict(axis.values)
    return titles | {value: value for value in sorted(found) if value not in titles}


def _counted(campaign: Campaign, first: Axis, second: Axis, only: Only | None) -> list[tuple[str, str, int]]:
    condition = "TRUE"
    more: tuple[str | datetime, ...] = ()
    if only is not None:
        condition, more = f"{only.axis.expression} = %s", (*only.axis.parameters, only.value)
        if only.axis.is_list:
            condition = f"({only.axis.expression})::jsonb ? %s"
    statement = _COUNTED.format(first=first.expression, second=second.expression, condition=condition)
    with connections[router.db_for_read(Response)].cursor() as cursor:
        cursor.execute(statement, [*first.parameters, *second.parameters, campaign.pk, *more])
        return [row for row in cursor.fetchall() if None not in row]


def _axes(question: Question) -> Iterator[Axis]:
    column = "staff_answers" if question.audience == Audience.STAFF else "answers"
    values = tuple(KINDS[question.kind].choices(question.options))
    if question.kind == QuestionKind.MATRIX:
        scale = tuple((one["value"], one["title"]) for one in question.options.get("choices") or ())
        for row in question.options.get("rows") or ():
            yield Axis(
                f"{question.slug}:{row['value']}",
                f"{question.title}: {row['title']}",
                scale,
                f"(response.{column} -> %s ->> %s)",
                (question.slug, row["value"]),
            )
    elif question.kind == QuestionKind.RANKING:
        title = _("%(question)s (first place)") % {"question": question.title}
        yield Axis(question.slug, title, values, f"(response.{column} -> %s ->> 0)", (question.slug,))
    elif question.kind in CHOSEN or (question.kind == QuestionKind.SCALE and values):
        is_list = question.kind == QuestionKind.MULTIPLE_CHOICE
        yield Axis(
            question.slug, question.title, values, f"(response.{column} ->> %s)", (question.slug,), is_list
        )


def _phases(phases: Sequence[Phase]) -> Axis:
    cases = " ".join(
        "WHEN response.completed_at >= %s AND response.completed_at < %s THEN %s" for _one in phases
    )
    parameters: list[str | datetime] = [
        value for one in phases for value in (one.opens_at, one.closes_at, str(one.pk))
    ]
    return Axis(
        PHASE,
        _("Phase"),
        tuple((str(one.pk), one.title) for one in phases),
        f"(CASE {cases} END)",
        tuple(parameters),
    )
