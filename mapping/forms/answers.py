"""Answers in words, with the titles of their questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from mapping.models import Question, QuestionKind
from mapping.wording import in_words_number


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
            _in_words(question, answers[question.slug]),
            question.kind == QuestionKind.LONG_TEXT,
        )
        for question in questions
        if answers.get(question.slug) is not None
    ]


def orphans_in_words(questions: Iterable[Question], answers: Mapping[str, object]) -> list[Answered]:
    """The answers to deleted questions, by short name."""
    known = {question.slug for question in questions}
    return [Answered(slug, str(answer)) for slug, answer in answers.items() if slug not in known]


def _in_words(question: Question, answer: object) -> str:
    """One answer in words; an answer that no longer fits its changed question is shown as it is."""
    titles = {
        str(choice.get("value")): str(choice.get("title")) for choice in question.options.get("choices", [])
    }
    match question.kind, answer:
        case QuestionKind.YES_NO, bool():
            return gettext("Yes") if answer else gettext("No")
        case QuestionKind.MULTIPLE_CHOICE, list():
            return ", ".join(titles.get(str(value), str(value)) for value in answer)
        case QuestionKind.SINGLE_CHOICE, str():
            return titles.get(answer, answer)
        case QuestionKind.SCALE, int():
            return _on_scale(question, answer)
        case QuestionKind.NUMBER, int() | float():
            return f"{in_words_number(answer)} {question.options.get('unit', '')}".strip()
        case QuestionKind.TIME_OF_DAY, str():
            return pgettext("time of day", "%(time)s") % {"time": answer}
    return str(answer)


def _on_scale(question: Question, answer: int) -> str:
    """`4 of 5`, with the label of the scale's end if reached: `5 of 5 (unsafe)`."""
    options = question.options
    ends = {options.get("minimum", 1): "minimum_title", options.get("maximum", 5): "maximum_title"}
    words = gettext("%(answer)s of %(maximum)s") % {"answer": answer, "maximum": options.get("maximum", 5)}
    title = options.get(ends.get(answer, ""), "")
    return f"{words} ({title})" if title else words
