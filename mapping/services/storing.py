"""The row of a contribution, however it came in: its id, its fingerprint, and its first event."""

import hashlib
import json
from datetime import datetime
from uuid import UUID, uuid4

import shapely
from shapely.geometry.base import BaseGeometry

from accounts.models import User
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    ModerationEvent,
    Participant,
    Source,
    Withdrawal,
)
from mapping.models.contribution import new_contribution_id
from mapping.services.checking.content import Checked, Submission
from mapping.services.errors import invalid


def new_id(campaign: Campaign) -> UUID:
    """For a contribution that brings none: random where areas protect people, since version 7 holds the millisecond."""
    return new_contribution_id() if campaign.publishes_points else uuid4()


def is_used_up(pk: UUID) -> bool:
    """Whether a contribution has or had this id."""
    return Contribution.objects.filter(pk=pk).exists() or Withdrawal.objects.of(pk).exists()


def store(
    campaign: Campaign,
    checked: Checked,
    *,
    id: UUID,  # noqa: A002 - the field's name
    participant: Participant | None,
    status: ContributionStatus,
    source: Source,
    fingerprint: bytes,
    created_at: datetime,
    actor: User | None = None,
    position: int | None = None,
    entered_at: datetime | None = None,
) -> Contribution:
    """Store a checked contribution with its event, without its footprint; callers hold the transaction.

    `entered_at` is when it was stored, where it was made at another moment. Only places of the city have a title and a
    position.
    """
    contribution = Contribution.objects.create(
        id=id,
        campaign=campaign,
        category=checked.category,
        participant=participant,
        geom=checked.geom,
        title=checked.title if source == Source.CITY else "",
        position=position,
        text=checked.text,
        answers=checked.answers,
        status=status,
        source=source,
        zoom=checked.zoom,
        fingerprint=fingerprint,
        created_at=created_at,
    )
    ModerationEvent.objects.create(
        contribution=contribution, actor=actor, to_status=status, created_at=entered_at or created_at
    )
    return contribution


def fingerprint_of(submission: Submission) -> bytes:
    """A hash of the request, to distinguish a repetition from another contribution with the same id."""
    geometry = submission.geometry
    sent: dict[str, object] = {
        "category": submission.category,
        "geometry": shapely.to_wkt(geometry) if isinstance(geometry, BaseGeometry) else geometry,
        "text": submission.text,
        "answers": submission.answers or {},
        "photos": [hashlib.sha256(data).hexdigest() for data in submission.photos],
    }
    digest = hashlib.sha256()
    for name, value in sent.items():
        try:
            canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), default=repr)
        except (TypeError, ValueError, RecursionError):
            raise invalid(name, "unreadable") from None
        digest.update(hashlib.sha256(canonical.encode()).digest())
    return digest.digest()
