"""The frame of all pages for paper, which lead to one another; apps register what they enter from paper here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping import rules
from mapping.models import Campaign, Category
from mapping.planning.access import frame
from mapping.planning.ways import Way
from mapping.registry import Registry
from mapping.services.surveys.responses import questions_of


@dataclass(frozen=True, eq=False)
class PaperWay:
    """One kind of sheets that can be entered, on a page of its own for those who `rules.may_enter_paper`."""

    name: str
    title: str | Promise
    address: Callable[[Campaign], str]
    is_offered: Callable[[Campaign], bool]


PAPER_WAYS: Final[Registry[PaperWay]] = Registry("way of entering paper")


def paper_frame(request: HttpRequest, campaign: Campaign) -> dict[str, object]:
    """What the planners' frame needs, and the ways between what can be entered (`paper_ways`)."""
    ways = [
        Way(way.title, address, is_here=request.path.startswith(address))
        for way, address in _offered(campaign)
    ]
    return {**frame(request, campaign, "paper"), "paper_ways": ways if len(ways) > 1 else []}


def first_way(campaign: Campaign) -> str:
    """The address of what can be entered first, empty where nothing can."""
    return next((address for _way, address in _offered(campaign)), "")


def open_categories(campaign: Campaign) -> list[Category]:
    """The categories that people contribute to, on paper too."""
    found = [one for one in campaign.categories.all() if rules.may_contribute_to(one)]
    for one in found:
        one.campaign = campaign
    return found


def _offered(campaign: Campaign) -> list[tuple[PaperWay, str]]:
    return [(way, way.address(campaign)) for way in PAPER_WAYS if way.is_offered(campaign)]


OWN: Final = (
    PaperWay(
        "map-sheets",
        _("Map sheets"),
        lambda campaign: reverse("planning:map-sheets", args=(campaign.slug,)),
        lambda campaign: bool(open_categories(campaign)),
    ),
    PaperWay(
        "responses",
        _("Responses on paper"),
        lambda campaign: reverse("planning:paper", args=(campaign.slug,)),
        lambda campaign: bool(questions_of(campaign)),
    ),
)
