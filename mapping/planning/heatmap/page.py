"""The heat map of a campaign: filter left, maps or table in the middle, facts right.

It shows one selection, two side by side, or the change between two periods.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mapping import rules
from mapping.aggregation.statistics.significance import FEWEST_PEOPLE, FEWEST_VOICES
from mapping.filters.choices import Choices
from mapping.filters.dimension import Pairs
from mapping.filters.interval import Interval
from mapping.filters.places import CATEGORY
from mapping.filters.questions import AnswerQuestion
from mapping.filters.times import INTERVAL
from mapping.models import Campaign
from mapping.planning.access import frame, log_exact_access, log_staff_sources, planners_only
from mapping.planning.heatmap import cell as heatmap_cell
from mapping.planning.heatmap import tables as heatmap_tables
from mapping.planning.heatmap.facts import facts_of
from mapping.planning.heatmap.method import method_of
from mapping.planning.heatmap.parts import (
    Counted,
    Part,
    counted_of,
    differences_of,
    parts_of,
)
from mapping.reports.display import (
    BANDWIDTHS,
    CLASS_METHODS,
    GRIDS,
    SIZES,
    statuses_in_words,
)
from mapping.reports.state import EVERYTHING, MODES, OTHER, TABLE, HeatmapFilter, Period, with_periods
from mapping.reports.words.explained import sources_in_words

MODE_TITLES: Final = {
    "cells": pgettext_lazy("on a map", "Distribution"),
    "compare": pgettext_lazy("two maps", "Compare"),
    "change": pgettext_lazy("between two periods", "Change"),
}
_MEASURE_TITLES: Final = {
    "contributions": gettext_lazy("Contributions"),
    "participants": gettext_lazy("Contributors"),
    "support": gettext_lazy("Support"),
    "opposition": gettext_lazy("Opposition"),
    "balance": gettext_lazy("Balance of support and opposition"),
}


CHARTS_LATER: Final = "X-Charts-Later"
"""A request with this header gets the page without its charts, which are requested separately: the map comes first."""

MOST_WITH_CHARTS: Final = 200_000
"""Contributions up to which the first page includes its charts: beyond, counting takes seconds."""


@planners_only(rules.may_analyse)
def page(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The heat map in exact numbers; access to protected campaigns is logged."""
    log_exact_access(request, campaign, "heatmap")
    choices = Choices(campaign, rules.may_read_responses(request.user, campaign))
    chosen = HeatmapFilter.of(request.GET, choices)
    log_staff_sources(request, campaign, chosen, "heatmap")
    if chosen.mode == "change":
        chosen = with_periods(campaign, chosen)
    query = chosen.query(campaign, chosen.edited)
    counted = counted_of(campaign, chosen, query)
    parts = parts_of(campaign, chosen, choices, counted)
    later = request.headers.get(CHARTS_LATER) == "1" or counted.number > MOST_WITH_CHARTS
    return render(
        request,
        "planning/heatmap.html",
        {
            **frame(request, campaign, "heatmap"),
            **_rail(campaign, chosen, choices),
            **_addresses(campaign, chosen, counted),
            "parts": parts,
            "sources_in_words": [words for _title, words in sources_in_words(chosen.staff_sources)],
            "statuses_in_words": statuses_in_words(chosen.edited.counted),
            "sides": parts if chosen.mode == "compare" else [],
            "difference": differences_of(parts),
            "counted": counted,
            "totals": counted.found.totals if counted.found else None,
            "cell_number": len(counted.found.rows) if counted.found else 0,
            "few": FEWEST_VOICES,
            "fewest_people": FEWEST_PEOPLE,
            "may_test": counted.voices >= FEWEST_VOICES,
            "table": _table(campaign, chosen, choices, counted, parts) if chosen.view == TABLE else None,
            "facts": None if later else facts_of(campaign, chosen, choices, query),
            "method": method_of(campaign, chosen, choices, query),
            "cell": heatmap_cell.cell_of(
                campaign, chosen, choices, may_review=rules.may_moderate(request.user, campaign)
            ),
            "measure_title": _measure_title(chosen, choices),
        },
    )


@planners_only(rules.may_analyse)
def charts(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The charts of the page, by the same query."""
    log_exact_access(request, campaign, "heatmap-charts")
    choices = Choices(campaign, rules.may_read_responses(request.user, campaign))
    chosen = HeatmapFilter.of(request.GET, choices)
    log_staff_sources(request, campaign, chosen, "heatmap-charts")
    query = chosen.query(campaign, chosen.edited)
    context = {
        "campaign": campaign,
        "filter": chosen,
        "edited": chosen.edited,
        "facts": facts_of(campaign, chosen, choices, query),
    }
    return render(request, "planning/partials/heatmap_charts.html", context)


def _rail(campaign: Campaign, chosen: HeatmapFilter, choices: Choices) -> Mapping[str, object]:
    """Template context of the filter."""
    edited = chosen.edited
    interval = edited.get(INTERVAL) or Interval()
    return {
        "filter": chosen,
        "edited": edited,
        "choices": choices,
        "modes": [
            (
                mode,
                MODE_TITLES[mode],
                # A new comparison begins with the choice of the second map.
                replace(chosen, mode=mode, side="b" if mode == "compare" else "a", cell="").address(campaign),
            )
            for mode in MODES
        ],
        "carried": _carried(chosen),
        "measures": _measures(chosen, choices.questions),
        "staff_measures": _means(chosen, choices.staff_questions),
        "survey_measures": _means(chosen, choices.survey),
        "grids": [one for one in GRIDS if one[0] != "district" or choices.districts],
        "sizes": SIZES,
        "chosen_categories": edited.get(CATEGORY) or (),
        "period": Period(interval.first_day, interval.last_day),
        "further": list(edited.groups(choices)),
        "of_survey": list(edited.groups_of_responses(choices)),
        "class_methods": CLASS_METHODS,
        "bandwidths": BANDWIDTHS,
        "place_questions": choices.places,
        "shown_places": next((one for one in choices.places if one.slug == chosen.places), None),
        "shows_differently": chosen.hotspots
        or chosen.bandwidth
        or chosen.places
        or chosen.classes != CLASS_METHODS[0][0],
        "unfiltered": chosen.with_edited(EVERYTHING).address(campaign),
        "is_unfiltered": edited == EVERYTHING,
    }


def _carried(chosen: HeatmapFilter) -> Pairs:
    """Hidden fields: parameters that the form keeps without having a control for them."""
    kept = {"mode", "side", "view"}
    carried = [(name, value) for name, value in chosen.shared_pairs() if name in kept]
    if chosen.mode == "compare":
        carried += chosen.selection.pairs() if chosen.side == "b" else chosen.other.pairs(OTHER)
    return carried


def _measures(chosen: HeatmapFilter, questions: Sequence[AnswerQuestion]) -> list[tuple[str, str]]:
    """Selectable measures; change is available for contributions only."""
    if chosen.mode == "change":
        return [("contributions", str(_MEASURE_TITLES["contributions"]))]
    plain = [(value, str(title)) for value, title in _MEASURE_TITLES.items()]
    return plain + _means(chosen, questions)


def _means(chosen: HeatmapFilter, questions: Sequence[AnswerQuestion]) -> list[tuple[str, str]]:
    """The means of answers to some questions."""
    if chosen.mode == "change":
        return []
    measures = [one for question in questions for one in question.offered_measures]
    return [(f"mean:{one.name}", _("Mean: %(question)s") % {"question": one.title}) for one in measures]


def _measure_title(chosen: HeatmapFilter, choices: Choices) -> str:
    if chosen.measure == "mean":
        return _("Mean of “%(question)s”") % {"question": dict(choices.measured)[chosen.question]}
    return str(_MEASURE_TITLES[chosen.measure])


def _addresses(campaign: Campaign, chosen: HeatmapFilter, counted: Counted) -> Mapping[str, str]:
    """Addresses of the numbers for maps and downloads, and links to the map and to the table."""
    common = chosen.api_parameters()
    heat = {name: value for name, value in common.items() if name not in {"measure", "question"}}
    edited = chosen.api_parameters(chosen.edited)

    def api(name: str, parameters: Mapping[str, str], **more: str) -> str:
        return f"{reverse(f'api:{name}', args=(campaign.slug,))}?{urlencode({**parameters, **more})}"

    addresses = {
        "address": chosen.address(campaign),
        "map_address": replace(chosen, view="map").address(campaign),
        "table_address": replace(chosen, view=TABLE, cell="").address(campaign),
        "cells_url": api("heatmap", common, f="compact"),
        "geojson_url": api("heatmap", edited, f="geojson"),
        "csv_url": api("heatmap", edited, f="csv"),
        "report_url": chosen.address(campaign, "planning:heatmap-report"),
        "picture_url": chosen.address(campaign, "planning:heatmap-picture"),
        "districts_url": reverse("api:districts", args=(campaign.slug,)),
        "cell_url": reverse("planning:heatmap-cell", args=(campaign.slug,)),
    }
    if chosen.places:
        path = reverse("planning:heatmap-places", args=(campaign.slug,))
        addresses["places_url"] = f"{path}?{urlencode({'question': chosen.places})}"
    if chosen.mode == "compare":
        addresses["other_url"] = api("heatmap", chosen.api_parameters(chosen.other), f="compact")
    if chosen.mode == "change":
        periods = {"before": str(chosen.before.interval), "after": str(chosen.after.interval)}
        filters = {name: value for name, value in heat.items() if name != "datetime"}
        addresses["change_url"] = api("change", {**filters, **periods}, f="compact")
    if chosen.hotspots and counted.voices >= FEWEST_VOICES:
        tested = common if chosen.measure == "participants" else heat
        addresses["hotspots_url"] = api("hotspots", tested, f="compact", only="significant")
    if chosen.bandwidth:
        filters = {name: value for name, value in heat.items() if name not in {"grid", "size"}}
        addresses["surface_url"] = api("surface", filters, bandwidth=str(chosen.bandwidth))
    return addresses


def _table(
    campaign: Campaign,
    chosen: HeatmapFilter,
    choices: Choices,
    counted: Counted,
    parts: Sequence[Part],
) -> heatmap_tables.Table | None:
    if chosen.mode == "change":
        return heatmap_tables.changed(campaign, chosen, choices)
    if parts:
        first, second = (part.counted.found for part in parts)
        return heatmap_tables.compared(campaign, chosen, choices, first, second) if first and second else None
    return heatmap_tables.counted(campaign, chosen, choices, counted.found) if counted.found else None
