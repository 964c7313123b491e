"""Places from map sheets: each sheet is one person, who may have marked several places.

Nothing of a sheet is linked with a browser: its person has a random key. The people on paper are counted, protected and
erased like all others.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.aggregation import footprint
from mapping.models import (
    Contribution,
    ContributionStatus,
    MapSheet,
    PaperBatch,
    Participant,
    Source,
    Withdrawal,
)
from mapping.services import erase, identity
from mapping.services.checking.content import Checked, Submission, check
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.moderation.moderate import overwrite
from mapping.services.paper.batches import next_number, open_and_locked
from mapping.services.releases import making as releases
from mapping.services.storing import fingerprint_of, is_used_up, new_id, store
from mapping.services.submit import locked, refusing_what_the_database_refuses

HIGHEST_NUMBER: Final = 99_999
FIRST_DAY: Final = date(2000, 1, 1)
"""Earlier dates on a sheet are typing errors."""
_NOON: Final = time(12)


@dataclass(frozen=True)
class PaperPlace:
    """A place on a sheet as received, not validated.

    `dated_on` is the date on the sheet. `is_further` means another place of a sheet that is entered already; a new
    sheet needs a number that is free. A place that `waits` is reviewed by somebody before it is published.
    """

    submission: Submission
    sheet: int
    dated_on: date | None = None
    is_further: bool = False
    waits: bool = False


@dataclass(frozen=True)
class Entered:
    """A stored place; `created` is False for a repeated request."""

    contribution: Contribution
    sheet: MapSheet
    created: bool


def enter_place(batch: PaperBatch, place: PaperPlace, *, actor: User, at: datetime | None = None) -> Entered:
    """Store a place of a sheet, or return the stored one for a repeated request (`submission.id`).

    Answers and texts that the category requires may be missing, as on paper they are; the period does not matter, since
    letters arrive late. Made on the day that the sheet bears, else now.

    Raises NotAllowed ("not_member", "campaign_draft", "category_closed", "batch_closed"), Conflict ("id_taken",
    "withdrawn"), Invalid, on "sheet" with `sheet_taken` (params: number, next) for a number that somebody entered.
    """
    at = at or timezone.now()
    campaign = batch.campaign
    fingerprint = fingerprint_of(place.submission)
    checked = _checked(batch, place, actor, at)
    try:
        with transaction.atomic(), refusing_what_the_database_refuses():
            stored_batch = open_and_locked(batch)
            repeated = _repeated(stored_batch, place, fingerprint)
            if repeated is not None:
                return repeated
            sheet = _sheet_for(stored_batch, place, actor, at)
            contribution = store(
                campaign,
                checked,
                id=place.submission.id or new_id(campaign),
                participant=sheet.participant,
                status=ContributionStatus.PENDING if place.waits else ContributionStatus.PUBLISHED,
                source=Source.PAPER,
                fingerprint=fingerprint,
                created_at=_moment_of(sheet, at),
                entered_at=at,
                actor=actor,
            )
            footprint.write(contribution)
    except IntegrityError as error:
        if place.submission.id is not None and is_used_up(place.submission.id):
            raise Conflict("id_taken") from error
        raise
    return Entered(contribution, sheet, created=True)


def correct_place(contribution: Contribution, place: PaperPlace, *, actor: User) -> Contribution:
    """Replace what was typed of a place, also its sheet and the sheet's date; the event keeps the former content.

    Its status stays. A place that moves to a sheet that is entered already takes the date of that sheet. Raises as
    `enter_place`, and NotAllowed "not_on_a_sheet".
    """
    batch = batch_of(contribution)
    at = timezone.now()
    checked = _checked(batch, place, actor, at, stays_in=contribution.category_id)
    with transaction.atomic(), refusing_what_the_database_refuses():
        stored_batch = open_and_locked(batch)
        stored = locked(contribution)
        before = _sheet_of(stored)
        after = before if place.sheet == before.number else _sheet_for(stored_batch, place, actor, at)
        if after != before:
            # Before the tally is locked by the change of the footprint: see `feedback` on the order.
            identity.lock_participant(before.participant)
            # As a withdrawal does: published numbers counted the former person.
            releases.forget_contribution(stored)
        overwrite(stored, checked, actor)
        if after != before:
            stored.participant = after.participant
            stored.save(update_fields=["participant", "updated_at"])
            footprint.write(stored)
            identity.forget_if_idle(before.participant)
        elif place.dated_on != after.dated_on:
            after.dated_on = place.dated_on
            after.save(update_fields=["dated_on"])
        _date(after)
    return stored


def delete_place(contribution: Contribution, *, actor: User) -> None:
    """Delete a place as a withdrawal does; the sheet goes with its last one.

    Raises NotAllowed ("not_member", "batch_closed", "not_on_a_sheet").
    """
    batch = batch_of(contribution)
    require_role(rules.may_enter_paper, actor, batch.campaign)
    with transaction.atomic():
        open_and_locked(batch)
        erase.withdraw(contribution, actor=actor)


def batch_of(contribution: Contribution) -> PaperBatch:
    """The batch of a place from paper; raises NotAllowed "not_on_a_sheet"."""
    return _sheet_of(contribution).batch


def _sheet_of(contribution: Contribution) -> MapSheet:
    sheets = MapSheet.objects.select_related("batch__campaign", "participant")
    sheet = sheets.filter(participant=contribution.participant_id).first()
    if sheet is None:
        raise NotAllowed("not_on_a_sheet")
    return sheet


def _checked(
    batch: PaperBatch, place: PaperPlace, actor: User, at: datetime, *, stays_in: int | None = None
) -> Checked:
    campaign = batch.campaign
    require_role(rules.may_enter_paper, actor, campaign)
    if campaign.is_draft:
        raise NotAllowed("campaign_draft")
    if not 1 <= place.sheet <= HIGHEST_NUMBER:
        raise invalid("sheet", "not_a_sheet_number", max=HIGHEST_NUMBER)
    if place.dated_on is not None and not FIRST_DAY <= place.dated_on <= timezone.localdate(at):
        raise invalid("dated_on", "not_a_past_day", first=FIRST_DAY)
    checked = check(campaign, place.submission, require_answers=False, require_text=False)
    if checked.category.pk != stays_in and not rules.may_contribute_to(checked.category):
        raise NotAllowed("category_closed")
    return checked


def _sheet_for(batch: PaperBatch, place: PaperPlace, actor: User, at: datetime) -> MapSheet:
    """The sheet of a place in a locked batch, with its person locked; made where the number is free."""
    found = MapSheet.objects.select_related("participant").filter(batch=batch, number=place.sheet).first()
    if found is not None and identity.lock_participant(found.participant) is None:
        found = None  # Its last place was deleted at the same moment.
    if found is None:
        person = Participant.objects.create(campaign_id=batch.campaign_id, key=secrets.token_bytes(32))
        return MapSheet.objects.create(
            batch=batch,
            number=place.sheet,
            participant=person,
            dated_on=place.dated_on,
            entered_by=actor,
            created_at=at,
        )
    if not place.is_further:
        raise invalid("sheet", "sheet_taken", number=place.sheet, next=next_number(batch))
    return found


def _repeated(batch: PaperBatch, place: PaperPlace, fingerprint: bytes) -> Entered | None:
    """The result for a request whose id was stored before; None for a new id."""
    pk = place.submission.id
    if pk is None:
        return None
    stored = Contribution.objects.select_related("participant").filter(pk=pk).first()
    if stored is None:
        if Withdrawal.objects.of(pk).exists():
            raise Conflict("withdrawn")
        return None
    sheet = MapSheet.objects.filter(batch=batch, participant=stored.participant_id).first()
    if sheet is None or sheet.number != place.sheet or bytes(stored.fingerprint) != fingerprint:
        raise Conflict("id_taken")
    return Entered(stored, sheet, created=False)


def _moment_of(sheet: MapSheet, at: datetime) -> datetime:
    """When the places of a sheet were made: at noon of its date, never later than `at`."""
    if sheet.dated_on is None:
        return at
    return min(at, timezone.make_aware(datetime.combine(sheet.dated_on, _NOON)))


def _date(sheet: MapSheet) -> None:
    """Give all places of a sheet the moment of its date; without a date they keep theirs."""
    if sheet.dated_on is None:
        return
    places = Contribution.objects.filter(participant=sheet.participant_id)
    for place in places.select_for_update(no_key=True).order_by("pk"):
        moment = _moment_of(sheet, timezone.now())
        if timezone.localdate(place.created_at) != timezone.localdate(moment):
            place.created_at = moment
            place.save(update_fields=["created_at", "updated_at"])
            footprint.write(place)
