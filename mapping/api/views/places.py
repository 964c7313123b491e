"""The geography around campaigns: their area, the districts, and places by name."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from doors.visitors import SEARCH
from mapping.api import openapi
from mapping.api.serializers import AddressesSerializer, AreaSerializer, DistrictSerializer
from mapping.geo.text import TextProblem, clean_text
from mapping.http.access import campaign_for
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, json_response
from mapping.models import Address, Campaign, District
from mapping.services.errors import invalid
from mapping.visitor import admit

_KEPT = "public, max-age=3600"
_LONGEST_WORDS, _SHORTEST_WORDS = 200, 2
_MOST_ADDRESSES = 10


class AreaView(ApiView):
    """The area of a campaign."""

    @extend_schema(
        operation_id="read_area",
        tags=["campaigns"],
        summary="Where a campaign takes place",
        responses={(200, GEOJSON): AreaSerializer, **openapi.problems(400, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """A GeoJSON Feature; 404 for a campaign without an area."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        if campaign.area is None:
            raise Http404
        return _kept(request, campaign, AreaSerializer(campaign).data)


class DistrictsView(ApiView):
    """The districts of a campaign."""

    @extend_schema(
        operation_id="list_districts",
        tags=["campaigns"],
        summary="Districts of the campaign's city",
        responses={(200, GEOJSON): DistrictSerializer(many=True), **openapi.problems(400, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """A GeoJSON FeatureCollection; empty for a campaign without districts."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        found = District.objects.filter(layer=campaign.district_layer_id).order_by("code")
        return _kept(request, campaign, DistrictSerializer(found, many=True).data)


class AddressesView(ApiView):
    """Addresses and places by name, from the site's own database: no query is sent to a third party."""

    is_public_data = False

    @extend_schema(
        operation_id="search_addresses",
        tags=["entry"],
        summary="Find a place by its name",
        parameters=[OpenApiParameter("q", str, required=True, description="At least two letters.")],
        responses={
            200: OpenApiResponse(AddressesSerializer, description="At most ten."),
            **openapi.problems(400, 429),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Best matches first."""
        parameters = Parameters(request.query_params, ("q",))
        words = parameters.text("q")
        parameters.done()
        admit(request._request, SEARCH)  # noqa: SLF001 - DRF's way to the plain request
        try:
            words = clean_text(words, max_length=_LONGEST_WORDS, multiline=False)
        except TextProblem as problem:
            raise invalid("q", problem.code, **problem.params) from problem
        found = Address.objects.like(words)[:_MOST_ADDRESSES] if len(words) >= _SHORTEST_WORDS else ()
        results = [
            {
                "name": place.name,
                "kind": place.kind,
                "lon": round(place.geom.x, 7),
                "lat": round(place.geom.y, 7),
            }
            for place in found
        ]
        return json_response(request, {"results": results})


def _kept(request: Request, campaign: Campaign, body: object) -> HttpResponseBase:
    """GeoJSON that rarely changes: cacheable for an hour, unless it is of a draft."""
    response = json_response(request, body, content_type=GEOJSON)
    if not campaign.is_draft:
        response["Cache-Control"] = _KEPT
    return response
