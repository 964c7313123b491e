"""Coordinate reference systems in use, and transformations between them."""

from __future__ import annotations

import re
import threading
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from mapping.geo.errors import GeometryProblem

LAEA: Final = 3035
"""ETRS89-extended / LAEA Europe, metres, equal area: the CRS of the INSPIRE grid. Everything is measured here."""

WGS84: Final = 4326
"""WGS 84, degrees. Always used as longitude, latitude (RFC 7946 section 4), whatever the registry says of axes."""

UTM32: Final = 25832
"""ETRS89 / UTM zone 32N, metres: the CRS of German official data."""

WEB_MERCATOR: Final = 3857
"""WGS 84 / Pseudo-Mercator: what most web maps are drawn in. Its metres are none on the ground."""

_CODE: Final = re.compile(
    r"(?:EPSG:|urn:ogc:def:crs:EPSG:[0-9.]*:|https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/)([0-9]{1,9})",
    re.IGNORECASE,
)
_CRS84: Final = re.compile(
    r"OGC:CRS84|urn:ogc:def:crs:OGC:[0-9.]*:CRS84|https?://www\.opengis\.net/def/crs/OGC/[0-9.]+/CRS84",
    re.IGNORECASE,
)
_WELL_KNOWN_TEXT: Final = re.compile(r"(?:PROJCS|PROJCRS|GEOGCS|GEOGCRS|GEODCRS)\s*\[", re.IGNORECASE)
# Grid files named inside a text would be opened from disk; "@null" names none.
_GRID_FILE: Final = re.compile(r"grids\s*=\s*(?!@null\b)", re.IGNORECASE)
_LONGEST_TEXT: Final = 20_000

GeometryT = TypeVar("GeometryT", bound=shapely.Geometry)
_Coordinates = npt.NDArray[np.float64]


class _Transformers(threading.local):
    """PROJ transformers of one thread: they are slow to make and not safe to share between threads."""

    def __init__(self) -> None:
        self.known: dict[tuple[int | str, int | str], pyproj.Transformer] = {}


_transformers = _Transformers()
_MOST_TRANSFORMERS: Final = 32


def parse_crs(text: str) -> pyproj.CRS:
    """Read "EPSG:2056", an OGC name (urn:ogc:def:crs:EPSG::2056, http://www.opengis.net/def/crs/EPSG/0/2056, CRS84)
    or the well-known text of a projected or geographic CRS, as .prj files hold it.

    PROJ strings and everything else that can name a file are refused on purpose.

    Raises GeometryProblem "crs_unknown".
    """
    name = text.strip()
    code = _CODE.fullmatch(name)
    try:
        if code:
            return pyproj.CRS.from_epsg(int(code[1]))
        if _CRS84.fullmatch(name):
            return pyproj.CRS.from_authority("OGC", "CRS84")
        if _is_well_known_text(name):
            return pyproj.CRS.from_wkt(name)
    except CRSError:
        pass
    raise GeometryProblem("crs_unknown", crs=name[:80])


def _is_well_known_text(name: str) -> bool:
    return len(name) <= _LONGEST_TEXT and bool(_WELL_KNOWN_TEXT.match(name)) and not _GRID_FILE.search(name)


def transform_geometry(
    geom: GeometryT, source_crs: pyproj.CRS | int, target_crs: pyproj.CRS | int
) -> GeometryT:
    """Transform the vertices of a geometry; x is always easting or longitude. A third dimension is dropped.

    CRSs are given as `parse_crs` returns them or as EPSG codes. Lines between vertices stay straight in the target
    CRS, which for segments of some hundred metres means millimetres.

    Raises GeometryProblem "crs_unknown", or "crs_transform_failed" where a position has no finite image.
    """
    transformer = _transformer(source_crs, target_crs)
    try:
        return shapely.transform(geom, lambda positions: _transform(transformer, positions))
    except (ProjError, FloatingPointError) as error:
        raise _failed(source_crs, target_crs) from error


def to_laea(geom: GeometryT) -> GeometryT:
    """Transform from longitude/latitude degrees (EPSG:4326) to metres (EPSG:3035); errors as `transform_geometry`."""
    return transform_geometry(geom, WGS84, LAEA)


def to_lonlat(geom: GeometryT) -> GeometryT:
    """Transform from metres (EPSG:3035) to longitude/latitude degrees (EPSG:4326); errors as `transform_geometry`."""
    return transform_geometry(geom, LAEA, WGS84)


def laea_to_lonlat(positions: _Coordinates) -> _Coordinates:
    """Transform an array of positions, shape (n, 2), from EPSG:3035 metres to EPSG:4326 degrees in one call.

    Raises GeometryProblem "crs_transform_failed".
    """
    return transform_positions(positions, LAEA, WGS84)


def transform_positions(positions: _Coordinates, source_crs: int, target_crs: int) -> _Coordinates:
    """Transform an array of positions, shape (n, 2), east or longitude first, in one call.

    Raises GeometryProblem as `transform_geometry` does.
    """
    if source_crs == target_crs:
        return positions
    try:
        return _transform(_transformer(source_crs, target_crs), positions)
    except (ProjError, FloatingPointError) as error:
        raise _failed(source_crs, target_crs) from error


def _transform(transformer: pyproj.Transformer, positions: _Coordinates) -> _Coordinates:
    if not np.isfinite(positions).all():
        raise FloatingPointError
    x, y = transformer.transform(positions[:, 0], positions[:, 1], errcheck=True)
    transformed = np.column_stack([x, y])
    if not np.isfinite(transformed).all():
        raise FloatingPointError
    return transformed


def _crs(crs: pyproj.CRS | int) -> pyproj.CRS:
    if isinstance(crs, pyproj.CRS):
        return crs
    try:
        return pyproj.CRS.from_epsg(crs)
    except CRSError:
        raise GeometryProblem("crs_unknown", crs=f"EPSG:{crs}") from None


def _transformer(source: pyproj.CRS | int, target: pyproj.CRS | int) -> pyproj.Transformer:
    known = _transformers.known
    key = (_key(source), _key(target))
    transformer = known.get(key)
    if transformer is None:
        try:
            transformer = pyproj.Transformer.from_crs(_crs(source), _crs(target), always_xy=True)
        except ProjError as error:
            raise _failed(source, target) from error
        if len(known) >= _MOST_TRANSFORMERS:
            known.clear()
        known[key] = transformer
    return transformer


def _key(crs: pyproj.CRS | int) -> int | str:
    """Name a CRS cheaply: hashing a pyproj.CRS would write it out as text each time."""
    return crs if isinstance(crs, int) else str(crs.srs)


def _failed(source: pyproj.CRS | int, target: pyproj.CRS | int) -> GeometryProblem:
    return GeometryProblem("crs_transform_failed", source=_name(source), target=_name(target))


def _name(crs: pyproj.CRS | int) -> str:
    if isinstance(crs, int):
        return f"EPSG:{crs}"
    authority = crs.to_authority()
    return ":".join(authority) if authority else crs.name
