"""Options of a vote, set up by managers: put up, changed, ordered, withdrawn, deleted.

An option is a place of the city: its title, text, place and pictures are those of its contribution. Once there is a
ballot, changes are recorded for the voters (`OptionChange`), and nothing that somebody chose is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from mapping.models import Category, Contribution, Photo
from mapping.models.campaign import PlaceType
from mapping.services import city
from mapping.services.checking.content import Checked, Submission, checked_text
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.photos.attachments import attach, discard, transaction_with_files
from mapping.services.photos.pictures import MAX_PHOTOS, EncodedPhoto, reencode
from mapping.services.setup.changes import locked_campaign, note
from mapping.services.setup.places import move_place, places_of
from voting.models import Option, OptionChange, OptionChangeKind, Rule, Vote
from voting.models.vote import MOST_COST
from voting.rules import may_edit_votes
from voting.services.setup.votes import STEP, locked_vote

MOST_OPTIONS: Final = 200
LONGEST_REASON: Final = 300


def options_of(vote: Vote) -> list[Option]:
    """All options in their order, those that cannot be chosen too."""
    found = vote.options.select_related("contribution__category", "merged_into__contribution")
    in_order = found.order_by(
        F("contribution__position").asc(nulls_last=True), "contribution__created_at", "pk"
    )
    return list(in_order.prefetch_related("contribution__photos", "ideas"))


def put_up(vote: Vote, submission: Submission, cost: int | None, *, actor: User) -> Option:
    """Store a place of the city as an option, behind the others.

    The category takes the kind of place that it has. Raises NotAllowed "not_manager" and "too_many_options", Invalid,
    Conflict "id_taken" and "gone".
    """
    pictures = encoded(submission.photos)
    with transaction_with_files() as written:
        stored = locked_for(vote, actor)
        require_room(stored, 1)
        option = stored_option(stored, submission, cost, actor=actor)
        attach(option.contribution, pictures, written)
        note_option(option, actor, before=None)
    return option


def change_option(
    option: Option,
    submission: Submission,
    cost: int | None,
    *,
    actor: User,
    reason: str = "",
    photos_to_remove: Sequence[UUID] = (),
) -> Option:
    """Replace title, text, place and cost; pictures are added, and removed where they are named.

    Once there is a ballot, a changed cost needs a reason, and voters see what changed. Raises NotAllowed "not_manager",
    Invalid also on "cost" and "reason", Conflict "gone".
    """
    pictures = encoded(submission.photos)
    with transaction_with_files() as written:
        vote = locked_for(option.vote, actor)
        stored = _stored(option, vote)
        before = values_of(stored)
        words = checked_reason(reason)
        newest = stored.changes.order_by("-pk").values_list("pk", flat=True).first() or 0
        _require_title(submission)
        _set_cost(stored, checked_cost(vote, cost), words, actor)
        widen(vote.category, submission.geometry)
        contribution = city.replace(
            stored.contribution, replace(submission, photos=()), actor=actor, precondition=lambda: None
        )
        for photo in Photo.objects.filter(contribution=contribution, pk__in=photos_to_remove):
            discard(contribution, only=photo.pk)
        attach(contribution, pictures, written)
        stored.contribution = contribution
        # `note_words` has noted a changed text, and knows no reason.
        stored.changes.filter(pk__gt=newest, kind=OptionChangeKind.WORDS).update(reason=words)
        note_option(stored, actor, before=before)
    return stored


def set_cost(option: Option, cost: int, *, actor: User, reason: str = "") -> None:
    """Change the cost alone; raises as `change_option`."""
    with transaction.atomic():
        vote = locked_for(option.vote, actor)
        stored = _stored(option, vote)
        before = values_of(stored)
        _set_cost(stored, checked_cost(vote, cost), checked_reason(reason), actor)
        note_option(stored, actor, before=before)


def withdraw_option(option: Option, reason: str, *, actor: User) -> None:
    """Have nobody choose an option any more; it keeps its votes, and everyone reads the reason. Idempotent.

    Raises NotAllowed "not_manager", Invalid on "reason", Conflict "gone".
    """
    _set_withdrawn(option, checked_reason(reason, required=True), actor, is_withdrawn=True)


def return_option(option: Option, reason: str = "", *, actor: User) -> None:
    """Let people choose a withdrawn option again; raises as `withdraw_option`, without a need for a reason."""
    _set_withdrawn(option, checked_reason(reason), actor, is_withdrawn=False)


def delete_option(option: Option, *, actor: User) -> None:
    """Delete an option with its place; raises NotAllowed "not_manager" and "option_has_ballots", Conflict "gone"."""
    with transaction.atomic():
        vote = locked_for(option.vote, actor)
        stored = _stored(option, vote)
        key = f"option {stored.contribution.title}"
        note(vote.campaign, actor, STEP, before={key: values_of(stored)})
        city.take_away(stored.contribution, actor=actor, precondition=lambda: None)


def move_option(option: Option, index: int, *, actor: User) -> None:
    """Move an option among those of its vote, counted from 0; other places of the city stay where they are.

    Raises NotAllowed "not_manager" and "too_many_to_order", Conflict "gone".
    """
    with transaction.atomic():
        vote = locked_for(option.vote, actor)
        former = [one.contribution_id for one in options_of(vote)]
        if option.contribution_id not in former:
            raise Conflict("gone")
        target = former[min(max(0, index), len(former) - 1)]
        order = [one.pk for one in places_of(vote.campaign)]
        if target != option.contribution_id:
            move_place(option.contribution, order.index(target), actor=actor)


# --- what the other services of options share -------------------------------------------------------------------------


def locked_for(vote: Vote, actor: User) -> Vote:
    """The vote as stored, for a manager, who waits for other managers; nobody can vote until the transaction ends.

    Raises NotAllowed "not_manager", Conflict "gone".
    """
    require_role(may_edit_votes, actor, vote.campaign, "not_manager")
    # In the order of all services of the setup: the campaign first.
    locked_campaign(vote.campaign)
    return locked_vote(vote)


def require_room(vote: Vote, number: int) -> None:
    """Raise NotAllowed "too_many_options" where a vote cannot have so many more."""
    if vote.options.count() + number > MOST_OPTIONS:
        raise NotAllowed("too_many_options", max=MOST_OPTIONS)


def stored_option(
    vote: Vote, submission: Submission, cost: int | None, *, actor: User, needs_cost: bool = True
) -> Option:
    """Store an option without pictures; callers hold the lock of the vote."""
    checked = checked_cost(vote, cost) if needs_cost else None
    _require_title(submission)
    widen(vote.category, submission.geometry)
    contribution = city.put_up(
        vote.campaign, replace(submission, category=vote.category.slug, photos=()), actor=actor
    )
    return Option.objects.create(vote=vote, contribution=contribution, cost=checked)


def encoded(photos: Sequence[bytes]) -> list[EncodedPhoto]:
    """Pictures of the city, whether or not citizens may add photos; raises Invalid on "photos"."""
    if len(photos) > MAX_PHOTOS:
        raise invalid("photos", "too_many_photos", max=MAX_PHOTOS)
    return [reencode(data) for data in photos]


def widen(category: Category, geometry: object | None) -> None:
    """Let a category take the kind of place that an option has: only the city puts up places in it."""
    name = geometry.get("type") if isinstance(geometry, Mapping) else None
    kind = PlaceType.NONE if geometry is None else _KINDS.get(str(name))
    if kind is not None and kind not in category.geometry_types:
        kinds = {*category.geometry_types, kind.value}
        category.geometry_types = [one for one in PlaceType.values if one in kinds]
        category.save(update_fields=["geometry_types"])


def checked_cost(vote: Vote, cost: int | None) -> int | None:
    """The cost of an option in whole euros, None where the rule has no costs; raises Invalid on "cost"."""
    if not Rule(vote.rule).has_costs:
        return None
    if cost is None:
        raise invalid("cost", "required")
    if not 1 <= cost <= MOST_COST:
        raise invalid("cost", "out_of_range_answer", minimum=1, maximum=MOST_COST)
    return cost


def checked_reason(reason: str, *, required: bool = False) -> str:
    """A reason that voters read; raises Invalid on "reason"."""
    words = checked_text(reason, max_length=LONGEST_REASON, name="reason", multiline=False)
    if required and not words:
        raise invalid("reason", "required")
    return words


def values_of(option: Option) -> dict[str, Any]:
    """What a change can concern, and the id."""
    return {
        "id": str(option.contribution_id),
        "title": option.contribution.title,
        "text": option.contribution.text,
        "cost": option.cost,
        "withdrawn": option.withdrawn_reason if option.withdrawn_at is not None else None,
    }


def note_option(option: Option, actor: User, *, before: Mapping[str, Any] | None) -> None:
    """Keep a change of an option in the campaign's history."""
    after = values_of(option)
    if before == after:
        return
    key = f"option {option.contribution.title}"
    former = {} if before is None else {key: dict(before)}
    note(option.vote.campaign, actor, STEP, before=former, after={key: after})


# --- what happens to places that are options, whichever way it comes --------------------------------------------------


def note_words(contribution: Contribution, checked: Checked, actor: User) -> None:
    """Record for voters that title or text change; raises NotAllowed "option_stays" for another category."""
    option = Option.objects.filter(contribution=contribution).select_related("vote").first()
    if option is None:
        return
    if checked.category.pk != option.vote.category_id:
        raise NotAllowed("option_stays")
    before, after = (f"{one.title}\n{one.text}".strip() for one in (contribution, checked))
    if before != after and option.vote.ballots.exists():
        _record(option, OptionChangeKind.WORDS, actor, before=before, after=after)


def refuse_removal(contribution: Contribution, _actor: User) -> None:
    """Raise NotAllowed "option_has_ballots" where people have voted on what is to be deleted."""
    option = Option.objects.filter(contribution=contribution).first()
    if option is None:
        return
    # Nobody can vote until the transaction ends.
    vote = Vote.objects.select_for_update(of=("self",)).get(pk=option.vote_id)
    if vote.ballots.exists():
        raise NotAllowed("option_has_ballots")


# --- inside -----------------------------------------------------------------------------------------------------------

_KINDS: Final = {
    **dict.fromkeys(("Point", "MultiPoint"), PlaceType.POINT),
    **dict.fromkeys(("LineString", "MultiLineString"), PlaceType.LINE),
    **dict.fromkeys(("Polygon", "MultiPolygon"), PlaceType.POLYGON),
}


def _stored(option: Option, vote: Vote) -> Option:
    stored = vote.options.select_related("contribution").filter(pk=option.pk).first()
    if stored is None:
        raise Conflict("gone")
    stored.vote = vote
    return stored


def _require_title(submission: Submission) -> None:
    if not submission.title.strip():
        raise invalid("title", "required")


def _set_cost(stored: Option, cost: int | None, reason: str, actor: User) -> None:
    if cost == stored.cost:
        return
    if stored.vote.ballots.exists():
        if not reason:
            raise invalid("reason", "cost_needs_reason")
        _record(stored, OptionChangeKind.COST, actor, before=stored.cost, after=cost, reason=reason)
    stored.cost = cost
    stored.save(update_fields=["cost"])


def _set_withdrawn(option: Option, reason: str, actor: User, *, is_withdrawn: bool) -> None:
    with transaction.atomic():
        vote = locked_for(option.vote, actor)
        stored = _stored(option, vote)
        if (stored.withdrawn_at is not None) == is_withdrawn:
            return
        before = values_of(stored)
        stored.withdrawn_at = timezone.now() if is_withdrawn else None
        stored.withdrawn_reason = reason if is_withdrawn else ""
        stored.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        if vote.ballots.exists():
            kind = OptionChangeKind.WITHDRAWN if is_withdrawn else OptionChangeKind.RETURNED
            _record(stored, kind, actor, reason=reason)
        note_option(stored, actor, before=before)


def _record(
    option: Option,
    kind: OptionChangeKind,
    actor: User,
    *,
    before: object = "",
    after: object = "",
    reason: str = "",
) -> None:
    """Record a change for the voters, as it was and as it is now."""
    OptionChange.objects.create(
        option=option,
        kind=kind,
        before="" if before is None else str(before),
        after="" if after is None else str(after),
        reason=reason,
        changed_by=actor,
    )
