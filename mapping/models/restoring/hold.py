"""Campaigns whose public numbers wait for a decision after a backup was restored."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign


class ReleaseHold(models.Model):
    """Nothing new is released of a campaign: numbers may have been public that its restored ledger does not know.

    `known_until` is the moment of the backup; what was released after it is unknown here. What was public at that
    moment stays public. Lifted by `bin/manage resume_releases`.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="release_hold"
    )
    known_until = models.DateTimeField(_("known until"))
    held_at = models.DateTimeField(_("held since"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["ReleaseHold"]] = models.Manager()

    class Meta:
        verbose_name = _("hold of releases")
        verbose_name_plural = _("holds of releases")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.known_until}"
