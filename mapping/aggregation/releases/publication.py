"""The public data of a campaign that publishes cells: one release, read from the release tables and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mapping.geo.grid import Cell
from mapping.models import Campaign, Change, Release, ReleaseCell, Revision
from mapping.models.release import WHOLE

Square = tuple[int, int, int]
"""East and north of the south-west corner, size; metres of EPSG:3035."""


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """A published region: one square of the grid or a union of two or three quadrants of one.

    `id` is the GeoGitter id of its square, or those of its squares joined by "+".
    """

    id: str
    squares: tuple[Square, ...]
    contributions: int
    participants_at_least: int

    @property
    def area(self) -> int:
        """Area in square metres."""
        return sum(size * size for _east, _north, size in self.squares)


@dataclass(frozen=True, slots=True)
class PublicRelease:
    """All public data of a campaign that publishes cells.

    `contributions` are those in cells: the number of others is never published. `participants_at_least` is rounded down
    (`models.release.told_people`).
    """

    number: int
    made_at: datetime
    k: int
    contributions: int
    participants_at_least: int
    cells: tuple[ReleasedCell, ...]


def current_release(campaign: Campaign) -> PublicRelease | None:
    """The latest release of a campaign; None where nothing has been released yet."""
    release = Release.objects.filter(campaign=campaign).order_by("-number").first()
    if release is None:
        return None
    rows = ReleaseCell.objects.filter(release=release).order_by("size", "cell", "mask")
    return PublicRelease(
        number=release.number,
        made_at=release.made_at,
        k=release.k,
        contributions=release.contributions,
        participants_at_least=release.participants_at_least,
        cells=tuple(
            _released(*row)
            for row in rows.values_list("size", "cell", "mask", "contributions", "participants_at_least")
        ),
    )


def public_revision(campaign: Campaign) -> Revision:
    """The revision of a campaign's public data: another number after each change.

    A campaign that publishes cells changes with its releases only: nothing else may reveal when somebody took part.
    """
    if campaign.publishes_points:
        return Change.objects.revision_of(campaign.pk)
    release = Release.objects.filter(campaign=campaign).order_by("-number").values_list("number", "made_at")
    number, made_at = release.first() or (0, None)
    return Revision(number, made_at)


@dataclass(frozen=True, slots=True)
class ReleaseHead:
    """What a release says of a whole campaign."""

    number: int
    made_at: datetime
    contributions: int
    participants_at_least: int


def current_heads(campaign_ids: Iterable[int]) -> dict[int, ReleaseHead]:
    """The latest release of each campaign that has one, without its cells, in one statement."""
    latest = Release.objects.filter(campaign_id__in=list(campaign_ids)).order_by("campaign_id", "-number")
    rows = latest.distinct("campaign_id").values_list(
        "campaign_id", "number", "made_at", "contributions", "participants_at_least"
    )
    return {
        campaign: ReleaseHead(number, made_at, contributions, people)
        for campaign, number, made_at, contributions, people in rows
    }


def current_numbers(campaign_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Contributions in areas and the lower limit of their participants, of campaigns that have a release."""
    return {
        campaign: (head.contributions, head.participants_at_least)
        for campaign, head in current_heads(campaign_ids).items()
    }


def squares_of(size: int, cell: int, mask: int) -> tuple[Square, ...]:
    """The squares of a region named as `ReleaseCell` does: the whole one, or its quadrants from south-west on."""
    whole = Cell.from_key(cell, size)
    if mask == WHOLE:
        return ((whole.east, whole.north, size),)
    half = size // 2
    return tuple(
        (whole.east + quadrant % 2 * half, whole.north + quadrant // 2 * half, half)
        for quadrant in range(4)
        if mask >> quadrant & 1
    )


def _released(size: int, cell: int, mask: int, contributions: int, participants: int) -> ReleasedCell:
    squares = squares_of(size, cell, mask)
    name = "+".join(Cell(edge, east, north).id for east, north, edge in squares)
    return ReleasedCell(name, squares, contributions, participants)
