"""Descriptions of tilesets for clients: tileset metadata, TileJSON.

OGC 20-057 section 9 (tilesets), TileJSON 3.0.0; styles are made by `style`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from mapping.exports.fields import Field
from mapping.ogc.campaign_kinds import CELLS, CONTRIBUTIONS
from mapping.ogc.collections import AnyCollection, Collection
from mapping.ogc.description.describe import Box
from mapping.ogc.description.schema import property_schema
from mapping.ogc.links import JSON, Addresses, Link, link
from mapping.ogc.tiles.levels import LAST_LEVEL
from mapping.ogc.tiles.limits import matrix_limits
from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD, TileMatrixSet
from mapping.ogc.tiles.read import CELL_LAYER, FEATURE_LAYER

MVT: Final = "application/vnd.mapbox-vector-tile"
_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0"
TILESETS: Final = f"{_REL}/tilesets-vector"
TILING_SCHEME: Final = f"{_REL}/tiling-scheme"
TILING_SCHEMES: Final = f"{_REL}/tiling-schemes"
_SHORT: Final = frozenset(
    {
        "category",
        "created",
        "status",
        "source",
        "support",
        "opposition",
        "balance",
        "comments",
        "reply_status",
    }
)


def has_tiles(collection: AnyCollection) -> bool:
    """Whether a collection has tiles: contributions and cells have; single geometry types are in the former's tiles."""
    return collection.kind in {CONTRIBUTIONS, CELLS}


def fields_in_tiles(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Attributes that are short enough for tiles: numbers, choices, yes or no, moments; no free texts, no lists."""
    return tuple(
        field
        for field in fields
        if field.name in _SHORT
        or (field.question and field.kind != "texts" and (field.kind != "text" or field.choices))
    )


def tileset_links(collection: AnyCollection, addresses: Addresses) -> list[Link]:
    """Links from a collection to its tiles."""
    if not has_tiles(collection):
        return []
    return [link(addresses.collection(collection.id, "tiles"), TILESETS, JSON)]


def tileset(  # noqa: PLR0917 - what a tileset is made of
    collection: Collection,
    matrix_set: TileMatrixSet,
    layers: Sequence[dict[str, Any]],
    box: Box | None,
    addresses: Addresses,
    query: str,
) -> dict[str, Any]:
    """The metadata of one tileset; `query` narrows what its tiles hold."""
    here = addresses.collection(collection.id, "tiles", matrix_set.id)
    return {
        "title": collection.title,
        "dataType": "vector",
        "crs": matrix_set.crs,
        "tileMatrixSetURI": matrix_set.uri,
        "links": [
            link(here, "self", JSON),
            link(addresses.of("tileMatrixSets", matrix_set.id), TILING_SCHEME, JSON),
            {
                **link(f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}", "item", MVT),
                "templated": True,
            },
        ],
        "tileMatrixSetLimits": matrix_limits(matrix_set, box),
        "layers": [
            {
                "id": layer["id"],
                "dataType": "vector",
                "minTileMatrix": str(layer["minzoom"]),
                "maxTileMatrix": str(layer["maxzoom"]),
                "propertiesSchema": {"type": "object", "properties": layer["schema"]},
            }
            for layer in layers
        ],
    }


def tile_layers(
    collection: Collection, fields: Sequence[Field], first_level: int | None, matrix_set: TileMatrixSet
) -> list[dict[str, Any]]:
    """The layers in a collection's tiles and their levels; `first_level` is None where there are cells only."""
    last = min(LAST_LEVEL, matrix_set.levels - 1)
    names = (
        ("contributions", "participants_at_least")
        if collection.is_release
        else ("size", "contributions", "participants")
    )
    cells = {name: {"type": "integer"} for name in names}
    layers: list[dict[str, Any]] = []
    if first_level is None or first_level > 0:
        end = last if first_level is None else first_level - 1
        layers.append(
            {"id": CELL_LAYER, "minzoom": 0, "maxzoom": end, "schema": {"id": {"type": "string"}, **cells}}
        )
    if first_level is not None:
        schema = {"id": {"type": "string"}, **{field.name: property_schema(field) for field in fields}}
        layers.append({"id": FEATURE_LAYER, "minzoom": first_level, "maxzoom": last, "schema": schema})
    return layers


def tilejson(
    collection: Collection,
    layers: Sequence[dict[str, Any]],
    box: Box | None,
    addresses: Addresses,
    query: str,
) -> dict[str, Any]:
    """TileJSON 3.0.0, which knows Web Mercator only."""
    here = addresses.collection(collection.id, "tiles", WEB_MERCATOR_QUAD.id)
    body: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": collection.title,
        "description": collection.campaign.summary,
        "attribution": collection.campaign.attribution,
        "scheme": "xyz",
        # OGC puts the row before the column.
        "tiles": [f"{here}/{{z}}/{{y}}/{{x}}{query}"],
        "minzoom": 0,
        "maxzoom": LAST_LEVEL,
        "vector_layers": [
            {
                "id": layer["id"],
                "minzoom": layer["minzoom"],
                "maxzoom": layer["maxzoom"],
                "fields": {name: str(one.get("title", name)) for name, one in layer["schema"].items()},
            }
            for layer in layers
        ],
    }
    return body if box is None else body | {"bounds": list(box)}
