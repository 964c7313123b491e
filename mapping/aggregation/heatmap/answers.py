"""Answers as filters and as measures: which questions of a campaign can be either, and the condition in SQL.

Questions belong to categories. Those of several categories that share a short name are one question here, and the
answers to all of them count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mapping.aggregation.heatmap.query import AnswerFilter, HeatmapProblem
from mapping.models import Question, QuestionKind

_MEASURED: Final = (QuestionKind.SCALE, QuestionKind.NUMBER)
_CHOSEN: Final = (
    QuestionKind.SINGLE_CHOICE,
    QuestionKind.MULTIPLE_CHOICE,
    QuestionKind.YES_NO,
    QuestionKind.SCALE,
)
_LONGEST_SCALE: Final = 100
"""Steps of a scale that are offered one by one."""


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """A question that can filter or be measured; `choices` are (value, title), yes and no being "true" and "false".

    A title is empty where the value says it all.
    """

    slug: str
    title: str
    kinds: frozenset[str]
    choices: tuple[tuple[str, str], ...]

    @property
    def is_filter(self) -> bool:
        """Whether it has choices to filter by."""
        return bool(self.choices)

    @property
    def is_measure(self) -> bool:
        """Whether answers are numbers, so that they have a mean."""
        return not self.kinds.isdisjoint(_MEASURED)


def answer_questions(campaign_id: int) -> tuple[AnswerQuestion, ...]:
    """Return the questions of a campaign that can filter or be measured, in the order of its categories."""
    found: dict[str, list[Question]] = {}
    for question in Question.objects.filter(category__campaign=campaign_id).order_by(
        "category__position", "category", "position", "pk"
    ):
        found.setdefault(question.slug, []).append(question)
    merged = (
        AnswerQuestion(
            slug,
            questions[0].title,
            frozenset(question.kind for question in questions),
            tuple({value: (value, title) for one in questions for value, title in _choices(one)}.values()),
        )
        for slug, questions in found.items()
    )
    return tuple(question for question in merged if question.is_filter or question.is_measure)


def measured(campaign_id: int, slug: str) -> AnswerQuestion:
    """Return the question whose mean is asked; raises HeatmapProblem "no_such_question", "question_not_numeric"."""
    question = _found(answer_questions(campaign_id), slug, "question")
    if not question.is_measure:
        raise HeatmapProblem("question_not_numeric", parameter="question", question=slug)
    return question


def conditions(campaign_id: int, filters: Iterable[AnswerFilter]) -> list[tuple[str, ...]]:
    """Return, per filter, the JSON objects of which `mapping_contribution.answers` must contain (@>) one.

    Raises HeatmapProblem "no_such_question", "question_without_choices", "unknown_answer".
    """
    filters = tuple(filters)
    known = answer_questions(campaign_id) if filters else ()
    return [_contained(_found(known, one.question, f"answers[{one.question}]"), one) for one in filters]


def _found(known: Iterable[AnswerQuestion], slug: str, parameter: str) -> AnswerQuestion:
    for question in known:
        if question.slug == slug:
            return question
    raise HeatmapProblem("no_such_question", parameter=parameter, question=slug)


def _contained(question: AnswerQuestion, asked: AnswerFilter) -> tuple[str, ...]:
    parameter = f"answers[{question.slug}]"
    if not question.is_filter:
        raise HeatmapProblem("question_without_choices", parameter=parameter, question=question.slug)
    known = [value for value, _title in question.choices]
    for value in asked.values:
        if value not in known:
            raise HeatmapProblem(
                "unknown_answer", parameter=parameter, value=value[:80], choices=", ".join(known[:50])
            )
    return tuple(
        json.dumps({question.slug: stored}) for value in asked.values for stored in _stored(question, value)
    )


def _stored(question: AnswerQuestion, value: str) -> Iterable[object]:
    """How answers that mean a value are stored, for each kind that the question has."""
    if QuestionKind.SINGLE_CHOICE in question.kinds:
        yield value
    if QuestionKind.MULTIPLE_CHOICE in question.kinds:
        yield [value]
    if QuestionKind.YES_NO in question.kinds and value in ("true", "false"):
        yield value == "true"
    if QuestionKind.SCALE in question.kinds and value.lstrip("-").isdecimal():
        yield int(value)


def _choices(question: Question) -> Iterable[tuple[str, str]]:
    options = question.options
    if question.kind == QuestionKind.YES_NO:
        yield from (("true", ""), ("false", ""))
    elif question.kind == QuestionKind.SCALE:
        yield from _steps(options)
    elif question.kind in _CHOSEN:
        given = options.get("choices")
        for choice in given if isinstance(given, list) else ():
            if isinstance(choice, Mapping) and isinstance(choice.get("value"), str):
                yield choice["value"], str(choice.get("title", ""))


def _steps(options: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    minimum, maximum = options.get("minimum", 1), options.get("maximum", 5)
    if isinstance(minimum, int) and isinstance(maximum, int) and maximum - minimum < _LONGEST_SCALE:
        titles = {minimum: options.get("minimum_title"), maximum: options.get("maximum_title")}
        for step in range(minimum, maximum + 1):
            yield str(step), str(titles.get(step) or "")
