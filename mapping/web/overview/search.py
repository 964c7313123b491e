"""The search over everything public; works without JavaScript: every choice is an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.contrib.gis.geos import Polygon
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doors.visitors import SEARCH
from mapping.http.paging.search_positions import read_position, write_position
from mapping.models import Campaign
from mapping.models.setup.profile import city_boundary
from mapping.search.kinds import SearchGroup, group_named
from mapping.search.page import Order, Page, Result, Wanted, search
from mapping.search.query import MOST_LETTERS
from mapping.services.errors import Invalid, TooMany
from mapping.services.messages import sentence
from mapping.visitor import admit
from mapping.web.drawings.outline import Outline, draw
from mapping.web.refusals import refused

_TEMPLATE: Final = "search/page.html"
_WIDTH, _HEIGHT = 480, 300
_MARGIN: Final = 0.005
"""Degrees around the places, for a map of a city without a boundary."""


@dataclass(frozen=True)
class Choice:
    """A link that narrows or widens the results, with the number that it leads to where that is known."""

    title: str | Promise
    number: int | None
    address: str
    is_chosen: bool = False
    is_more: bool = False
    """Whether only the newest were counted."""


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What fits the words in `q`, of one kind (`kind`) and one campaign (`campaign`) where these are given."""
    typed = request.GET.get("q", "").replace("\0", " ").strip()[:MOST_LETTERS]
    group, campaign = _chosen(request)
    wanted = Wanted(typed, group, campaign)
    if not typed:
        return render(request, _TEMPLATE, {"words": "", "wanted": wanted})
    try:
        admit(request, SEARCH)
    except TooMany as error:
        problem = sentence(error.code, error.params)
        context = {"words": typed, "wanted": wanted, "problem": problem}
        return refused(render(request, _TEMPLATE, context), error)
    after = _after(request, wanted)
    page = search(wanted, after=after)
    context = {
        "words": typed,
        "wanted": wanted,
        "page": page,
        "is_first": after is None,
        "kinds": _kinds(page),
        "campaigns": _campaigns(page),
        "map": _map(page.results),
        "next": page.behind and _address(page.wanted, after=write_position(page.behind, page.wanted)),
        "first": _address(page.wanted),
        "is_other": page.wanted.typed != typed,
        "suggested": page.suggestion and _address(Wanted(page.suggestion)),
        "widened": (group or campaign) and _address(Wanted(typed)),
    }
    return render(request, _TEMPLATE, context)


def _chosen(request: HttpRequest) -> tuple[SearchGroup | None, Campaign | None]:
    """Kind and campaign of the address; 404 where the public knows none of that name."""
    kind, slug = request.GET.get("kind", ""), request.GET.get("campaign", "").replace("\0", "")
    group = group_named(kind)
    campaign = Campaign.objects.visible().filter(slug=slug).first() if slug else None
    if (kind and group is None) or (slug and campaign is None):
        raise Http404
    return group, campaign


def _after(request: HttpRequest, wanted: Wanted) -> Order | None:
    """The place behind which the page begins; the beginning where the address was not made here."""
    text = request.GET.get("after", "")
    try:
        return read_position(text, wanted) if text else None
    except Invalid:
        return None


def _kinds(page: Page) -> list[Choice]:
    """All kinds in which something was found, and everything together."""
    wanted, numbers = page.wanted, page.found.groups
    everything = Wanted(wanted.typed, None, wanted.campaign)
    choices = [Choice(_("Everything"), None, _address(everything), wanted.group is None)]
    choices += [
        Choice(
            group.title,
            number,
            _address(Wanted(wanted.typed, group, wanted.campaign)),
            is_chosen=group is wanted.group,
            is_more=group in page.found.more_in,
        )
        for group, number in numbers.items()
    ]
    return choices if len(choices) > 2 or wanted.group else []


def _campaigns(page: Page) -> list[Choice]:
    """The campaigns with most results, to narrow by; a click on the chosen one widens again."""
    wanted = page.wanted
    choices = []
    for campaign, number in page.campaigns:
        is_chosen = wanted.campaign is not None and campaign.pk == wanted.campaign.pk
        narrowed = Wanted(wanted.typed, wanted.group, None if is_chosen else campaign)
        # Within a campaign more was read of it.
        counted, is_more = number, page.found.campaigns_are_more
        if is_chosen:
            counted, is_more = page.found.number, page.found.is_more
        choices.append(Choice(campaign.title, counted, _address(narrowed), is_chosen, is_more))
    return choices if len(choices) > 1 or wanted.campaign else []


def _map(results: Sequence[Result]) -> Outline | None:
    """The places of the results on the page; None where there are none."""
    places = [(one.shown.colour, one.shown.place) for one in results if one.shown.place is not None]
    if not places:
        return None
    area = city_boundary()
    if area is None:
        boxes = [place.extent for _colour, place in places]
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        box = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
        return draw(Polygon.from_bbox(box), places, width=_WIDTH, height=_HEIGHT)
    return draw(area, places, width=_WIDTH, height=_HEIGHT)


def _address(wanted: Wanted, **more: str) -> str:
    """The address of a search."""
    values = {"q": wanted.typed}
    if wanted.group is not None:
        values["kind"] = wanted.group.name
    if wanted.campaign is not None:
        values["campaign"] = wanted.campaign.slug
    return f"{reverse('search')}?{urlencode(values | more)}"
