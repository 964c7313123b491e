"""Cells with more, or fewer, contributions than expected by chance."""

from __future__ import annotations

from typing import Final

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.statistics.hotspots import NEIGHBOURHOODS, hotspots
from mapping.aggregation.statistics.significance import FEWEST_PEOPLE
from mapping.api import openapi, shapes
from mapping.api.statistics_parameters import ALPHA, CELLS, DEFAULT_ALPHA, MEASURE, alpha_of, described, known
from mapping.exports.cells.statistics import hotspots_compact, hotspots_geojson
from mapping.http.access import campaign_for
from mapping.http.parameters.heatmap import query_with_responses
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, text_response
from mapping.services.errors import invalid

_MEASURES: Final = ("contributions", "participants")
_SHOWN: Final = ("all", "significant")
_FORMS: Final = ("geojson", "compact")
_BANDS: Final = (100, 50_000)
_KNOWN: Final = ("weights", "band", "alpha", "only", "f")

_PROPERTIES = {
    "contributions": shapes.INTEGER,
    "participants": shapes.INTEGER,
    "z": shapes.number("Gi* in standard deviations."),
    "p": shapes.number("Two-sided, of a standard normal distribution."),
    "p_adjusted": shapes.number("Corrected for the number of cells (Benjamini and Hochberg)."),
    "class": {"type": "string", "enum": ["hot", "cold", "none"]},
}
_METHOD = shapes.members(
    statistic={"type": "string", "enum": ["getis_ord_gi_star"]},
    correction={"type": "string", "enum": ["benjamini_hochberg"]},
    grid=shapes.TEXT,
    size=shapes.INTEGER,
    measure=shapes.TEXT,
    weights=shapes.TEXT,
    band=shapes.maybe({"type": "number", "description": "Metres, with `weights=distance`."}),
    alpha=shapes.number(),
    cells=shapes.integer("How many took part, the empty ones included."),
    hot=shapes.INTEGER,
    cold=shapes.INTEGER,
    fewest_people=shapes.integer("So many different people a hot spot needs, its neighbours included."),
    left_out=shapes.integer("Cells outside the campaign's area that hold something and took no part."),
)


class HotspotsView(ApiView):
    """Hot and cold spots of a campaign."""

    @extend_schema(
        operation_id="read_hotspots",
        tags=["statistics"],
        summary="Hot and cold spots (Getis-Ord Gi*)",
        parameters=described(
            OpenApiParameter("measure", str, enum=_MEASURES, default="contributions"),
            OpenApiParameter(
                "weights",
                str,
                enum=NEIGHBOURHOODS,
                default="queen",
                description="Neighbours share an edge or corner (`queen`), or their centres lie at most `band` apart.",
            ),
            OpenApiParameter(
                "band",
                {"type": "integer", "minimum": _BANDS[0], "maximum": _BANDS[1]},
                description="Metres, with `weights=distance`. Without it two edges of a cell; for districts as far as "
                "the loneliest needs to have a neighbour.",
            ),
            ALPHA,
            OpenApiParameter(
                "only", str, enum=_SHOWN, default="all", description="`significant`: hot and cold cells only."
            ),
            OpenApiParameter("f", str, enum=_FORMS, default="geojson", description="`compact` is for maps."),
            of_heatmaps=CELLS | MEASURE,
            without=MEASURE,
        ),
        responses={
            (200, GEOJSON): OpenApiResponse(
                shapes.collection(_PROPERTIES, totals=shapes.TOTALS, method=_METHOD),
                description="All cells of the campaign's area, the empty ones as zero.",
            ),
            (200, "application/json"): OpenApiResponse(
                shapes.compact(
                    "The cell (as in the heat map), contributions, participants, z, p, p_adjusted, class.",
                    totals=shapes.TOTALS,
                    method=_METHOD,
                ),
                description="With f=compact.",
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Accepts the filters of the heat map. Refused (`too_few_participants`) for fewer than 30 people.

        Lines and areas count once, spread over their cells. A hot cell is not empty itself, and `fewest_people` or more
        contributed in it and its neighbours, none of them more than half.
        """
        campaign = campaign_for(request, slug)
        parameters = Parameters(request.query_params, known(request, *_KNOWN, of_heatmaps=CELLS | MEASURE))
        weights = parameters.choice("weights", NEIGHBOURHOODS, "queen")
        band = parameters.whole_number("band", 0, *_BANDS)
        alpha = parameters.read("alpha", alpha_of) or DEFAULT_ALPHA
        only = parameters.choice("only", _SHOWN, "all")
        form = parameters.choice("f", _FORMS, "geojson")
        query = query_with_responses(request, campaign, parameters, view="hotspots")
        if query.has_values:
            raise invalid("measure", "unknown_choice", choices=", ".join(_MEASURES))
        found = hotspots(query, weights, band or None, alpha)
        method = {
            "statistic": "getis_ord_gi_star",
            "correction": "benjamini_hochberg",
            "grid": query.grid,
            "size": found.frame.size,
            "measure": query.measure,
            "weights": weights,
            "band": found.band,
            "alpha": alpha,
            "cells": len(found.frame.keys),
            "hot": found.spots.count("hot"),
            "cold": found.spots.count("cold"),
            "fewest_people": FEWEST_PEOPLE,
            "left_out": found.left_out,
        }
        is_compact = form == "compact"
        write = hotspots_compact if is_compact else hotspots_geojson
        text = write(found, method, significant_only=only == "significant")
        return text_response(
            request, text.encode(), content_type="application/json" if is_compact else GEOJSON
        )
