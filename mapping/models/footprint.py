"""The disposable footprint of contributions on the 100 m grid, from which heat maps are counted, and its tallies."""

from collections.abc import Iterable
from typing import ClassVar, Final

from django.db import models

from mapping.models.contribution import Contribution, ContributionStatus, Source

NOWHERE: Final = -1
"""The cell of a contribution that has no place on the European grid (ideas without a map, mostly)."""

EVERYWHERE: Final = 0
"""The cell of a `Tally` that stands for the whole campaign, at the level of totals."""

UNNAMED: Final = -2
"""The cell of a `Tally` that stands for contributions without a participant, at the level of totals."""

STATUS_CODES: Final = {
    ContributionStatus.PENDING.value: 0,
    ContributionStatus.PUBLISHED.value: 1,
    ContributionStatus.REJECTED.value: 2,
}
"""Two bytes instead of ten, a million times."""

SOURCE_CODES: Final = {
    Source.ONLINE.value: 0,
    Source.PAPER.value: 1,
    Source.IMPORT.value: 2,
    Source.CITY.value: 3,
}
"""The same for how a contribution came in."""


class Footprint(models.Model):
    """One 100 m cell (EPSG:3035) that a contribution touches; filled by `aggregation.footprint`, never by
    hand.

    Everything that a count asks for is copied here, and one covering index holds it, so that counting is an
    index-only scan without joins. `cell` is `mapping.geo.grid.Cell.key` of the 100 m cell. A contribution
    without a place has one row in the cell `NOWHERE`: totals and numbers over time need no second source.

    `sizes` makes lines and areas count once in coarser cells too: bit i is set on exactly one of a
    contribution's rows in every cell of `mapping.geo.grid.SIZES[i]` metres, and the bit behind the last size
    on exactly one row of all. So "contributions in a cell of 500 m" is a count of the rows with that bit,
    whatever the filter, and no contribution's id has to be sorted or compared.

    `participant_id` is empty where nobody stands behind the row (city-drawn places, imports without a
    person); such rows count as contributions and never as participants. `day` and `hour`
    (0 to 23) are those of the contribution's `created_at` in the site's time zone.

    `east_cm` and `north_cm` are set on exactly one row of a contribution with a place: the centimetres (0 to 9999,
    rounded down) from the south-west corner of the cell to the point that stands for the contribution in the centres
    of the map (`Centre`): a point itself, the middle of a line, a point inside an area.
    """

    pk = models.CompositePrimaryKey("contribution_id", "cell")
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="footprints", db_index=False
    )
    cell = models.BigIntegerField()
    participant_id = models.BigIntegerField(null=True)
    campaign_id = models.IntegerField()
    category_id = models.IntegerField()
    day = models.DateField()
    status = models.SmallIntegerField()
    sizes = models.SmallIntegerField()
    hour = models.SmallIntegerField()
    source = models.SmallIntegerField()
    east_cm = models.SmallIntegerField(null=True)
    north_cm = models.SmallIntegerField(null=True)

    class Meta:
        # The order of columns leaves no padding between those of an index entry (48 bytes). The status comes late on
        # purpose: nearly all rows are published, and days within a category are one piece of the index.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("campaign_id", "category_id", "day", "status"),
                include=("sizes", "cell", "participant_id", "hour", "source"),
                name="footprint_counting",
            ),
            models.Index(fields=("participant_id",), name="footprint_participant"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} in {self.cell}"


class TallyQuerySet(models.QuerySet["Tally"]):
    """Counted cells as maps and totals ask for them."""

    def with_status(self, statuses: Iterable[str]) -> "TallyQuerySet":
        """What is counted of contributions in one of the statuses."""
        return self.filter(status__in=[STATUS_CODES[one] for one in statuses])


TallyManager = models.Manager.from_queryset(TallyQuerySet)


class Tally(models.Model):
    """How many contributions and participants one cell holds, of one status and without any other filter.

    Kept by triggers on `Footprint` (migration `0003_tally`), in the transaction of the change and whatever path it
    takes, so that the heat map of a million contributions is read rather than counted. `level` is a position in
    `mapping.geo.grid.SIZES`, `cell` the cell's key at that size. Behind the last size stands the level of totals: the
    cell `EVERYWHERE` is the whole campaign, `NOWHERE` its contributions without a place, `UNNAMED` those that nobody
    stands behind.
    """

    pk = models.CompositePrimaryKey("campaign_id", "status", "level", "cell")
    campaign_id = models.IntegerField()
    status = models.SmallIntegerField()
    level = models.SmallIntegerField()
    cell = models.BigIntegerField()
    contributions = models.IntegerField()
    participants = models.IntegerField()

    objects: ClassVar = TallyManager()

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.contributions} in {self.cell} of level {self.level}"


class Centre(models.Model):
    """How many contributions of one category and status lie in a cell, each counted once, and the sums of their places.

    The sums are whole centimetres from the origin of EPSG:3035, so that `east / contributions` is their true centre,
    and adding and taking away is exact. Kept by the triggers on `Footprint` as `Tally` is (migration
    `0041_tally_centres`); `level` and `cell` are those of `Tally`, without the level of totals.
    """

    pk = models.CompositePrimaryKey("campaign_id", "status", "level", "cell", "category_id")
    campaign_id = models.IntegerField()
    status = models.SmallIntegerField()
    level = models.SmallIntegerField()
    cell = models.BigIntegerField()
    category_id = models.IntegerField()
    contributions = models.IntegerField()
    east = models.BigIntegerField()
    north = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.contributions} of {self.category_id} in {self.cell} of level {self.level}"
