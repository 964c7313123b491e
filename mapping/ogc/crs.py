"""The coordinate reference systems of the OGC API, by URI (OGC 18-058r1, Features Part 2).

The order of axes is the registry's: EPSG:4326 is latitude, longitude and EPSG:3035 northing, easting, while CRS84,
EPSG:25832 and EPSG:3857 begin with what points east (part 2, requirement /req/crs/geojson).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry

from mapping.geo.crs import LAEA, UTM32, WEB_MERCATOR, WGS84, transform_geometry, transform_positions
from mapping.geo.errors import GeometryProblem
from mapping.services.errors import invalid


@dataclass(frozen=True)
class Crs:
    """A supported CRS: its EPSG code (with x to the east) and whether its first axis points north."""

    uri: str
    epsg: int
    northing_first: bool = False

    @property
    def is_degrees(self) -> bool:
        """Whether its unit is the degree."""
        return self.epsg == WGS84


_BASE: Final = "http://www.opengis.net/def/crs/"
CRS84: Final = Crs(f"{_BASE}OGC/1.3/CRS84", WGS84)
SUPPORTED: Final = (
    CRS84,
    Crs(f"{_BASE}EPSG/0/4326", WGS84, northing_first=True),
    Crs(f"{_BASE}EPSG/0/{UTM32}", UTM32),
    Crs(f"{_BASE}EPSG/0/{LAEA}", LAEA, northing_first=True),
    Crs(f"{_BASE}EPSG/0/{WEB_MERCATOR}", WEB_MERCATOR),
)
"""Supported CRS, the default first. The storage CRS is CRS84 too."""

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")
_LONGEST: Final = 400
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_STEPS: Final = 32
"""Pieces into which an edge of a box is cut before it is transformed, since it will be a curve."""


def crs_of(uri: str, parameter: str) -> Crs:
    """The CRS with a URI; a safe CURIE such as [EPSG:25832] is accepted too. Raises Invalid for the parameter."""
    name = uri.strip()
    curie = re.fullmatch(r"\[?(EPSG|OGC):([A-Za-z0-9]{1,9})\]?", name)
    if curie:
        name = f"{_BASE}{curie[1]}/{'1.3' if curie[1] == 'OGC' else '0'}/{curie[2]}"
    for known in SUPPORTED:
        if known.uri == re.sub(r"^https://", "http://", name):
            return known
    raise invalid(parameter, "crs_not_offered", choices=", ".join(known.uri for known in SUPPORTED))


def in_degrees(geometry: object, crs: Crs) -> object:
    """Transform a decoded GeoJSON geometry from the given CRS to longitude and latitude.

    Invalid positions are left unchanged, for the geometry's parser to report. Raises Invalid where a position has no
    place on earth.
    """
    if crs == CRS84 or not isinstance(geometry, dict) or "coordinates" not in geometry:
        return geometry

    def turned(value: object) -> object:
        if not isinstance(value, list):
            return value
        if not _is_position(value):
            return [turned(one) for one in value]
        first, second = float(value[0]), float(value[1])
        x, y = (second, first) if crs.northing_first else (first, second)
        try:
            return transform_positions(np.array([[x, y]]), crs.epsg, WGS84)[0].tolist()
        except GeometryProblem as problem:
            raise invalid("geometry", problem.code, **problem.params) from problem

    return geometry | {"coordinates": turned(geometry["coordinates"])}


def _is_position(value: list[object]) -> bool:
    numbers = [one for one in value if isinstance(one, int | float) and not isinstance(one, bool)]
    return len(numbers) == len(value) == 2


def box_of(text: str, crs: Crs, parameter: str = "bbox") -> GEOSGeometry:
    """A bounding box of four or six numbers as an area in longitude and latitude (EPSG:4326).

    Heights are ignored (OGC 17-069r4, /req/core/fc-bbox-definition). In degrees a box may cross the antimeridian.
    Raises Invalid.
    """
    parts = [part.strip() for part in text.split(",")] if len(text) <= _LONGEST else []
    if len(parts) not in (4, 6) or not all(_NUMBER.fullmatch(part) for part in parts):
        raise invalid(parameter, "bbox_malformed")
    numbers = [float(part) for part in parts]
    low, high = numbers[:2], numbers[len(numbers) // 2 :][:2]
    if crs.northing_first:
        low, high = low[::-1], high[::-1]
    west, south, east, north = *low, *high
    if not np.isfinite([west, south, east, north]).all():
        raise invalid(parameter, "bbox_not_finite")
    if south > north or (west > east and not crs.is_degrees):
        raise invalid(parameter, "bbox_inverted")
    if crs.is_degrees:
        return _box_in_degrees(west, south, east, north, parameter)
    return _box_in_metres((west, south, east, north), crs, parameter)


def _box_in_degrees(west: float, south: float, east: float, north: float, parameter: str) -> GEOSGeometry:
    if max(abs(west), abs(east)) > _WORLD[2] or max(abs(south), abs(north)) > _WORLD[3]:
        raise invalid(parameter, "bbox_out_of_range")
    if west <= east:
        # The envelope of one point is this point: a box without extent intersects what lies on it.
        area = shapely.envelope(shapely.MultiPoint([(west, south), (east, north)]))
    else:
        # RFC 7946 section 5.2: two boxes, one on either side of the antimeridian.
        area = shapely.MultiPolygon(
            [shapely.box(west, south, _WORLD[2], north), shapely.box(_WORLD[0], south, east, north)]
        )
    return _as_geos(area)


def _box_in_metres(sides: tuple[float, float, float, float], crs: Crs, parameter: str) -> GEOSGeometry:
    west, south, east, north = sides
    step = max(east - west, north - south) / _STEPS
    area = shapely.envelope(shapely.MultiPoint([(west, south), (east, north)]))
    try:
        return _as_geos(
            transform_geometry(shapely.segmentize(area, step) if step > 0 else area, crs.epsg, WGS84)
        )
    except GeometryProblem as problem:
        raise invalid(parameter, "bbox_out_of_range") from problem


def _as_geos(area: shapely.Geometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shapely.to_wkb(area)), srid=WGS84)
