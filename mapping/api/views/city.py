"""The city: its name, contact and boundary."""

from __future__ import annotations

import json

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.api.openapi import problems
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, absolute, json_response
from mapping.models.setup.profile import city_boundary, current_city


class CityView(ApiView):
    """The city that this site is run for."""

    @extend_schema(
        operation_id="read_city",
        tags=["entry"],
        summary="Name, contact and boundary of the city",
        responses={
            (200, GEOJSON): OpenApiResponse(
                {"type": "object", "additionalProperties": True},
                description="A GeoJSON Feature (EPSG:4326); `geometry` is null where no boundary is known.",
            ),
            **problems(400),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A GeoJSON Feature."""
        Parameters(request.query_params, ()).done()
        city, boundary = current_city(), city_boundary()
        body = {
            "type": "Feature",
            "geometry": None if boundary is None else json.loads(boundary.json),
            "properties": {
                "name": city.name,
                "contact": city.contact,
                "imprint": absolute(request, "imprint"),
                "logo": None if city.logo is None else request.build_absolute_uri(city.logo.address),
                "boundary_source": city.boundary_source,
            },
        }
        # Nothing is kept: the editors' map shows a boundary as soon as it is stored.
        return json_response(request, body, content_type=GEOJSON)
