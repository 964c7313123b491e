"""A heat map as inline SVG in Web Mercator: a picture without JavaScript, an overlay on the map with it.

Colours come from classes (`heat-1` to `heat-5`), hence from the tokens of the page. Values only, no query.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.safestring import SafeString, mark_safe

from mapping.geo.crs import laea_to_lonlat
from mapping.geo.frame import MapFrame
from mapping.reports.cells import ShownCell
from mapping.reports.classes import HeatClass, step_of

WIDTH = 10_000
"""Width of the picture in units: some two metres each in a city, whole numbers are enough."""
_MARGIN = 0.04
_TOLERANCE = 12

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class HeatPicture:
    """A drawing of `width` x `height` units over `bounds` (west, south, east, north in degrees).

    `focus` are the bounds of the cells alone. Each cell carries its position in the list as `data-cell`.
    """

    width: int
    height: int
    bounds: Bounds
    focus: Bounds
    area: str
    cells: SafeString


def draw_cells(
    cells: Sequence[ShownCell], classes: Sequence[HeatClass], area: GEOSGeometry | None
) -> HeatPicture | None:
    """Draw cells in the colours of their classes over the campaign's area; None without cells."""
    outlines = shapely.transform(np.array([cell.outline for cell in cells], dtype=object), laea_to_lonlat)
    outline = None if area is None else shapely.from_wkb(bytes(area.wkb))
    shown = [*outlines, *([] if outline is None else [outline])]
    if not shown:
        return None
    bounds = _widened(shapely.total_bounds(shown).tolist())
    (west, south), (east, north) = _mercator(np.array([bounds[:2], bounds[2:]])).tolist()
    frame = MapFrame(west, north, WIDTH / (east - west))
    written = _paths(shapely.transform(shapely.transform(outlines, _mercator), frame.place))
    paths = (
        f'<path class="heat-cell heat-{step + 1}" data-cell="{number}" d="{path}"/>'
        for number, (cell, path) in enumerate(zip(cells, written, strict=True))
        if (step := step_of(cell.value, classes)) is not None
    )
    return HeatPicture(
        width=WIDTH,
        height=round((north - south) * frame.scale),
        bounds=bounds,
        focus=_widened(shapely.total_bounds(outlines).tolist()) if cells else bounds,
        area="" if outline is None else _area(outline, frame),
        # Contains numbers only.
        cells=mark_safe("".join(paths)),
    )


def _mercator(lonlat: np.ndarray) -> np.ndarray:
    """Web Mercator in radians."""
    radians = np.radians(lonlat)
    return np.column_stack([radians[:, 0], np.log(np.tan(math.pi / 4 + radians[:, 1] / 2))])


def _widened(bounds: Sequence[float]) -> Bounds:
    west, south, east, north = (float(value) for value in bounds)
    wide, tall = (east - west) * _MARGIN, (north - south) * _MARGIN
    return west - wide, south - tall, east + wide, north + tall


def _area(outline: shapely.Geometry, frame: MapFrame) -> str:
    simple = shapely.simplify(
        shapely.transform(shapely.transform(outline, _mercator), frame.place), _TOLERANCE
    )
    return "".join(_paths(np.array([simple], dtype=object)))


def _paths(geometries: npt.NDArray[np.object_]) -> list[str]:
    """Polygons as SVG paths: absolute start, relative steps, whole units. Vectorised over all polygons."""
    parts, owners = shapely.get_parts(geometries, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    positions, ring_of_position = shapely.get_coordinates(rings, return_index=True)
    units = np.round(positions).astype(np.int64)
    ends = np.flatnonzero(np.diff(ring_of_position, append=-1)) + 1
    steps = [f"{x} {y}" for x, y in np.diff(units, axis=0).tolist()]
    texts = [""] * len(geometries)
    start = 0
    for end, owner in zip(ends.tolist(), owners[part_of_ring].tolist(), strict=True):
        first = units[start]
        # The last position is the first one again: `z` closes the ring.
        texts[owner] += f"M{first[0]} {first[1]}l{' '.join(steps[start : end - 2])}z"
        start = end
    return texts
