"""Squares with the true centre of what they hold, counted by category: for the bubbles of maps."""

from __future__ import annotations

from typing import Final

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.centres import CENTRE_SIZES, MOST_CENTRES, centres
from mapping.api import openapi, shapes
from mapping.api.filter_parameters import FILTERS
from mapping.exports.cells.centres import centres_text
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.filters.places import BOX
from mapping.geo.bbox import boxes_of
from mapping.http.access import campaign_for, readable_statuses
from mapping.http.parameters.heatmap import known_names
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, text_response

DEFAULT_SIZE: Final = 1000

_CENTRES: Final = shapes.members(
    size=shapes.integer("Edge of the squares in metres."),
    categories=shapes.listed(shapes.TEXT, "Short names of the categories that are counted, in their order."),
    centres=shapes.listed(
        {"type": "array", "items": {"type": "number"}, "minItems": 2},
        "Longitude and latitude of the centre in degrees (WGS 84), then the contributions of each of `categories`.",
    ),
)


class CentresView(ApiView):
    """The centres of a campaign's contributions."""

    @extend_schema(
        operation_id="read_centres",
        tags=["contributions"],
        summary="Where contributions lie on average, by square and category",
        parameters=[
            OpenApiParameter(
                "size",
                int,
                enum=CENTRE_SIZES,
                default=DEFAULT_SIZE,
                description="Metres: the edge of the squares (EPSG:3035).",
            ),
            *FILTERS,
        ],
        responses={
            (200, "application/json"): OpenApiResponse(
                _CENTRES, description=f"At most {MOST_CENTRES:,} squares, from south-west to north-east."
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Each contribution counts once; a line or area where its middle lies.

        `bbox` chooses squares, which are always counted in full. Campaigns that publish cells return 403
        `publishes_cells`.
        """
        campaign = campaign_for(request, slug)
        parameters = Parameters(request.query_params, known_names(request.query_params, "size"))
        size = parameters.choice("size", [str(one) for one in CENTRE_SIZES], str(DEFAULT_SIZE))
        asked = parameters.choices("status", STATUSES)
        boxes = parameters.read(BOX.name, boxes_of)
        wanted = ContributionFilter.read(parameters, Choices(campaign), without=(BOX,))
        statuses = readable_statuses(request, campaign, asked, "centres")
        parameters.done()
        found = centres(campaign, wanted.with_statuses(statuses), int(size), boxes)
        return text_response(request, centres_text(found, campaign).encode(), content_type="application/json")
