"""Questions whose answers can be filtered by or measured.

Questions belong to categories. Questions of several categories that share a short name are merged into one here, and
the answers to all of them count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mapping.filters.problems import QueryProblem
from mapping.models import Question
from mapping.questions.registry import KINDS

_MOST_OFFERED: Final = 11
"""Most steps of a scale that pages list one by one."""


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """A question to filter by or measure; `choices` are (value, title), yes and no being "true" and "false".

    `category` is the title of the first category that asks it.
    """

    slug: str
    title: str
    category: str
    kinds: frozenset[str]
    choices: tuple[tuple[str, str], ...]

    @property
    def is_filter(self) -> bool:
        """Whether the question has choices to filter by."""
        return bool(self.choices)

    @property
    def is_measure(self) -> bool:
        """Whether answers are numbers, so that they have a mean."""
        return any(KINDS[kind].is_measure for kind in self.kinds)

    @property
    def is_offered(self) -> bool:
        """Whether pages offer its choices one by one."""
        return self.is_filter and (not self.is_measure or len(self.choices) <= _MOST_OFFERED)

    def stored(self, value: str) -> Iterator[object]:
        """The stored forms of answers with a value, one for each kind of the question."""
        for kind in sorted(self.kinds):
            answer = KINDS[kind].stored(value)
            if answer is not None:
                yield answer


def answer_questions(campaign_id: int) -> tuple[AnswerQuestion, ...]:
    """Return the questions of a campaign that can filter or be measured, in the order of its categories."""
    found: dict[str, list[Question]] = {}
    for question in Question.objects.of_categories(campaign_id).public().select_related("category"):
        found.setdefault(question.slug, []).append(question)
    merged = (
        AnswerQuestion(
            slug,
            questions[0].title,
            _title_of_category(questions[0]),
            frozenset(question.kind for question in questions),
            tuple(
                {
                    value: (value, title)
                    for one in questions
                    for value, title in KINDS[one.kind].choices(one.options)
                }.values()
            ),
        )
        for slug, questions in found.items()
    )
    return tuple(question for question in merged if question.is_filter or question.is_measure)


def _title_of_category(question: Question) -> str:
    return "" if question.category is None else question.category.title


def found_question(known: Iterable[AnswerQuestion], slug: str, parameter: str) -> AnswerQuestion:
    """Return the question of a short name; raises QueryProblem "no_such_question"."""
    for question in known:
        if question.slug == slug:
            return question
    raise QueryProblem("no_such_question", parameter=parameter, question=slug)


def measured_question(campaign_id: int, slug: str) -> AnswerQuestion:
    """Return a numeric question by short name; raises QueryProblem "no_such_question", "question_not_numeric"."""
    question = found_question(answer_questions(campaign_id), slug, "question")
    if not question.is_measure:
        raise QueryProblem("question_not_numeric", parameter="question", question=slug)
    return question
