"""Cells as they are drawn and told, whatever they come from: a heat map's rows or a public release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.heatmap import Heatmap, Row
from mapping.aggregation.publication import PublicRelease
from mapping.aggregation.query import Measure
from mapping.geo.crs import LAEA, laea_to_lonlat, to_laea
from mapping.geo.grid import KEY_FACTOR
from mapping.geo.hexagon import Hexagon, polygons
from mapping.models import District

Ring = list[tuple[float, float]]
Shape = list[list[Ring]]
"""Polygons, each of an outer ring and holes."""

DrawnRow = tuple[int, int, int, int, float | None]
"""Position of the outline in the page's data, contributions, participants, step of the ramp, value."""

TOLERANCE: Final = 8.0
"""Metres by which outlines of area and districts may be simplified; a pixel of a slide is more."""

_DECIMALS: Final = 6
"""Of a degree: 11 cm."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: `outline` is a polygon or several, in metres of EPSG:3035.

    `participants` is exact, or in a release the number that there are at least. `value` is what the colour stands for:
    contributions, participants, support, a mean (None where nobody gave an answer) or contributions per km².
    Districts have a `name`.
    """

    id: str
    outline: shapely.Geometry
    contributions: int
    participants: int
    value: float | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """An area with its name, EPSG:3035."""

    name: str
    outline: shapely.Geometry
    code: str = ""
    pk: int = 0


def cells_of(heatmap: Heatmap, measure: Measure = "contributions") -> list[ShownCell]:
    """The cells of a heat map with their outlines, highest value first."""
    if not heatmap.rows:
        return []
    if heatmap.grid == "district":
        # A district may have been replaced by an import while we counted.
        districts = {one.pk: one for one in districts_of_layer(_layer_of(heatmap))}
        rows = [row for row in heatmap.rows if row[0] in districts]
        names = [(districts[row[0]].code, districts[row[0]].name) for row in rows]
        outlines = [districts[row[0]].outline for row in rows]
    else:
        rows = list(heatmap.rows)
        names = [(name, "") for name in _ids(heatmap)]
        outlines = list(_outlines(heatmap))
    return fullest_first(
        [
            ShownCell(name, outline, row[1], row[2], _value(row, measure), title)
            for (name, title), outline, row in zip(names, outlines, rows, strict=True)
        ]
    )


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


def _layer_of(heatmap: Heatmap) -> int | None:
    keys = [row[0] for row in heatmap.rows]
    return District.objects.filter(pk__in=keys).values_list("layer_id", flat=True).first()


def _value(row: Row, measure: Measure) -> float | None:
    if len(row) == 4:
        return row[3]
    return row[2] if measure == "participants" else row[1]


def _ids(heatmap: Heatmap) -> list[str]:
    size = heatmap.size
    if heatmap.grid == "hexagon":
        return [Hexagon.from_key(row[0], size).id for row in heatmap.rows]
    return [
        f"CRS{LAEA}RES{size}mN{row[0] // KEY_FACTOR * size}E{row[0] % KEY_FACTOR * size}"
        for row in heatmap.rows
    ]


def _outlines(heatmap: Heatmap) -> npt.NDArray[np.object_]:
    size = heatmap.size
    keys: npt.NDArray[np.int64] = np.fromiter((row[0] for row in heatmap.rows), dtype=np.int64)
    if heatmap.grid == "hexagon":
        return polygons(keys, size)
    east, north = keys % KEY_FACTOR * size, keys // KEY_FACTOR * size
    return np.asarray(shapely.box(east, north, east + size, north + size), dtype=np.object_)


def released_cells(release: PublicRelease) -> list[ShownCell]:
    """The regions of a release with their outlines, densest first: their `value` is contributions per km².

    Regions differ in size; coloured by mere counts a large one would look fuller than a crowded small one.
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
    """In the order of tables: highest value first, then most contributions, most people, by id."""
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
    """Polygons of EPSG:3035 as Leaflet wants them: (lat, lon) in degrees, for all of them in one transformation."""
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
