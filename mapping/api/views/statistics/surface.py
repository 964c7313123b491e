"""Density surface over the map."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.heatmap.kernel import KERNELS
from mapping.aggregation.heatmap.surface import BANDWIDTHS, SIZES_OF_SURFACES, Surface, surface
from mapping.api import openapi, shapes
from mapping.api.statistics_parameters import described, known, sized
from mapping.exports.cells.statistics import totals_member
from mapping.exports.cells.surface import UNIT, classes, picture
from mapping.http.access import campaign_for
from mapping.http.parameters.heatmap import query_with_responses
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute, json_response
from mapping.services.errors import invalid

_DEFAULT_BANDWIDTH: Final = 300
_SIZE: Final = frozenset({"size"})
_KNOWN: Final = ("bandwidth", "kernel")

_PARAMETERS = described(
    OpenApiParameter(
        "bandwidth",
        {
            "type": "integer",
            "minimum": BANDWIDTHS[0],
            "maximum": BANDWIDTHS[1],
            "default": _DEFAULT_BANDWIDTH,
        },
        description="Metres over which a contribution is spread.",
    ),
    OpenApiParameter("kernel", str, enum=KERNELS, default=KERNELS[0]),
    OpenApiParameter(
        "size",
        int,
        enum=SIZES_OF_SURFACES,
        default=SIZES_OF_SURFACES[0],
        description="Metres: the squares that it is computed from.",
    ),
)
_ANSWER = shapes.members(
    bounds=shapes.maybe(
        shapes.listed(
            shapes.number(), "West, south, east, north of the picture; null where there is nothing."
        )
    ),
    bandwidth=shapes.INTEGER,
    kernel=shapes.TEXT,
    size=shapes.INTEGER,
    unit=shapes.TEXT,
    maximum=shapes.number(),
    classes=shapes.listed(
        shapes.members(**{"from": shapes.number(), "to": shapes.number(), "colour": shapes.TEXT}),
        "From few to many; what lies below the first is transparent.",
    ),
    picture={"type": "string", "format": "uri"},
    totals=shapes.TOTALS,
)


class SurfaceView(ApiView):
    """The legend of a surface."""

    @extend_schema(
        operation_id="read_surface",
        tags=["statistics"],
        summary="A smooth surface (kernel density)",
        parameters=_PARAMETERS,
        responses={
            200: OpenApiResponse(_ANSWER, description="Where the picture lies and what its colours mean."),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """A surface shows density where nobody placed anything: never show it without its bandwidth."""
        found = _surface(request, slug)
        query = request.META.get("QUERY_STRING", "")
        address = absolute(request, "api:surface-picture", slug)
        return json_response(
            request,
            {
                "bounds": None if found.bounds is None else [round(degree, 7) for degree in found.bounds],
                "bandwidth": found.bandwidth,
                "kernel": found.kernel,
                "size": found.size,
                "unit": UNIT,
                "maximum": round(found.maximum, 3),
                "classes": classes(found),
                "picture": f"{address}?{query}" if query else address,
                "totals": totals_member(found.totals),
            },
        )


class SurfacePictureView(ApiView):
    """The picture of a surface."""

    @extend_schema(
        operation_id="read_surface_picture",
        tags=["statistics"],
        summary="The picture of a smooth surface",
        parameters=_PARAMETERS,
        responses={
            (200, "image/png"): OpenApiResponse(
                OpenApiTypes.BINARY,
                description="In Web Mercator between the `bounds` that `read_surface` tells; transparent where there "
                "is little.",
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Accepts the same parameters as its legend."""
        return HttpResponse(picture(_surface(request, slug)), content_type="image/png")


def _surface(request: Request, slug: str) -> Surface:
    campaign = campaign_for(request, slug)
    parameters = Parameters(request.query_params, known(request, *_KNOWN, of_heatmaps=_SIZE))
    bandwidth = parameters.whole_number("bandwidth", _DEFAULT_BANDWIDTH, *BANDWIDTHS)
    kernel = parameters.choice("kernel", KERNELS, KERNELS[0])
    query = sized(
        request, query_with_responses(request, campaign, parameters, view="surface"), SIZES_OF_SURFACES[0]
    )
    if query.size not in SIZES_OF_SURFACES:
        raise invalid("size", "unknown_choice", choices=", ".join(map(str, SIZES_OF_SURFACES)))
    return surface(query, bandwidth, kernel)
