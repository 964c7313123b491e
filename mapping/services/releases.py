"""Make the public numbers of campaigns that publish cells: at fixed times, and one at a time.

What a release may say is decided by `aggregation.releases.releasing`, whom it counted is in the ledger beside it.
Between two releases nothing that is public changes, and no request makes one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, transaction
from django.utils import timezone

from accounts.models import User
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
    ReleaseRhythm,
)
from mapping.models.contribution import ContributionQuerySet
from mapping.services.checking.gates import require_role
from mapping.services.errors import invalid
from mapping.services.release_times import last_time, next_time

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """Exact numbers for the staff: published contributions, and those that the current release does not count."""

    published: int
    not_shown: int


def make_due_releases(
    campaigns: Iterable[Campaign] | None = None,
) -> Iterator[tuple[Campaign, Release | None]]:
    """Make the releases whose fixed time has come, of all campaigns where none are named.

    Each with what came of it: None where it would say nothing new. An error of one campaign is logged and does not
    keep the others waiting; one of the connection is raised.
    """
    if campaigns is None:
        campaigns = Campaign.objects.defer("area").filter(publication=Publication.CELLS).order_by("pk")
    for campaign in campaigns:
        now = timezone.now()
        if not _is_due(campaign, now):
            continue
        try:
            with transaction.atomic():
                # Another process may make it just now.
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
    """Make a release whatever the clock says, for operators and the demo; None where it would say nothing new."""
    at = at or timezone.now().replace(second=0, microsecond=0)
    if not _takes_part(campaign):
        return None
    with transaction.atomic():
        ledger.lock(campaign.pk)
        return _make(campaign, at, tried_at=timezone.now())


def next_release(campaign: Campaign, at: datetime | None = None) -> datetime | None:
    """When the next release is made; None where its manager makes them by hand and ordered none."""
    at = at or timezone.now()
    if campaign.release_rhythm != ReleaseRhythm.BY_HAND:
        return next_time(campaign.release_rhythm, at)
    ordered_at = _attempt(campaign).ordered_at
    return None if ordered_at is None else max(next_time(ReleaseRhythm.DAILY, ordered_at), at)


def set_rhythm(campaign: Campaign, rhythm: str, actor: User) -> None:
    """Choose when releases are made; raises Invalid on "rhythm"."""
    require_role(rules.may_order_releases, actor, campaign)
    if rhythm not in ReleaseRhythm:
        raise invalid("rhythm", "not_a_choice", choices=", ".join(ReleaseRhythm.values))
    campaign.release_rhythm = rhythm
    campaign.save(update_fields=["release_rhythm"])


def order_release(campaign: Campaign, actor: User) -> None:
    """Have a release made at the next fixed time, of a campaign whose releases are made by hand."""
    require_role(rules.may_order_releases, actor, campaign)
    ReleaseAttempt.objects.get_or_create(campaign=campaign)
    ReleaseAttempt.objects.filter(campaign=campaign, ordered_at=None).update(ordered_at=timezone.now())


def counts(campaign: Campaign) -> Counts:
    """How many contributions are published, and how many of them the current release does not count."""
    published = ContributionQuerySet(Contribution).with_status([ContributionStatus.PUBLISHED])
    published = published.filter(campaign=campaign)
    counted = ReleaseEntry.objects.filter(campaign=campaign, left=None)
    return Counts(published.count(), published.exclude(pk__in=counted.values("contribution")).count())


def forget_contribution(contribution: Contribution) -> None:
    """Delete whatever the ledger of releases knows of a contribution, before its link to the person goes."""
    _forget(contribution.campaign, [contribution.pk], contribution.participant_id)


def forget_person(participant: Participant) -> None:
    """Delete whatever the ledger of releases knows of a person's contributions."""
    ids = participant.contributions.values_list("pk", flat=True)
    _forget(participant.campaign, ids, participant.pk)


def _forget(campaign: Campaign, contribution_ids: Iterable[UUID], participant_id: int | None) -> None:
    # Campaigns that never had a release need no lock: their ledger is empty, and nobody will fill it meanwhile.
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


def _is_due(campaign: Campaign, at: datetime) -> bool:
    """Whether a fixed time has passed since the last attempt; by hand, since the order."""
    attempt = _attempt(campaign)
    waits_since = attempt.tried_at or campaign.created_at
    if campaign.release_rhythm == ReleaseRhythm.BY_HAND:
        if attempt.ordered_at is None:
            return False
        waits_since = attempt.ordered_at
    return _takes_part(campaign) and waits_since < last_time(campaign.release_rhythm, at)


def _make(campaign: Campaign, at: datetime, *, tried_at: datetime) -> Release | None:
    """Make the next release; the caller holds the lock."""
    ReleaseAttempt.objects.update_or_create(
        campaign=campaign, defaults={"tried_at": tried_at, "ordered_at": None}
    )
    before = ledger.read(campaign)
    plan = plan_release(before, ledger.placed(campaign), campaign.k, ledger.largest(campaign))
    if not plan.changes_anything:
        return None
    return ledger.write(campaign, before, plan, campaign.k, at)
