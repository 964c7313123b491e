"""The cells of a square grid that a geometry touches: exact, in time proportional to the result, not the bounding box.

A cell is the half-open square [east, east + size) x [north, north + size). Boundaries are walked row by row (each
segment adds one run of columns per row it passes); what no boundary meets between two runs lies completely inside
or completely outside, so that one point decides. Crossings of a segment with a row's edge are computed in floating
point and, where that comes within `_DOUBT` of a grid line, again in rational arithmetic: vertices are taken as the
exact numbers that they are stored as, hence no cell is gained or lost by rounding.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from mapping.geo.errors import GeometryProblem

GRID_EXTENT: Final = 10_000_000
"""Metres: eastings and northings of the grid run from 0 up to, not including, this number."""

Run = tuple[int, int, int]
"""Row, first column, last column (inclusive), counted in cells from the origin of the grid."""

_DOUBT: Final = 1e-5
"""Metres; the floating-point error of a crossing within `GRID_EXTENT` stays below 1e-7."""
_STEPS_PER_CELL: Final = 4
"""Most row steps per allowed cell: a line may fold over itself, but not for ever."""

_COLLECTIONS: Final = (
    shapely.MultiPoint,
    shapely.MultiLineString,
    shapely.MultiPolygon,
    shapely.GeometryCollection,
)
_Rows = dict[int, list[tuple[int, int]]]
_Coordinates = npt.NDArray[np.float64]


def touched_runs(geom: shapely.Geometry, size: int, limit: int) -> list[Run]:
    """Return the cells of `size` metres touched by a geometry in EPSG:3035, as disjoint runs from south-west on.

    Raises GeometryProblem "not_finite", "outside_grid", or "too_large" for more than `limit` cells (also for a line
    that folds over itself so often that walking it costs more than several times as many steps).
    """
    if shapely.is_empty(geom):
        return []
    _check_extent(geom)
    _check_work(geom, size, limit)
    rows: _Rows = {}
    for part in _parts(geom):
        if isinstance(part, shapely.Polygon):
            _add(rows, _polygon_runs(part, size))
        else:
            _add(rows, _path_runs(shapely.get_coordinates(part), size))
    runs = list(_merged(rows))
    if sum(last - first + 1 for _, first, last in runs) > limit:
        raise GeometryProblem("too_large", limit=limit)
    return runs


def _check_extent(geom: shapely.Geometry) -> None:
    coordinates = shapely.get_coordinates(geom)
    if not np.isfinite(coordinates).all():
        raise GeometryProblem("not_finite")
    if coordinates.min() < 0 or coordinates.max() >= GRID_EXTENT:
        raise GeometryProblem("outside_grid")


def _check_work(geom: shapely.Geometry, size: int, limit: int) -> None:
    """Count the row steps in advance, and refuse geometries that would take disproportionately long."""
    steps = 0
    for part in _parts(geom):
        for path in _paths(part):
            steps += len(path) + int(np.abs(np.diff(np.floor_divide(path[:, 1], size))).sum())
    if steps > _STEPS_PER_CELL * limit:
        raise GeometryProblem("too_large", limit=limit)


def _parts(geom: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Flatten collections, however deeply they are nested."""
    if isinstance(geom, _COLLECTIONS):
        for part in geom.geoms:
            yield from _parts(part)
    elif not shapely.is_empty(geom):
        yield geom


def _paths(part: shapely.Geometry) -> list[_Coordinates]:
    """Return the coordinates of a point, of a line, or of each ring of a polygon."""
    if isinstance(part, shapely.Polygon):
        return [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
    return [shapely.get_coordinates(part)]


def _polygon_runs(polygon: shapely.Polygon, size: int) -> Iterator[Run]:
    """Yield the runs met by the boundary, then every gap between them that lies inside."""
    rows: _Rows = {}
    for path in _paths(polygon):
        _add(rows, _path_runs(path, size))
    boundary = list(_merged(rows))
    yield from boundary
    gaps = [
        (row, last + 1, next_first - 1)
        for (row, _, last), (next_row, next_first, _) in itertools.pairwise(boundary)
        if row == next_row
    ]
    if gaps:
        cells = np.array(gaps, dtype=np.float64)
        shapely.prepare(polygon)
        inside = shapely.contains_xy(polygon, (cells[:, 1] + 0.5) * size, (cells[:, 0] + 0.5) * size)
        yield from (gap for gap, is_inside in zip(gaps, inside, strict=True) if is_inside)


def _path_runs(path: _Coordinates, size: int) -> Iterator[Run]:
    """Yield the runs of a point (one position) or of the segments between successive positions."""
    positions: list[list[float]] = path.tolist()
    if len(positions) == 1:
        positions *= 2
    for (x0, y0), (x1, y1) in itertools.pairwise(positions):
        yield from _segment_runs(x0, y0, x1, y1, size) if y0 <= y1 else _segment_runs(x1, y1, x0, y0, size)


def _segment_runs(x0: float, y0: float, x1: float, y1: float, size: int) -> Iterator[Run]:
    """Yield one run per row for the closed segment from (x0, y0) up to (x1, y1), y0 <= y1."""
    start, end = int(x0 // size), int(x1 // size)
    bottom, top = int(y0 // size), int(y1 // size)
    if bottom == top:
        yield bottom, min(start, end), max(start, end)
        return
    is_rightward = x1 > x0
    column = start
    for row in range(bottom, top):
        # Within this row the segment goes from its lower edge (included) to its upper edge (not included).
        upper, is_on_line = _crossing(x0, y0, x1, y1, (row + 1) * size, size)
        if is_rightward:
            # A crossing just at a corner belongs to the cell above, so this row ends one column earlier.
            yield row, column, upper - 1 if is_on_line else upper
        else:
            yield row, upper, column
        column = upper
    yield top, min(column, end), max(column, end)


def _crossing(  # noqa: PLR0917 - two positions
    x0: float, y0: float, x1: float, y1: float, y: int, size: int
) -> tuple[int, bool]:
    """Return the column in which the segment crosses the height `y`, and whether just at the column's western edge."""
    x = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    column, offset = divmod(x, size)
    if _DOUBT < offset < size - _DOUBT:
        return int(column), False
    south = Fraction(y0)
    exact = Fraction(x0) + (y - south) * (Fraction(x1) - Fraction(x0)) / (Fraction(y1) - south)
    exact_column, exact_offset = divmod(exact, size)
    return exact_column, exact_offset == 0


def _add(rows: _Rows, runs: Iterable[Run]) -> None:
    for row, first, last in runs:
        rows.setdefault(row, []).append((first, last))


def _merged(rows: _Rows) -> Iterator[Run]:
    """Yield disjoint, maximal runs, rows from south to north and columns from west to east."""
    for row in sorted(rows):
        first, last = -1, -2
        for next_first, next_last in sorted(rows[row]):
            if next_first > last + 1:
                if last >= first:
                    yield row, first, last
                first, last = next_first, next_last
            else:
                last = max(last, next_last)
        yield row, first, last
