"""The tabs of a campaign's page; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.models import Action, Campaign
from mapping.registry import Registry
from mapping.services.surveys.responses import questions_of
from mapping.services.surveys.results import offers_results
from mapping.web.opinions import offered_opinions


@dataclass(frozen=True)
class CampaignPage:
    """The campaign's page, as passed to tabs."""

    campaign: Campaign
    has_map: bool
    has_categories: bool = True
    has_survey: bool = False


@dataclass(frozen=True, eq=False)
class CampaignTab:
    """One tab; lower positions come first (those of `mapping` are 10 to 50).

    `panel` is the part of the page that `js/campaign.js` shows; a neighbour's tab leads to a page of its own.
    """

    name: str
    position: int
    title: Callable[[Campaign], str | Promise]
    address: Callable[[Campaign], str]
    is_offered: Callable[[CampaignPage], bool] = lambda _page: True
    panel: str = ""
    rows: Callable[[Campaign], QuerySet[Any]] | None = None
    """Public rows of the campaign: without any the tab is not offered. One query for all tabs."""
    invites_to: Action | None = None
    """What people do at its address: while the campaign allows it, a large button `invitation` leads there."""
    invitation: str | Promise = ""


@dataclass(frozen=True)
class ShownTab:
    """A tab of one campaign."""

    title: str | Promise
    address: str
    panel: str
    invites_to: Action | None = None
    invitation: str | Promise = ""


CAMPAIGN_TABS: Final[Registry[CampaignTab]] = Registry("tab of a campaign")


def tabs_of(page: CampaignPage) -> list[ShownTab]:
    """The tabs of a campaign's page in their order."""
    offered = [one for one in sorted(CAMPAIGN_TABS, key=lambda one: one.position) if one.is_offered(page)]
    empty = _without_rows(page.campaign, offered)
    return [
        ShownTab(
            one.title(page.campaign), one.address(page.campaign), one.panel, one.invites_to, one.invitation
        )
        for one in offered
        if one.name not in empty
    ]


def _without_rows(campaign: Campaign, tabs: Sequence[CampaignTab]) -> set[str]:
    """The names of tabs that need rows and have none."""
    rows = {one.name: one.rows(campaign) for one in tabs if one.rows is not None}
    if not rows:
        return set()
    has_rows = Campaign.objects.filter(pk=campaign.pk).values_list(*map(Exists, rows.values())).get()
    return {name for name, is_there in zip(rows, has_rows, strict=True) if not is_there}


def _offers_results(page: CampaignPage) -> bool:
    has_answers = page.has_survey and offers_results(questions_of(page.campaign))
    return has_answers or offered_opinions(page.campaign)


def _heatmap(campaign: Campaign) -> str:
    return reverse("public-heatmap", args=(campaign.slug,))


TABS: Final = (
    CampaignTab(
        "map",
        10,
        title=lambda _campaign: _("Map"),
        address=lambda _campaign: "#map",
        is_offered=lambda page: page.has_map,
        panel="map",
    ),
    # The heat map comes first for protected campaigns, and last for others.
    CampaignTab(
        "protected-heatmap",
        20,
        title=lambda _campaign: _("Heat map"),
        address=_heatmap,
        is_offered=lambda page: page.has_map and not page.campaign.publishes_points,
    ),
    CampaignTab(
        "list",
        30,
        title=lambda campaign: _("List") if campaign.publishes_points else _("Protection"),
        address=lambda _campaign: "#list",
        is_offered=lambda page: page.has_categories,
        panel="list",
    ),
    CampaignTab(
        "survey",
        35,
        title=lambda _campaign: _("Survey"),
        address=lambda campaign: reverse("survey", args=(campaign.slug,)),
        is_offered=lambda page: page.has_survey,
    ),
    CampaignTab(
        "results",
        37,
        title=lambda campaign: _("Survey results") if campaign.outcome else _("Results"),
        address=lambda campaign: reverse("results", args=(campaign.slug,)),
        is_offered=_offers_results,
    ),
    CampaignTab(
        "about",
        40,
        title=lambda campaign: _("Results") if campaign.outcome else _("About"),
        address=lambda _campaign: "#about",
        panel="about",
    ),
    CampaignTab(
        "heatmap",
        50,
        title=lambda _campaign: _("Heat map"),
        address=_heatmap,
        is_offered=lambda page: page.has_map and page.campaign.publishes_points,
    ),
)
