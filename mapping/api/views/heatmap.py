"""Counts per cell of the European grid."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.heatmap import as_compact, geojson_text, heatmap
from mapping.api import openapi
from mapping.api.access import campaign_for
from mapping.api.heatmap_parameters import DESCRIBED, heatmap_query, known
from mapping.api.parameters import Parameters
from mapping.api.views.base import GEOJSON, ApiView, json_response, text_response

_GRIDS = ("square",)
_FORMS = ("geojson", "compact")

_TOTALS = {
    "type": "object",
    "properties": {
        "contributions": {"type": "integer"},
        "participants": {"type": "integer"},
        "unlocated": {"type": "integer", "description": "Contributions without a place."},
    },
}
_GEOJSON = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "enum": ["Feature"]},
                    "id": {"type": "string", "example": "CRS3035RES500mN2928000E4159000"},
                    "geometry": {"type": "object", "description": "The cell as Polygon."},
                    "properties": {
                        "type": "object",
                        "properties": {
                            "contributions": {"type": "integer"},
                            "participants": {"type": "integer"},
                        },
                    },
                },
            },
        },
        "totals": _TOTALS,
    },
}
_COMPACT = {
    "type": "object",
    "properties": {
        "grid": {"type": "string", "enum": list(_GRIDS)},
        "size": {"type": "integer"},
        "crs": {"type": "integer", "enum": [3035]},
        "cells": {
            "type": "array",
            "description": "East and north of the south-west corner (metres), contributions, participants.",
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4},
        },
        "totals": _TOTALS,
    },
}


class HeatmapView(ApiView):
    """The heat map of a campaign."""

    @extend_schema(
        operation_id="read_heatmap",
        tags=["heat map"],
        summary="Contributions and participants per cell",
        parameters=[
            *DESCRIBED,
            OpenApiParameter("f", str, enum=_FORMS, default="geojson", description="`compact` is for maps."),
        ],
        responses={
            (200, GEOJSON): OpenApiResponse(
                _GEOJSON, description="Cells that hold anything; ids are GeoGitter's."
            ),
            (200, "application/json"): OpenApiResponse(_COMPACT, description="With f=compact."),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Counted from whole days. Campaigns that publish cells answer 403 `publishes_cells` to the public."""
        campaign = campaign_for(request, slug)
        parameters = Parameters(request.query_params, known(request, "f"))
        form = parameters.choice("f", _FORMS, "geojson")
        found = heatmap(heatmap_query(request, campaign, parameters))
        if form == "compact":
            return json_response(request, as_compact(found))
        return text_response(request, geojson_text(found).encode())
