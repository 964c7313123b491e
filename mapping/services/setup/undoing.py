"""The way back from the newest change of categories, questions, translations; `changes` undoes a campaign's own values.

Each is a change of its own and obeys the same rules: what has been answered since is not undone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.aggregation.given_answers import Owner
from mapping.models import Campaign, CampaignChange, Category, Question, RemovedQuestion
from mapping.questions import conditions
from mapping.registry import Registry
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict
from mapping.services.setup import categories, changes, translating
from mapping.services.setup.asking import drafts
from mapping.services.setup.asking.owners import (
    changing,
    free_name,
    new_question,
    order_of,
    questions_of,
    removed_from,
    renumber,
)
from mapping.services.setup.asking.removal import Answers, Undecided, remove_question, restore_question
from mapping.services.setup.questions import change_question, place_question
from mapping.translated.copying import restore_translations

_KINDS: Final = ("question ", "category ", "order")


@dataclass(frozen=True, eq=False)
class UndoablePart:
    """How another app takes back changes of its step, which `name` is; `undo` notes a change of that step itself.

    It raises what the change may raise, and Conflict "changed_meanwhile".
    """

    name: str
    is_undoable: Callable[[CampaignChange], bool]
    undo: Callable[[Campaign, User, CampaignChange], None]


UNDOABLE_PARTS: Final[Registry[UndoablePart]] = Registry("part of campaigns whose changes can be taken back")


def undoable(campaign: Campaign) -> CampaignChange | None:
    """The newest change of a campaign, if it can be taken back."""
    newest = CampaignChange.objects.filter(campaign=campaign).select_related("actor").first()
    if newest is None or newest.undoes_id is not None:
        return None
    if newest.step == translating.STEP:
        return newest
    part = UNDOABLE_PARTS.named(newest.step)
    if part is not None:
        return newest if part.is_undoable(newest) else None
    if newest.step not in (categories.STEP, drafts.STEP):
        return changes.undoable(campaign)
    # A form that was read in changed many at once.
    is_single = len({name for name in (*newest.before, *newest.after) if name.startswith(_KINDS)}) == 1
    # The questions of a removed category went with it.
    is_lost = newest.step == categories.STEP and _change_in(newest.after) is None
    return newest if is_single and not is_lost else None


def undo(campaign: Campaign, actor: User, change_id: int) -> CampaignChange:
    """Take back the newest change; it stays in the history, with this one after it.

    Raises what the change itself may raise, Conflict "nothing_to_undo" and "changed_meanwhile" as `changes.undo`.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic():
        changes.locked_campaign(campaign)
        newest = undoable(campaign)
        if newest is None or newest.pk != change_id:
            raise Conflict("nothing_to_undo")
        part = UNDOABLE_PARTS.named(newest.step)
        if part is None and newest.step not in (categories.STEP, drafts.STEP, translating.STEP):
            return changes.undo(campaign, actor, change_id)
        if part is not None:
            part.undo(campaign, actor, newest)
        elif newest.step == translating.STEP:
            translating.undo(campaign, actor, newest)
        elif newest.step == categories.STEP:
            _undo_category(campaign, actor, newest)
        else:
            _undo_question(_owner(campaign, newest), actor, newest)
        made = CampaignChange.objects.filter(campaign=campaign).first()
        if made is None or made.pk == newest.pk:
            raise Conflict("nothing_to_undo")
        made.undoes = newest
        made.save(update_fields=["undoes"])
    return made


def _change_in(values: Mapping[str, Any]) -> Any:
    """What a change concerned: the values of a question or a category, or an order; None where it was not there."""
    return next((value for name, value in values.items() if name.startswith(_KINDS)), None)


def _owner(campaign: Campaign, change: CampaignChange) -> Owner:
    slug = (change.before or change.after).get("of", "")
    if not slug:
        return campaign
    found = Category.objects.filter(campaign=campaign, slug=slug).select_related("campaign").first()
    if found is None:
        raise Conflict("changed_meanwhile")
    return found


def _undo_question(owner: Owner, actor: User, change: CampaignChange) -> None:
    before, after = _change_in(change.before), _change_in(change.after)
    questions = questions_of(owner)
    if isinstance(before, list):
        slug, index = _moved(before, after, order_of(questions))
        place_question(next(one for one in questions if one.slug == slug), index, actor=actor)
    elif before is None:
        try:
            remove_question(_unchanged(questions, after), actor=actor)
        except Undecided:
            raise Conflict("changed_meanwhile") from None
    elif after is None:
        _ask_again(owner, actor, before, change.before.get(changes.TRANSLATIONS, ()))
    else:
        stored = _unchanged(questions, after)
        former = new_question(owner, stored.position)
        for name, value in before.items():
            setattr(former, name, value)
        change_question(stored, drafts.draft_of(former), actor=actor, answers=Answers.KEEP)


def _undo_category(campaign: Campaign, actor: User, change: CampaignChange) -> None:
    before, after = _change_in(change.before), _change_in(change.after)
    found = categories.categories_of(campaign)
    if isinstance(before, list):
        slug, index = _moved(before, after, order_of(found))
        categories.place_category(next(one for one in found if one.slug == slug), index, actor=actor)
        return
    stored = next((one for one in found if one.slug == after["slug"]), None)
    if stored is None or categories.values_of(stored) != after:
        raise Conflict("changed_meanwhile")
    if before is None:
        categories.remove_category(stored, actor=actor)
    else:
        draft = categories.CategoryDraft(**{name: value for name, value in before.items() if name != "slug"})
        categories.change_category(stored, draft, actor=actor)


def _moved(
    before: Sequence[Sequence[str]], after: Sequence[Sequence[str]], now: Sequence[Sequence[str]]
) -> tuple[str, int]:
    """Which one was moved, and to which place it goes back."""
    former, later = ([slug for slug, _title in order] for order in (before, after))
    if later != [slug for slug, _title in now]:
        raise Conflict("changed_meanwhile")
    for slug in later:
        if [one for one in former if one != slug] == [one for one in later if one != slug]:
            return slug, former.index(slug)
    raise Conflict("changed_meanwhile")


def _unchanged(questions: Sequence[Question], after: Mapping[str, Any]) -> Question:
    stored = next((one for one in questions if one.slug == after["slug"]), None)
    now = {} if stored is None else drafts.values_of(stored)
    if stored is None or any(now[name] != value for name, value in after.items() if name != "position"):
        raise Conflict("changed_meanwhile")
    return stored


def _ask_again(
    owner: Owner, actor: User, before: Mapping[str, Any], translations: Sequence[Sequence[str]]
) -> None:
    """Ask a removed question again at its former place, with its translations, and its answers where they were kept."""
    kept: RemovedQuestion | None = next(
        (one for one in removed_from(owner) if one.slug == before["slug"]), None
    )
    campaign = owner.campaign if isinstance(owner, Category) else owner
    with changing(campaign, actor):
        questions = questions_of(owner)
        if kept is not None:
            question = restore_question(kept, actor=actor)
        else:
            question = new_question(owner, len(questions))
            for name, value in before.items():
                setattr(question, name, value)
            question.slug = free_name(question.title, {one.slug for one in questions}, "question")
        question.show_if, question.starts_page = before["show_if"], before["starts_page"]
        index = min(before["position"], len(questions))
        if question.show_if and conditions.problem_of(question.show_if, questions[:index]) is not None:
            raise Conflict("changed_meanwhile")
        question.position = len(questions)
        question.save()
        renumber([*questions[:index], question, *questions[index:]])
        if kept is None:
            restore_translations(question, campaign, translations)
            drafts.note_question(owner, actor, after=question)
