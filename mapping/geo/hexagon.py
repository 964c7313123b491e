"""Hexagons on ETRS89-LAEA (EPSG:3035), the same ones as PostGIS's ST_HexagonGrid(size, ...) and ST_Hexagon(size, i, j).

They lie with a flat side down. Column i (eastwards) and row j (northwards) count from the hexagon around the origin of
the grid; the centres of odd columns are half a row higher. `size` is the edge, so that a hexagon is 2 x size wide,
sqrt(3) x size high, and 2.6 x size² large. There is no official grid of hexagons and no official name of one: ids are
our own, "HEX3035E200I13923J8654" for edge, column and row.

Source: PostGIS 3, postgis/lwgeom_generate_grid.c, for positions and corners.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import KEY_FACTOR, SIZES, pack, unpack
from mapping.geo.traversal import GRID_EXTENT, touched_runs

ROW_FACTOR: Final = 2 * 0.8660254037844387
"""Height of a hexagon over its edge; the number is PostGIS's."""

_COLUMN_FACTOR: Final = 1.5
"""Distance of columns over the edge."""
_CORNERS: Final = np.array([(-2, 0), (-1, -1), (1, -1), (2, 0), (1, 1), (-1, 1)], dtype=np.int64)
"""From the west, counterclockwise, in half edges and half heights from the centre."""
_ID: Final = re.compile(r"HEX3035E([1-9][0-9]{2,6})I(0|[1-9][0-9]{0,4})J(0|[1-9][0-9]{0,4})")

Keys = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, order=True)
class Hexagon:
    """One hexagon; raises ValueError for a size that is not among `grid.SIZES` or a place outside the grid."""

    size: int
    column: int
    row: int

    def __post_init__(self) -> None:
        _check_size(self.size)
        pack(self.column, self.row)

    @classmethod
    def parse(cls, text: str) -> Hexagon:
        """Read an id as `id` writes it; raises ValueError for every other text."""
        match = _ID.fullmatch(text)
        if not match:
            raise ValueError("This is not the id of a hexagon.")
        return cls(*map(int, match.groups()))

    @classmethod
    def from_key(cls, key: int, size: int) -> Hexagon:
        """Return the hexagon of `size` metres whose `key` this is; raises ValueError outside the grid."""
        return cls(size, *unpack(key))

    @property
    def id(self) -> str:
        """Edge, column and row in one word."""
        return f"HEX3035E{self.size}I{self.column}J{self.row}"

    @property
    def key(self) -> int:
        """The hexagon as one integer, unique among those of its size: `grid.pack` of column and row."""
        return pack(self.column, self.row)

    def centre_laea(self) -> tuple[float, float]:
        """Return easting and northing of the centre, EPSG:3035 metres."""
        east, north = centres(np.array([self.key]), self.size)[0].tolist()
        return east, north

    def ring_laea(self) -> list[tuple[float, float]]:
        """Return seven corners (the last is the first), counterclockwise from the west, EPSG:3035 metres."""
        corners = corner_positions(corner_places(np.array([self.key])), self.size)[0].tolist()
        return [(east, north) for east, north in [*corners, corners[0]]]

    def neighbours(self) -> list[Hexagon]:
        """Return the hexagons that share an edge: six, fewer at the border of the grid."""
        around = neighbour_keys(np.array([self.key]))[0].tolist()
        return [Hexagon.from_key(key, self.size) for key in around if key >= 0]


def hexagon_of(east: float, north: float, size: int) -> Hexagon:
    """Return the one hexagon of `size` metres that a position (EPSG:3035 metres) belongs to; see `keys_of_points`.

    Raises GeometryProblem "outside_grid" (also for what is not finite), ValueError for a size that cannot be.
    """
    if not (0 <= east < GRID_EXTENT and 0 <= north < GRID_EXTENT):
        raise GeometryProblem("outside_grid")
    [key] = keys_of_points(np.array([east]), np.array([north]), size).tolist()
    return Hexagon.from_key(key, size)


def keys_of_points(east: Floats, north: Floats, size: int) -> Keys:
    """Return the key of the hexagon of each position; arrays of shape (n,), EPSG:3035 metres within the grid.

    Hexagons are the Voronoi cells of their centres, so the nearest of two centres decides: the nearest one in each of
    the two columns at whose middle lines the position lies. A position on an edge belongs to the hexagon
    above or to the right.
    """
    _check_size(size)
    left = np.floor(east / (_COLUMN_FACTOR * size)).astype(np.int64)
    left_row, left_distance = _nearest_in(left, east, north, size)
    right_row, right_distance = _nearest_in(left + 1, east, north, size)
    is_right = right_distance <= left_distance
    return np.where(is_right, right_row, left_row) * KEY_FACTOR + left + is_right


def keys_touched(geom_laea: shapely.Geometry, size: int, *, limit: int = 250_000) -> Keys:
    """Return the keys of all hexagons that a line or area in EPSG:3035 touches, in ascending order.

    Raises GeometryProblem as `grid.keys_touched` does.
    """
    _check_size(size)
    runs = touched_runs(geom_laea, size, limit)
    squares = [(column, row) for row, first, last in runs for column in range(first, last + 1)]
    if not squares:
        return np.empty(0, dtype=np.int64)
    # A hexagon that meets a square of the same edge contains its centre or is next to the one that does.
    middle = (np.array(squares, dtype=np.float64) + 0.5) * size
    around = keys_of_points(middle[:, 0], middle[:, 1], size)
    candidates = np.unique(np.column_stack([around, neighbour_keys(around)]))
    candidates = candidates[candidates >= 0]
    shapely.prepare(geom_laea)
    return candidates[shapely.intersects(geom_laea, polygons(candidates, size))]


def neighbour_keys(keys: Keys) -> Keys:
    """Return the keys of the six neighbours of each hexagon, shape (n, 6), from the north clockwise; -1 for none."""
    column, row = keys % KEY_FACTOR, keys // KEY_FACTOR
    raised = column % 2
    around = [
        (column, row + 1),
        (column + 1, row + raised),
        (column + 1, row + raised - 1),
        (column, row - 1),
        (column - 1, row + raised - 1),
        (column - 1, row + raised),
    ]
    return np.column_stack(
        [
            np.where((i >= 0) & (j >= 0) & (i < KEY_FACTOR) & (j < KEY_FACTOR), j * KEY_FACTOR + i, -1)
            for i, j in around
        ]
    )


def centres(keys: Keys, size: int) -> Floats:
    """Return the centres of hexagons, shape (n, 2), EPSG:3035 metres."""
    column, row = keys % KEY_FACTOR, keys // KEY_FACTOR
    return np.column_stack([column * (_COLUMN_FACTOR * size), (row + column % 2 / 2) * (ROW_FACTOR * size)])


def corner_places(keys: Keys) -> Keys:
    """Return the six corners of each hexagon in half edges and half heights from the origin, shape (n, 6, 2).

    Whole numbers, so that corners shared by neighbours are equal.
    """
    column, row = keys % KEY_FACTOR, keys // KEY_FACTOR
    middles = np.column_stack([3 * column, 2 * row + column % 2])
    return middles[:, np.newaxis, :] + _CORNERS


def corner_positions(places: Keys, size: int) -> Floats:
    """Turn `corner_places` (any shape that ends in 2) into EPSG:3035 metres."""
    return places / 2 * (size, ROW_FACTOR * size)


def polygons(keys: Keys | Sequence[int], size: int) -> npt.NDArray[np.object_]:
    """Return hexagons as shapely polygons in EPSG:3035."""
    corners = corner_positions(corner_places(np.asarray(keys, dtype=np.int64)), size)
    return np.asarray(shapely.polygons(corners), dtype=np.object_)


def _nearest_in(column: Keys, east: Floats, north: Floats, size: int) -> tuple[Keys, Floats]:
    """Return the row of the nearest centre in a column, and the square of its distance."""
    height, raised = ROW_FACTOR * size, column % 2 / 2
    row = np.floor(north / height - raised + 0.5)
    distance = (east - column * (_COLUMN_FACTOR * size)) ** 2 + (north - (row + raised) * height) ** 2
    return row.astype(np.int64), distance


def _check_size(size: int) -> None:
    if size not in SIZES:
        raise ValueError(f"Hexagons of {size} m are not offered.")
