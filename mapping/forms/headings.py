"""What a contribution is called in lists: its title, its text, or else its first answers in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mapping.forms.answers import Answered, answers_in_words
from mapping.models import Audience, Contribution, Question, QuestionKind
from mapping.questions.registry import KINDS
from mapping.translated.reading import LanguageText

_FEW: Final = 3
"""Answers that make a heading."""
LONGEST_HEADING: Final = 160
_READ_ALONE: Final = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT, QuestionKind.PART_OF_DAY})
"""Kinds without choices whose answers are understood without their question."""
_LEFT_OUT: Final = frozenset({QuestionKind.PLACE, QuestionKind.NOTE})


def heading_of(contribution: Contribution, *, longest: int = LONGEST_HEADING) -> str:
    """Title, text or first public answers; empty where there is none. Reads the questions of its category."""
    return beginning_of(contribution.title or contribution.text or answers_heading(contribution), longest)


def answers_heading(contribution: Contribution, *, for_staff: bool = False) -> str:
    """The first answers in words, those for staff only `for_staff`; in their language where they have one in common."""
    questions = [
        one
        for one in contribution.category.questions.all()
        if one.kind not in _LEFT_OUT and (for_staff or one.audience == Audience.PUBLIC)
    ]
    answers = contribution.all_answers if for_staff else contribution.answers
    return _joined(_said(questions, answers_in_words(questions, answers)))


def _said(questions: Iterable[Question], answers: Iterable[Answered]) -> list[str]:
    """Answers that are understood alone as they are, others behind their question."""
    kinds = {one.title: KINDS[one.kind] for one in questions}
    said = []
    for answer in list(answers)[:_FEW]:
        kind = kinds[answer.title]
        alone = kind.lists_choices or kind.name in _READ_ALONE
        said.append(answer.words if alone else f"{answer.title}: {answer.words}")
    return said


def _joined(said: list[str]) -> str:
    text = " · ".join(str.__str__(one) for one in said)
    languages = {one.language if isinstance(one, LanguageText) else None for one in said}
    if len(languages) == 1 and (language := languages.pop()) is not None:
        return LanguageText(text, language)
    return text


def beginning_of(text: str, longest: int = LONGEST_HEADING) -> str:
    """A text, or as much of it as fits."""
    if len(text) <= longest:
        return text
    cut = f"{text[: longest - 2].rstrip()} …"
    return LanguageText(cut, text.language) if isinstance(text, LanguageText) else cut
