"""Database access for releases: places of published contributions, and the ledger.

PRIVATE, as the tables are. A contribution counts at one place only, the 100 m cell of its point, of the middle of its
line or of a point inside its area: were it counted in every cell that it touches, sum and total would reveal how many
people drew across which border.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from django.db import connections, router
from django.db.models import Q

from mapping.aggregation.releases.partition import NOBODY, Region, ancestor, largest_size
from mapping.aggregation.releases.releasing import Entry, Ledger, Number, Placed, Plan, people_of
from mapping.geo.grid import BASE_SIZE, key_sql
from mapping.geo.traversal import GRID_EXTENT
from mapping.models import (
    Campaign,
    ContributionStatus,
    Release,
    ReleaseCell,
    ReleaseEntry,
    ReleaseRegion,
)
from mapping.models.footprint import NOWHERE
from mapping.models.release import told_people

LOCK: Final = 1734438000
"""First key of the advisory locks under which releases are made and forgotten (the second is the campaign)."""

_BATCH: Final = 5_000
_LARGEST: Final = 819_200

_PLACED: Final = f"""
    SELECT c.id, coalesce(c.participant_id, {NOBODY}), CASE
        WHEN ST_X(spot.at) >= 0 AND ST_X(spot.at) < {GRID_EXTENT}
            AND ST_Y(spot.at) >= 0 AND ST_Y(spot.at) < {GRID_EXTENT}
        THEN {key_sql("ST_X(spot.at)", "ST_Y(spot.at)")}
        ELSE {NOWHERE} END
    FROM mapping_contribution c
    CROSS JOIN LATERAL (
        SELECT CASE GeometryType(c.geom_laea)
            WHEN 'POINT' THEN c.geom_laea
            WHEN 'LINESTRING' THEN ST_LineInterpolatePoint(c.geom_laea, 0.5)
            ELSE ST_PointOnSurface(c.geom_laea) END OFFSET 0
    ) AS spot (at)
    WHERE c.campaign_id = %s AND c.status = '{ContributionStatus.PUBLISHED}'
    ORDER BY c.id
"""
_EXTENT: Final = """
    SELECT greatest(ST_XMax(laea) - ST_XMin(laea), ST_YMax(laea) - ST_YMin(laea))
    FROM (SELECT ST_Transform(area, 3035) AS laea FROM mapping_campaign WHERE id = %s AND area IS NOT NULL) AS place
"""


def lock(campaign_id: int, *, wait: bool = True) -> bool:
    """Take an exclusive lock on a campaign's releases and ledger until the transaction ends.

    Without `wait`, returns False where the lock is taken.
    """
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connections[router.db_for_write(ReleaseEntry)].cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK, campaign_id])
        [answer] = cursor.fetchone() or (False,)
    return wait or bool(answer)


def placed(campaign: Campaign) -> list[Placed]:
    """All published contributions of a campaign."""
    with connections[router.db_for_write(ReleaseEntry)].cursor() as cursor:
        cursor.execute(_PLACED, [campaign.pk])
        return [Placed(*row) for row in cursor.fetchall()]


def largest(campaign: Campaign) -> int:
    """The edge in metres of the largest square that a campaign's release may have."""
    with connections[router.db_for_write(Campaign)].cursor() as cursor:
        cursor.execute(_EXTENT, [campaign.pk])
        extents = [extent for (extent,) in cursor.fetchall()]
    return largest_size(extents[0] if extents else None)


def read(campaign: Campaign) -> Ledger:
    """Read the ledger of a campaign; the caller must hold the lock."""
    last = Release.objects.filter(campaign=campaign).order_by("-number").first()
    numbers = ReleaseRegion.objects.filter(campaign=campaign).order_by("since", "size", "cell", "mask")
    entries = ReleaseEntry.objects.filter(campaign=campaign).values_list(
        "contribution_id", "participant_id", "cell", "entered", "left"
    )
    return Ledger(
        0 if last is None else last.number,
        tuple(
            Number(
                Region(one.size, one.cell, one.mask),
                one.since,
                one.until,
                one.contributions,
                one.participants,
                tuple(one.departed),
            )
            for one in numbers
        ),
        tuple(
            Entry(contribution, person or NOBODY, cell, entered, left)
            for contribution, person, cell, entered, left in entries.iterator(_BATCH)
        ),
    )


def write(campaign: Campaign, before: Ledger, plan: Plan, k: int, at: datetime) -> Release:
    """Store a release as planned, its public numbers and the ledger; the caller must hold the lock."""
    for number in plan.ended:
        ReleaseRegion.objects.filter(campaign=campaign, **number.region._asdict(), since=number.since).update(
            until=plan.number
        )
    ids = cast("list[UUID]", [one.contribution for one in plan.left])
    ReleaseEntry.objects.filter(campaign=campaign, left=None, contribution_id__in=ids).update(
        left=plan.number
    )
    ReleaseRegion.objects.bulk_create(
        (
            ReleaseRegion(
                campaign=campaign,
                **one.region._asdict(),
                since=one.since,
                contributions=one.contributions,
                participants=one.participants,
            )
            for one in plan.begun
        ),
        batch_size=_BATCH,
    )
    ReleaseEntry.objects.bulk_create(
        (
            ReleaseEntry(
                campaign=campaign,
                contribution_id=cast("UUID", one.contribution),
                participant_id=None if one.person == NOBODY else one.person,
                cell=one.cell,
                entered=one.entered,
            )
            for one in plan.entered
        ),
        batch_size=_BATCH,
    )
    return _publish(campaign, plan.applied(before), k, at)


def _publish(campaign: Campaign, ledger: Ledger, k: int, at: datetime) -> Release:
    """Store the public numbers of a release."""
    standing = [one for one in ledger.numbers if one.until is None]
    release = Release.objects.create(
        campaign=campaign,
        number=ledger.number,
        made_at=at,
        k=k,
        contributions=sum(one.contributions for one in standing),
        participants_at_least=told_people(
            len(people_of(one for one in ledger.entries if one.left is None)), k
        ),
    )
    ReleaseCell.objects.bulk_create(
        (
            ReleaseCell(
                release=release,
                **one.region._asdict(),
                contributions=one.contributions,
                participants_at_least=told_people(one.participants, k),
            )
            for one in standing
        ),
        batch_size=_BATCH,
    )
    return release


def forget(campaign: Campaign, contribution_ids: Iterable[UUID], participant_id: int | None) -> None:
    """Delete some contributions of one person from the ledger; the caller must hold the lock.

    Where nothing else of the person is left in a published number, the number records that one person departed and the
    release since which they were counted, but not who.
    """
    gone = set(contribution_ids)
    found = ReleaseEntry.objects.filter(campaign=campaign)
    if participant_id is not None:
        counted = list(
            found.filter(participant_id=participant_id, left=None).values_list(
                "contribution_id", "cell", "entered"
            )
        )
        cells = {cell for contribution, cell, _entered in counted if contribution in gone}
        for number in _public_numbers(campaign, cells):
            region = Region(number.size, number.cell, number.mask)
            inside = [(one, entered) for one, cell, entered in counted if region.holds(cell)]
            if inside and all(one in gone for one, _entered in inside):
                number.departed.append(min(entered for _one, entered in inside))
                number.save(update_fields=["departed"])
    found.filter(contribution_id__in=gone).delete()


def _public_numbers(campaign: Campaign, cells: set[int]) -> list[ReleaseRegion]:
    wanted, size = Q(), BASE_SIZE
    while size <= _LARGEST:
        wanted |= Q(size=size, cell__in={ancestor(cell, size) for cell in cells})
        size *= 2
    return list(ReleaseRegion.objects.filter(wanted, campaign=campaign, until=None)) if cells else []
