"""The limits of a collection's tiles per tile matrix (OGC 17-083r4, section 7.2, `tileMatrixSetLimits`)."""

from __future__ import annotations

import math
from typing import Any, Final

import shapely

from mapping.geo.crs import WGS84, transform_geometry
from mapping.geo.errors import GeometryProblem
from mapping.ogc.description.describe import Box
from mapping.ogc.tiles.levels import LAST_LEVEL
from mapping.ogc.tiles.matrix import TileMatrixSet
from mapping.ogc.tiles.read import BUFFER, STEPS

_PIECES: Final = 32


def matrix_limits(matrix_set: TileMatrixSet, box: Box | None) -> list[dict[str, Any]]:
    """The first and last row and column of each level that can hold something of a box in degrees; none without one."""
    if box is None:
        return []
    west, south, east, north = box
    edges = shapely.segmentize(shapely.box(*box), max(east - west, north - south, 1e-6) / _PIECES)
    try:
        sides = transform_geometry(edges, WGS84, matrix_set.epsg).bounds
    except GeometryProblem:
        return []
    return [_limits(matrix_set, level, sides) for level in range(min(LAST_LEVEL + 1, matrix_set.levels))]


def _limits(
    matrix_set: TileMatrixSet, level: int, sides: tuple[float, float, float, float]
) -> dict[str, Any]:
    edge = matrix_set.edge / float(2**level)
    # A tile includes its buffer.
    margin = edge * BUFFER / STEPS
    west, south, east, north = sides

    def number(metres: float) -> int:
        return max(0, min((1 << level) - 1, math.floor(metres / edge)))

    return {
        "tileMatrix": str(level),
        "minTileRow": number(matrix_set.north - north - margin),
        "maxTileRow": number(matrix_set.north - south + margin),
        "minTileCol": number(west - margin - matrix_set.west),
        "maxTileCol": number(east + margin - matrix_set.west),
    }
