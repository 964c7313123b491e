"""Clusters of contributions by density, independent of any grid."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.statistics.clusters import EPS_RANGE, MINIMUM_RANGE, clusters
from mapping.api import openapi, shapes
from mapping.api.statistics_parameters import described, known
from mapping.exports.cells.statistics import clusters_geojson
from mapping.http.access import campaign_for
from mapping.http.parameters.heatmap import query_with_responses
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, text_response

_DEFAULT_EPS, _DEFAULT_MINIMUM = 100, 10

_PROPERTIES = {
    "contributions": shapes.INTEGER,
    "participants": shapes.INTEGER,
    "words": shapes.listed(
        shapes.members(word=shapes.TEXT, contributions=shapes.INTEGER),
        "At most ten, the most frequent ones that stand in two texts or more.",
    ),
}
_TOTALS = shapes.members(
    places=shapes.integer("Contributions with a place."),
    clustered=shapes.integer("Of these, in a cluster ..."),
    noise=shapes.integer("... and in none."),
    clusters=shapes.integer("How many there are; the 500 largest are listed."),
)


class ClustersView(ApiView):
    """Clusters of a campaign's places."""

    @extend_schema(
        operation_id="read_clusters",
        tags=["statistics"],
        summary="Clusters of places (DBSCAN)",
        parameters=described(
            OpenApiParameter(
                "eps",
                {
                    "type": "integer",
                    "minimum": EPS_RANGE[0],
                    "maximum": EPS_RANGE[1],
                    "default": _DEFAULT_EPS,
                },
                description="Metres within which places are neighbours.",
            ),
            OpenApiParameter(
                "min",
                {
                    "type": "integer",
                    "minimum": MINIMUM_RANGE[0],
                    "maximum": MINIMUM_RANGE[1],
                    "default": _DEFAULT_MINIMUM,
                },
                description="Neighbours (a place is one of its own) that make a place the core of a cluster.",
            ),
        ),
        responses={
            (200, GEOJSON): OpenApiResponse(
                shapes.collection(
                    _PROPERTIES,
                    totals=_TOTALS,
                    method=shapes.members(statistic=shapes.TEXT, eps=shapes.INTEGER, min=shapes.INTEGER),
                ),
                description="Convex hulls, the largest cluster first.",
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Lines and areas count as one point. Accepts the filters of the heat map."""
        campaign = campaign_for(request, slug)
        parameters = Parameters(request.query_params, known(request, "eps", "min"))
        eps = parameters.whole_number("eps", _DEFAULT_EPS, *EPS_RANGE)
        minimum = parameters.whole_number("min", _DEFAULT_MINIMUM, *MINIMUM_RANGE)
        query = query_with_responses(request, campaign, parameters, view="clusters")
        found = clusters(query, eps, minimum)
        method = {"statistic": "dbscan", "eps": eps, "min": minimum}
        return text_response(request, clusters_geojson(found, method).encode())
