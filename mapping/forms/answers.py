"""Answers in words, with the titles of their questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mapping.models import Question
from mapping.questions.registry import KINDS


@dataclass(frozen=True, slots=True)
class Answered:
    """A question's title and its answer in words."""

    title: str
    words: str
    is_long: bool = False


def answers_in_words(questions: Iterable[Question], answers: Mapping[str, object]) -> list[Answered]:
    """The answers in the order of their questions; unanswered ones are left out."""
    return [
        Answered(
            question.title,
            KINDS[question.kind].words(question, answers[question.slug]),
            KINDS[question.kind].is_long,
        )
        for question in questions
        if answers.get(question.slug) is not None
    ]


def orphans_in_words(questions: Iterable[Question], answers: Mapping[str, object]) -> list[Answered]:
    """The answers to deleted questions, by short name."""
    known = {question.slug for question in questions}
    return [Answered(slug, str(answer)) for slug, answer in answers.items() if slug not in known]
