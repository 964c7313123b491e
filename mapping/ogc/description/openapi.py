"""The OpenAPI 3.0 document of `/ogc/`, written by hand because the standard prescribes most of it.

`tests/ogc` validates it and compares it with the existing addresses and parameters.
"""

from __future__ import annotations

from typing import Any, Final

from mapping.exports.styles.layers import MEDIA_TYPE as LAYER_DEFINITION
from mapping.http.parsers import MergePatchParser
from mapping.ogc.crs import SUPPORTED
from mapping.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from mapping.ogc.parameters import DEFAULT_LIMIT, LANGUAGES, MOST
from mapping.ogc.tiles.openapi import openapi_parameters, openapi_paths

Json = dict[str, Any]
MERGE_PATCH: Final = MergePatchParser.media_type
_PROBLEM: Final = "application/problem+json"
_COLLECTION: Final = {"$ref": "#/components/parameters/collectionId"}
_F: Final = {"$ref": "#/components/parameters/f"}
_ITEM_PARAMETERS: Final = (
    "limit",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "properties",
    "skipGeometry",
    "cursor",
)


def document(server: str) -> Json:
    """The description of the API at an address."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "geoparticipation: OGC API",
            "description": "What people placed on the city's maps, as OGC API Features and Tiles. Collections are named"
            " `<campaign>-contributions`, `-points`, `-lines`, `-areas`, `-cells`, `-districts`, `-area`, or a word."
            " Attributes of a collection with a value (`category=lamp`) are parameters too; cells take those of the"
            " heat map as well (`grid`, `size`, `category`, `datetime`, ...).",
            "version": "1",
        },
        "servers": [{"url": server}],
        "tags": [
            {"name": "capabilities", "description": "What there is."},
            {"name": "data", "description": "Features."},
            {"name": "tiles", "description": "Vector tiles."},
            {"name": "changes", "description": "What the city draws, for managers with a token."},
        ],
        "paths": _paths() | openapi_paths(),
        "components": {
            "parameters": _parameters() | openapi_parameters(),
            "schemas": _schemas(),
            "responses": {
                "Problem": {
                    "description": "What went wrong (RFC 9457), with a reason per parameter.",
                    "content": {
                        _PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}},
                        HTML: {"schema": {"type": "string"}},
                    },
                }
            },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of scope `read` reads; changes need one of scope `write` (else 403"
                    " `token_reads_only`).",
                }
            },
        },
        "security": [{}, {"token": []}],
    }


def _paths() -> Json:
    return {
        "/": _get("landing", "capabilities", "Landing page", JSON, "landingPage"),
        "/conformance": _get("conformance", "capabilities", "Conformance classes", JSON, "confClasses"),
        "/api": _get("api", "capabilities", "This document", OPENAPI, "object"),
        "/collections": _get("collections", "capabilities", "Collections", JSON, "collections"),
        "/collections/{collectionId}": _get(
            "collection",
            "capabilities",
            "One collection",
            JSON,
            "collection",
            _COLLECTION,
            problems=(403, 404),
        ),
        "/collections/{collectionId}/schema": _get(
            "schema", "capabilities", "What items hold", SCHEMA, "object", _COLLECTION, problems=(403, 404)
        ),
        "/collections/{collectionId}/feature-schema": _get(
            "featureSchema",
            "capabilities",
            "What items hold, as GeoJSON has it",
            SCHEMA,
            "object",
            _COLLECTION,
            problems=(403, 404),
        ),
        "/collections/{collectionId}/queryables": _get(
            "queryables",
            "capabilities",
            "What `filter` may name",
            SCHEMA,
            "object",
            _COLLECTION,
            problems=(403, 404),
        ),
        "/collections/{collectionId}/sortables": _get(
            "sortables",
            "capabilities",
            "What `sortby` may name",
            SCHEMA,
            "object",
            _COLLECTION,
            problems=(403, 404),
        ),
        "/collections/{collectionId}/qgis.qlr": _file("collectionQgis", _COLLECTION),
        "/campaigns/{campaign}/qgis.qlr": _file(
            "campaignQgis",
            {"name": "campaign", "in": "path", "required": True, "schema": {"type": "string"}},
        ),
        "/collections/{collectionId}/items": _get(
            "items",
            "data",
            "Features",
            GEOJSON,
            "featureCollectionGeoJSON",
            _COLLECTION,
            *({"$ref": f"#/components/parameters/{name}"} for name in _ITEM_PARAMETERS),
            problems=(403, 404),
        )
        | _post(),
        "/collections/{collectionId}/items/{featureId}": _get(
            "item",
            "data",
            "One feature",
            GEOJSON,
            "featureGeoJSON",
            _COLLECTION,
            {"$ref": "#/components/parameters/featureId"},
            {"$ref": "#/components/parameters/crs"},
            problems=(403, 404),
        )
        | _changes(),
    }


def _get(
    name: str,
    tag: str,
    summary: str,
    media_type: str,
    schema: str,
    *parameters: Json,
    problems: tuple[int, ...] = (),
) -> Json:
    described = {"type": "object"} if schema == "object" else {"$ref": f"#/components/schemas/{schema}"}
    return {
        "get": {
            "operationId": name,
            "tags": [tag],
            "summary": summary,
            "parameters": [*parameters, _F],
            "responses": {
                "200": {
                    "description": summary,
                    "content": {media_type: {"schema": described}, HTML: {"schema": {"type": "string"}}},
                },
                "304": {"description": "As the entity tag in If-None-Match says."},
                **{
                    str(status): {"$ref": "#/components/responses/Problem"}
                    for status in (400, 401, *problems, 503)
                },
            },
        }
    }


def _file(name: str, parameter: Json) -> Json:
    return {
        "get": {
            "operationId": name,
            "tags": ["data"],
            "summary": "Layers for QGIS, styled as on the web",
            "parameters": [parameter],
            "responses": {
                "200": {
                    "description": "A layer definition.",
                    "content": {LAYER_DEFINITION: {"schema": {"type": "string", "format": "binary"}}},
                },
                "304": {"description": "As the entity tag in If-None-Match says."},
                **{
                    str(status): {"$ref": "#/components/responses/Problem"}
                    for status in (400, 401, 403, 404, 503)
                },
            },
        }
    }


_WRITE_PROBLEMS: Final = (400, 401, 403, 404, 405, 409, 411, 413, 415, 503)


def _post() -> Json:
    located = {"description": "Where it is.", "schema": {"type": "string", "format": "uri"}}
    created = {"description": "Stored.", "headers": {"Location": located}}
    return {"post": _write("create", "Store a district, or a place that the city draws", {"201": created})}


def _changes() -> Json:
    done = {"204": {"description": "Done."}}
    item = ({"$ref": "#/components/parameters/featureId"}, {"$ref": "#/components/parameters/ifMatch"})
    replace = _write("replace", "Replace a district, or a place that the city drew", done, *item)
    delete = _write("delete", "Take away a district, or a place that the city drew", done, *item, body=False)
    update = _write("update", "Change some of a district, or of a place that the city drew", done, *item)
    update["requestBody"]["content"] = {MERGE_PATCH: {"schema": {"type": "object"}}}
    return {"put": replace, "patch": update, "delete": delete}


def _write(name: str, summary: str, success: Json, *parameters: Json, body: bool = True) -> Json:
    """One operation of 20-002r1 (Features Part 4), for managers with a token."""
    problems = (*_WRITE_PROBLEMS, 412) if parameters else _WRITE_PROBLEMS
    described: Json = {
        "operationId": name,
        "tags": ["changes"],
        "summary": summary,
        "security": [{"token": []}],
        "parameters": [_COLLECTION, *parameters],
        "responses": {
            **success,
            **{str(status): {"$ref": "#/components/responses/Problem"} for status in problems},
        },
    }
    if body:
        described["parameters"].append({"$ref": "#/components/parameters/contentCrs"})
        described["requestBody"] = {
            "required": True,
            "content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/featureToStore"}}},
        }
    return described


def _parameters() -> Json:
    crs = {"type": "string", "format": "uri", "enum": [known.uri for known in SUPPORTED]}
    # The official test suite reads minItems and maxItems (/req/core/fc-bbox-definition); `oneOf` forbids five numbers.
    box = {
        "type": "array",
        "minItems": 4,
        "maxItems": 6,
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    }
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "collectionId": _parameter("collectionId", {"type": "string"}, "Name of a collection.", place="path"),
        "featureId": _parameter("featureId", {"type": "string"}, "Id of a feature.", place="path"),
        "ifMatch": _header("If-Match", "Entity tag of what was read: anything else answers 412."),
        "contentCrs": _header("Content-Crs", "`<URI>` of the CRS of the geometry; CRS84 without it."),
        "f": _parameter(
            "f", {"type": "string", "enum": ["json", "html"]}, "Representation; without it `Accept` decides."
        ),
        "limit": _parameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
            "How many items at most. More than the maximum means the maximum.",
        ),
        "bbox": _parameter(
            "bbox",
            box | {"items": {"type": "number"}},
            "Box that the place meets, in CRS84 or `bbox-crs`; heights are ignored.",
        ),
        "bbox-crs": _parameter("bbox-crs", crs, "CRS of `bbox`."),
        "crs": _parameter("crs", crs, "CRS of the answer, in its registry's order of axes."),
        "datetime": _parameter(
            "datetime",
            {"type": "string"},
            "A date, a date-time with time zone, or an interval with `/` and `..`.",
        ),
        "filter": _parameter("filter", {"type": "string"}, "CQL2; see the collection's queryables."),
        "filter-lang": _parameter(
            "filter-lang",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
            "Language of `filter`; `cql-text` is what GDAL writes.",
        ),
        "filter-crs": _parameter("filter-crs", crs, "CRS of geometries in `filter`."),
        "sortby": _parameter("sortby", texts, "Attributes, with a minus sign downward."),
        "properties": _parameter("properties", texts, "Only these attributes."),
        "skipGeometry": _parameter(
            "skipGeometry", {"type": "boolean", "default": False}, "Leave places out."
        ),
        "cursor": _parameter(
            "cursor", {"type": "string"}, "From the link `next`; bound to all other parameters."
        ),
    }


def _parameter(name: str, schema: Json, description: str, *, place: str = "query") -> Json:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": description,
        "schema": schema,
        **({} if place == "path" else {"style": "form", "explode": False}),
    }


def _header(name: str, description: str) -> Json:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


def _schemas() -> Json:
    links = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "link": _object(
            {name: {"type": "string"} for name in ("href", "rel", "type", "title")}, required=("href", "rel")
        ),
        "landingPage": _object(
            {"title": {"type": "string"}, "description": {"type": "string"}, "links": links},
            required=("links",),
        ),
        "confClasses": _object({"conformsTo": texts}, required=("conformsTo",)),
        "collections": _object(
            {
                "links": links,
                "crs": texts,
                "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
            },
            required=("links", "collections"),
        ),
        "collection": _object(
            {
                "id": {"type": "string"},
                "title": {"type": "string"},
                "description": {"type": "string"},
                "attribution": {"type": "string"},
                "itemType": {"type": "string", "enum": ["feature"]},
                "crs": texts,
                "storageCrs": {"type": "string", "format": "uri"},
                "extent": {"type": "object"},
                "links": links,
            },
            required=("id", "links"),
        ),
        "featureCollectionGeoJSON": _object(
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": {"$ref": "#/components/schemas/featureGeoJSON"}},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
                "links": links,
            },
            required=("type", "features"),
        ),
        "featureGeoJSON": _object(
            {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": {"type": "string"},
                "geometry": {"type": "object", "nullable": True},
                "properties": {"type": "object"},
                "links": links,
            },
            required=("type", "id", "geometry", "properties"),
        ),
        "featureToStore": _object(
            {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": {"type": "string"},
                "geometry": {"type": "object", "nullable": True},
                "properties": {"type": "object"},
            },
            required=("type", "geometry", "properties"),
        ),
        "problem": _object(
            {
                "type": {"type": "string", "format": "uri"},
                "status": {"type": "integer"},
                **{key: {"type": "string"} for key in ("title", "detail", "code", "request_id")},
                "errors": {"type": "array", "items": {"type": "object"}},
            },
            required=("title", "status", "code"),
        ),
    }


def _object(properties: Json, required: tuple[str, ...]) -> Json:
    return {"type": "object", "required": list(required), "properties": properties}
