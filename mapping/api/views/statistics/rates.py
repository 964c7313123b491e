"""Participation relative to inhabitants."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.rates import FEW_INHABITANTS, rates
from mapping.api import openapi, shapes
from mapping.api.statistics_parameters import described, known, sized
from mapping.exports.cells.statistics import rates_geojson
from mapping.geo.grid import SIZES
from mapping.http.access import campaign_for
from mapping.http.parameters.heatmap import query_with_responses
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, text_response
from mapping.models import PopulationGrid
from mapping.services.errors import invalid

_DEFAULT_SIZE = 1000

_PROPERTIES = {
    "contributions": shapes.INTEGER,
    "participants": shapes.INTEGER,
    "inhabitants": shapes.maybe(shapes.integer("Null where the grid of inhabitants does not know the cell.")),
    "contributions_per_1000": shapes.maybe(shapes.number("Per 1,000 inhabitants; null where nobody lives.")),
    "participants_per_1000": shapes.maybe(shapes.number()),
    "unstable": {"type": "boolean", "description": f"Fewer than {FEW_INHABITANTS} inhabitants."},
}


class RatesView(ApiView):
    """Contributions and participants per 1,000 inhabitants."""

    @extend_schema(
        operation_id="read_rates",
        tags=["statistics"],
        summary="Contributions and participants per 1,000 inhabitants",
        parameters=described(
            OpenApiParameter(
                "size", int, enum=SIZES, default=_DEFAULT_SIZE, description="Metres: the edge of a square."
            ),
            OpenApiParameter(
                "population",
                str,
                description="Short name of a grid of inhabitants. Without it, the one that knows most of the campaign.",
            ),
        ),
        responses={
            (200, GEOJSON): OpenApiResponse(
                shapes.collection(
                    _PROPERTIES,
                    totals=shapes.TOTALS,
                    population=shapes.members(
                        slug=shapes.TEXT, title=shapes.TEXT, attribution=shapes.TEXT, size=shapes.INTEGER
                    ),
                    method=shapes.members(
                        grid=shapes.TEXT, size=shapes.INTEGER, few_inhabitants=shapes.INTEGER
                    ),
                ),
                description="Squares with contributions or inhabitants.",
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Refused (`no_population`) if no population grid fits the campaign and the size."""
        campaign = campaign_for(request, slug)
        parameters = Parameters(
            request.query_params, known(request, "population", of_heatmaps=frozenset({"size"}))
        )
        population = parameters.text("population")
        query: HeatmapQuery = sized(
            request, query_with_responses(request, campaign, parameters, view="rates"), _DEFAULT_SIZE
        )
        grids = list(PopulationGrid.objects.values_list("slug", flat=True))
        if population and population not in grids:
            raise invalid("population", "unknown_choice", choices=", ".join(grids))
        return text_response(request, rates_geojson(rates(query, population), query.size).encode())
