"""A density surface of a campaign, computed from its squares, and its rendering in Web Mercator.

Only with a stated bandwidth and kernel: a surface shows contributions where nobody placed any. A line or area counts in
each square that it touches, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.ndimage
import shapely

from mapping.aggregation.heatmap.counts import Totals, heatmap
from mapping.aggregation.heatmap.kernel import Kernel, Raster, density, reach
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import LAEA, WGS84, to_lonlat, transform_positions
from mapping.geo.grid import KEY_FACTOR, SIZES

SIZES_OF_SURFACES: Final = SIZES[:4]
"""Metres of the squares that a surface may be computed from; the first is the default."""

BANDWIDTHS: Final = (100, 10_000)
"""Smallest and largest bandwidth in metres."""

_MOST_CELLS: Final = 4_000_000
"""Most cells of the raster: 200 km times 200 km at 100 m."""

_STEPS: Final = (0.01, 0.04, 0.16, 0.36, 0.64, 1.0)
"""Limits of the classes as shares of the maximum. They grow with the square, because places differ by magnitudes and
equal steps would show the centre only; below the first limit the surface is transparent."""

_FEWEST_PIXELS, _MOST_PIXELS = 64, 1200
"""Limits of the longer side of a picture, in pixels."""
_PIXELS_OF_CELL: Final = 6
"""Pixels for each cell that make the borders of classes smooth."""
_MESH: Final = 24
"""Pixels between positions that PROJ computes; those between are interpolated, wrong by less than a metre."""

Classes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """Contributions per square kilometre: `raster` has shape (rows from south to north, columns from west), its first
    cell's south-west corner lies at `east`, `north` (EPSG:3035), each cell has `size` metres. `bounds` are west, south,
    east, north of the picture in degrees (EPSG:4326). An empty campaign has an empty raster and no bounds.
    """

    size: int
    bandwidth: int
    kernel: Kernel
    raster: Raster
    east: int
    north: int
    bounds: tuple[float, float, float, float] | None
    totals: Totals

    @property
    def maximum(self) -> float:
        """The highest value."""
        return float(self.raster.max()) if self.raster.size else 0.0

    @property
    def limits(self) -> list[float]:
        """The limits of the five classes, six ascending numbers; none for an empty surface."""
        return [share * self.maximum for share in _STEPS] if self.maximum else []


def surface(query: HeatmapQuery, bandwidth: int, kernel: Kernel) -> Surface:
    """Compute the surface of the contributions that match a query, from squares of the query's size.

    Raises QueryProblem as `heatmap` does, `bandwidth_too_small` (minimum: the size) and `surface_too_wide`
    (smallest: the smallest size that works, None where none does).
    """
    if bandwidth < query.size:
        raise QueryProblem("bandwidth_too_small", parameter="bandwidth", minimum=query.size)
    found = heatmap(replace(query, grid="square", measure="contributions", question=""))
    if not found.rows:
        return Surface(query.size, bandwidth, kernel, np.zeros((0, 0)), 0, 0, None, found.totals)
    keys = np.array([row[0] for row in found.rows], dtype=np.int64)
    columns, rows = keys % KEY_FACTOR, keys // KEY_FACTOR
    margin = int(np.ceil(reach(kernel, bandwidth) / query.size))
    west, south = int(columns.min()) - margin, int(rows.min()) - margin
    shape = int(rows.max()) + margin + 1 - south, int(columns.max()) + margin + 1 - west
    if shape[0] * shape[1] > _MOST_CELLS:
        shrink = (shape[0] * shape[1] / _MOST_CELLS) ** 0.5
        fitting = (size for size in SIZES_OF_SURFACES if size >= query.size * shrink and size <= bandwidth)
        raise QueryProblem("surface_too_wide", parameter="size", smallest=next(fitting, None))
    counts = np.zeros(shape)
    counts[rows - south, columns - west] = [row[1] for row in found.rows]
    return Surface(
        query.size,
        bandwidth,
        kernel,
        density(counts, query.size, bandwidth, kernel),
        west * query.size,
        south * query.size,
        _bounds(west * query.size, south * query.size, shape[1] * query.size, shape[0] * query.size),
        found.totals,
    )


def drawn(surface: Surface) -> Classes:
    """Return the class (0: transparent, 1 to 5) of each pixel, north on top, evenly spaced in Web Mercator.

    Values between the centres of cells are interpolated linearly.
    """
    if surface.bounds is None:
        return np.zeros((1, 1), dtype=np.uint8)
    west, south, east, north = surface.bounds
    top, bottom = _mercator(north), _mercator(south)
    wide, high = np.radians(east - west), top - bottom
    metres = surface.raster.shape[1] * surface.size
    longer = min(_MOST_PIXELS, max(_FEWEST_PIXELS, int(_PIXELS_OF_CELL * metres / surface.size)))
    width, height = (
        (longer, max(1, round(longer * high / wide)))
        if wide >= high
        else (max(1, round(longer * wide / high)), longer)
    )
    lons = west + (_nodes(width) + 0.5) / width * (east - west)
    lats = np.degrees(np.arctan(np.sinh(top - (_nodes(height) + 0.5) / height * high)))
    mesh = np.stack(np.meshgrid(lons, lats), axis=-1)
    laea = transform_positions(mesh.reshape(-1, 2), WGS84, LAEA).reshape(mesh.shape)
    pixels = np.meshgrid(np.arange(height) / _MESH, np.arange(width) / _MESH, indexing="ij")
    easts, norths = (scipy.ndimage.map_coordinates(laea[..., axis], pixels, order=1) for axis in (0, 1))
    return classes_at(surface, easts, norths)


def classes_at(surface: Surface, easts: Positions, norths: Positions) -> Classes:
    """Return the class (0: nothing or less than the first limit, 1 to 5) of places in EPSG:3035."""
    if not surface.limits:
        return np.zeros(easts.shape, dtype=np.uint8)
    values = scipy.ndimage.map_coordinates(
        surface.raster,
        [(norths - surface.north) / surface.size - 0.5, (easts - surface.east) / surface.size - 0.5],
        order=1,
    )
    classes: Classes = np.searchsorted(surface.limits[:-1], values, side="right").astype(np.uint8)
    return classes


def _nodes(pixels: int) -> npt.NDArray[np.float64]:
    """Every 24th pixel, extending beyond the last one."""
    return np.arange(0, pixels + _MESH, _MESH, dtype=np.float64)


def _mercator(latitude: float) -> float:
    """Web Mercator's northing in radians."""
    return float(np.arcsinh(np.tan(np.radians(latitude))))


def _bounds(east: int, north: int, width: int, height: int) -> tuple[float, float, float, float]:
    """Degrees around a rectangle of EPSG:3035; its edges are curves, hence many points on them."""
    rectangle = shapely.box(east, north, east + width, north + height)
    outline = to_lonlat(shapely.segmentize(rectangle, max(width, height) / 32))
    found = shapely.bounds(outline)
    return float(found[0]), float(found[1]), float(found[2]), float(found[3])
