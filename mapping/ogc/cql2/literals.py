"""Geometry and time literals of a filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, Final

import shapely
import shapely.errors
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import WGS84, transform_geometry
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import swap_axes
from mapping.ogc.cql2.problems import FaultError, Place
from mapping.ogc.cql2.tree import Call, Geometry, Literal
from mapping.ogc.crs import Crs, box_of
from mapping.services.errors import Invalid

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?[0-9]*(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_END_OF_DAY: Final = time(23, 59, 59, 999_999, tzinfo=UTC)
_DIMENSIONS: Final = (2, 3)
_BOX: Final = (4, 6)
_STEPS: Final = 32
_MOST_PIECES: Final = 10_000

Span = tuple[datetime, datetime]
"""First and last moment."""


def day_of(text: str, at: Place) -> Span:
    """A day of UTC, from its first to its last microsecond."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise FaultError("cql_date", at, found=text)
    return datetime.combine(day, time(0, tzinfo=UTC)), datetime.combine(day, _END_OF_DAY)


def moment_of(text: str, at: Place) -> datetime:
    """Parse a moment (RFC 3339); a time zone is required."""
    try:
        found = datetime.fromisoformat(text).astimezone(UTC) if _MOMENT.fullmatch(text) else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise FaultError("cql_timestamp", at, found=text)
    return found


def box(call: Call, crs: Crs) -> GEOSGeometry:
    """BBOX(west, south, east, north) in the order of axes of the CRS; heights are ignored."""
    numbers = []
    for one in call.args:
        if not isinstance(one, Literal) or isinstance(one.value, bool | str):
            raise FaultError("cql_bbox", one.at)
        numbers.append(one.value)
    if len(numbers) not in _BOX:
        raise FaultError("cql_bbox", call.at)
    try:
        return box_of(",".join(_digits(number) for number in numbers), crs, "filter")
    except Invalid as error:
        raise FaultError("cql_bbox", call.at) from error


def _digits(number: float) -> str:
    return repr(float(number))


def geometry(value: Geometry, crs: Crs) -> GEOSGeometry:
    """A geometry in longitude and latitude (EPSG:4326); heights are dropped. The literal is transformed, no column.

    Edges in metres that are long become curves: they are cut into pieces first.
    """
    try:
        built = _built(value)
        if built.is_empty:
            raise FaultError("cql_geometry", value.at, reason="EMPTY")
        given = swap_axes(built) if crs.northing_first else built
        if crs.epsg != WGS84:
            given = transform_geometry(_cut(given), crs.epsg, WGS84)
    except GeometryProblem as problem:
        raise FaultError("cql_out_of_range", value.at) from problem
    except (shapely.errors.ShapelyError, TypeError, ValueError, OverflowError) as error:
        raise FaultError("cql_geometry", value.at, reason=_reason(error)) from error
    west, south, east, north = given.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise FaultError("cql_out_of_range", value.at)
    if not given.is_valid:
        raise FaultError("cql_geometry", value.at, reason=shapely.is_valid_reason(given))
    if given.geom_type == "GeometryCollection":
        # PostGIS relates collections by intersection only; most can be merged into multipoints, lines or areas.
        given = shapely.union_all(shapely.get_parts(given))
    return GEOSGeometry(memoryview(shapely.to_wkb(given)), srid=WGS84)


def _reason(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0]


def _cut(given: BaseGeometry) -> BaseGeometry:
    west, south, east, north = given.bounds
    step = max(east - west, north - south) / _STEPS
    if step <= 0 or given.length / step > _MOST_PIECES:
        return given
    cut: BaseGeometry = shapely.segmentize(given, step)
    return cut


def _position(value: Any) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) not in _DIMENSIONS:
        raise ValueError("a position needs two numbers")
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
        raise ValueError("a coordinate is not a number")
    return float(value[0]), float(value[1])


def _several(value: Any, build: Callable[[Any], Any]) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError("coordinates are missing")
    return [build(one) for one in value]


def _line(value: Any) -> shapely.LineString:
    return shapely.LineString(_several(value, _position))


def _ring(value: Any) -> list[tuple[float, float]]:
    positions = _several(value, _position)
    if not positions or positions[0] != positions[-1]:
        raise ValueError("a ring is not closed")
    return positions


def _polygon(value: Any) -> shapely.Polygon:
    rings = _several(value, _ring)
    return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()


_BUILDERS: Final[dict[str, Callable[[Any], BaseGeometry]]] = {
    "Point": lambda value: shapely.Point(_position(value)),
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": lambda value: shapely.MultiPoint(_several(value, _position)),
    "MultiLineString": lambda value: shapely.MultiLineString(_several(value, _line)),
    "MultiPolygon": lambda value: shapely.MultiPolygon(_several(value, _polygon)),
}


def _built(value: Geometry) -> BaseGeometry:
    if value.type == "GeometryCollection":
        return shapely.GeometryCollection([_built(one) for one in value.members])
    build = _BUILDERS.get(value.type)
    if build is None:
        raise FaultError("cql_geometry", value.at, reason=value.type)
    return build(value.coordinates)
