"""Small grounds: features where tests want them, and tiles as clients read them."""

from collections.abc import Sequence
from typing import Any

import mapbox_vector_tile
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.test import Client

from mapping.geo.ground import HALF_WORLD
from mapping.models import GroundFeature, GroundSource
from tests.personas import TOWN_HALL

METRES_PER_DEGREE = 72_300
"""Metres on the ground per degree of longitude, in Kaiserslautern."""


def on_map(shape: GEOSGeometry) -> GEOSGeometry:
    """A shape in degrees (EPSG:4326) as it is stored (EPSG:3857)."""
    shape.srid = 4326
    shape.transform(3857)
    return shape


def map_point(place: tuple[float, float] = TOWN_HALL) -> GEOSGeometry:
    return on_map(Point(*place))


def map_line(*places: tuple[float, float]) -> GEOSGeometry:
    lon, lat = TOWN_HALL
    return on_map(LineString(*(places or (TOWN_HALL, (lon + 0.01, lat + 0.005)))))


def map_square(place: tuple[float, float] = TOWN_HALL, degrees: float = 0.005) -> GEOSGeometry:
    lon, lat = place
    return on_map(Polygon.from_bbox((lon, lat, lon + degrees, lat + degrees)))


def add_feature(layer: str, kind: str, geom: GEOSGeometry, **fields: Any) -> GroundFeature:
    """A feature that is drawn from the first zoom on, unless told otherwise."""
    source, _ = GroundSource.objects.get_or_create(name="ground.gpkg", defaults={"attribution": "© City"})
    values: dict[str, Any] = {"from_zoom": 0, "geom": geom}
    return GroundFeature.objects.create(source=source, layer=layer, kind=kind, **(values | fields))


def add_street(name: str, *places: tuple[float, float], kind: str = "street", **fields: Any) -> GroundFeature:
    return add_feature("line", kind, map_line(*places), name=name, **fields)


def add_label(
    name: str, place: tuple[float, float] = TOWN_HALL, rank: int = 5, **fields: Any
) -> GroundFeature:
    return add_feature("label", "landmark", map_point(place), name=name, rank=rank, **fields)


def tile_at(zoom: int, place: tuple[float, float] = TOWN_HALL) -> tuple[int, int]:
    """Column and row of the tile in which a place (lon/lat) lies."""
    found = map_point(place)
    edge = 2 * HALF_WORLD / 2**zoom
    return int((found.x + HALF_WORLD) // edge), int((HALF_WORLD - found.y) // edge)  # type: ignore[attr-defined]


def address(zoom: int, place: tuple[float, float] = TOWN_HALL) -> str:
    x, y = tile_at(zoom, place)
    return f"/ground/{zoom}/{x}/{y}.mvt"


def layers(zoom: int, place: tuple[float, float] = TOWN_HALL) -> dict[str, Sequence[Any]]:
    """The features of a tile by layer, with positions from the top left corner; nothing for an empty tile."""
    response = Client().get(address(zoom, place))
    if response.status_code == 204:
        return {}
    assert response.status_code == 200
    found = mapbox_vector_tile.decode(
        response.content, default_options={"y_coord_down": True, "geojson": False}
    )
    assert all((layer["version"], layer["extent"]) == (2, 4096) for layer in found.values())
    return {name: layer["features"] for name, layer in found.items()}


def properties(features: Sequence[Any]) -> list[dict[str, Any]]:
    return [one["properties"] for one in features]
