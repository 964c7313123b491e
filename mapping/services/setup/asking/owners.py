"""What has questions (a category, or a campaign for its survey), and what holds of all its questions together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.aggregation.given_answers import Owner
from mapping.geo.text import TextProblem, address_from_title, clean_text
from mapping.models import Campaign, Category, Question, RemovedQuestion
from mapping.questions import conditions
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, Problem, invalid
from mapping.services.setup.changes import locked_campaign
from mapping.services.setup.checklist import stays_publishable

MOST_QUESTIONS: Final = 100
LONGEST_NAME: Final = 80


def new_question(owner: Owner, position: int) -> Question:
    """A question that is not stored yet."""
    if isinstance(owner, Category):
        return Question(category=owner, position=position)
    return Question(campaign=owner, position=position)


def campaign_of(owner: Owner) -> Campaign:
    """The campaign that the questions belong to."""
    return owner.campaign if isinstance(owner, Category) else owner


def owner_of(question: Question) -> Owner:
    """The category or the campaign that a question belongs to."""
    owner = question.category or question.campaign
    assert owner is not None  # noqa: S101 - a constraint of the table: a question belongs to one of both
    return owner


def questions_of(owner: Owner) -> list[Question]:
    """The questions in the order in which they are asked."""
    if isinstance(owner, Category):
        return list(Question.objects.filter(category=owner).order_by("position", "pk"))
    return list(Question.objects.of_survey(owner.pk))


def removed_from(owner: Owner) -> list[RemovedQuestion]:
    """The questions that are asked no more but whose answers were kept."""
    if isinstance(owner, Category):
        return list(RemovedQuestion.objects.filter(category=owner))
    return list(RemovedQuestion.objects.of_survey(owner.pk))


def renumber(questions: Sequence[Question]) -> None:
    """Store the order of the questions."""
    moved = []
    for position, question in enumerate(questions):
        if question.position != position:
            question.position = position
            moved.append(question)
    Question.objects.bulk_update(moved, ["position"])


def found(questions: Sequence[Question], question: Question) -> Question:
    """The question as it is stored among these; raises Conflict "gone"."""
    stored = next((one for one in questions if one.pk == question.pk), None)
    if stored is None:
        raise Conflict("gone")
    return stored


@contextmanager
def changing(campaign: Campaign, actor: User) -> Iterator[None]:
    """A transaction in which a manager changes the setup of a campaign, one manager after the other.

    Raises NotAllowed "not_manager", and "unpublishable" as `stays_publishable`.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic(), stays_publishable(locked_campaign(campaign)):
        yield


def free_name(title: str, taken: Collection[str], fallback: str, *, max_length: int = LONGEST_NAME) -> str:
    """A short name made of a title that is not taken yet; `fallback` stands for titles without Latin letters."""
    wanted = address_from_title(title, max_length=max_length) or fallback
    name, number = wanted, 1
    while name in taken:
        number += 1
        ending = f"-{number}"
        name = wanted[: max_length - len(ending)].rstrip("-") + ending
    return name


def checked_line(name: str, value: str, max_length: int, *, required: bool = False) -> str:
    """A cleaned line of text; raises Invalid on the field `name` (too_long, required)."""
    try:
        words = clean_text(value, max_length=max_length, multiline=False)
    except TextProblem as problem:
        raise invalid(name, problem.code, **problem.params) from None
    if required and not words:
        raise invalid(name, "required")
    return words


def require_conditions(before: Sequence[Question], after: Sequence[Question], field: str, code: str) -> None:
    """Raise Invalid on `field` where a change would break conditions that hold now; `titles` are their questions'."""
    broken_before = {question.pk for question in _broken(before)}
    titles = [question.title for question in _broken(after) if question.pk not in broken_before]
    if titles:
        raise invalid(field, code, titles=listed(titles))


def listed(titles: Sequence[str]) -> str:
    """Titles in a sentence: “A”, “B”."""
    return ", ".join(f"“{title}”" for title in titles)


def order_of(rows: Sequence[Question] | Sequence[Category]) -> list[list[str]]:
    """Short names and titles in their order, for the history."""
    return [[one.slug, one.title] for one in rows]


def problem_in_words(words: str) -> Problem:
    """A reason that is written out already, in the active language."""
    return Problem("in_words", {"message": words})


def _broken(questions: Sequence[Question]) -> list[Question]:
    return [
        question
        for place, question in enumerate(questions)
        if question.show_if and conditions.problem_of(question.show_if, questions[:place]) is not None
    ]
