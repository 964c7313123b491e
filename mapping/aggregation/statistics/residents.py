"""Inhabitants of districts, from a population grid whose cells are divided between them by area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.columns import fetch_columns
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.zones import Districts
from mapping.aggregation.statistics.representation import Group, Representation, represent
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import to_laea
from mapping.geo.grid import KEY_FACTOR
from mapping.models import District, PopulationGrid

Keys = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]
Coordinates = npt.NDArray[np.floating[Any]]

SMALLEST_DIVIDED: Final = 500
"""Metres; the smallest cells that are divided between areas: of finer ones there are many, and few at borders."""

_CELLS: Final = f"""
    SELECT array_agg(cell), array_agg(inhabitants) FROM mapping_populationcell
    WHERE grid_id = %(grid)s AND cell >= %(first)s::bigint AND cell < %(last)s::bigint
        AND mod(cell, {KEY_FACTOR}) BETWEEN %(west)s::bigint AND %(east)s::bigint
"""


@dataclass(frozen=True, slots=True)
class Resident:
    """A district with its inhabitants; None where the grid knows no cell of it."""

    pk: int
    name: str
    inhabitants: int | None


@dataclass(frozen=True, slots=True)
class Residents:
    """The districts of a campaign in the order of their codes, and the grid that their inhabitants are from."""

    districts: tuple[Resident, ...]
    grid: PopulationGrid


def residents(campaign_id: int) -> Residents:
    """Count the inhabitants of the districts of a campaign's layer.

    Of the loaded grids the one is used that covers most of the districts, of several the finest. Raises QueryProblem
    "no_districts" and "no_residents": no loaded grid has a cell in any district.
    """
    districts = Districts.of_campaign(campaign_id)
    areas = np.array([to_laea(area) for area in districts.areas], dtype=np.object_)
    best: tuple[int, PopulationGrid, npt.NDArray[np.float64]] | None = None
    for grid in PopulationGrid.objects.order_by("size", "slug"):
        cells, inhabitants = _cells(grid, areas)
        people = apportion(areas, cells, inhabitants, grid.size)
        covered = int(np.isfinite(people).sum())
        if covered > (0 if best is None else best[0]):
            best = (covered, grid, people)
    if best is None:
        raise QueryProblem("no_residents", parameter="population")
    names = dict(District.objects.filter(pk__in=districts.ids).values_list("pk", "name"))
    return Residents(
        tuple(
            Resident(pk, names[pk], round(number) if np.isfinite(number) else None)
            for pk, number in zip(districts.ids, best[2].tolist(), strict=True)
        ),
        best[1],
    )


def contributors_by_district(campaign_id: int) -> tuple[Residents, Representation]:
    """Compare the people who placed something published in each district with its inhabitants.

    People count once in every district with a place of theirs, contributions without a person for nobody. Callers must
    check permissions. Raises QueryProblem as `residents` does.
    """
    known = residents(campaign_id)
    found = heatmap(HeatmapQuery(campaign_id, grid="district"))
    people = {row[0]: row[2] for row in found.rows}
    groups = [Group(one.name, people.get(one.pk, 0), one.inhabitants) for one in known.districts]
    return known, represent(groups)


def apportion(areas: Shapes, cells: Keys, inhabitants: Keys, size: int) -> npt.NDArray[np.float64]:
    """Inhabitants per area (EPSG:3035): those of a cell belong to each area by the share of the cell that it covers.

    Simple areal weighting, which takes people to be spread evenly over a cell: M. F. Goodchild and N. S.-N. Lam 1980,
    "Areal interpolation: a variant of the traditional spatial problem", Geo-Processing 1. Cells smaller than
    `SMALLEST_DIVIDED` belong as a whole to the areas that hold their centre. `cells` are `Cell.key` at `size` metres.
    NaN where no cell lies in an area.
    """
    east, north = cells % KEY_FACTOR * size, cells // KEY_FACTOR * size
    if size < SMALLEST_DIVIDED:
        return _by_centre(areas, east + size / 2, north + size / 2, inhabitants)
    squares = shapely.box(east, north, east + size, north + size)
    tree = shapely.STRtree(squares)
    found = np.full(len(areas), np.nan)
    for index, area in enumerate(areas):
        touched = np.sort(tree.query(area, predicate="intersects"))
        inside = np.isin(touched, tree.query(area, predicate="contains"))
        parts = np.ones(len(touched))
        parts[~inside] = shapely.area(shapely.intersection(squares[touched[~inside]], area)) / size**2
        if parts.any():
            found[index] = float((parts * inhabitants[touched]).sum())
    return found


def _by_centre(
    areas: Shapes, east: Coordinates, north: Coordinates, inhabitants: Keys
) -> npt.NDArray[np.float64]:
    shapely.prepare(areas)
    found = np.full(len(areas), np.nan)
    for index, area in enumerate(areas):
        inside = shapely.contains_xy(area, east, north)
        if inside.any():
            found[index] = float(inhabitants[inside].sum())
    return found


def _cells(grid: PopulationGrid, areas: Shapes) -> tuple[Keys, Keys]:
    """The cells of a grid within the box around all areas, and their inhabitants."""
    west, south, east, north = (shapely.total_bounds(areas) // grid.size).astype(np.int64).tolist()
    params = {
        "grid": grid.pk,
        "first": south * KEY_FACTOR,
        "last": (north + 1) * KEY_FACTOR,
        "west": west,
        "east": east,
    }
    cells, inhabitants = fetch_columns(_CELLS, params)
    return cells, inhabitants
