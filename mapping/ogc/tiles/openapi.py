"""Tiles in the OpenAPI document (OGC 20-057, requirements class oas30)."""

from __future__ import annotations

from typing import Any, Final

from mapping.ogc.links import HTML, JSON
from mapping.ogc.tiles.describe import MVT
from mapping.ogc.tiles.levels import LAST_LEVEL
from mapping.ogc.tiles.matrix import MATRIX_SETS

Json = dict[str, Any]
_COLLECTION: Final = "collectionId"
_SET: Final = "tileMatrixSetId"
_FILTERS: Final = ("datetime", "filter", "filter-lang", "filter-crs")
"""Filter parameters of items; attributes by name come in addition, and the heat map's own for its squares."""
_TILESET: Final = "/collections/{collectionId}/tiles/{tileMatrixSetId}"


def openapi_paths() -> Json:
    """The paths of tiles and of their descriptions."""
    return {
        "/tileMatrixSets": _get("tileMatrixSets", "Tile matrix sets", JSON),
        "/tileMatrixSets/{tileMatrixSetId}": _get("tileMatrixSet", "One tile matrix set", JSON, _SET),
        "/collections/{collectionId}/style.json": _get(
            "style", "Style for MapLibre", JSON, _COLLECTION, forms=()
        ),
        "/collections/{collectionId}/tiles": _get("tilesets", "Tilesets of a collection", JSON, _COLLECTION),
        _TILESET: _get(
            "tileset",
            "One tileset; TileJSON with `f=tilejson` (Web Mercator only)",
            JSON,
            _COLLECTION,
            _SET,
            *_FILTERS,
            forms=("json", "html", "tilejson"),
        ),
        f"{_TILESET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _get(
            "tile",
            "One vector tile",
            MVT,
            _COLLECTION,
            _SET,
            "tileMatrix",
            "tileRow",
            "tileCol",
            *_FILTERS,
            forms=("mvt",),
        ),
    }


def openapi_parameters() -> Json:
    """The parameters of paths that only tiles have."""
    level = {"type": "integer", "minimum": 0, "maximum": LAST_LEVEL}
    number = {"type": "integer", "minimum": 0}
    return {
        _SET: _parameter(_SET, {"type": "string", "enum": list(MATRIX_SETS)}, "Id of a tile matrix set."),
        "tileMatrix": _parameter("tileMatrix", level, "Level; 0 is one tile."),
        "tileRow": _parameter("tileRow", number, "Row, from the north."),
        "tileCol": _parameter("tileCol", number, "Column, from the west."),
    }


def _parameter(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _get(
    name: str,
    summary: str,
    media_type: str,
    *parameters: str,
    forms: tuple[str, ...] = ("json", "html"),
) -> Json:
    binary = {"type": "string", "format": "binary"}
    content: Json = {media_type: {"schema": binary if media_type == MVT else {"type": "object"}}}
    if "html" in forms:
        content[HTML] = {"schema": {"type": "string"}}
    form = {
        "name": "f",
        "in": "query",
        "required": False,
        "description": "Representation.",
        "schema": {"type": "string", "enum": list(forms)},
    }
    problems = (400, 401, *((403, 404) if parameters else ()), 503)
    return {
        "get": {
            "operationId": name,
            "tags": ["tiles"],
            "summary": summary,
            "parameters": [
                *({"$ref": f"#/components/parameters/{one}"} for one in parameters),
                *([form] if forms else []),
            ],
            "responses": {
                "200": {"description": summary, "content": content},
                **({"204": {"description": "Nothing lies in this tile."}} if media_type == MVT else {}),
                "304": {"description": "As the entity tag in If-None-Match says."},
                **{str(status): {"$ref": "#/components/responses/Problem"} for status in problems},
            },
        }
    }
