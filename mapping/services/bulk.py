"""Bulk inserts for imports and for the demo: callers must validate first.

COPY, because a million contributions through the ORM take an hour and more memory than a server has.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, router, transaction
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from psycopg.types.json import Jsonb

from mapping.aggregation import footprint
from mapping.models import Campaign, Change, Contribution, ContributionStatus, Participant, Response, Support

_CONTRIBUTIONS = """
    COPY mapping_contribution (id, campaign_id, category_id, participant_id, geom, text, answers, status, source,
        external_id, fingerprint, created_at, updated_at, support_count, opposition_count, comment_count) FROM STDIN
"""
_EVENTS = """
    INSERT INTO mapping_moderationevent (contribution_id, from_status, to_status, reason, original, created_at)
    SELECT id, '', status, '', '{}', created_at FROM mapping_contribution
    WHERE id = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class NewContribution:
    """A checked contribution; `geometry` is hexadecimal EWKB in EPSG:4326, `participant_id` may be empty."""

    id: uuid.UUID
    category_id: int
    participant_id: int | None
    geometry: str | None
    text: str
    answers: Mapping[str, object]
    status: str
    source: str
    external_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """Support (1) or opposition (-1) by the person with a key."""

    contribution_id: uuid.UUID
    key: bytes
    value: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewResponse:
    """Checked answers to the survey by the person with a key, who has not answered yet."""

    id: uuid.UUID
    key: bytes
    answers: Mapping[str, object]
    created_at: datetime


def participants(campaign: Campaign, keys: Iterable[bytes]) -> dict[bytes, int]:
    """Return the participant ids of some keys; people new to the campaign are added."""
    wanted = list(dict.fromkeys(keys))
    with transaction.atomic():
        Participant.objects.bulk_create(
            (Participant(campaign=campaign, key=key) for key in wanted),
            batch_size=10_000,
            ignore_conflicts=True,
        )
        found = Participant.objects.filter(campaign=campaign, key__in=wanted).values_list("key", "pk")
        return {bytes(key): pk for key, pk in found}


def store_contributions(campaign: Campaign, rows: Sequence[NewContribution]) -> None:
    """Store contributions with their moderation events and footprints, all or none."""
    now = timezone.now()
    ids = [row.id for row in rows]
    database = router.db_for_write(Contribution)
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        with cursor.copy(_CONTRIBUTIONS) as copy:
            for row in rows:
                copy.write_row(
                    (
                        *(row.id, campaign.pk, row.category_id, row.participant_id, row.geometry, row.text),
                        *(
                            Jsonb(row.answers),
                            row.status,
                            row.source,
                            row.external_id,
                            b"",
                            row.created_at,
                            now,
                        ),
                        *(0, 0, 0),
                    )
                )
        # As one text: otherwise thousands of UUIDs are quoted one by one.
        cursor.execute(_EVENTS, ["{" + ",".join(map(str, ids)) + "}"])
        footprint.write_many(ids)
        if any(row.status == ContributionStatus.PUBLISHED for row in rows):
            Change.objects.note(campaign.pk)


def store_opinions(campaign: Campaign, opinions: Sequence[NewOpinion]) -> None:
    """Store people's first opinions on contributions of a campaign, and count them; all or none."""
    ids = {opinion.contribution_id for opinion in opinions}
    with transaction.atomic():
        # Contributions before participants: the lock order of all services.
        list(
            Contribution.objects.select_for_update(no_key=True)
            .filter(pk__in=ids)
            .order_by("pk")
            .values_list("pk")
        )
        people = participants(campaign, (opinion.key for opinion in opinions))
        Support.objects.bulk_create(
            Support(
                contribution_id=opinion.contribution_id,
                participant_id=people[opinion.key],
                value=opinion.value,
                created_at=opinion.created_at,
            )
            for opinion in opinions
        )
        Contribution.objects.filter(pk__in=ids).update(support_count=_count(1), opposition_count=_count(-1))


def store_responses(campaign: Campaign, responses: Sequence[NewResponse]) -> None:
    """Store complete responses to a campaign's survey, all or none."""
    with transaction.atomic():
        people = participants(campaign, (response.key for response in responses))
        Response.objects.bulk_create(
            (
                Response(
                    id=response.id,
                    campaign=campaign,
                    participant_id=people[response.key],
                    answers=dict(response.answers),
                    created_at=response.created_at,
                    updated_at=response.created_at,
                    completed_at=response.created_at,
                )
                for response in responses
            ),
            batch_size=5_000,
        )


def settle() -> None:
    """Update the planner's statistics after many inserts; does nothing inside a transaction."""
    connection = connections[router.db_for_write(Contribution)]
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(
                "VACUUM (ANALYZE) mapping_contribution, mapping_participant, mapping_moderationevent"
            )
        footprint.settle()


def _count(value: int) -> Coalesce:
    counted = (
        Support.objects.filter(contribution=OuterRef("pk"), value=value)
        .order_by()
        .values("contribution")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
