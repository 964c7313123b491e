"""Cells as they are drawn and told, whatever they come from: a heat map's rows or a public release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.heatmap import Heatmap
from mapping.aggregation.publication import PublicRelease
from mapping.geo.crs import LAEA, laea_to_lonlat
from mapping.geo.grid import KEY_FACTOR

Ring = list[tuple[float, float]]
Shape = list[list[Ring]]
"""Polygons, each of an outer ring and holes."""

_DECIMALS = 6
"""Of a degree: 11 cm."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: `outline` is a polygon or several, in metres of EPSG:3035.

    `participants` is exact, or in a release the number that there are at least.
    """

    id: str
    outline: shapely.Geometry
    contributions: int
    participants: int


def cells_of(heatmap: Heatmap) -> list[ShownCell]:
    """The cells of a heat map with their outlines, fullest first."""
    if not heatmap.rows:
        return []
    size = heatmap.size
    keys: npt.NDArray[np.int64] = np.fromiter((row[0] for row in heatmap.rows), dtype=np.int64)
    east, north = keys % KEY_FACTOR * size, keys // KEY_FACTOR * size
    outlines = shapely.box(east, north, east + size, north + size)
    cells = [
        ShownCell(f"CRS{LAEA}RES{size}mN{y}E{x}", outline, row[1], row[2])
        for row, x, y, outline in zip(heatmap.rows, east.tolist(), north.tolist(), outlines, strict=True)
    ]
    return fullest_first(cells)


def released_cells(release: PublicRelease) -> list[ShownCell]:
    """The regions of a release with their outlines, fullest first."""
    return fullest_first(
        [
            ShownCell(
                cell.id,
                shapely.union_all([shapely.box(x, y, x + size, y + size) for x, y, size in cell.squares]),
                cell.contributions,
                cell.participants_at_least,
            )
            for cell in release.cells
        ]
    )


def fullest_first(cells: Sequence[ShownCell]) -> list[ShownCell]:
    """In the order of tables: most contributions first, then most people, then by id."""
    return sorted(cells, key=lambda cell: (-cell.contributions, -cell.participants, cell.id))


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
