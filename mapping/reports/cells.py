"""Cells for drawing and tables, made from a heat map's rows or from a public release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.heatmap.counts import Heatmap, Row
from mapping.aggregation.heatmap.query import Grid, Measure
from mapping.aggregation.releases.publication import PublicRelease
from mapping.aggregation.statistics.change import CellChange
from mapping.exports.cells.outlines import cell_ids
from mapping.geo.crs import laea_to_lonlat, to_laea
from mapping.geo.grid import KEY_FACTOR
from mapping.geo.hexagon import polygons
from mapping.models import District

Ring = list[tuple[float, float]]
Shape = list[list[Ring]]
"""Polygons, each of an outer ring and holes."""

DrawnRow = tuple[int, float, float, int, float | None]
"""Position of the outline in the page's data, contributions, participants, step of the ramp, value; of a comparison
both numbers and their difference in place of contributions, participants and value.
"""

TOLERANCE: Final = 8.0
"""Metres by which outlines of area and districts may be simplified; a pixel of a slide is more."""

_DECIMALS: Final = 6
"""Decimals of a degree: 11 cm."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: `outline` is a polygon or several, in metres of EPSG:3035.

    `participants` is exact, or the lower limit in a release. `value` determines the colour: contributions, people,
    support, a mean (None without answers), contributions per km² or a difference. Districts have a `name`. Comparisons
    have a `pair`.
    """

    id: str
    outline: shapely.Geometry
    contributions: int
    participants: int
    value: float | None
    name: str = ""
    pair: Pair | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """The numbers of both sides of a comparison; `chance` is the corrected probability, None without a test."""

    first: float
    second: float
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """An area with its name, EPSG:3035."""

    name: str
    outline: shapely.Geometry
    code: str = ""
    pk: int = 0


def cells_of(heatmap: Heatmap, measure: Measure = "contributions") -> list[ShownCell]:
    """The cells of a heat map with their outlines, highest value first."""
    outlines = outlines_of(heatmap.grid, heatmap.size, [row[0] for row in heatmap.rows])
    return fullest_first(
        [
            ShownCell(one.code, one.outline, row[1], row[2], _value(row, measure), one.name)
            for row in heatmap.rows
            if (one := outlines.get(row[0])) is not None
        ]
    )


def outlines_of(grid: Grid, size: int, keys: Sequence[int]) -> dict[int, Named]:
    """Outlines of cells with their ids (as `code`) by key. Districts that an import removed meanwhile are missing."""
    if not keys:
        return {}
    if grid == "district":
        layer = District.objects.filter(pk__in=keys).values_list("layer_id", flat=True).first()
        return {one.pk: one for one in districts_of_layer(layer)}
    return {
        key: Named("", outline, name)
        for key, name, outline in zip(
            keys, cell_ids(grid, size, keys), _outlines(grid, size, keys), strict=True
        )
    }


def compared_cells(first: Sequence[ShownCell], second: Sequence[ShownCell]) -> list[ShownCell]:
    """The cells of two maps with both values and the difference, greatest difference first."""
    known = [{cell.id: cell for cell in cells} for cells in (first, second)]
    cells = []
    for name, cell in (known[0] | known[1]).items():
        a, b = (0 if (one := side.get(name)) is None else one.value or 0 for side in known)
        cells.append(replace(cell, value=b - a, pair=Pair(a, b)))
    return most_different_first(cells)


def changed_cells(grid: Grid, size: int, changed: Sequence[CellChange]) -> list[ShownCell]:
    """The cells of a change between two periods, greatest change first."""
    outlines = outlines_of(grid, size, [cell.key for cell in changed])
    return most_different_first(
        [
            ShownCell(
                one.code,
                one.outline,
                cell.before + cell.after,
                0,
                cell.after - cell.before,
                one.name,
                Pair(cell.before, cell.after, cell.p_adjusted),
            )
            for cell in changed
            if (one := outlines.get(cell.key)) is not None
        ]
    )


def most_different_first(cells: Sequence[ShownCell]) -> list[ShownCell]:
    """Sort for tables of comparisons: greatest absolute difference first."""
    return sorted(cells, key=lambda cell: (-abs(cell.value or 0), -(cell.value or 0), cell.id))


def districts_of_layer(layer_id: int | None) -> list[Named]:
    """Districts with simplified outlines, by code: neighbours keep their common border, without gap or overlap."""
    found = list(District.objects.filter(layer_id=layer_id).order_by("code"))
    if not found:
        return []
    outlines = [to_laea(shapely.from_wkb(bytes(one.geom.wkb))) for one in found]
    simple = shapely.coverage_simplify(np.array(outlines, dtype=object), TOLERANCE)
    return [
        Named(one.name, outline, one.code, one.pk)
        for one, outline in zip(found, simple.tolist(), strict=True)
    ]


def _value(row: Row, measure: Measure) -> float | None:
    if len(row) == 4:
        return row[3]
    return row[2] if measure == "participants" else row[1]


def _outlines(grid: Grid, size: int, cells: Sequence[int]) -> list[shapely.Geometry]:
    keys: npt.NDArray[np.int64] = np.fromiter(cells, dtype=np.int64, count=len(cells))
    if grid == "hexagon":
        return list(polygons(keys, size))
    east, north = keys % KEY_FACTOR * size, keys // KEY_FACTOR * size
    return list(shapely.box(east, north, east + size, north + size))


def released_cells(release: PublicRelease) -> list[ShownCell]:
    """The regions of a release with their outlines, densest first: their `value` is contributions per km².

    Regions differ in size; coloured by counts alone a large one would look denser than a crowded small one.
    """
    return fullest_first(
        [
            ShownCell(
                cell.id,
                shapely.union_all([shapely.box(x, y, x + size, y + size) for x, y, size in cell.squares]),
                cell.contributions,
                cell.participants_at_least,
                cell.contributions / (cell.area / 1e6),
            )
            for cell in release.cells
        ]
    )


def fullest_first(cells: Sequence[ShownCell]) -> list[ShownCell]:
    """Sort for tables: highest value first, then most contributions, most people, by id."""
    return sorted(
        cells,
        key=lambda cell: (
            cell.value is None,
            -(cell.value or 0),
            -cell.contributions,
            -cell.participants,
            cell.id,
        ),
    )


def shapes_of(geometries: Sequence[shapely.Geometry]) -> list[Shape]:
    """Polygons of EPSG:3035 for Leaflet: (lat, lon) in degrees, all in one transformation."""
    turned = shapely.transform(np.array(geometries, dtype=object), laea_to_lonlat)
    return [[_rings(polygon) for polygon in parts_of(geometry)] for geometry in turned]


def parts_of(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """The polygons of a geometry."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon)]


def _rings(polygon: shapely.Polygon) -> list[Ring]:
    return [
        [(round(lat, _DECIMALS), round(lon, _DECIMALS)) for lon, lat in ring.coords[:-1]]
        for ring in (polygon.exterior, *polygon.interiors)
    ]
