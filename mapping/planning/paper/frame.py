"""The frame of both pages for paper, which lead to one another."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mapping import rules
from mapping.models import Campaign, Category
from mapping.planning.access import frame
from mapping.planning.ways import Way
from mapping.services.surveys.responses import questions_of


def paper_frame(request: HttpRequest, campaign: Campaign) -> dict[str, object]:
    """What the planners' frame needs, and the ways between what can be entered (`paper_ways`)."""
    ways = []
    if open_categories(campaign):
        ways.append(_way(request, campaign, "planning:map-sheets", str(_("Map sheets"))))
    if questions_of(campaign):
        ways.append(_way(request, campaign, "planning:paper", str(_("Responses on paper"))))
    return {**frame(request, campaign, "paper"), "paper_ways": ways if len(ways) > 1 else []}


def open_categories(campaign: Campaign) -> list[Category]:
    """The categories that people contribute to, on paper too."""
    found = [one for one in campaign.categories.all() if rules.may_contribute_to(one)]
    for one in found:
        one.campaign = campaign
    return found


def _way(request: HttpRequest, campaign: Campaign, route: str, title: str) -> Way:
    address = reverse(route, args=(campaign.slug,))
    return Way(title, address, is_here=request.path.startswith(address))
