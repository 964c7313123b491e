"""Questions removed and restored: what becomes of their answers is decided each time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from accounts.models import User
from mapping.aggregation import given_answers
from mapping.aggregation.given_answers import Owner
from mapping.models import CampaignChange, Question, RemovedQuestion
from mapping.services import export_jobs
from mapping.services.errors import Conflict, invalid
from mapping.services.setup.asking.drafts import STEP, note_question, place_of
from mapping.services.setup.asking.owners import (
    MOST_QUESTIONS,
    campaign_of,
    changing,
    found,
    listed,
    new_question,
    owner_of,
    questions_of,
    renumber,
    require_conditions,
)
from mapping.services.setup.changes import TRANSLATIONS, note
from mapping.translated.copying import noted_translations, restore_translations

_KEPT_FIELDS: Final = (
    "slug",
    "title",
    "help_text",
    "kind",
    "required",
    "options",
    "audience",
    "results",
    "position",
)


class Answers(StrEnum):
    """What becomes of the answers to what is removed."""

    KEEP = "keep"
    DELETE = "delete"


class Undecided(Conflict):
    """Answers hold what is to be removed, and nobody has decided yet whether they are kept or deleted."""

    def __init__(self, number: int, titles: Sequence[str] = ()) -> None:
        super().__init__("answers_undecided", number=number, titles=listed(titles))
        self.number = number


def count_of_answers(question: Question) -> int:
    """How many contributions or responses answer a question."""
    return given_answers.count_answers(owner_of(question), question.slug)


def remove_question(question: Question, *, actor: User, answers: Answers | None = None) -> None:
    """Remove a question; its answers are kept for files, or deleted, as `answers` decides.

    Raises NotAllowed, Conflict "gone", Invalid on "question" where later conditions test it, `Undecided`.
    """
    owner = owner_of(question)
    campaign = campaign_of(owner)
    with changing(campaign, actor):
        before = questions_of(owner)
        stored = found(before, question)
        others = [one for one in before if one.pk != stored.pk]
        require_conditions(before, others, "question", "question_tested")
        if owner == campaign:
            given_answers.hold_responses()
        number = given_answers.count_answers(owner, stored.slug)
        if number and answers is None:
            raise Undecided(number)
        if number and answers == Answers.DELETE:
            _forget(owner, stored.slug)
        elif number:
            _keep(stored)
        note_question(owner, actor, before=stored, translations=noted_translations(stored))
        stored.delete()
        renumber(others)
        if owner == campaign:
            given_answers.recount(campaign)


def restore_question(removed: RemovedQuestion, *, actor: User) -> Question:
    """Have a removed question asked again, behind the others, with its translations and the answers that were kept.

    Raises NotAllowed, Invalid on "question" where there are too many.
    """
    owner = removed.category or removed.campaign
    assert owner is not None  # noqa: S101 - a constraint of the table
    campaign = campaign_of(owner)
    with changing(campaign, actor):
        before = questions_of(owner)
        if len(before) >= MOST_QUESTIONS:
            raise invalid("question", "too_many_questions", max=MOST_QUESTIONS)
        if owner == campaign:
            given_answers.hold_responses()
        question = new_question(owner, len(before))
        for name in _KEPT_FIELDS:
            if name != "position":
                setattr(question, name, getattr(removed, name))
        question.save(force_insert=True)
        restore_translations(question, campaign, _translations_of(removed, owner))
        removed.delete()
        if owner == campaign:
            given_answers.recount(campaign)
        note_question(owner, actor, after=question)
    return question


def forget_removed(removed: RemovedQuestion, *, actor: User) -> None:
    """Delete the answers that were kept of a removed question; raises NotAllowed."""
    owner = removed.category or removed.campaign
    assert owner is not None  # noqa: S101 - a constraint of the table
    with changing(campaign_of(owner), actor):
        _forget(owner, removed.slug)
        note(campaign_of(owner), actor, STEP, before={"removed_answers": removed.title})
        removed.delete()


def _forget(owner: Owner, slug: str) -> None:
    given_answers.forget_answers(owner, slug)
    export_jobs.revoke(campaign_of(owner))


def _translations_of(removed: RemovedQuestion, owner: Owner) -> Sequence[Sequence[str]]:
    """The translations that went with a removed question, as the history has them."""
    noted = place_of(owner) | {f"question {removed.title}": {"slug": removed.slug}}
    changes = CampaignChange.objects.filter(campaign=campaign_of(owner), step=STEP)
    removal = changes.filter(after={}, before__contains=noted).first()
    return [] if removal is None else removal.before.get(TRANSLATIONS, [])


def _keep(question: Question) -> None:
    RemovedQuestion.objects.create(
        category=question.category,
        campaign=question.campaign,
        **{name: getattr(question, name) for name in _KEPT_FIELDS},
    )
