"""The history of what planners set up, campaigns and the city's page: who changed what when."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.checks import json_is
from mapping.models.texts import PlainJSON

ChangeT = TypeVar("ChangeT", bound="SetupChange")


class _WithoutShapes(models.Func):
    """Values with true in place of each geometry, whose positions may be tens of thousands."""

    template = (
        "(SELECT coalesce(jsonb_object_agg(key, CASE WHEN jsonb_typeof(value) = 'object' AND value ? 'coordinates'"
        " THEN 'true' ELSE value END), '{}') FROM jsonb_each(%(expressions)s))"
    )
    output_field: Any = models.JSONField()


class SetupChange(models.Model):
    """One saved change: what values were and became, by name; `undoes` is the change that this one took back."""

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
        abstract = True
        ordering: ClassVar = ("-at", "-pk")


def for_lists(changes: "models.QuerySet[ChangeT]") -> "models.QuerySet[ChangeT]":
    """Changes without their values, which are read without shapes; `listed` puts these in their place."""
    light = {f"light_{name}": _WithoutShapes(models.F(name)) for name in ("before", "after")}
    found: models.QuerySet[ChangeT] = changes.defer("before", "after").annotate(**light)
    return found


def listed(changes: "Iterable[ChangeT]") -> "Iterator[ChangeT]":
    """Changes of `for_lists`: of a geometry `before` and `after` hold true. They must not be saved or taken back."""
    for change in changes:
        change.before, change.after = change.light_before, change.light_after  # type: ignore[attr-defined]
        yield change


class CampaignChange(SetupChange):
    """One saved change of a campaign's setup; `step` is the page of the setup. Goes with its campaign."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="setup_changes", verbose_name=_("campaign")
    )

    class Meta(SetupChange.Meta):
        verbose_name = _("change of a campaign")
        verbose_name_plural = _("changes of campaigns")
        constraints: ClassVar = (
            json_is("before", "object", "campaign_change_before_object"),
            json_is("after", "object", "campaign_change_after_object"),
        )
        indexes: ClassVar = (models.Index(fields=("campaign", "-at"), name="campaign_change_newest"),)

    def __str__(self) -> str:
        return f"{self.campaign} · {self.step} · {self.at:%Y-%m-%d %H:%M}"


class CityChange(SetupChange):
    """One saved change of the city's page; `step` is the part of it."""

    class Meta(SetupChange.Meta):
        verbose_name = _("change of the city's page")
        verbose_name_plural = _("changes of the city's page")
        default_permissions = ()
        constraints: ClassVar = (
            json_is("before", "object", "city_change_before_object"),
            json_is("after", "object", "city_change_after_object"),
        )

    def __str__(self) -> str:
        return f"{self.step} · {self.at:%Y-%m-%d %H:%M}"
