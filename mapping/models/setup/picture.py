"""Pictures that a city shows: titles of campaigns, choices of questions."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.texts import PlainLine


class Picture(models.Model):
    """A re-encoded picture without metadata; `alt` is what it shows, in words. The random id is its address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("campaign")
    )
    file = models.FileField(upload_to="pictures/%Y/%m/", editable=False)
    alt = PlainLine(_("alternative text"), max_length=300, blank=True)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    digest = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.alt or str(self.id)
