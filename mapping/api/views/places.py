"""The geography around campaigns: their area, the districts, places by name, and places in words."""

from __future__ import annotations

from typing import Any, Final

import shapely
from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from doors.visitors import SEARCH
from mapping.api import openapi
from mapping.api.serializers import AreaSerializer, DistrictSerializer
from mapping.api.shapes import TEXT, listed, maybe, members, number
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import parse_point, parse_position
from mapping.geo.text import TextProblem, clean_text
from mapping.ground.following import FARTHEST, Followed, NotFollowed, follow
from mapping.ground.following import REACH as ON_STREET
from mapping.http.access import campaign_for
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, json_response
from mapping.models import Campaign, District
from mapping.places.around import REACH
from mapping.places.finding import MOST_PLACES, as_numbers, find_places
from mapping.places.names import PlaceKind
from mapping.places.words import PlaceWords, words_at
from mapping.services.checking.area import area_of
from mapping.services.errors import invalid
from mapping.visitor import admit

_KEPT = "public, max-age=3600"
_LONGEST_WORDS = 200
_LANGUAGE: Final = "language"
_QUERY: Final = OpenApiParameter.QUERY
_PLACE_WORDS: Final = members(
    words=TEXT | {"description": "In one line; empty where nothing is near."},
    address=TEXT
    | {"description": f"The nearest address or well-known place within {REACH} m; may be empty."},
    street=TEXT | {"description": "The street of the nearest address that has one; may be empty."},
    district=TEXT | {"description": "The district in which the position lies; may be empty."},
)


_OUTSIDE: Final = "outside_area"
_POSITION: Final = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_WAY: Final = members(
    followed={
        "type": "boolean",
        "description": "Whether there is a way; without one a straight line remains.",
    },
    reason={
        "type": "string",
        "enum": ["", *(str(one) for one in NotFollowed), _OUTSIDE],
        "description": "Why there is no way; empty where there is one.",
    },
    geometry=maybe(
        {
            "type": "object",
            "description": "GeoJSON LineString, WGS 84, from street to street, within a metre of the streets.",
            "properties": {
                "type": {"type": "string", "enum": ["LineString"]},
                "coordinates": {"type": "array", "items": _POSITION},
            },
        }
    ),
    length=maybe(number("Metres along the streets.")),
    streets=listed(TEXT)
    | {"description": "Names of the streets in their order; those without a name are missing."},
)


class AddressSerializer(serializers.Serializer[Any]):
    """A place with a name."""

    name = serializers.CharField()
    kind = serializers.CharField(help_text="In words, of well-known places as they were imported.")
    type = serializers.ChoiceField(choices=PlaceKind.choices)
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    bbox = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        allow_null=True,
        help_text="West, south, east, north of a district; null for all others.",
    )


class AddressesSerializer(serializers.Serializer[Any]):
    """Places whose names resemble the query, best first."""

    results = AddressSerializer(many=True)


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
    """Addresses, streets, districts and places by name, from the site's own database: no third party is asked."""

    is_public_data = False

    @extend_schema(
        operation_id="search_addresses",
        tags=["entry"],
        summary="Find a place by its name",
        parameters=[
            OpenApiParameter(
                "q",
                str,
                required=True,
                description="At least two letters, in any spelling (`str.`, `strasse`, `ae` for `ä`, small errors), "
                "with or without the number of a house.",
            ),
            OpenApiParameter(
                "campaign", str, _QUERY, description="Only districts of this campaign (short name)."
            ),
        ],
        responses={
            200: OpenApiResponse(AddressesSerializer, description=f"At most {MOST_PLACES}."),
            **openapi.problems(400, 404, 429),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Best matches first."""
        parameters = Parameters(request.query_params, ("q", "campaign"))
        words = parameters.text("q")
        slug = parameters.text("campaign")
        parameters.done()
        campaign = campaign_for(request, slug.replace("\0", "")) if slug else None
        admit(request._request, SEARCH)  # noqa: SLF001 - DRF's way to the plain request
        try:
            words = clean_text(words, max_length=_LONGEST_WORDS, multiline=False)
        except TextProblem as problem:
            raise invalid("q", problem.code, **problem.params) from problem
        return json_response(request, {"results": as_numbers(find_places(words, campaign))})


class PlaceWordsView(ApiView):
    """What lies around a position, in words."""

    @extend_schema(
        operation_id="read_place_words",
        tags=["campaigns"],
        summary="A position in words: the nearest address, its street, the district",
        parameters=[
            OpenApiParameter("lon", float, _QUERY, required=True, description="Degrees, WGS 84."),
            OpenApiParameter("lat", float, _QUERY, required=True, description="Degrees, WGS 84."),
            OpenApiParameter(
                _LANGUAGE,
                str,
                _QUERY,
                enum=[tag for tag, _title in settings.LANGUAGES],
                description="Without it: the language of the site that the visitor chose.",
            ),
        ],
        responses={
            200: OpenApiResponse(_PLACE_WORDS, description="Is kept nowhere."),
            **openapi.problems(400, 404, 429),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Of the site's own addresses and the campaign's districts; the position is stored nowhere."""
        parameters = Parameters(request.query_params, ("lon", "lat", _LANGUAGE))
        lon, lat = parameters.text("lon"), parameters.text("lat")
        tags = [tag for tag, _title in settings.LANGUAGES]
        language = parameters.choice(_LANGUAGE, tags, get_language() or settings.LANGUAGE_CODE)
        parameters.done()
        campaign = campaign_for(request, slug)
        position = _position(lon, lat)
        admit(request._request, SEARCH)  # noqa: SLF001 - DRF's way to the plain request
        with override(language):
            found = words_at(position, campaign.district_layer_id)
        response = _unkept(request, _as_members(found))
        response["Content-Language"] = language
        return response


class FollowView(ApiView):
    """The way along streets between two places, for lines that follow streets."""

    @extend_schema(
        operation_id="follow_streets",
        tags=["campaigns"],
        summary="The shortest way along streets between two places",
        parameters=[
            OpenApiParameter(
                "from",
                str,
                _QUERY,
                required=True,
                description="Longitude and latitude in degrees: `7.76,49.44`.",
            ),
            OpenApiParameter("to", str, _QUERY, required=True, description="As `from`."),
        ],
        responses={
            200: OpenApiResponse(
                _WAY,
                description=f"Between places on streets at most {ON_STREET} m from those that were sent, which are "
                f"at most {FARTHEST:,} m apart. Is kept nowhere.",
            ),
            **openapi.problems(400, 404, 429),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Of the city's own ground alone; the places are stored nowhere."""
        parameters = Parameters(request.query_params, ("from", "to"))
        start, end = (parameters.read(name, parse_position) for name in ("from", "to"))
        missing = [name for name in ("from", "to") if not parameters.text(name)]
        parameters.done()
        campaign = campaign_for(request, slug)
        if missing or start is None or end is None:
            raise invalid(missing[0], "required")
        admit(request._request, SEARCH)  # noqa: SLF001 - DRF's way to the plain request
        if not all(area_of(campaign).takes([shapely.MultiPoint([start, end])])):
            return _unkept(request, _straight(_OUTSIDE))
        found = follow(start, end)
        return _unkept(request, _straight(found) if isinstance(found, NotFollowed) else _as_way(found))


def _unkept(request: Request, body: object) -> HttpResponseBase:
    """An answer about places that somebody looks at and may never send: no cache, no device keeps their addresses."""
    response = json_response(request, body, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _straight(reason: str) -> dict[str, object]:
    return {"followed": False, "reason": str(reason), "geometry": None, "length": None, "streets": []}


def _as_way(way: Followed) -> dict[str, object]:
    return {
        "followed": True,
        "reason": "",
        "geometry": {"type": "LineString", "coordinates": way.positions},
        "length": way.metres,
        "streets": way.streets,
    }


def _position(lon: str, lat: str) -> tuple[float, float]:
    """Longitude and latitude; raises Invalid for the parameter that is missing or wrong."""
    for name, text in (("lon", lon), ("lat", lat)):
        if not text:
            raise invalid(name, "required")
    try:
        point = parse_point(lon, lat)
    except GeometryProblem as problem:
        raise invalid("lon", problem.code, **problem.params) from problem
    return point.x, point.y


def _as_members(found: PlaceWords) -> dict[str, str]:
    return {
        "words": found.words,
        "address": found.address,
        "street": found.street,
        "district": found.district,
    }


def _kept(
    request: Request, campaign: Campaign, body: object, *, content_type: str = GEOJSON
) -> HttpResponseBase:
    """What rarely changes: cacheable for an hour, unless it is of a draft."""
    response = json_response(request, body, content_type=content_type)
    if not campaign.is_draft:
        response["Cache-Control"] = _KEPT
    return response
