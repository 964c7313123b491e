"""Answers in words, with the titles of their questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from mapping.forms.questions import other_name
from mapping.models import Question
from mapping.questions.choices import OTHER
from mapping.questions.registry import KINDS
from mapping.translated.reading import LanguageText
from mapping.translated.texts import CHOICES, ROWS, listed


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
            question.title, _in_language(question, _words(question, answers)), KINDS[question.kind].is_long
        )
        for question in questions
        if answers.get(question.slug) is not None
    ]


def orphans_in_words(questions: Iterable[Question], answers: Mapping[str, object]) -> list[Answered]:
    """The answers to deleted questions, by short name."""
    known = {question.slug for question in questions}
    return [
        Answered(slug, str(answer))
        for slug, answer in answers.items()
        if slug.removesuffix(OTHER) not in known
    ]


def _in_language(question: Question, words: str) -> str:
    """An answer that consists of choices, marked with their language where they have one in common."""
    if not KINDS[question.kind].lists_choices:
        return words
    titles = [one.get("title") for name in (CHOICES, ROWS) for one in listed(question.options, name)]
    known = [title for title in titles if isinstance(title, LanguageText)]
    if not known or len(known) < len(titles) or len({title.language for title in known}) > 1:
        return words
    return LanguageText(words, known[0].language, is_mixed=known[0].is_mixed)


def _words(question: Question, answers: Mapping[str, object]) -> str:
    """The answer, with the text of one's own in quotation marks behind it."""
    words = KINDS[question.kind].words(question, answers[question.slug])
    other = answers.get(other_name(question.slug))
    return gettext("%(answer)s: “%(text)s”") % {"answer": words, "text": other} if other else words
