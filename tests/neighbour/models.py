from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models

from mapping.models import Campaign


class Meeting(models.Model):
    """A date of a campaign; its table is made in the tests that need it."""

    code = models.SlugField(unique=True)
    # Without a constraint, so that a test may make the table after it has stored campaigns.
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", db_constraint=False)
    title = models.CharField(max_length=80)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.PointField(null=True)
    is_public = models.BooleanField(default=True)

    objects: ClassVar[models.Manager[Meeting]] = models.Manager()

    class Meta:
        app_label = "neighbour"

    def __str__(self) -> str:
        return self.title
