"""Counts per cell of the European grid."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.heatmap import HeatmapQuery, as_compact, geojson_text, square_heatmap
from mapping.api import openapi
from mapping.api.access import campaign_for, readable_statuses
from mapping.api.parameters import STATUSES, Parameters
from mapping.api.views.base import GEOJSON, ApiView, json_response, text_response
from mapping.geo.grid import SIZES
from mapping.models import ContributionStatus

_KNOWN = ("grid", "size", "category", "datetime", "status", "f")
_GRIDS = ("square",)
_FORMS = ("geojson", "compact")
_DEFAULT_SIZE = 500

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
            OpenApiParameter("grid", str, enum=_GRIDS, default="square"),
            OpenApiParameter("size", int, enum=SIZES, default=_DEFAULT_SIZE, description="Metres."),
            openapi.CATEGORY,
            openapi.DATETIME,
            openapi.STATUS,
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
        parameters = Parameters(request.query_params, _KNOWN)
        parameters.choice("grid", _GRIDS, "square")
        size = parameters.choice("size", [str(size) for size in SIZES], str(_DEFAULT_SIZE))
        form = parameters.choice("f", _FORMS, "geojson")
        interval = parameters.interval()
        asked = parameters.choices("status", STATUSES)
        categories = (
            dict(campaign.categories.values_list("slug", "pk")) if "category" in request.query_params else {}
        )
        chosen = parameters.choices("category", categories, "unknown_category")
        statuses = readable_statuses(request, campaign, asked, "heatmap")
        parameters.done()
        query = HeatmapQuery(
            campaign_id=campaign.pk,
            size=int(size),
            category_ids=None if chosen is None else tuple(categories[slug] for slug in chosen),
            start=interval.first_day(),
            end=interval.last_day(),
            statuses=statuses or (ContributionStatus.PUBLISHED.value,),
        )
        heatmap = square_heatmap(query)
        if form == "compact":
            return json_response(request, as_compact(heatmap))
        return text_response(request, geojson_text(heatmap).encode())
