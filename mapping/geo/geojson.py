"""Strict parsing of external GeoJSON geometries (RFC 7946): refused with a reason, or stored as they are."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from mapping.geo.bbox import BoundingBox, parse_bbox
from mapping.geo.crs import GeometryT, to_laea
from mapping.geo.errors import GeometryProblem, JsonProblem
from mapping.geo.json_text import MAX_DEPTH, loads_strict

__all__ = [
    "CATEGORY_TYPES",
    "DECIMALS",
    "GEOJSON_TYPES",
    "MAX_DEPTH",
    "MAX_VERTICES",
    "BoundingBox",
    "GeometryProblem",
    "JsonProblem",
    "geometry_type_name",
    "loads_strict",
    "parse_bbox",
    "parse_geometry",
    "parse_point",
    "swap_axes",
]

MAX_VERTICES: Final = 1000
"""Positions of one geometry, closing positions of rings included."""

DECIMALS: Final = 7
"""Decimals of a degree that are kept: 1e-7 degrees are about 1.1 cm, below what any map drawing means."""

GEOJSON_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"point": "Point", "line": "LineString", "polygon": "Polygon"}
)
"""GeoJSON types by the geometry types of categories ("none" has no geometry, hence no entry)."""

CATEGORY_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {name: word for word, name in GEOJSON_TYPES.items()}
)
"""Geometry types of categories by GeoJSON type."""

_Position = tuple[float, float]

_RFC_TYPES: Final = frozenset(
    {
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
        "Feature",
        "FeatureCollection",
    }
)
# RFC 7946 section 7.1: a geometry cannot contain the defining members of other GeoJSON types.
_FORBIDDEN_MEMBERS: Final = ("geometry", "properties", "features")
_DIMENSIONS: Final = 2
_LONGEST_POSITION: Final = 100
_LARGEST_LON: Final = 180
_LARGEST_LAT: Final = 90
_SHORTEST_LINE: Final = 2
_SHORTEST_RING: Final = 4
_SMALLEST_HULL: Final = 10.0 ** (-2 * DECIMALS)
"""Square degrees, one step of the rounding squared: smaller extents have no area."""
_REASON: Final = re.compile(r"(?P<reason>[^\[]+)(?:\[(?P<lon>\S+) (?P<lat>\S+)\])?")
_TYPED_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:[.,][0-9]{0,40})?")


def parse_geometry(
    value: object,
    *,
    allowed: Collection[str] = ("Point", "LineString", "Polygon"),
    max_vertices: int = MAX_VERTICES,
) -> BaseGeometry:
    """Read one decoded GeoJSON geometry object (RFC 7946 section 3.1) in degrees of longitude and latitude, WGS 84.

    The answer is 2-D, valid (OGC Simple Features), rounded to `DECIMALS`, without repeated positions, and its rings
    run as RFC 7946 section 3.1.6 wants them: exterior counterclockwise, holes clockwise. Lines may cross
    themselves; areas may not. Where only the rounding makes an area invalid, it is snapped to the same raster of
    1e-7 degrees in a way that keeps it valid. Members foreign to the standard are ignored (section 6.1).

    Raises GeometryProblem: "not_an_object", "missing", "unknown_type", "type_not_allowed", "member_not_allowed",
    "crs_member_not_supported" (section 4), "not_a_list", "not_a_number", "not_finite", "not_two_dimensional",
    "out_of_range", "swapped_axes_suspected", "empty", "too_few_positions", "ring_not_closed", "too_many_vertices",
    "self_intersection" (with lon and lat) or "invalid_geometry" (with reason).
    """
    if not isinstance(value, dict):
        raise GeometryProblem("not_an_object")
    name = _type_name(value, allowed)
    if "crs" in value:
        raise GeometryProblem("crs_member_not_supported")
    for member in _FORBIDDEN_MEMBERS:
        if member in value:
            raise GeometryProblem("member_not_allowed", member=member)
    if value.get("coordinates") is None:
        raise GeometryProblem("missing", member="coordinates")
    return _READERS[name](_list(value["coordinates"]), max_vertices)


def parse_point(lon: object, lat: object) -> shapely.Point:
    """Read longitude and latitude (degrees, WGS 84) that a person typed or a table holds.

    Texts may have a decimal point or a German decimal comma, and surrounding blanks; thousands separators,
    exponents and units are refused. Numbers are read as in `parse_geometry`.

    Raises GeometryProblem "missing" (with member), "not_a_number", "not_finite", "out_of_range" or
    "swapped_axes_suspected".
    """
    return shapely.Point(_position([_typed(lon, "lon"), _typed(lat, "lat")]))


def parse_position(text: str) -> tuple[float, float]:
    """Read "lon,lat" in degrees (WGS 84), as parameters of addresses have it.

    Raises GeometryProblem as `parse_point` does, "not_two_dimensional", or "crs_transform_failed" where no distance in
    EPSG:3035 can be measured from.
    """
    parts = text[:_LONGEST_POSITION].split(",")
    if len(parts) != _DIMENSIONS:
        raise GeometryProblem("not_two_dimensional", length=len(parts))
    point = parse_point(parts[0].strip(), parts[1].strip())
    to_laea(point)
    return point.x, point.y


def geometry_type_name(geom: BaseGeometry) -> str:
    """Return the category's name of a geometry type: "point", "line" or "polygon".

    Raises GeometryProblem "type_not_allowed" for every other type.
    """
    try:
        return CATEGORY_TYPES[geom.geom_type]
    except KeyError:
        raise GeometryProblem("type_not_allowed", type=geom.geom_type) from None


def swap_axes(geom: GeometryT) -> GeometryT:
    """Exchange x and y, to test whether a geometry outside an area would lie inside it with swapped axes."""
    return shapely.transform(geom, lambda positions: positions[:, ::-1])


def _type_name(value: Mapping[object, object], allowed: Collection[str]) -> str:
    if value.get("type") is None:
        raise GeometryProblem("missing", member="type")
    name = value["type"]
    if not isinstance(name, str) or name not in _RFC_TYPES:
        raise GeometryProblem("unknown_type")
    if name not in allowed or name not in _READERS:
        raise GeometryProblem("type_not_allowed", type=name)
    return name


def _list(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise GeometryProblem("not_a_list")
    if not value:
        raise GeometryProblem("empty")
    return list(value)


def _count(count: int, limit: int) -> None:
    if count > limit:
        raise GeometryProblem("too_many_vertices", max=limit, length=count)


def _point(coordinates: list[object], _max_vertices: int) -> BaseGeometry:
    return shapely.Point(_position(coordinates))


def _line(coordinates: list[object], max_vertices: int) -> BaseGeometry:
    _count(len(coordinates), max_vertices)
    if len(coordinates) < _SHORTEST_LINE:
        raise GeometryProblem("too_few_positions", length=len(coordinates), minimum=_SHORTEST_LINE)
    positions = _without_repetition(_position(_list(item)) for item in coordinates)
    if len(positions) < _SHORTEST_LINE:
        raise GeometryProblem("invalid_geometry", reason="the line has no length")
    return shapely.LineString(positions)


def _polygon(coordinates: list[object], max_vertices: int) -> BaseGeometry:
    _count(len(coordinates), max_vertices)
    rings = [_list(ring) for ring in coordinates]
    _count(sum(map(len, rings)), max_vertices)
    exterior, *holes = ([_exact_position(_list(item)) for item in _closable(ring)] for ring in rings)
    for ring in (exterior, *holes):
        if ring[0] != ring[-1]:
            raise GeometryProblem("ring_not_closed")
    given = shapely.Polygon(exterior, holes)
    if shapely.area(shapely.convex_hull(given)) < _SMALLEST_HULL:
        raise GeometryProblem("invalid_geometry", reason="the area has no extent")
    return orient(_valid_on_raster(given), 1.0)


def _closable(ring: list[object]) -> list[object]:
    """Return the ring if it has enough positions (RFC 7946 section 3.1.6)."""
    if len(ring) < _SHORTEST_RING:
        raise GeometryProblem("too_few_positions", length=len(ring), minimum=_SHORTEST_RING)
    return ring


def _valid_on_raster(given: shapely.Polygon) -> shapely.Polygon:
    """Round to `DECIMALS` and prove validity afterwards; raise GeometryProblem where no valid area remains."""
    rounded = _rounded(given)
    if rounded is not None and shapely.is_valid(rounded):
        return rounded
    if not shapely.is_valid(given):
        raise _invalid(given)
    # Valid as given, but nearly touching itself: snap such that the topology survives.
    snapped: BaseGeometry = shapely.set_precision(given, 10.0**-DECIMALS, mode="valid_output")
    repaired = _rounded(snapped) if isinstance(snapped, shapely.Polygon) and not snapped.is_empty else None
    if repaired is not None and shapely.is_valid(repaired):
        return repaired
    raise GeometryProblem("invalid_geometry", reason="the area is thinner than the precision of coordinates")


def _rounded(polygon: shapely.Polygon) -> shapely.Polygon | None:
    """Round every ring, drop holes smaller than the rounding; None where the exterior itself collapses."""
    rings = [
        _without_repetition((_round(x), _round(y)) for x, y in ring.coords)
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    exterior, *holes = rings
    if len(exterior) < _SHORTEST_RING:
        return None
    return shapely.Polygon(exterior, [hole for hole in holes if len(hole) >= _SHORTEST_RING])


def _invalid(geom: shapely.Geometry) -> GeometryProblem:
    """Make the problem for an invalid geometry from GEOS's reason and location."""
    match = _REASON.fullmatch(shapely.is_valid_reason(geom))
    reason = match["reason"].strip() if match else "unknown"
    if not match or match["lon"] is None:
        return GeometryProblem("invalid_geometry", reason=reason)
    lon, lat = _round(float(match["lon"])), _round(float(match["lat"]))
    code = "self_intersection" if "self-intersection" in reason.lower() else "invalid_geometry"
    return GeometryProblem(code, reason=reason, lon=lon, lat=lat)


def _without_repetition(positions: Iterable[_Position]) -> list[_Position]:
    """Drop positions equal to the one before."""
    kept: list[_Position] = []
    for position in positions:
        if not kept or position != kept[-1]:
            kept.append(position)
    return kept


def _position(value: list[object]) -> _Position:
    lon, lat = _exact_position(value)
    return _round(lon), _round(lat)


def _exact_position(value: list[object]) -> _Position:
    """Read one position (RFC 7946 section 3.1.1): two finite numbers within the range of degrees."""
    if len(value) != _DIMENSIONS:
        raise GeometryProblem("not_two_dimensional", length=len(value))
    lon, lat = _number(value[0]), _number(value[1])
    if abs(lon) > _LARGEST_LON or abs(lat) > _LARGEST_LAT:
        swapped = abs(lat) <= _LARGEST_LON and abs(lon) <= _LARGEST_LAT
        raise GeometryProblem("swapped_axes_suspected" if swapped else "out_of_range", lon=lon, lat=lat)
    return lon, lat


def _number(value: object) -> float:
    # bool is a subclass of int, but `true` is no number in JSON.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeometryProblem("not_a_number")
    try:
        number = float(value)
    except OverflowError:
        raise GeometryProblem("not_finite") from None
    if not math.isfinite(number):
        raise GeometryProblem("not_finite")
    return number


def _typed(value: object, member: str) -> object:
    if not isinstance(value, str):
        if value is None:
            raise GeometryProblem("missing", member=member)
        return value
    text = value.strip().replace("\N{MINUS SIGN}", "-")
    if not text:
        raise GeometryProblem("missing", member=member)
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        raise GeometryProblem("not_finite")
    if not _TYPED_NUMBER.fullmatch(text):
        raise GeometryProblem("not_a_number")
    return float(text.replace(",", "."))


def _round(degrees: float) -> float:
    """Round to `DECIMALS`; adding zero turns a negative zero into a plain one."""
    return round(degrees, DECIMALS) + 0.0


_READERS: Final[Mapping[str, Callable[[list[object], int], BaseGeometry]]] = MappingProxyType(
    {"Point": _point, "LineString": _line, "Polygon": _polygon}
)
