"""The counted answers to a survey's questions, as pages and interfaces show them: exact ones and public ones alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from mapping.aggregation.surveys.cells import (
    PARTITIONS,
    Cells,
    Tally,
    is_classed,
    is_number,
    mean_of,
)
from mapping.aggregation.surveys.release import Told, ToldQuestion
from mapping.models import Question
from mapping.questions.choices import other_values
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS
from mapping.wording import in_words_number

CHOSEN: Final = frozenset(
    {
        QuestionKind.SINGLE_CHOICE,
        QuestionKind.MULTIPLE_CHOICE,
        QuestionKind.PICTURE_CHOICE,
        QuestionKind.PART_OF_DAY,
        QuestionKind.YES_NO,
        QuestionKind.RANKING,
    }
)
"""Kinds that are answered by choices."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One cell of a question: a choice, a step, a class of numbers, a month, an hour; None where it is not shown."""

    value: str
    title: str
    responses: int | None
    low: float | None = None
    high: float | None = None
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One statement of a matrix."""

    value: str
    title: str
    responses: int
    cells: tuple[Counted, ...]

    @property
    def is_suppressed(self) -> bool:
        """Whether a number is not shown."""
        return any(cell.responses is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The counted answers to one question.

    `responses` is the number of people who answered, a lower limit where numbers are not shown. The cells of rankings
    count first places, those of `multiple_choice` add up to more than the people.
    """

    question: Question
    responses: int
    cells: tuple[Counted, ...] = ()
    rows: tuple[CountedRow, ...] = ()
    mean: float | None = None

    @property
    def is_suppressed(self) -> bool:
        """Whether a number is not shown."""
        return any(cell.responses is None for cell in self.cells) or any(
            row.is_suppressed for row in self.rows
        )

    @property
    def is_classed(self) -> bool:
        """Whether the cells are classes of numbers."""
        return is_classed(self.question)

    def as_json(self) -> dict[str, Any]:
        """The member of the API's answer."""
        kind = self.question.kind
        counts = {cell.value: cell.responses for cell in self.cells}
        has_counts = kind in CHOSEN or (kind == QuestionKind.SCALE and not self.is_classed)
        return {
            "slug": self.question.slug,
            "title": self.question.title,
            "kind": kind,
            "responses": self.responses,
            "counts": counts if has_counts else None,
            "mean": self.mean,
            "histogram": [_interval(cell, is_class=self.is_classed) for cell in self.cells]
            if self.cells and kind not in CHOSEN
            else None,
            "rows": [
                {
                    "value": row.value,
                    "title": row.title,
                    "responses": row.responses,
                    "counts": {cell.value: cell.responses for cell in row.cells},
                    "suppressed": row.is_suppressed,
                }
                for row in self.rows
            ]
            if kind == QuestionKind.MATRIX
            else None,
            "suppressed": self.is_suppressed,
        }


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """The counted answers to a survey. `made_at` is None before anything is public, and for exact numbers.

    `later` are the questions whose results follow after the end.
    """

    responses: int
    k: int
    questions: tuple[QuestionResult, ...]
    made_at: datetime | None = None
    later: tuple[Question, ...] = ()
    is_exact: bool = False

    def as_json(self) -> dict[str, Any]:
        """The API's answer."""
        return {
            "responses": self.responses,
            "k": self.k,
            "made_at": None if self.made_at is None else self.made_at.isoformat(),
            "exact": self.is_exact,
            "questions": [one.as_json() for one in self.questions],
            "after_the_end": [question.slug for question in self.later],
        }


def exact_result(question: Question, cells: Cells, tally: Tally) -> QuestionResult:
    """The result of a question for staff."""
    values = [(float(value), n) for value, n in tally.items() if value and is_number(value)]
    told = ToldQuestion(
        Told(dict(cells.counts), cells.answered),
        {row: Told(dict(counts), sum(counts.values())) for row, counts in cells.rows.items()},
        cells.edges,
    )
    return _result(question, told, mean_of(values) if KINDS[question.kind].is_measure else None)


def public_result(question: Question, told: ToldQuestion) -> QuestionResult:
    """The result of a question for everybody; a mean only of steps of which every number is shown."""
    mean = None
    if question.kind == QuestionKind.SCALE and not told.edges and not told.told.is_suppressed:
        steps = told.told.counts.items()
        mean = mean_of((float(value), number or 0) for value, number in steps if is_number(value))
    return _result(question, told, mean)


def _result(question: Question, told: ToldQuestion, mean: float | None) -> QuestionResult:
    if question.kind == QuestionKind.MATRIX:
        titles, scale = _titles(question, "rows"), _titles(question, "choices")
        rows = tuple(
            CountedRow(row, titles.get(row, row), one.responses, _cells(one.counts, scale))
            for row, one in told.rows.items()
        )
        return QuestionResult(question, told.told.responses, rows=rows)
    counts = told.told.counts
    if told.edges:
        cells = _classes(question, counts, told.edges)
    elif question.kind in PARTITIONS or question.kind == QuestionKind.MULTIPLE_CHOICE:
        others = other_values(question.options) if question.kind in CHOSEN else frozenset()
        cells = _cells(counts, _titles_of_cells(question, counts), others)
    else:
        cells = ()
    return QuestionResult(question, told.told.responses, cells, mean=mean)


def _cells(
    counts: Mapping[str, int | None], titles: Mapping[str, str], others: frozenset[str] = frozenset()
) -> tuple[Counted, ...]:
    return tuple(
        Counted(value, titles.get(value, value), number, is_other=value in others)
        for value, number in counts.items()
    )


def _titles_of_cells(question: Question, counts: Mapping[str, int | None]) -> dict[str, str]:
    if question.kind == QuestionKind.DATE:
        return {month: _month(month) for month in counts}
    if question.kind == QuestionKind.TIME_OF_DAY:
        return {
            hour: _("%(hour)s to %(next)s") % {"hour": f"{hour}:00", "next": f"{hour}:59"} for hour in counts
        }
    return dict(KINDS[question.kind].choices(question.options))


def _titles(question: Question, name: str) -> dict[str, str]:
    return {one["value"]: str(one.get("title") or one["value"]) for one in question.options.get(name) or ()}


def _classes(
    question: Question, counts: Mapping[str, int | None], edges: Sequence[float]
) -> tuple[Counted, ...]:
    """Classes of numbers; the outer ones are open where the question allows more, and left out while they are empty."""
    last = len(edges) - 2
    low, high = question.options.get("minimum"), question.options.get("maximum")
    is_open_below = not isinstance(low, int | float) or low < edges[0]
    is_open_above = not isinstance(high, int | float) or high > edges[-1]
    used = [index for index in range(last + 1) if counts.get(str(index), 0) != 0]
    first_used, last_used = (used[0], used[-1]) if used else (0, -1)
    found = []
    for index in range(last + 1):
        is_beyond = (is_open_below and index < first_used) or (is_open_above and index > last_used)
        if is_beyond:
            continue
        start = None if index == 0 and is_open_below else edges[index]
        end = None if index == last and is_open_above else edges[index + 1]
        found.append(Counted(str(index), _span(start, end), counts.get(str(index), 0), start, end))
    return tuple(found)


def _span(start: float | None, end: float | None) -> str:
    if start is None:
        return _("below %(end)s") % {"end": in_words_number(_plain(end or 0))}
    if end is None:
        return _("%(start)s and more") % {"start": in_words_number(_plain(start))}
    return _("%(start)s to under %(end)s") % {
        "start": in_words_number(_plain(start)),
        "end": in_words_number(_plain(end)),
    }


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number


def _month(month: str) -> str:
    try:
        return format_date(date.fromisoformat(f"{month}-01"), "F Y")
    except ValueError:
        return month


def _interval(cell: Counted, *, is_class: bool) -> dict[str, Any]:
    if is_class:
        ends = {
            name: None if one is None else _plain(one)
            for name, one in (("from", cell.low), ("to", cell.high))
        }
        return {**ends, "responses": cell.responses}
    return {"value": cell.value, "responses": cell.responses}
