"""Releases of campaigns that publish cells: made at fixed times, one at a time.

`aggregation.releases.releasing` decides what a release may disclose; the ledger beside it records whom it counted.
Between two releases no public data change, and no request makes one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from audit.recording import Action, record
from mapping import rules
from mapping.aggregation.releases import ledger
from mapping.aggregation.releases.releasing import plan_release
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    Participant,
    Publication,
    Release,
    ReleaseAttempt,
    ReleaseEntry,
    ReleaseHold,
    ReleaseRhythm,
)
from mapping.services.checking.gates import require_role
from mapping.services.errors import invalid
from mapping.services.releases.times import last_time, next_time

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """Exact numbers for the staff: published contributions, and those that the current release does not count."""

    published: int
    not_shown: int


def make_due_releases(
    campaigns: Iterable[Campaign] | None = None,
) -> Iterator[tuple[Campaign, Release | None]]:
    """Make the releases that are due, for all campaigns unless some are named.

    Yields each campaign with its release: None where nothing would change. An error of one campaign is logged and does
    not stop the others; an error of the connection is raised.
    """
    if campaigns is None:
        campaigns = Campaign.objects.defer("area").filter(publication=Publication.CELLS).order_by("pk")
    for campaign in campaigns:
        now = timezone.now()
        if not _is_due(campaign, now):
            continue
        try:
            with transaction.atomic():
                # Another process may be making it.
                if not ledger.lock(campaign.pk, wait=False) or not _is_due(campaign, now):
                    continue
                release = _make(campaign, last_time(campaign.release_rhythm, now), tried_at=now)
        except (InterfaceError, OperationalError):
            raise
        except (Error, ArithmeticError, LookupError, TypeError, ValueError):
            logger.exception("The release of %s failed.", campaign.slug)
            continue
        yield campaign, release


def make_release(campaign: Campaign, *, at: datetime | None = None) -> Release | None:
    """Make a release regardless of the schedule, for operators and the demo.

    None where nothing would change, or releases are held.
    """
    at = at or timezone.now().replace(second=0, microsecond=0)
    if not _takes_part(campaign) or is_held(campaign):
        return None
    with transaction.atomic():
        ledger.lock(campaign.pk)
        return _make(campaign, at, tried_at=timezone.now())


def next_release(campaign: Campaign, at: datetime | None = None) -> datetime | None:
    """The time of the next release; None where releases are held, or made by hand and none is ordered."""
    at = at or timezone.now()
    if is_held(campaign):
        return None
    if campaign.release_rhythm != ReleaseRhythm.BY_HAND:
        return next_time(campaign.release_rhythm, at)
    ordered_at = _attempt(campaign).ordered_at
    return None if ordered_at is None else max(next_time(ReleaseRhythm.DAILY, ordered_at), at)


def is_held(campaign: Campaign) -> bool:
    """Whether nothing new is released since a backup was restored (`ReleaseHold`)."""
    return ReleaseHold.objects.filter(campaign=campaign).exists()


def set_rhythm(campaign: Campaign, rhythm: str, actor: User) -> None:
    """Set the schedule of releases; raises Invalid on "rhythm"."""
    require_role(rules.may_order_releases, actor, campaign)
    if rhythm not in ReleaseRhythm:
        raise invalid("rhythm", "not_a_choice", choices=", ".join(ReleaseRhythm.values))
    campaign.release_rhythm = rhythm
    with transaction.atomic():
        campaign.save(update_fields=["release_rhythm"])
        record(actor, Action.RELEASE_RHYTHM, campaign=campaign, rhythm=rhythm)


def order_release(campaign: Campaign, actor: User) -> None:
    """Order a release for the next fixed time, in a campaign whose releases are made by hand."""
    require_role(rules.may_order_releases, actor, campaign)
    ReleaseAttempt.objects.get_or_create(campaign=campaign)
    with transaction.atomic():
        if ReleaseAttempt.objects.filter(campaign=campaign, ordered_at=None).update(
            ordered_at=timezone.now()
        ):
            record(actor, Action.RELEASE_ORDERED, campaign=campaign)


def counts(campaign: Campaign) -> Counts:
    """Count the published contributions, and those of them that the current release does not count."""
    published = Contribution.objects.with_status([ContributionStatus.PUBLISHED])
    published = published.filter(campaign=campaign)
    counted = ReleaseEntry.objects.filter(campaign=campaign, left=None)
    return Counts(published.count(), published.exclude(pk__in=counted.values("contribution")).count())


def forget_contribution(contribution: Contribution) -> None:
    """Delete a contribution from the ledger of releases, before its link to the person is removed."""
    _forget(contribution.campaign, [contribution.pk], contribution.participant_id)


def forget_person(participant: Participant) -> None:
    """Delete a person's contributions from the ledger of releases."""
    ids = participant.contributions.values_list("pk", flat=True)
    _forget(participant.campaign, ids, participant.pk)


def _forget(campaign: Campaign, contribution_ids: Iterable[UUID], participant_id: int | None) -> None:
    # Campaigns that never had a release need no lock: their ledger is empty and stays empty meanwhile.
    is_counted = ReleaseEntry.objects.filter(campaign=campaign)
    if campaign.publication != Publication.CELLS and not is_counted.exists():
        return
    with transaction.atomic():
        ledger.lock(campaign.pk)
        ledger.forget(campaign, contribution_ids, participant_id)


def _takes_part(campaign: Campaign) -> bool:
    return campaign.publication == Publication.CELLS and not campaign.is_draft


def _attempt(campaign: Campaign) -> ReleaseAttempt:
    found = ReleaseAttempt.objects.filter(campaign=campaign).first()
    return found or ReleaseAttempt(campaign=campaign)


def due_releases(at: datetime) -> QuerySet[Campaign]:
    """Campaigns of which a fixed time has passed since the last attempt, or since the order if made by hand.

    Those whose releases are held since a restore are left out.
    """
    by_hand = Q(release_rhythm=ReleaseRhythm.BY_HAND)
    waits_since = Case(
        When(by_hand, then=F("release_attempt__ordered_at")),
        default=Coalesce("release_attempt__tried_at", "created_at"),
    )
    daily, weekly = (last_time(rhythm, at) for rhythm in (ReleaseRhythm.DAILY, ReleaseRhythm.WEEKLY))
    time = Case(When(release_rhythm=ReleaseRhythm.WEEKLY, then=Value(weekly)), default=Value(daily))
    campaigns = Campaign.objects.filter(publication=Publication.CELLS, is_draft=False, release_hold=None)
    return campaigns.alias(waits_since=waits_since).filter(waits_since__lt=time)


def _is_due(campaign: Campaign, at: datetime) -> bool:
    return due_releases(at).filter(pk=campaign.pk).exists()


def _make(campaign: Campaign, at: datetime, *, tried_at: datetime) -> Release | None:
    """Make the next release; the caller must hold the lock."""
    ReleaseAttempt.objects.update_or_create(
        campaign=campaign, defaults={"tried_at": tried_at, "ordered_at": None}
    )
    before = ledger.read(campaign)
    plan = plan_release(before, ledger.placed(campaign), campaign.k, ledger.largest(campaign))
    if not plan.changes_anything:
        return None
    return ledger.write(campaign, before, plan, campaign.k, at)
