"""The history of a campaign's setup: who changed what when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.checks import json_is
from mapping.models.texts import PlainJSON


class CampaignChange(models.Model):
    """One saved change of a campaign's setup: what its values were and became, by name.

    `step` is the page of the setup. `undoes` is the change that this one took back. Goes with its campaign.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="setup_changes", verbose_name=_("campaign")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        # As with decisions: such an account is deactivated, not deleted, and the history keeps the name.
        on_delete=models.PROTECT,
        verbose_name=_("changed by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    step = models.CharField(_("step"), max_length=16)
    before = PlainJSON(_("before"), default=dict, blank=True)
    after = PlainJSON(_("after"), default=dict, blank=True)
    undoes = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("takes back"),
    )

    class Meta:
        verbose_name = _("change of a campaign")
        verbose_name_plural = _("changes of campaigns")
        ordering: ClassVar = ("-at", "-pk")
        constraints: ClassVar = (
            json_is("before", "object", "campaign_change_before_object"),
            json_is("after", "object", "campaign_change_after_object"),
        )
        indexes: ClassVar = (models.Index(fields=("campaign", "-at"), name="campaign_change_newest"),)

    def __str__(self) -> str:
        return f"{self.campaign} · {self.step} · {self.at:%Y-%m-%d %H:%M}"
