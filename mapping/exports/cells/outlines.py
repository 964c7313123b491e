"""Ids and GeoJSON outlines of squares and hexagons as text, for thousands of cells at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.heatmap.query import Grid
from mapping.geo import hexagon
from mapping.geo.crs import LAEA, UTM32, WEB_MERCATOR, WGS84, laea_to_lonlat, transform_positions
from mapping.geo.grid import KEY_FACTOR

CRS: Final = {WGS84: 7, UTM32: 2, LAEA: 2, WEB_MERCATOR: 2}
"""EPSG codes in which cells are written, and the decimals of coordinates: about a centimetre."""

_SQUARE: Final = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.int64)


def cell_ids(grid: Grid, size: int, keys: Iterable[int]) -> Iterator[str]:
    """Yield the ids (`geo.grid.Cell.id`, `geo.hexagon.Hexagon.id`) of cells."""
    if grid == "hexagon":
        return (f"HEX{LAEA}E{size}I{key % KEY_FACTOR}J{key // KEY_FACTOR}" for key in keys)
    return (f"CRS{LAEA}RES{size}mN{key // KEY_FACTOR * size}E{key % KEY_FACTOR * size}" for key in keys)


def cell_places(grid: Grid, size: int, keys: Iterable[int]) -> Iterator[str]:
    """Yield the beginning of each cell's row in compact answers: squares "east,north" in metres, hexagons "i,j"."""
    metres = 1 if grid == "hexagon" else size
    return (f"{key % KEY_FACTOR * metres},{key // KEY_FACTOR * metres}" for key in keys)


def cell_rings(
    grid: Grid, size: int, keys: Iterable[int], crs: int = WGS84, *, northing_first: bool = False
) -> Iterator[str]:
    """Yield "[x,y],..." of each cell: a closed ring, counterclockwise, in one of `CRS`.

    Corners that neighbours share are transformed and written once, several times faster than through objects.
    `northing_first` writes "[y,x],..." for clients that expect the registry's order of axes.
    """
    array = np.fromiter(keys, dtype=np.int64)
    if not len(array):
        return
    places, unit = _corners(grid, size, array)
    # One integer per corner. Corners reach further than cells, and not below zero but in hexagons at the grid's edge.
    factor = 1 << 31
    codes = (places[..., 1] + 2) * factor + places[..., 0] + 2
    corners, positions = np.unique(codes, return_inverse=True)
    metres = np.column_stack([corners % factor - 2, corners // factor - 2]) * unit
    # Adding zero turns a negative zero into a plain one.
    written = np.round(transform_positions(metres, LAEA, crs), CRS[crs]) + 0.0
    texts = [f"[{x},{y}]" for x, y in (written[:, ::-1] if northing_first else written).tolist()]
    for ring in positions.reshape(codes.shape).tolist():
        yield ",".join(texts[corner] for corner in (*ring, ring[0]))


def rounded_in(area: shapely.Geometry, crs: int, *, northing_first: bool = False) -> shapely.Geometry:
    """Round a geometry to the decimals of its CRS; `northing_first` exchanges the axes."""

    def written(positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        # Adding zero turns a negative zero into a plain one.
        rounded = np.round(positions, CRS[crs]) + 0.0
        return rounded[:, ::-1] if northing_first else rounded

    return shapely.transform(area, written)


def cell_outlines(grid: Grid, size: int, keys: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Return squares or hexagons as polygons in longitude and latitude (EPSG:4326)."""
    if grid == "hexagon":
        outlines = hexagon.polygons(keys, size)
    else:
        east, north = keys % KEY_FACTOR * size, keys // KEY_FACTOR * size
        outlines = shapely.box(east, north, east + size, north + size)
    lonlat: npt.NDArray[np.object_] = shapely.transform(outlines, laea_to_lonlat)
    return lonlat


def _corners(
    grid: Grid, size: int, keys: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return corners as whole numbers, shape (n, corners, 2), and the metres per unit, east and north."""
    if grid == "hexagon":
        return hexagon.corner_places(keys), np.array([0.5, hexagon.ROW_FACTOR / 2]) * size
    south_west = np.column_stack([keys % KEY_FACTOR, keys // KEY_FACTOR])
    return south_west[:, np.newaxis, :] + _SQUARE, np.array([size, size], dtype=np.float64)
