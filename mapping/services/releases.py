"""Make the public numbers of campaigns that publish cells: when, and one at a time.

What a release may say is decided by `aggregation.releasing`, whom it counted is in the ledger (`aggregation.ledger`).
Between two releases nothing that is public changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mapping.aggregation import ledger
from mapping.aggregation.releasing import plan_release
from mapping.aggregation.tally import TOTALS
from mapping.models import (
    Campaign,
    CampaignStatus,
    Contribution,
    ContributionStatus,
    Participant,
    Publication,
    Release,
    ReleaseAttempt,
    ReleaseEntry,
    Tally,
)
from mapping.models.footprint import EVERYWHERE, STATUS_CODES

GROWTH: Final = 0.05
"""The share of participants that must be new before a campaign of many is counted again."""


def consider(campaign: Campaign) -> None:
    """Make a release once the transaction is final, if enough people are new; an error of it is logged, not raised."""
    if campaign.publication == Publication.CELLS:
        campaign_id = campaign.pk
        transaction.on_commit(lambda: release_if_due(campaign_id), robust=True)


def release_if_due(campaign_id: int) -> Release | None:
    """Make a release if there are enough new participants and nobody makes one just now."""
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None or not _is_due(campaign):
        return None
    with transaction.atomic():
        if not ledger.lock(campaign_id, wait=False) or not _is_due(campaign):
            return None
        return _make(campaign, timezone.now())


def make_release(campaign: Campaign, *, at: datetime | None = None) -> Release | None:
    """Make a release if one is due or the campaign has ended; None where it is not or would say nothing new.

    Of an ended campaign, too, a number changes only by at least k people.
    """
    at = at or timezone.now()
    if not _takes_part(campaign):
        return None
    with transaction.atomic():
        ledger.lock(campaign.pk)
        if not _is_due(campaign) and campaign.status_at(at) != CampaignStatus.CLOSED:
            return None
        return _make(campaign, at)


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
    consider(campaign)


def _takes_part(campaign: Campaign) -> bool:
    return campaign.publication == Publication.CELLS and not campaign.is_draft


def _is_due(campaign: Campaign) -> bool:
    """Whether k people, and `GROWTH` in a large campaign, are new since the last attempt.

    Where people have left since, the next attempt is counted from those who stayed.
    """
    if not _takes_part(campaign):
        return False
    participants = _participants(campaign)
    seen = (
        ReleaseAttempt.objects.filter(campaign=campaign).values_list("participants", flat=True).first() or 0
    )
    if participants < seen:
        ReleaseAttempt.objects.filter(campaign=campaign, participants__gt=participants).update(
            participants=participants
        )
        return False
    return participants - seen >= max(campaign.k, math.ceil(seen * GROWTH))


def _make(campaign: Campaign, at: datetime) -> Release | None:
    """Make the next release; the caller holds the lock."""
    ReleaseAttempt.objects.update_or_create(
        campaign=campaign, defaults={"participants": _participants(campaign)}
    )
    before = ledger.read(campaign)
    plan = plan_release(before, ledger.placed(campaign), campaign.k, ledger.largest(campaign))
    if not plan.changes_anything:
        return None
    return ledger.write(campaign, before, plan, campaign.k, at)


def _participants(campaign: Campaign) -> int:
    counted = Tally.objects.filter(
        campaign_id=campaign.pk,
        status=STATUS_CODES[ContributionStatus.PUBLISHED],
        level=TOTALS,
        cell=EVERYWHERE,
    )
    return counted.values_list("participants", flat=True).first() or 0
