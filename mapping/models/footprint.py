"""The disposable footprint of contributions on the 100 m grid, from which heat maps are counted."""

from django.db import models

from mapping.models.contribution import Contribution


class Footprint(models.Model):
    """One 100 m cell (EPSG:3035) that a contribution touches; filled by `aggregation`, never by hand.

    Campaign, category, participant, day and status are copied so that a count needs no join. `east` and `north`
    are the cell's south-west corner in units of 100 m.
    """

    contribution = models.ForeignKey(
        Contribution,
        on_delete=models.CASCADE,
        related_name="footprints",
        db_index=False,
    )
    campaign_id = models.BigIntegerField()
    category_id = models.BigIntegerField()
    participant_id = models.BigIntegerField(null=True)
    day = models.DateField()
    status = models.CharField(max_length=10)
    east = models.IntegerField()
    north = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("contribution", "east", "north"), name="footprint_cell_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.contribution_id} N{self.north}E{self.east}"
