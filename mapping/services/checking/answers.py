"""Answers to a category's questions: parsed strictly, stored in one canonical form per kind.

See `mapping.models.Question` for what an answer of each kind is in JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from mapping.geo.text import clean_text
from mapping.models import Question
from mapping.questions.kind import Answer, AnswerRefused
from mapping.questions.registry import KINDS
from mapping.services.errors import Invalid, Problem

_REPORTED_UNKNOWN: Final = 20


def clean_answers(questions: Sequence[Question], raw: object, *, require: bool = True) -> dict[str, Answer]:
    """Validate answers by question slug, in the order of the questions; unanswered questions are left out.

    None, blank texts and empty lists count as unanswered. With `require=False` (staff, imports) required questions
    may stay unanswered. Raises Invalid with a problem per field `answers.<slug>`.
    """
    if raw is None:
        raw = {}
    if not isinstance(raw, Mapping):
        raise Invalid({"answers": [Problem("not_an_object_of_answers")]})
    by_slug = {question.slug: question for question in questions}
    problems = _unknown(by_slug, raw)
    cleaned: dict[str, Answer] = {}
    for slug, question in by_slug.items():
        try:
            answer = KINDS[question.kind].read(raw.get(slug), question.options)
        except AnswerRefused as refused:
            problems[f"answers.{slug}"] = [Problem(refused.code, refused.params)]
            continue
        if answer is not None:
            cleaned[slug] = answer
        elif question.required and require:
            problems[f"answers.{slug}"] = [Problem("required")]
    if problems:
        raise Invalid(problems)
    return cleaned


def fitting_answers(questions: Sequence[Question], stored: Mapping[str, object]) -> dict[str, Answer]:
    """Select the stored answers that also fit other questions: for a change of category by staff."""
    kept: dict[str, Answer] = {}
    for question in questions:
        try:
            kept |= clean_answers([question], {question.slug: stored.get(question.slug)}, require=False)
        except Invalid:
            continue
    return kept


def _unknown(by_slug: Mapping[str, Question], raw: Mapping[object, object]) -> dict[str, list[Problem]]:
    strangers = [key for key in raw if not isinstance(key, str) or key not in by_slug]
    named = (
        clean_text(str(key)[:80], max_length=80, multiline=False) for key in strangers[:_REPORTED_UNKNOWN]
    )
    return {f"answers.{name}": [Problem("unknown_question")] for name in named}
