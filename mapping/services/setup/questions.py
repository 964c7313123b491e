"""The questions of a category or a survey: added, changed, ordered; each change is kept in the history.

Texts and further choices are free at any time. What would break answers is refused, or done as the manager decides:
answers to what is removed are kept or deleted. No condition is ever left without the question or choice that it tests.
"""

from __future__ import annotations

from accounts.models import User
from mapping.aggregation import given_answers
from mapping.aggregation.given_answers import Owner
from mapping.models import Audience, Question, QuestionKind
from mapping.questions.choices import other_values
from mapping.questions.registry import KINDS
from mapping.services import export_jobs
from mapping.services.errors import Conflict, invalid
from mapping.services.setup.asking import rows
from mapping.services.setup.asking.drafts import (
    STEP,
    QuestionDraft,
    apply_draft,
    copy_of,
    note_question,
    place_of,
    version_of,
)
from mapping.services.setup.asking.owners import (
    MOST_QUESTIONS,
    campaign_of,
    changing,
    found,
    free_name,
    new_question,
    order_of,
    owner_of,
    questions_of,
    removed_from,
    renumber,
    require_conditions,
)
from mapping.services.setup.asking.removal import Answers, Undecided
from mapping.services.setup.changes import note


def add_question(owner: Owner, draft: QuestionDraft, *, actor: User) -> Question:
    """Add a question behind the others; its short name is made from its title.

    Raises NotAllowed "not_manager" and "unpublishable", Invalid by the names of the draft's fields.
    """
    with changing(campaign_of(owner), actor):
        before = questions_of(owner)
        if len(before) >= MOST_QUESTIONS:
            raise invalid("title", "too_many_questions", max=MOST_QUESTIONS)
        question = new_question(owner, len(before))
        apply_draft(question, draft, before)
        taken = {one.slug for one in before} | {one.slug for one in removed_from(owner)}
        question.slug = free_name(question.title, taken, "question")
        renumber(before)
        question.save(force_insert=True)
        note_question(owner, actor, after=question)
    return question


def change_question(
    question: Question,
    draft: QuestionDraft,
    *,
    actor: User,
    expected: str = "",
    answers: Answers | None = None,
) -> Question:
    """Replace everything of a question but its short name. `expected` is the `version_of` that was edited.

    `answers` decides about those that hold choices or statements that are removed. Raises as `add_question`, Conflict
    "gone" and "question_changed", `Undecided`.
    """
    owner = owner_of(question)
    campaign = campaign_of(owner)
    with changing(campaign, actor):
        before = questions_of(owner)
        stored = found(before, question)
        if expected and version_of(stored) != expected:
            raise Conflict("question_changed")
        place = before.index(stored)
        former = copy_of(stored)
        apply_draft(stored, draft, before[:place])
        missing = rows.gone(former.options, stored.options)
        is_counted_anew = owner == campaign and (former.kind != stored.kind or bool(missing))
        if is_counted_anew:
            given_answers.hold_responses()
        if given_answers.is_answered(owner, stored.slug):
            _require_same_answers(former, stored)
        require_conditions(
            [*before[:place], former, *before[place + 1 :]],
            before,
            "choices" if KINDS[stored.kind].lists_choices else "kind",
            "choice_tested",
        )
        _decide_about_choices(owner, former, missing, answers)
        stored.save()
        if stored.audience == Audience.STAFF != former.audience:
            export_jobs.revoke(campaign)
        if is_counted_anew:
            given_answers.recount(campaign)
        note_question(owner, actor, before=former, after=stored)
    return stored


def place_question(question: Question, index: int, *, actor: User) -> None:
    """Move a question to a place among those of its category or survey, counted from 0.

    Raises NotAllowed "not_manager", Conflict "gone", Invalid on "order" where a condition would test a later question.
    """
    owner = owner_of(question)
    with changing(campaign_of(owner), actor):
        before = questions_of(owner)
        stored = found(before, question)
        after = [one for one in before if one.pk != stored.pk]
        after.insert(max(0, index), stored)
        if after == before:
            return
        require_conditions(before, after, "order", "order_breaks_conditions")
        former_order = order_of(before)
        renumber(after)
        note(
            campaign_of(owner),
            actor,
            STEP,
            before=place_of(owner) | {"order": former_order},
            after=place_of(owner) | {"order": order_of(after)},
        )


def _require_same_answers(former: Question, stored: Question) -> None:
    """Refuse changes after which answers given before would mean something else, or be read by others."""
    if former.kind != stored.kind:
        raise invalid("kind", "kind_answered")
    if former.audience == Audience.STAFF and stored.audience != Audience.STAFF:
        raise invalid("audience", "audience_answered")
    ends = [(one.options.get("minimum", 1), one.options.get("maximum", 5)) for one in (former, stored)]
    if stored.kind == QuestionKind.SCALE and ends[0] != ends[1]:
        raise invalid("minimum", "scale_answered")


def _decide_about_choices(
    owner: Owner, former: Question, missing: given_answers.Gone, answers: Answers | None
) -> None:
    number = given_answers.count_touched(owner, former.slug, missing) if missing else 0
    if not number:
        return
    if answers is None:
        raise Undecided(number, rows.titles_of(former.options, missing))
    if answers == Answers.DELETE:
        texts = other_values(former.options)
        given_answers.forget_choices(owner, former.slug, missing, asked_text=texts)
        export_jobs.revoke(campaign_of(owner))
