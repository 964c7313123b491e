"""The public heat map of a campaign: cells counted on request, or the current release of protected campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.heatmap.counts import Heatmap, heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.releases.publication import PublicRelease, current_release
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.places import CATEGORY
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign, Category
from mapping.reports.cells import ShownCell, cells_of, released_cells
from mapping.reports.classes import HeatClass, classes_of, density_classes_of
from mapping.reports.content import FEW_PARTICIPANTS, districts_of
from mapping.reports.tables import CellRow, area_rows, cell_rows
from mapping.services.releases.making import next_release
from mapping.web.drawings.heat_picture import HeatPicture, draw_cells
from mapping.web.languages import reading_of
from mapping.web.lookup import campaign_or_404

SIZES = (200, 500, 1000, 5000)
"""Selectable cell sizes in metres."""
MOST_ROWS = 50
"""Most rows of the table unless all are requested."""
MOST_PATHS = 6000
"""Most cells: a phone draws them without delay."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to the page with another size or category."""

    title: str
    address: str
    is_current: bool
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Data of the page. `people` is None where unknown; `is_at_least` if it is a lower limit."""

    cells: list[ShownCell]
    contributions: int
    people: int | None
    unlocated: int
    size: int | None
    release: PublicRelease | None = None

    @property
    def has_few(self) -> bool:
        """Whether there are so few people that patterns may be due to chance."""
        return self.release is None and self.people is not None and 0 < self.people < FEW_PARTICIPANTS


@require_safe
@never_cache
def heatmap_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The public heat map; works without JavaScript, `js/map/public-heatmap.js` puts the picture on a map."""
    campaign = reading_of(request, campaign_or_404(request, slug)).campaign
    categories = list(campaign.categories.all())
    chosen = next((one for one in categories if one.slug == request.GET.get("category")), None)
    wanted = request.GET.get("size", "")
    size = int(wanted) if wanted in {str(one) for one in SIZES} else None
    shown = _shown(campaign, size, chosen)
    cells = shown.cells if shown else []
    classes = _classes(shown) if shown else []
    picture = draw_cells(cells, classes, campaign.area) if shown else None
    is_whole = request.GET.get("rows") == "all"
    is_public = rules.may_see_public_contributions(campaign)
    return render(
        request,
        "mapping/heatmap.html",
        {
            "campaign": campaign,
            "shown": shown,
            "cells": cells,
            "classes": classes,
            "picture": picture,
            "overlay": _overlay(shown, picture) if shown and picture else None,
            "rows": _rows(campaign, shown, whole=is_whole) if shown else [],
            "whole_address": ""
            if is_whole or len(cells) <= MOST_ROWS
            else _address(size, chosen, rows="all"),
            "sizes": _sizes(shown, chosen) if is_public else [],
            "choices": _categories(categories, size, chosen) if is_public else [],
            "all_address": _address(size, None) if is_public and chosen else "",
            "next_release": None if campaign.publishes_points else next_release(campaign),
            "downloads": _downloads(campaign, shown, chosen) if shown else {},
        },
    )


def _shown(campaign: Campaign, size: int | None, category: Category | None) -> Shown | None:
    """The public data; None for a draft or a protected campaign without a release."""
    if not campaign.publishes_points:
        release = None if campaign.is_draft else current_release(campaign)
        return None if release is None else _of_release(release)
    if not rules.may_see_public_contributions(campaign):
        return None
    found = _counted(campaign, size, category)
    if found is None:
        return None
    totals = found.totals
    people = totals.participants or (None if totals.contributions else 0)
    return Shown(cells_of(found), totals.contributions, people, totals.unlocated, found.size)


def _of_release(release: PublicRelease) -> Shown:
    return Shown(
        cells=released_cells(release),
        contributions=release.contributions,
        people=release.participants_at_least,
        unlocated=0,
        size=None,
        release=release,
    )


def _counted(campaign: Campaign, size: int | None, category: Category | None) -> Heatmap | None:
    """The cells in the requested size, or else in the finest size that fits on a page."""
    chosen = ContributionFilter().having(CATEGORY, None if category is None else (category.slug,))
    for one in (size,) if size else SIZES:
        try:
            found = heatmap(HeatmapQuery(campaign.pk, one, chosen))
        except QueryProblem:
            continue
        if len(found.rows) <= MOST_PATHS or one == SIZES[-1]:
            return found
    return _counted(campaign, None, category) if size else None


def _classes(shown: Shown) -> list[HeatClass]:
    if shown.release is not None:
        return density_classes_of([cell.value for cell in shown.cells if cell.value is not None])
    return classes_of([cell.contributions for cell in shown.cells])


def _rows(campaign: Campaign, shown: Shown, *, whole: bool) -> list[CellRow]:
    cells = shown.cells if whole else shown.cells[:MOST_ROWS]
    return area_rows(cells, districts_of(campaign)) if shown.release else cell_rows(campaign, cells)


def _overlay(shown: Shown, picture: HeatPicture) -> Mapping[str, object]:
    """The configuration of `js/map/public-heatmap.js`: the bounds of the picture and the numbers of its cells."""
    return {
        "bounds": picture.bounds,
        "focus": picture.focus,
        "isAtLeast": shown.release is not None,
        "knowsPeople": shown.people is not None,
        "cells": [[cell.contributions, cell.participants] for cell in shown.cells],
    }


def _address(size: int | None, category: Category | None, **more: str) -> str:
    values = {"size": str(size or ""), "category": category.slug if category else "", **more}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"?{query}" if query else "?"


def _sizes(shown: Shown | None, category: Category | None) -> list[Choice]:
    current = shown.size if shown else None
    return [
        Choice(f"{one} m" if one < 1000 else f"{one // 1000} km", _address(one, category), one == current)
        for one in SIZES
    ]


def _categories(categories: list[Category], size: int | None, chosen: Category | None) -> list[Choice]:
    if len(categories) < 2:
        return []
    return [Choice(one.title, _address(size, one), one == chosen, one) for one in categories]


def _downloads(campaign: Campaign, shown: Shown, category: Category | None) -> Mapping[str, str]:
    """Downloads of the same cells."""
    path = reverse("api:heatmap", args=(campaign.slug,))
    values = {"grid": "square", "size": str(shown.size)} if shown.size else {}
    if category is not None and shown.release is None:
        values["category"] = category.slug
    return {ending: f"{path}?{urlencode({**values, 'f': ending})}" for ending in ("geojson", "csv")}
