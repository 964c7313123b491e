"""Counts per square, hexagon or district."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import GRIDS
from mapping.api import openapi
from mapping.api.heatmap_parameters import DESCRIBED
from mapping.api.views.release import ABOUT, RELEASE, reads_release, release_response
from mapping.exports.cells.heatmap import compact_text, content_crs, csv_text, geojson_text
from mapping.exports.cells.outlines import CRS
from mapping.geo.crs import WGS84
from mapping.http.access import campaign_for
from mapping.http.parameters.heatmap import known, query_with_responses
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, text_response

_FORMS = ("geojson", "csv", "compact")
_CRS = tuple(str(code) for code in CRS)
_CSV = "text/csv"

_TOTALS = {
    "type": "object",
    "properties": {
        "contributions": {"type": "integer"},
        "participants": {"type": "integer", "description": "People who contributed."},
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
                    "geometry": {
                        "type": "object",
                        "description": "The cell as Polygon, a district as MultiPolygon.",
                    },
                    "properties": {
                        "type": "object",
                        "properties": {
                            "contributions": {"type": "integer"},
                            "participants": {"type": "integer", "description": "People who contributed."},
                            "participants_at_least": {
                                "type": "integer",
                                "description": "Of released cells: at least k, rounded down.",
                            },
                            "value": {
                                "type": "number",
                                "nullable": True,
                                "description": "With `measure=support`, `opposition`, `balance` or `mean`;"
                                " null where nobody answered.",
                            },
                            "code": {"type": "string", "description": "Of a district."},
                            "name": {"type": "string", "description": "Of a district."},
                        },
                    },
                },
            },
        },
        "totals": _TOTALS,
        "release": ABOUT,
    },
}
_COMPACT = {
    "type": "object",
    "properties": {
        "grid": {"type": "string", "enum": [*GRIDS, "release"]},
        "size": {"type": "integer"},
        "crs": {"type": "integer", "enum": [3035]},
        "cells": {
            "type": "array",
            "description": "East and north of a square's south-west corner (metres), column and row of a hexagon,"
            " a district's code, or the squares of a released cell (east, north, size); contributions, participants,"
            " and the value where the measure has one.",
            "items": {"type": "array", "items": {}, "minItems": 3, "maxItems": 5},
        },
        "totals": _TOTALS,
        "release": ABOUT,
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
            OpenApiParameter(
                "crs", str, enum=_CRS, default=_CRS[0], description="EPSG code of GeoJSON coordinates."
            ),
            RELEASE,
            OpenApiParameter("f", str, enum=_FORMS, default="geojson", description="`compact` is for maps."),
        ],
        responses={
            (200, GEOJSON): OpenApiResponse(
                _GEOJSON,
                description="Cells that hold anything. Ids of squares are GeoGitter's, of hexagons"
                " `HEX3035E<edge>I<column>J<row>`, of districts their codes. In another CRS than 4326 the member `crs`"
                " and the header `Content-Crs` name it.",
            ),
            (200, _CSV): OpenApiResponse(
                str, description="With f=csv: id (districts also name), contributions, participants, value."
            ),
            (200, "application/json"): OpenApiResponse(_COMPACT, description="With f=compact."),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Counts refer to whole days.

        For campaigns that publish cells the public gets the cells of the current release (`release` instead of
        `totals`, `participants_at_least` instead of `participants`), whatever `size` is; filters are refused.
        """
        campaign = campaign_for(request, slug)
        names = known(request, "crs", "f", "release")
        if reads_release(request, campaign):
            return release_response(request, campaign, names)
        parameters = Parameters(request.query_params, names)
        form = parameters.choice("f", _FORMS, "geojson")
        crs = int(parameters.choice("crs", _CRS, str(WGS84)))
        found = heatmap(query_with_responses(request, campaign, parameters))
        if form == "compact":
            return text_response(request, compact_text(found).encode(), content_type="application/json")
        if form == "csv":
            name = f'attachment; filename="{campaign.slug}-heatmap.csv"'
            return text_response(
                request,
                csv_text(found).encode(),
                content_type=f"{_CSV}; charset=utf-8",
                headers={"Content-Disposition": name},
            )
        headers = {"Content-Crs": content_crs(crs)}
        return text_response(request, geojson_text(found, crs).encode(), headers=headers)
