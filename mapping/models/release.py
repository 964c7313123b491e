"""What the public sees of a campaign that publishes cells, and the private ledger that keeps the promise about it.

`Release` and `ReleaseCell` are public to the last column. `ReleaseRegion`, `ReleaseEntry` and `ReleaseAttempt` say
who was counted where in which release; only `services.releases.making` reads them.
"""

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.contribution import Contribution
from mapping.models.participant import Participant

WHOLE: Final = 15
"""The mask of a region that is a whole square: all of its four quadrants."""


def told_people(people: int, k: int) -> int:
    """How many people are told of: at least k, rounded down to a multiple of the first of 5, 10, 20, ... not below k.

    Each step is twice the one before. So a larger k tells nothing that a smaller one has not told of the same people;
    multiples of k itself would: 15 at k = 5 and 12 at k = 6 leave 15 to 17.
    """
    step = 5
    while step < k:
        step *= 2
    return max(people // step * step, k) if people >= k else 0


class Release(models.Model):
    """The public numbers of a campaign at one moment; `contributions` is the sum of its cells.

    What no cell shows is counted nowhere: its number would tell two moments apart by fewer than k people.
    `participants_at_least` is what `told_people` says.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="releases", verbose_name=_("campaign")
    )
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    k = models.PositiveSmallIntegerField(_("smallest group"))
    contributions = models.PositiveIntegerField(_("contributions"))
    participants_at_least = models.PositiveIntegerField(_("participants, at least"))

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("campaign", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "number"),
                name="release_number_once",
                violation_error_message=_("This campaign has a release with this number already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} · {self.number}"


class ReleaseCell(models.Model):
    """One published region: a square of EPSG:3035, or those of its four quadrants that `mask` names.

    `size` is the square's edge in metres (a power of two times 100), `cell` its `mapping.geo.grid.Cell.key`. The bits
    of `mask`: 1 south-west, 2 south-east, 4 north-west, 8 north-east.
    """

    pk = models.CompositePrimaryKey("release_id", "size", "cell", "mask")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="cells", db_index=False)
    size = models.PositiveIntegerField()
    cell = models.BigIntegerField()
    mask = models.PositiveSmallIntegerField()
    contributions = models.PositiveIntegerField()
    participants_at_least = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["ReleaseCell"]] = models.Manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(mask__gte=1, mask__lte=WHOLE),
                name="releasecell_mask",
                violation_error_message=_("A released area has from one to four quarters."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.size}/{self.cell}/{self.mask}"


class ReleaseRegion(models.Model):
    """PRIVATE. One number that was published, from release `since` until before `until` (empty: still).

    Named as `ReleaseCell` names it. `participants` were counted in it.
    `departed` has, for each of them who has since withdrawn all that was counted in it, the number of the release that
    first counted them here: how many left and since when, without names.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="release_regions")
    size = models.PositiveIntegerField()
    cell = models.BigIntegerField()
    mask = models.PositiveSmallIntegerField()
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)
    contributions = models.PositiveIntegerField()
    participants = models.PositiveIntegerField()
    departed = ArrayField(models.PositiveIntegerField(), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "size", "cell", "mask", "since"),
                name="releaseregion_once_per_release",
                violation_error_message=_("This area was published in this release already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.size}/{self.cell}/{self.mask} since {self.since}"


class ReleaseEntry(models.Model):
    """PRIVATE. One contribution was counted from release `entered` until before `left` (empty: still).

    At `cell`, the key of the 100 m cell; what no region shows has no row. Withdrawing and erasing delete the row at
    once. The participant has no constraint in the database, because checking it would make a release wait for an
    erasure that waits for the release.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="release_entries")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="release_entries")
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        related_name="release_entries",
    )
    cell = models.BigIntegerField()
    entered = models.PositiveIntegerField()
    left = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(left=None) | models.Q(left__gt=models.F("entered")),
                name="releaseentry_enters_before_it_leaves",
                violation_error_message=_("A contribution leaves the releases after it entered them."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.contribution_id} since {self.entered}"


class ReleaseAttempt(models.Model):
    """PRIVATE. When a release of a campaign was last tried, and since when the next one is ordered by hand."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="release_attempt"
    )
    tried_at = models.DateTimeField(null=True)
    ordered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.tried_at}"
