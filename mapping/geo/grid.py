"""The square cells of the European grid on ETRS89-LAEA (EPSG:3035), with the ids of INSPIRE and the German GeoGitter.

Source: Commission Regulation (EU) No 1089/2010, Annex II section 2.2.1 (Grid_ETRS89-LAEA: origin, orientation, lower
left corner as reference point) and Annex IV section 1.4.1.1 (codes of cells).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from mapping.geo.crs import laea_to_lonlat
from mapping.geo.errors import GeometryProblem
from mapping.geo.traversal import GRID_EXTENT, touched_runs

SIZES: Final = (100, 200, 500, 1000, 5000, 10000)
"""Metres; selectable sizes of cells. A `Cell` may have any multiple of `BASE_SIZE`."""

BASE_SIZE: Final = 100
"""Metres; the finest cell, in which footprints are kept."""

LARGEST_SIZE: Final = 1_000_000
"""Metres; the largest cell."""

KEY_FACTOR: Final = 100_000
"""Columns of the 100 m grid: `GRID_EXTENT` / `BASE_SIZE`. See `pack`."""

_ID: Final = re.compile(r"CRS3035RES([1-9][0-9]{2,6})mN(0|[1-9][0-9]{2,6})E(0|[1-9][0-9]{2,6})")
_LONLAT_DECIMALS: Final = 7

Ring = list[list[float]]


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The half-open square [east, east + size) x [north, north + size), in metres of EPSG:3035.

    `east` and `north` are the south-west corner, multiples of `size` from 0 to below `GRID_EXTENT`; `size` is a
    multiple of 100 m. Raises ValueError for anything else.
    """

    size: int
    east: int
    north: int

    def __post_init__(self) -> None:
        _check_size(self.size)
        if self.east % self.size or self.north % self.size:
            raise ValueError(f"The corner ({self.east}, {self.north}) is not a multiple of {self.size} m.")
        if not (0 <= self.east < GRID_EXTENT and 0 <= self.north < GRID_EXTENT):
            raise ValueError(f"The corner ({self.east}, {self.north}) lies outside the European grid.")

    @classmethod
    def parse(cls, text: str) -> Cell:
        """Read an id such as "CRS3035RES100mN2928100E4159100", letter by letter as `id` writes it.

        Raises ValueError for every other text, also for corners that are no multiples of the size.
        """
        match = _ID.fullmatch(text)
        if not match:
            raise ValueError("This is not the id of a cell of the European grid.")
        size, north, east = map(int, match.groups())
        return cls(size, east, north)

    @classmethod
    def from_key(cls, key: int, size: int = BASE_SIZE) -> Cell:
        """Return the cell of `size` metres whose `key` this is; raises ValueError outside the grid."""
        east_index, north_index = unpack(key)
        return cls(size, east_index * size, north_index * size)

    @property
    def id(self) -> str:
        """The official code: CRS, size and south-west corner, all in metres, northing first."""
        return f"CRS3035RES{self.size}mN{self.north}E{self.east}"

    @property
    def key(self) -> int:
        """The cell as one integer, unique among the cells of its size: see `pack`."""
        return pack(self.east // self.size, self.north // self.size)

    def ring_laea(self) -> list[tuple[int, int]]:
        """Return the five corners (the last is the first), counterclockwise from the south-west, EPSG:3035 metres."""
        east, north = self.east + self.size, self.north + self.size
        return [
            (self.east, self.north),
            (east, self.north),
            (east, north),
            (self.east, north),
            (self.east, self.north),
        ]

    def centre_laea(self) -> tuple[float, float]:
        """Return easting and northing of the centre, EPSG:3035 metres."""
        return self.east + self.size / 2, self.north + self.size / 2

    def parent(self, size: int) -> Cell:
        """Return the cell of `size` metres that contains this one; raises ValueError where sizes do not nest."""
        _check_size(size)
        if size % self.size:
            raise ValueError(f"Cells of {self.size} m do not nest in cells of {size} m.")
        return Cell(size, self.east // size * size, self.north // size * size)


def cell_of(east: float, north: float, size: int) -> Cell:
    """Return the cell of `size` metres that contains a position (EPSG:3035 metres).

    Lower-left closed: a position on an edge belongs to the cell above or to the right of it.
    Raises GeometryProblem "not_finite" or "outside_grid", ValueError for a size that cannot be.
    """
    if not (math.isfinite(east) and math.isfinite(north)):
        raise GeometryProblem("not_finite")
    if not (0 <= east < GRID_EXTENT and 0 <= north < GRID_EXTENT):
        raise GeometryProblem("outside_grid")
    # Float floor division rests on fmod, which is exact.
    return Cell(size, int(east // size) * size, int(north // size) * size)


def pack(east_index: int, north_index: int) -> int:
    """Return north_index * 100000 + east_index: column and row of a cell (counted from 0) as one integer.

    Keys are unique among cells of one size, sort from south-west to north-east, and reach 9,999,999,999: a
    PostgreSQL bigint, not an integer. `key_sql` writes the same as SQL. Raises ValueError outside the grid.
    """
    if not (0 <= east_index < KEY_FACTOR and 0 <= north_index < KEY_FACTOR):
        raise ValueError(f"Column {east_index}, row {north_index} lies outside the European grid.")
    return north_index * KEY_FACTOR + east_index


def unpack(key: int) -> tuple[int, int]:
    """Return (east_index, north_index) of a key made by `pack`; raises ValueError for what cannot be one."""
    if not 0 <= key < KEY_FACTOR * KEY_FACTOR:
        raise ValueError(f"{key} is not the key of a cell.")
    north_index, east_index = divmod(key, KEY_FACTOR)
    return east_index, north_index


def parent_key(key: int, factor: int) -> int:
    """Return the key of the cell `factor` times as large that contains the cell `key`.

    In SQL: key / 100000 / factor * 100000 + key % 100000 / factor (bigint division truncates; keys are positive).
    """
    east_index, north_index = unpack(key)
    return pack(east_index // factor, north_index // factor)


def key_sql(east: str, north: str, size: int = BASE_SIZE) -> str:
    """Write the key of the cell that contains a position as a PostgreSQL expression of type bigint.

    `east` and `north` are SQL expressions of type double precision in EPSG:3035 metres, such as "ST_X(geom_laea)";
    they are put in as they are and must never come from outside. The result equals `cell_of(...).key` for every
    position within the grid: no size is a power of two, hence rounding a quotient never lifts it to the next integer.
    """
    _check_size(size)
    return f"(floor(({north}) / {size})::bigint * {KEY_FACTOR} + floor(({east}) / {size})::bigint)"


def cells_touched(geom_laea: shapely.Geometry, size: int = BASE_SIZE, *, limit: int = 250_000) -> list[Cell]:
    """Return every cell of `size` metres that a geometry in EPSG:3035 touches, from south-west to north-east.

    Cells are half-open squares, therefore a point is in exactly one cell; a line that runs just along an edge belongs
    to the cells above or to the right of it; an area whose upper or right edge lies just on a grid line also touches
    the cells beyond that line, because its boundary is part of it. Polygons must be valid; collections are the union
    of their parts; heights are ignored; an empty geometry touches nothing.

    Raises GeometryProblem "too_large" for more than `limit` cells, "not_finite" or "outside_grid".
    """
    _check_size(size)
    return [
        Cell(size, column * size, row * size)
        for row, first, last in touched_runs(geom_laea, size, limit)
        for column in range(first, last + 1)
    ]


def keys_touched(geom_laea: shapely.Geometry, size: int = BASE_SIZE, *, limit: int = 250_000) -> list[int]:
    """Return the keys of `cells_touched`, in ascending order, without making the cells; errors as there."""
    _check_size(size)
    return [
        key
        for row, first, last in touched_runs(geom_laea, size, limit)
        for key in range(row * KEY_FACTOR + first, row * KEY_FACTOR + last + 1)
    ]


def squares_lonlat(cells: Sequence[Cell]) -> list[Ring]:
    """Return the squares as closed counterclockwise rings of five [lon, lat] in degrees (WGS 84), 7 decimals.

    All corners go through PROJ in one call, and corners shared by neighbours come out equal. Edges of LAEA squares
    are curves in longitude and latitude; straight ones deviate by their sagitta, which between 47 and 55
    degrees north is below 1 mm for 100 m, 3 cm for 1 km and 3 m for 10 km: nothing that a map of cells could show.
    """
    if not cells:
        return []
    corners = np.array([cell.ring_laea() for cell in cells], dtype=np.float64)
    lonlat = laea_to_lonlat(corners.reshape(-1, 2)).reshape(corners.shape)
    # Adding zero turns a negative zero into a plain one.
    rings: list[Ring] = (np.round(lonlat, _LONLAT_DECIMALS) + 0.0).tolist()
    return rings


def _check_size(size: int) -> None:
    if size % BASE_SIZE or not BASE_SIZE <= size <= LARGEST_SIZE:
        raise ValueError(f"A cell of {size} m is not a multiple of {BASE_SIZE} m up to {LARGEST_SIZE} m.")
