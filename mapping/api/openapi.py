"""Pieces of the OpenAPI description that several views share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from mapping.api.serializers import ProblemSerializer
from mapping.models.ordering import Ordering
from mapping.services.checking.content import HIGHEST_ZOOM

GEOJSON: Final = "application/geo+json"
_PROBLEM: Final = "application/problem+json"

_QUERY: Final = OpenApiParameter.QUERY

LIMIT: Final = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    _QUERY,
    description="How many at most.",
)
CURSOR: Final = OpenApiParameter(
    "cursor", str, _QUERY, description="Set in the link `next`; not to be made up."
)
ORDERING: Final = OpenApiParameter(
    "ordering",
    str,
    _QUERY,
    enum=Ordering.values,
    description="The order; ties by time, the newest first. Without it: newest first, places of the city "
    "(`source=city`) in theirs. `nearest` needs `near`; what has no place comes last.",
)
NEAR: Final = OpenApiParameter(
    "near",
    str,
    _QUERY,
    description="`lon,lat` in degrees (WGS 84): the position for `ordering=nearest`.",
)
IN_WORDS: Final = OpenApiParameter(
    "in_words",
    str,
    _QUERY,
    enum=("false", "true"),
    description="`true` adds to each feature, in the language of the reader, `heading` (title, text or first answers) "
    "and `place_words` (near which address, in which district).",
)
EDIT_TOKEN: Final = OpenApiParameter(
    "X-Edit-Token",
    str,
    OpenApiParameter.HEADER,
    description="The last part of the private link, from any device; otherwise the cookie tells who the author is.",
)

OWN_FEATURE: Final[dict[str, Any]] = {
    "allOf": [{"$ref": "#/components/schemas/Contribution"}],
    "properties": {
        "edit_url": {"type": "string", "format": "uri", "description": "The author's private link."}
    },
}

COLLECTION: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "features", "numberReturned", "links"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {
            "type": "array",
            "items": {
                "allOf": [{"$ref": "#/components/schemas/Contribution"}],
                "properties": {
                    "properties": {
                        "type": "object",
                        "properties": {
                            "heading": {"type": "string", "description": "With `in_words=true`."},
                            "place_words": {"type": "string", "description": "With `in_words=true`."},
                        },
                    }
                },
            },
        },
        "numberMatched": {
            "type": "integer",
            "description": "Of all pages, as counted for the first. Left out where more than 100,000 match a filter.",
        },
        "numberReturned": {"type": "integer"},
        "links": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rel", "href", "type"],
                "properties": {
                    "rel": {"type": "string", "description": "`self`, `next`"},
                    "href": {"type": "string", "format": "uri"},
                    "type": {"type": "string"},
                },
            },
        },
    },
}

NEW_CONTRIBUTION: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {
            "type": "string",
            "format": "uuid",
            "description": "Made by the client: sent twice, stored once.",
        },
        "geometry": {
            "nullable": True,
            "type": "object",
            "description": "GeoJSON Point, LineString or Polygon as the category wants it, or null; at most 1,000 "
            "positions, two-dimensional, WGS 84.",
        },
        "properties": {
            "type": "object",
            "required": ["category"],
            "properties": {
                "category": {"type": "string", "description": "Short name of the category."},
                "text": {"type": "string", "maxLength": 5000},
                "answers": {
                    "type": "object",
                    "description": "By short name of the question.",
                    "additionalProperties": {},
                },
                "zoom": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": HIGHEST_ZOOM,
                    "description": "Zoom of the map when the place was chosen.",
                },
            },
        },
    },
    "example": {
        "type": "Feature",
        "id": "0198b1f2-7c1a-7a00-8000-5d2f6c0a9b11",
        "geometry": {"type": "Point", "coordinates": [7.7689, 49.4447]},
        "properties": {"category": "spot", "text": "No light after 10 pm.", "answers": {}},
    },
}

_MEANINGS: Final = {
    400: "Something is not right: `errors` names field or parameter and reason.",
    401: "The access token is wrong, or needed and missing; or `sign_in_needed`: only people take part who "
    "signed in at the address `sign_in`.",
    403: "Not allowed: `code` says why, e.g. `publishes_cells`, `campaign_closed`, `analysts_only`.",
    404: "There is nothing here for the asking person.",
    409: "Does not fit what is stored, e.g. `id_taken`.",
    410: "This was there and is not any more: `export_gone`.",
    411: "The body comes without Content-Length.",
    413: "The body is too large.",
    415: "The body's media type or character set is not read here.",
    429: "Too many requests: `Retry-After` says when to go on.",
    507: "Nothing was stored, because a disk is full or cannot be written: `storage_full`, `storage_unavailable`.",
    503: "Too many downloads at once: `Retry-After` says when to try again.",
}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Error responses of an operation; 401 and 404 are possible everywhere below a campaign."""
    return {
        (status, _PROBLEM): OpenApiResponse(ProblemSerializer, description=_MEANINGS[status])
        for status in sorted({401, *statuses})
    }


def files(media_types: Iterable[str], description: str) -> dict[tuple[int, str], OpenApiResponse]:
    """The answer of an operation that sends a file in one of several formats."""
    return {
        (200, media_type.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, description=description)
        for media_type in sorted(set(media_types))
    }


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI 3 document of this API, made once per process."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for component in document["components"]["schemas"].values():
        # djangorestframework-gis describes the types of places, and forgets that there may be none.
        if "geometry" in component.get("properties", {}):
            component["properties"]["geometry"]["nullable"] = True
    return document
