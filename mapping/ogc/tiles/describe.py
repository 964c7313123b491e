"""What a client must know before it asks for tiles: tileset metadata, TileJSON, a style.

OGC 20-057 section 9 (tilesets), TileJSON 3.0.0, MapLibre Style Specification version 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import F, QuerySet

from mapping.exports.fields import Field
from mapping.exports.styles import HEAT, colour_of
from mapping.geo.grid import SIZES
from mapping.models import Tally
from mapping.models.footprint import STATUS_CODES
from mapping.ogc.collections import Collection
from mapping.ogc.describe import Box
from mapping.ogc.links import JSON, Addresses, Link, link
from mapping.ogc.schema import property_schema
from mapping.ogc.tiles.levels import LAST_LEVEL
from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD, TileMatrixSet
from mapping.ogc.tiles.read import CELLS, FEATURES

MVT: Final = "application/vnd.mapbox-vector-tile"
_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0"
TILESETS: Final = f"{_REL}/tilesets-vector"
TILING_SCHEME: Final = f"{_REL}/tiling-scheme"
TILING_SCHEMES: Final = f"{_REL}/tiling-schemes"
_SHORT: Final = frozenset(
    {"category", "created", "status", "source", "support", "opposition", "comments", "reply_status"}
)


def has_tiles(collection: Collection) -> bool:
    """Contributions and cells have tiles; what has one type of place is in the tiles of all contributions."""
    return collection.kind in {"contributions", "cells"}


def fields_in_tiles(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Attributes that are short enough for tiles: numbers, choices, yes or no, moments; no free texts, no lists."""
    return tuple(
        field
        for field in fields
        if field.name in _SHORT
        or (field.question and field.kind != "texts" and (field.kind != "text" or field.choices))
    )


def tileset_links(collection: Collection, addresses: Addresses) -> list[Link]:
    """Links from a collection to its tiles."""
    if not has_tiles(collection):
        return []
    return [link(addresses.collection(collection.id, "tiles"), TILESETS, JSON)]


def tileset(
    collection: Collection, matrix_set: TileMatrixSet, layers: Sequence[dict[str, Any]], addresses: Addresses
) -> dict[str, Any]:
    """The metadata of one tileset."""
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
                **link(f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", MVT),
                "templated": True,
            },
        ],
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
    cells = {
        "contributions": {"type": "integer"},
        "participants_at_least" if collection.is_release else "participants": {"type": "integer"},
    }
    layers: list[dict[str, Any]] = []
    if first_level is None or first_level > 0:
        end = last if first_level is None else first_level - 1
        layers.append(
            {"id": CELLS, "minzoom": 0, "maxzoom": end, "schema": {"id": {"type": "string"}, **cells}}
        )
    if first_level is not None:
        schema = {"id": {"type": "string"}, **{field.name: property_schema(field) for field in fields}}
        layers.append({"id": FEATURES, "minzoom": first_level, "maxzoom": last, "schema": schema})
    return layers


def tilejson(
    collection: Collection, layers: Sequence[dict[str, Any]], box: Box | None, addresses: Addresses
) -> dict[str, Any]:
    """TileJSON 3.0.0, which knows Web Mercator only."""
    here = addresses.collection(collection.id, "tiles", WEB_MERCATOR_QUAD.id)
    body: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": collection.title,
        "description": collection.campaign.summary,
        "attribution": collection.campaign.attribution,
        "scheme": "xyz",
        # OGC writes the row before the column.
        "tiles": [f"{here}/{{z}}/{{y}}/{{x}}"],
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


def style(
    collection: Collection, layers: Sequence[dict[str, Any]], limits: Sequence[int], addresses: Addresses
) -> dict[str, Any]:
    """A MapLibre style: cells in five classes, contributions in the colours of their categories."""
    source = addresses.collection(collection.id, "tiles", WEB_MERCATOR_QUAD.id, f="tilejson")
    present = {layer["id"] for layer in layers}
    drawn = [
        *(_cell_layers(limits) if CELLS in present else []),
        *(_feature_layers(collection) if FEATURES in present else []),
    ]
    return {
        "version": 8,
        "name": collection.title,
        "sources": {"campaign": {"type": "vector", "url": source}},
        "layers": [{"source": "campaign", **layer} for layer in drawn],
    }


def class_limits(numbers: Sequence[int]) -> list[int]:
    """The four limits between five classes of about as many cells each (quantiles), each limit once."""
    ordered = sorted(numbers)
    if not ordered:
        return []
    limits = {ordered[len(ordered) * part // 5] for part in range(1, 5)}
    return sorted(limits - {ordered[0]})


def numbers_in_cells(collection: Collection) -> QuerySet[Any, int]:
    """Published contributions per square of 500 m, for the classes of a style."""
    rows = Tally.objects.filter(
        campaign_id=collection.campaign.pk, status=STATUS_CODES["published"], level=SIZES.index(500)
    )
    return rows.order_by(F("contributions")).values_list("contributions", flat=True)


def _cell_layers(limits: Sequence[int]) -> list[dict[str, Any]]:
    colours: list[object] = ["step", ["get", "contributions"], HEAT[0]]
    for limit, colour in zip(limits, HEAT[1:], strict=False):
        colours += [limit, colour]
    fill = {"fill-color": colours if limits else HEAT[0], "fill-opacity": 0.75}
    return [{"id": "cells", "type": "fill", "source-layer": CELLS, "paint": fill}]


def _feature_layers(collection: Collection) -> list[dict[str, Any]]:
    colours: list[object] = ["match", ["get", "category"]]
    for category in collection.campaign.categories.order_by("position", "pk"):
        colours += [category.slug, colour_of(category.colour)]
    colour: object = [*colours, colour_of("grey")] if len(colours) > 2 else colour_of("grey")

    def layer(name: str, kind: str, shape: str, paint: dict[str, object]) -> dict[str, Any]:
        return {
            "id": name,
            "type": kind,
            "source-layer": FEATURES,
            "filter": ["==", ["geometry-type"], shape],
            "paint": paint,
        }

    return [
        layer("areas", "fill", "Polygon", {"fill-color": colour, "fill-opacity": 0.2}),
        layer("outlines", "line", "Polygon", {"line-color": colour, "line-width": 2}),
        layer("casings", "line", "LineString", {"line-color": "#ffffff", "line-width": 7}),
        layer("lines", "line", "LineString", {"line-color": colour, "line-width": 4}),
        layer(
            "points",
            "circle",
            "Point",
            {
                "circle-color": colour,
                "circle-radius": 6,
                "circle-stroke-color": "#ffffff",
                "circle-stroke-width": 2,
            },
        ),
    ]
