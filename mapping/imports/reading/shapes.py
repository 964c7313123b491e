"""Transformation of geometries from files to longitude and latitude; problems are kept per row."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import WGS84, transform_geometry
from mapping.geo.errors import GeometryProblem

Found = BaseGeometry | GeometryProblem | None
"""A geometry, the problem with it, or None for a row without geometry."""


def usable(geometry: BaseGeometry, *, drop_heights: bool) -> Found:
    """Require a flat geometry with finite positions; a collection of one part becomes that part."""
    if geometry.is_empty:
        return GeometryProblem("empty")
    if geometry.has_z and not drop_heights:
        return GeometryProblem("not_two_dimensional", length=3)
    flat = shapely.force_2d(geometry)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        return GeometryProblem("not_finite")
    while flat.geom_type.startswith(("Multi", "GeometryCollection")):
        parts = shapely.get_parts(flat)
        if len(parts) != 1:
            break
        flat = parts[0]
    return flat


def in_lonlat(
    found: Sequence[Found], source: pyproj.CRS | int | None, default: pyproj.CRS | int
) -> list[Found]:
    """Transform geometries to longitude and latitude. Without `source`, each geometry's SRID is the source CRS, or
    `default` if it has none.
    """
    by_source: dict[int, list[int]] = defaultdict(list)
    for index, one in enumerate(found):
        if isinstance(one, BaseGeometry):
            by_source[0 if source is not None else int(shapely.get_srid(one))].append(index)
    result = list(found)
    for srid, places in by_source.items():
        moved = _transformed([found[index] for index in places], srid or source or default)
        for index, one in zip(places, moved, strict=True):
            result[index] = one
    return result


def _transformed(found: list[Found], source: pyproj.CRS | int) -> list[Found]:
    """Transform all at once, or one by one if a position cannot be transformed."""
    if source == WGS84:
        return found
    try:
        together = shapely.GeometryCollection([one for one in found if isinstance(one, BaseGeometry)])
        moved: list[Found] = shapely.get_parts(transform_geometry(together, source, WGS84)).tolist()
    except GeometryProblem:
        return [_moved(one, source) for one in found]
    return moved


def _moved(geometry: Found, source: pyproj.CRS | int) -> Found:
    assert isinstance(geometry, BaseGeometry)  # noqa: S101 - for the type checker
    try:
        return transform_geometry(geometry, source, WGS84)
    except GeometryProblem as problem:
        return problem
