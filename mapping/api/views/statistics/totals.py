"""Statistics of a campaign: totals, per category, district and time, and spatial autocorrelation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.hotspots import autocorrelation
from mapping.aggregation.statistics.totals import (
    opinions,
    per_category,
    per_district,
    per_hour,
    per_weekday,
    timeline,
)
from mapping.api import openapi, shapes
from mapping.api.statistics_parameters import CELLS, described, known
from mapping.exports.cells.statistics import totals_member
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import SIZES
from mapping.http.access import campaign_for
from mapping.http.parameters.heatmap import query_with_responses
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, json_response
from mapping.models import Campaign, District
from mapping.services.identity import number_who_took_part

_UNDEFINED = "undefined"
_REASONS = ("too_few_participants", "too_many_cells", "no_districts", _UNDEFINED)

_MORAN = shapes.members(
    i=shapes.number("From -1 (neighbours differ) over about 0 (chance) to 1 (neighbours are alike)."),
    expected=shapes.number("Without any pattern."),
    z=shapes.number("In standard deviations, under randomisation."),
    p=shapes.number("Two-sided."),
    cells=shapes.integer("How many took part, the empty ones included."),
    grid=shapes.TEXT,
    size=shapes.INTEGER,
    weights=shapes.TEXT,
)
_NAMED = {"title": shapes.TEXT, "contributions": shapes.INTEGER}


class StatisticsView(ApiView):
    """Statistics of a campaign."""

    @extend_schema(
        operation_id="read_statistics",
        tags=["statistics"],
        summary="Totals, numbers per category, district and time, Moran's I",
        parameters=described(of_heatmaps=CELLS),
        responses={
            200: OpenApiResponse(
                shapes.members(
                    totals=shapes.TOTALS,
                    opinions=shapes.members(
                        support=shapes.INTEGER,
                        opposition=shapes.INTEGER,
                        balance=shapes.integer("Support less opposition."),
                    ),
                    took_part=shapes.integer(
                        "People who did anything in this campaign (contributed, commented, supported or opposed) and "
                        "of whom some of it is public, whatever the filter; for analysts of protected campaigns, "
                        "everybody who did. Those who contributed are `totals.participants`."
                    ),
                    moran=shapes.maybe(_MORAN),
                    moran_reason=shapes.maybe({"type": "string", "enum": list(_REASONS)}),
                    per_category=shapes.listed(shapes.members(slug=shapes.TEXT, **_NAMED)),
                    per_district=shapes.listed(
                        shapes.members(code=shapes.TEXT, name=shapes.TEXT, contributions=shapes.INTEGER)
                    ),
                    per_month=shapes.listed(shapes.members(month=shapes.TEXT, contributions=shapes.INTEGER)),
                    per_weekday=shapes.listed(shapes.INTEGER, "Seven numbers from Monday."),
                    per_hour=shapes.listed(shapes.INTEGER, "24 numbers from midnight, local time."),
                ),
                description="Categories and districts without contributions are named, too.",
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Moran's I is left out, with its reason, if fewer than 30 people took part; numbers are always returned."""
        campaign = campaign_for(request, slug)
        parameters = Parameters(request.query_params, known(request, of_heatmaps=CELLS))
        query = query_with_responses(request, campaign, parameters, view="statistics")
        # The coarsest squares: only totals are needed.
        totals = heatmap(replace(query, grid="square", size=SIZES[-1])).totals
        said = opinions(query)
        moran, reason = _moran(query)
        return json_response(
            request,
            {
                "totals": totals_member(totals),
                "opinions": {
                    "support": said.support,
                    "opposition": said.opposition,
                    "balance": said.balance,
                },
                "took_part": number_who_took_part(campaign, is_public=campaign.publishes_points),
                "moran": moran,
                "moran_reason": reason,
                "per_category": _per_category(campaign, query),
                "per_district": _per_district(campaign, query),
                "per_month": [
                    {"month": f"{first:%Y-%m}", "contributions": number}
                    for first, number in timeline(query, "month")
                ],
                "per_weekday": _filled(per_weekday(query), range(1, 8)),
                "per_hour": _filled(per_hour(query), range(24)),
            },
        )


def _moran(query: HeatmapQuery) -> tuple[dict[str, Any] | None, str | None]:
    try:
        found = autocorrelation(query)
    except QueryProblem as problem:
        if problem.code not in _REASONS:
            raise
        return None, problem.code
    moran = found.moran
    if moran is None:
        return None, _UNDEFINED
    return {
        "i": moran.i,
        "expected": moran.expected,
        "z": moran.z,
        "p": moran.p,
        "cells": found.cells,
        "grid": query.grid,
        "size": query.size if query.grid != "district" else 0,
        "weights": "queen",
    }, None


def _per_category(campaign: Campaign, query: HeatmapQuery) -> list[dict[str, object]]:
    numbers = dict(per_category(query))
    return [
        {"slug": slug, "title": title, "contributions": numbers.get(pk, 0)}
        for pk, slug, title in campaign.categories.values_list("pk", "slug", "title")
    ]


def _per_district(campaign: Campaign, query: HeatmapQuery) -> list[dict[str, object]]:
    numbers = dict(per_district(query))
    districts = District.objects.filter(layer=campaign.district_layer_id).order_by("code")
    return [
        {"code": code, "name": name, "contributions": numbers.get(pk, 0)}
        for pk, code, name in districts.values_list("pk", "code", "name")
    ]


def _filled(numbers: list[tuple[int, int]], values: range) -> list[int]:
    known_numbers = dict(numbers)
    return [known_numbers.get(value, 0) for value in values]
