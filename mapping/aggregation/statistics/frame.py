"""The study area of a spatial statistic: all cells that could hold contributions, empty ones included.

A campaign with an area has the cells that its area touches; counts in other cells (of a line that leaves the area) are
excluded, and their number is reported. Without an area the frame is the bounding box of the counted cells.
With districts it is the districts of the campaign's layer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.heatmap.counts import MOST_CELLS
from mapping.aggregation.heatmap.query import Grid, HeatmapQuery
from mapping.filters.problems import QueryProblem
from mapping.geo import hexagon
from mapping.geo.crs import to_laea
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import KEY_FACTOR, SIZES, keys_touched
from mapping.models import Campaign, District

Keys = npt.NDArray[np.int64]
Positions = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """Cells in ascending order of their `keys` (shape n; as the rows of `Heatmap`), their `centres` (shape (n, 2),
    EPSG:3035) and, for districts only, their `outlines` (shapely, EPSG:3035).
    """

    grid: Grid
    size: int
    keys: Keys
    centres: Positions
    outlines: npt.NDArray[np.object_] | None = None

    def spread(self, keys: Keys, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Expand the values of some cells to all cells of the frame, zero elsewhere."""
        spread = np.zeros(len(self.keys), dtype=np.int64)
        inside = np.isin(keys, self.keys)
        spread[np.searchsorted(self.keys, keys[inside])] = values[inside]
        return spread


def frame_of(query: HeatmapQuery, counted: Keys) -> Frame:
    """Return the frame of a query; `counted` are the keys of the non-empty cells.

    Raises QueryProblem "too_many_cells" (size, limit, smallest) and "no_districts".
    """
    if query.grid == "district":
        return _districts(query.campaign_id)
    area = _area(query.campaign_id)
    if area is None and len(counted):
        area = shapely.box(*_bounds(centres(query.grid, query.size, counted)))
    keys = _cells(query.grid, query.size, area)
    if keys is None:
        larger = SIZES[SIZES.index(query.size) + 1 :]
        raise QueryProblem(
            "too_many_cells",
            parameter="size",
            size=query.size,
            limit=MOST_CELLS,
            smallest=next((size for size in larger if _cells(query.grid, size, area) is not None), None),
        )
    return Frame(query.grid, query.size, keys, centres(query.grid, query.size, keys))


def centres(grid: Grid, size: int, keys: Keys) -> Positions:
    """Return the centres of squares or hexagons, shape (n, 2), EPSG:3035."""
    if grid == "hexagon":
        return hexagon.centres(keys, size)
    return (np.column_stack([keys % KEY_FACTOR, keys // KEY_FACTOR]).astype(np.float64) + 0.5) * size


def _cells(grid: Grid, size: int, area: shapely.Geometry | None) -> Keys | None:
    """The keys of the cells that an area touches, None for too many."""
    if area is None:
        return np.zeros(0, dtype=np.int64)
    try:
        if grid == "hexagon":
            # The limit applies to squares of the same edge; a hexagon has the area of 2.6 of them.
            keys = hexagon.keys_touched(area, size, limit=3 * MOST_CELLS)
            return keys if len(keys) <= MOST_CELLS else None
        return np.array(keys_touched(area, size, limit=MOST_CELLS), dtype=np.int64)
    except GeometryProblem as problem:
        if problem.code == "too_large":
            return None
        raise


def _area(campaign_id: int) -> shapely.Geometry | None:
    area = Campaign.objects.values_list("area", flat=True).get(pk=campaign_id)
    return None if area is None else to_laea(shapely.from_wkb(bytes(area.wkb)))


def _bounds(positions: Positions) -> tuple[float, float, float, float]:
    west, south = positions.min(axis=0)
    east, north = positions.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _districts(campaign_id: int) -> Frame:
    found = list(
        District.objects.filter(layer__campaigns=campaign_id).order_by("pk").values_list("pk", "geom")
    )
    if not found:
        raise QueryProblem("no_districts", parameter="grid")
    outlines = np.array([to_laea(shapely.from_wkb(bytes(geom.wkb))) for _pk, geom in found], dtype=object)
    middles = shapely.get_coordinates(shapely.centroid(outlines))
    return Frame("district", 0, np.array([pk for pk, _geom in found], dtype=np.int64), middles, outlines)
