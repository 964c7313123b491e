"""Whether a place lies in a campaign's area.

The rule, relative to the area's outline on the map:

- A point must lie inside or on the outline. One metre of slack absorbs rounding, and that a long edge is straight
  in degrees but slightly bent in metres.
- A line or an area must lie inside too, but may reach up to 200 m across the outline: official boundaries are
  generalised by some 100 m, and a street or a meadow at the edge of the city does not end at its boundary.

Measured in EPSG:3035 metres. A campaign without an area accepts places all over the European grid.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import to_laea
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import swap_axes
from mapping.models import Campaign

POINT_SLACK = 1.0
EXTENT_TOLERANCE = 200.0
# The GeoGitter of the BKG numbers cells by seven digits of metres north and east (INSPIRE grid, EPSG:3035).
_GRID_END = 10_000_000.0
_GRID = shapely.box(0, 0, _GRID_END - 1, _GRID_END - 1)
# Prepared geometries build their index at the first predicate, which two threads must not do at once.
_lock = threading.Lock()


class Area:
    """A campaign's area, prepared for repeated tests."""

    def __init__(self, area: BaseGeometry | None) -> None:
        if area is None:
            self._for_points = self._for_extents = _GRID
        else:
            laea = to_laea(area)
            self._for_points = shapely.buffer(laea, POINT_SLACK)
            self._for_extents = shapely.buffer(laea, EXTENT_TOLERANCE)
        self._is_everywhere = area is None
        shapely.prepare(self._for_points)
        shapely.prepare(self._for_extents)

    def check(self, geom: BaseGeometry) -> None:
        """Raise GeometryProblem "outside_area", "swapped_axes_suspected" or "outside_grid" for a lon/lat geometry."""
        if self._takes(geom):
            return
        if self._is_everywhere:
            raise GeometryProblem("outside_grid")
        lon, lat = geom.representative_point().coords[0] if not geom.is_empty else (0.0, 0.0)
        if self._takes(swap_axes(geom)):
            raise GeometryProblem("swapped_axes_suspected", lon=round(lon, 5), lat=round(lat, 5))
        raise GeometryProblem("outside_area")

    def takes(self, geoms: Sequence[BaseGeometry]) -> list[bool]:
        """For imports: mask of the lon/lat geometries that lie inside."""
        return [self._takes(geom) for geom in geoms]

    def takes_points(self, laea: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[bool]:
        """For imports: mask of the points, given as EPSG:3035 metres in shape (n, 2), that lie inside."""
        with _lock:
            inside = shapely.intersects_xy(self._for_points, laea[:, 0], laea[:, 1])
        return [bool(value) for value in inside]

    def _takes(self, geom: BaseGeometry) -> bool:
        try:
            laea = to_laea(geom)
        except GeometryProblem:
            return False
        limit = self._for_points if geom.geom_type == "Point" else self._for_extents
        with _lock:
            return bool(shapely.covers(limit, laea))


def check_inside_area(campaign: Campaign, geom: BaseGeometry) -> None:
    """Raise GeometryProblem unless a lon/lat geometry lies in the campaign's area."""
    area_of(campaign).check(geom)


def area_of(campaign: Campaign) -> Area:
    """Return a campaign's area; cached as long as it does not change."""
    return _area(None if campaign.area is None else bytes(campaign.area.wkb))


@lru_cache(maxsize=16)
def _area(wkb: bytes | None) -> Area:
    return Area(None if wkb is None else shapely.from_wkb(wkb))
