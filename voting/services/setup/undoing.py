"""The way back from the newest change of votes, and their copies with a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from mapping.models import Campaign, CampaignChange, Category
from mapping.services.errors import Conflict
from mapping.services.setup.copying import CopiedPart
from mapping.services.setup.undoing import UndoablePart
from voting.models import Option, Vote
from voting.services.setup import options
from voting.services.setup.votes import STEP, VoteDraft, draft_of, remove_vote, set_vote, values_of


def _is_undoable(change: CampaignChange) -> bool:
    """The rule of a vote that was set or changed; cost and withdrawal of an option."""
    kind, before, after = _concerned(change)
    if kind == "vote":
        return after is not None
    is_known = isinstance(before, Mapping) and isinstance(after, Mapping)
    return kind == "option" and is_known and _same_words(before, after)


def _undo(campaign: Campaign, actor: User, change: CampaignChange) -> None:
    kind, before, after = _concerned(change)
    if kind == "vote":
        _undo_vote(campaign, actor, before, after)
    else:
        _undo_option(campaign, actor, before, after)


def _undo_vote(
    campaign: Campaign, actor: User, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> None:
    found = Vote.objects.of(campaign).filter(category__slug=after["category"])
    vote = found.select_related("category__campaign").first()
    if vote is None or _without_title(values_of(vote)) != _without_title(after):
        raise Conflict("changed_meanwhile")
    if before is None:
        remove_vote(vote, actor=actor)
    else:
        names = VoteDraft.__dataclass_fields__
        set_vote(vote.category, VoteDraft(**{name: before[name] for name in names}), actor=actor)


def _undo_option(
    campaign: Campaign, actor: User, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    found = Option.objects.filter(vote__category__campaign=campaign, contribution=after["id"])
    option = found.select_related("contribution", "vote__category__campaign").first()
    if option is None or options.values_of(option) != after:
        raise Conflict("changed_meanwhile")
    reason = _("A change was taken back.")
    if before["cost"] != after["cost"]:
        options.set_cost(option, before["cost"], actor=actor, reason=reason)
    if (before["withdrawn"] is None) != (after["withdrawn"] is None):
        if before["withdrawn"] is None:
            options.return_option(option, reason, actor=actor)
        else:
            options.withdraw_option(option, before["withdrawn"], actor=actor)


def _concerned(change: CampaignChange) -> tuple[str, Any, Any]:
    """What a change concerned (`vote`, `option`, `merged`), and its values before and after; None for no values."""
    key = next(iter([*change.before, *change.after]), "")
    return key.partition(" ")[0], change.before.get(key), change.after.get(key)


def _same_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether only cost and withdrawal differ, and there was a cost to go back to."""
    has_way_back = before["cost"] == after["cost"] or before["cost"] is not None
    return has_way_back and all(before[name] == after[name] for name in ("title", "text"))


def _without_title(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "title"}


def _copy(source: Campaign, _campaign: Campaign, categories: Mapping[int, Category]) -> None:
    """Votes with their rules and a lot of their own; options and ballots stay with the former campaign."""
    Vote.objects.bulk_create(
        Vote(category=categories[vote.category_id], **vars(draft_of(vote)))
        for vote in Vote.objects.of(source)
    )


UNDOING = UndoablePart(STEP, _is_undoable, _undo)
COPYING = CopiedPart(STEP, _copy)
