"""The heat map of a campaign: filter left, map or table in the middle, facts right."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from mapping import rules
from mapping.aggregation import statistics
from mapping.aggregation.heatmap import CellCount, Heatmap
from mapping.aggregation.heatmap import heatmap as count_cells
from mapping.aggregation.query import HeatmapProblem, HeatmapQuery
from mapping.models import Campaign, Category, ContributionStatus
from mapping.planning.access import frame, log_exact_access, planners_only
from mapping.planning.heatmap_filter import (
    CONTRIBUTIONS,
    PARTICIPANTS,
    SIZES,
    TABLE,
    HeatmapFilter,
)
from mapping.reports.charts import Bin, Chart, bins_of, chart_of, unit_for

FEW_PARTICIPANTS: Final = 30
"""Below it a pattern on the map may well be chance."""

MOST_ROWS: Final = 300
"""Rows of the table; all cells are in the download."""

_STATUS_TITLES: Final = {
    ContributionStatus.PUBLISHED: _("Published"),
    ContributionStatus.PENDING: _("Waiting"),
    ContributionStatus.REJECTED: _("Rejected"),
}


@dataclass(frozen=True, slots=True)
class CategoryBar:
    """A category with its number; `share` is its width in per cent of the longest one."""

    category: Category
    number: int
    share: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell in the table."""

    id: str
    contributions: int
    participants: int
    address: str


@planners_only(rules.may_analyse)
def heatmap(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Where contributions lie, in exact numbers; whoever looks at a protected campaign is recorded."""
    log_exact_access(request, campaign, "heatmap")
    categories = list(campaign.categories.all())
    chosen = HeatmapFilter.of(request.GET, categories)
    query = chosen.query(campaign, categories)
    found: Heatmap | None = None
    problem = ""
    try:
        found = count_cells(query)
    except HeatmapProblem as error:
        problem = error.code
    api = reverse("api:heatmap", args=(campaign.slug,))
    parameters = chosen.api_parameters()
    return render(
        request,
        "planning/heatmap.html",
        {
            **frame(request, campaign, "heatmap"),
            "filter": chosen,
            "problem": problem,
            "sizes": SIZES,
            "statuses": [(status.value, title) for status, title in _STATUS_TITLES.items()],
            "categories": categories,
            "is_table": chosen.view == TABLE,
            "by_participants": chosen.count == PARTICIPANTS,
            "map_address": chosen.address(campaign, view="map"),
            "table_address": chosen.address(campaign, view=TABLE, cell=""),
            "is_filtered": replace(chosen, view="map", cell="", count=CONTRIBUTIONS)
            != HeatmapFilter(size=chosen.size),
            "unfiltered": HeatmapFilter(size=chosen.size, view=chosen.view, count=chosen.count).address(
                campaign
            ),
            "totals": found.totals if found else None,
            "cell_number": len(found.rows) if found else 0,
            "has_few": found is not None and 0 < found.totals.participants < FEW_PARTICIPANTS,
            "has_nobody": found is not None
            and found.totals.contributions > 0
            and found.totals.participants == 0,
            "rows": _rows(campaign, chosen, found) if found and chosen.view == TABLE else [],
            "most_rows": MOST_ROWS,
            "bars": _category_bars(campaign, chosen, categories, query),
            "timeline": _timeline(campaign, chosen, query),
            "cells_url": f"{api}?{urlencode({**parameters, 'f': 'compact'})}",
            "cells_download": f"{api}?{urlencode({**parameters, 'f': 'geojson'})}",
        },
    )


def _rows(campaign: Campaign, chosen: HeatmapFilter, found: Heatmap) -> list[CellRow]:
    """The fullest cells."""

    def rank(one: CellCount) -> tuple[int, int, int]:
        value = one.participants if chosen.count == PARTICIPANTS else one.contributions
        return value, one.contributions, one.participants

    return [
        CellRow(
            one.cell.id,
            one.contributions,
            one.participants,
            chosen.address(campaign, view="map", cell=one.cell.id),
        )
        for one in heapq.nlargest(MOST_ROWS, found.cells, key=rank)
    ]


def _category_bars(
    campaign: Campaign, chosen: HeatmapFilter, categories: Sequence[Category], query: HeatmapQuery
) -> list[CategoryBar]:
    """Every category, also those that the filter leaves out, so that one click brings them in."""
    numbers: Mapping[int, int] = dict(statistics.per_category(replace(query, category_ids=None)))
    longest = max(numbers.values(), default=0) or 1
    return [
        CategoryBar(
            category=category,
            number=numbers.get(category.pk, 0),
            share=f"{100 * numbers.get(category.pk, 0) / longest:.1f}",
            address=chosen.address(campaign, categories=chosen.toggled(category.slug, categories), cell=""),
            is_chosen=not chosen.categories or category.slug in chosen.categories,
        )
        for category in categories
    ]


def _timeline(campaign: Campaign, chosen: HeatmapFilter, query: HeatmapQuery) -> Mapping[str, object]:
    """The whole period with the chosen days in full colour; each bar leads to its own days."""
    counts = statistics.timeline(replace(query, start=None, end=None))
    if not counts:
        return {}
    unit = unit_for(counts[0][0], counts[-1][0])
    bins = bins_of(counts, unit)

    def is_inside(one: Bin) -> bool:
        return (chosen.start is None or one.end >= chosen.start) and (
            chosen.end is None or one.start <= chosen.end
        )

    chart: Chart = chart_of(bins, unit, width=320, height=150, is_inside=is_inside)
    links = [chosen.address(campaign, start=one.start, end=one.end, cell="") for one in bins]
    return {
        "chart": chart,
        "bars": list(zip(chart.bars, links, strict=True)),
        "most": max(bins, key=lambda b: b.value),
    }
