"""Assignment of many places at once to zones: squares, hexagons or districts.

An `Incidence` is a contribution in a zone. A point has one, at most; a line or area has one per zone that it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.rows import POINT, SHAPE, PlaceRows, place_rows
from mapping.filters.places import DISTRICT, district_ids
from mapping.filters.problems import QueryProblem
from mapping.geo import grid, hexagon
from mapping.geo.crs import LAEA, WGS84
from mapping.geo.grid import KEY_FACTOR
from mapping.models import Campaign, District

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

NOWHERE = -1
"""Placeholder for places in no zone."""


@dataclass(frozen=True, slots=True)
class Incidence:
    """Contributions in zones: keys of zones, and the positions (in `PlaceRows`) of contributions; arrays of one length.

    Each contribution is listed once per zone.
    """

    keys: Integers
    rows: Integers

    @classmethod
    def of(
        cls,
        places: PlaceRows,
        crs: int,
        of_points: Callable[[Floats], Integers],
        of_shape: Callable[[shapely.Geometry], Integers],
    ) -> Incidence:
        """Look up the zone of all points, shape (n, 2) (`NOWHERE` for none), and the zones of each other geometry."""
        point_rows = np.flatnonzero(places.kinds == POINT)
        point_keys = of_points(places.points[crs])
        is_somewhere = point_keys != NOWHERE
        keys, rows = [point_keys[is_somewhere]], [point_rows[is_somewhere]]
        shape_rows = np.flatnonzero(places.kinds == SHAPE).tolist()
        for row, shape in zip(shape_rows, places.shapes[crs], strict=True):
            touched = of_shape(shape)
            keys.append(touched)
            rows.append(np.full(len(touched), row, dtype=np.int64))
        return cls(np.concatenate(keys), np.concatenate(rows))

    def within(self, chosen: npt.NDArray[np.bool_]) -> Incidence:
        """Select the contributions of a mask (one entry per contribution)."""
        is_chosen = chosen[self.rows]
        return replace(self, keys=self.keys[is_chosen], rows=self.rows[is_chosen])


@dataclass(frozen=True)
class Districts:
    """The districts of a campaign in the order of their codes: ids and areas (EPSG:4326)."""

    ids: tuple[int, ...]
    areas: Shapes

    @classmethod
    def of_campaign(cls, campaign_id: int) -> Districts:
        """Read the campaign's layer; raises QueryProblem "no_districts" where there is none."""
        layer = Campaign.objects.values_list("district_layer", flat=True).get(pk=campaign_id)
        rows = District.objects.filter(layer=layer).values_list("code", "pk", "geom") if layer else ()
        # Sorted by Python, independent of the database's collation.
        ordered = sorted((code, pk, bytes(geom.wkb)) for code, pk, geom in rows)
        if not ordered:
            raise QueryProblem("no_districts", parameter="grid")
        areas = np.asarray(shapely.from_wkb([wkb for _code, _pk, wkb in ordered]), dtype=np.object_)
        shapely.prepare(areas)
        return cls(tuple(pk for _code, pk, _wkb in ordered), areas)

    def incidence(self, places: PlaceRows) -> Incidence:
        """Return which contributions lie in which districts (keys are the districts' ids)."""
        tree = shapely.STRtree(self.areas)
        ids = np.array(self.ids, dtype=np.int64)

        def of_shape(shape: shapely.Geometry) -> Integers:
            return ids[np.sort(tree.query(shape, predicate="intersects"))]

        return Incidence.of(places, WGS84, self.of_points, of_shape)

    def of_points(self, points: Floats) -> Integers:
        """The first district by code that each point (degrees) touches, its border included, or `NOWHERE`."""
        found = np.full(len(points), NOWHERE, dtype=np.int64)
        longitude, latitude = points[:, 0], points[:, 1]
        for pk, area in zip(self.ids, self.areas, strict=True):
            west, south, east, north = shapely.bounds(area)
            is_near = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
            near = np.flatnonzero(is_near & (found == NOWHERE))
            found[near[shapely.intersects_xy(area, longitude[near], latitude[near])]] = pk
        return found


def cells_at(places: PlaceRows, query: HeatmapQuery, size: int) -> Incidence:
    """Return which contributions lie in which squares or hexagons of a size."""
    if query.grid == "hexagon":
        return Incidence.of(
            places,
            LAEA,
            lambda points: hexagon.keys_of_points(points[:, 0], points[:, 1], size),
            lambda shape: hexagon.keys_touched(shape, size),
        )
    return Incidence.of(
        places,
        LAEA,
        lambda points: parents(_square_keys(points), size),
        lambda shape: np.array(grid.keys_touched(shape, size), dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class Located:
    """The contributions of a query with their places; `chosen` is a mask of those that match its filter by district."""

    query: HeatmapQuery
    places: PlaceRows
    chosen: npt.NDArray[np.bool_]
    in_districts: Incidence | None

    def incidence(self, size: int) -> Incidence:
        """Return which contributions lie in which cells of the query's grid, of a size where cells have one."""
        if self.query.grid == "district" and self.in_districts is not None:
            return self.in_districts.within(self.chosen)
        return cells_at(self.places, self.query, size).within(self.chosen)


def located(query: HeatmapQuery) -> Located:
    """Read the contributions that match a query, its filter by district included. Raises QueryProblem."""
    districts = None
    codes = query.filter.get(DISTRICT)
    if query.grid == "district" or codes is not None:
        districts = Districts.of_campaign(query.campaign_id)
    crs = (WGS84,) if query.grid == "district" else (LAEA,) if districts is None else (LAEA, WGS84)
    places = place_rows(query, *crs)
    chosen = np.ones(len(places.kinds), dtype=np.bool_)
    in_districts = None if districts is None else districts.incidence(places)
    if in_districts is not None and codes is not None:
        chosen = chosen_rows(places, in_districts, district_ids(query.campaign_id, codes))
    return Located(query, places, chosen, in_districts)


def parents(keys: Integers, size: int) -> Integers:
    """Return the keys of the squares of a size that contain squares of 100 m (see `grid.parent_key`)."""
    factor = size // grid.BASE_SIZE
    if factor == 1:
        return keys
    return keys // KEY_FACTOR // factor * KEY_FACTOR + keys % KEY_FACTOR // factor


def chosen_rows(places: PlaceRows, incidence: Incidence, ids: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return a mask of the contributions that lie in one of the zones."""
    mask = np.zeros(len(places.kinds), dtype=np.bool_)
    mask[incidence.rows[np.isin(incidence.keys, ids)]] = True
    return mask


def _square_keys(points: Floats) -> Integers:
    indices: Integers = np.floor(points / grid.BASE_SIZE).astype(np.int64)
    return indices[:, 1] * KEY_FACTOR + indices[:, 0]
