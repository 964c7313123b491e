"""Answers to the questions of a category or a survey: parsed strictly, stored in one canonical form per kind.

See `mapping.models.Question` for what an answer of each kind is in JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from mapping.geo.text import clean_text
from mapping.models import Question, QuestionKind
from mapping.models.question import RemovedQuestionQuerySet
from mapping.questions import conditions
from mapping.questions.choices import OTHER, other_values
from mapping.questions.kind import Answer, AnswerRefused
from mapping.questions.registry import KINDS
from mapping.services.errors import Invalid, Problem

_REPORTED_UNKNOWN: Final = 20


def clean_answers(questions: Sequence[Question], raw: object, *, require: bool = True) -> dict[str, Answer]:
    """Validate answers by question slug, in the order of the questions; unanswered questions are left out.

    None, blank texts and empty lists count as unanswered. Answers to questions that their condition hides are dropped,
    and later conditions take them for unanswered. The text of "other, namely" is the answer `<slug>:other`, kept where
    that choice was made. With `require=False` (staff, imports, drafts) required questions may stay unanswered.
    Raises Invalid with a problem per field `answers.<slug>`.
    """
    if raw is None:
        raw = {}
    if not isinstance(raw, Mapping):
        raise Invalid({"answers": [Problem("not_an_object_of_answers")]})
    by_slug = {question.slug: question for question in questions}
    problems = _unknown(by_slug, raw)
    cleaned: dict[str, Answer] = {}
    for slug, question in by_slug.items():
        kind = KINDS[question.kind]
        if not conditions.holds(question.show_if, cleaned):
            continue
        try:
            answer = kind.read(raw.get(slug), question.options)
            other = _other_text(question, answer, raw.get(f"{slug}{OTHER}"))
        except AnswerRefused as refused:
            problems[f"answers.{slug}"] = [Problem(refused.code, refused.params)]
            continue
        if answer is not None:
            cleaned[slug] = answer
        if other is not None:
            cleaned[f"{slug}{OTHER}"] = other
        if (
            question.required
            and require
            and kind.is_answered
            and not kind.is_complete(answer, question.options)
        ):
            problems[f"answers.{slug}"] = [Problem("required" if answer is None else "rows_missing")]
    if problems:
        raise Invalid(problems)
    return cleaned


def _other_text(question: Question, answer: Answer | None, raw: object) -> Answer | None:
    """The text of one's own beside a choice that asks for one; None where that choice was not made."""
    asking = other_values(question.options) if KINDS[question.kind].lists_choices else frozenset()
    chosen = set(answer) if isinstance(answer, list) else {answer} if isinstance(answer, str) else set()
    return KINDS[QuestionKind.TEXT].read(raw, {}) if asking & chosen else None


def fitting_answers(questions: Sequence[Question], stored: Mapping[str, object]) -> dict[str, Answer]:
    """Select the stored answers that also fit other questions: for a change of category by staff."""
    fitting: dict[str, object] = {}
    for question in questions:
        try:
            KINDS[question.kind].read(stored.get(question.slug), question.options)
        except AnswerRefused:
            continue
        names = (question.slug, f"{question.slug}{OTHER}")
        fitting |= {name: stored[name] for name in names if name in stored}
    return clean_answers(questions, fitting, require=False)


def with_kept(
    answers: Mapping[str, Answer], stored: Mapping[str, Answer], removed: RemovedQuestionQuerySet
) -> dict[str, Answer]:
    """New answers with the stored ones to questions that were removed while their answers were kept."""
    left = {name: answer for name, answer in stored.items() if name not in answers}
    slugs = set(removed.values_list("slug", flat=True)) if left else set()
    return {**answers, **{name: one for name, one in left.items() if name.removesuffix(OTHER) in slugs}}


def _unknown(by_slug: Mapping[str, Question], raw: Mapping[object, object]) -> dict[str, list[Problem]]:
    strangers = [key for key in raw if not isinstance(key, str) or key.removesuffix(OTHER) not in by_slug]
    named = (
        clean_text(str(key)[:80], max_length=80, multiline=False) for key in strangers[:_REPORTED_UNKNOWN]
    )
    return {f"answers.{name}": [Problem("unknown_question")] for name in named}
