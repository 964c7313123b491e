"""Small maps as inline SVG: the outline of a campaign's area and its contributions. Values only, no query."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.safestring import SafeString, mark_safe

from mapping.geo.frame import Extent, MapFrame
from mapping.models.campaign import Palette

WIDTH = 320
HEIGHT = 168
MARGIN = 14
_SIMPLIFY_PIXELS = 0.6
_POINT_RADIUS = 3
_DEGREES_PER_KILOMETRE = 1 / 111.2
_GRID_KILOMETRES = (0.5, 1, 2, 5, 10, 20, 50)
_GRID_PIXELS = 22
_FOCUS_PERCENT = 6
_FOCUS_MARGIN = 0.3
_FOCUS_SMALLEST = 1.6 * _DEGREES_PER_KILOMETRE
_FOCUS_FROM = 5


@dataclass(frozen=True, slots=True)
class Outline:
    """A drawing in a box of `width` x `height` units: paths of area and grid, and the SVG of the contributions."""

    width: int
    height: int
    area: str
    grid: str
    shapes: SafeString


def draw(
    area: GEOSGeometry,
    placed: Iterable[tuple[str, GEOSGeometry]] = (),
    *,
    heat: Sequence[tuple[str, shapely.Geometry]] = (),
    width: int = WIDTH,
    height: int = HEIGHT,
    focus: bool = False,
) -> Outline:
    """Draw the outline of an area (lon/lat) with contributions: pairs of palette colour and geometry.

    `heat` are cells: the class of their colour (`heat-1` to `heat-5`) and their outline (lon/lat). `focus` zooms in to
    where most contributions are; the drawing is clipped at its edge.
    """
    given = [(colour, geometry) for colour, geometry in placed if colour in Palette.values]
    colours = [colour for colour, _ in given]
    geometries = shapely.from_wkb([bytes(geometry.wkb) for _, geometry in given])
    outline = shapely.from_wkb(bytes(area.wkb))
    extent: Extent = outline.bounds
    cells = np.array([cell for _, cell in heat], dtype=object)
    frame = _frame(_focus(extent, np.concatenate([geometries, cells])) if focus else extent, width, height)
    tolerance = _SIMPLIFY_PIXELS / frame.scale
    simple = shapely.transform(shapely.simplify(geometries, tolerance), frame.place)
    box = shapely.box(-MARGIN, -MARGIN, width + MARGIN, height + MARGIN)
    visible = shapely.intersects(simple, box)
    coloured = (
        f'<path class="outline__cell {look}" d="{_path(cell)}"/>'
        for (look, _), cell in zip(heat, shapely.transform(cells, frame.place), strict=True)
    )
    drawn = (
        _shape(colour, geometry)
        for colour, geometry, is_visible in zip(colours, simple, visible, strict=True)
        if is_visible
    )
    return Outline(
        width=width,
        height=height,
        area=_path(shapely.transform(shapely.simplify(outline, tolerance), frame.place)),
        grid=_grid(frame, width, height),
        # Contains only numbers and names in the palette.
        shapes=mark_safe("".join((*coloured, *drawn))),
    )


def _frame(extent: Extent, width: int, height: int) -> MapFrame:
    """Equirectangular projection around the middle of the extent."""
    narrowing = math.cos(math.radians((extent[1] + extent[3]) / 2))
    inner = (width - 2 * MARGIN, height - 2 * MARGIN)
    return MapFrame.fitting(extent, (width, height), inner, narrowing=narrowing)


def _focus(extent: Extent, geometries: np.ndarray) -> Extent:
    """The box around most contributions, with a margin; the whole area if they are few or scattered."""
    if len(geometries) < _FOCUS_FROM:
        return extent
    bounds = shapely.bounds(geometries)
    west, east = _most((bounds[:, 0] + bounds[:, 2]) / 2)
    south, north = _most((bounds[:, 1] + bounds[:, 3]) / 2)
    is_wider = east - west >= extent[2] - extent[0] or north - south >= extent[3] - extent[1]
    return extent if is_wider else (west, south, east, north)


def _most(values: np.ndarray) -> tuple[float, float]:
    """The range without the outermost few per cent at either end, widened by a margin."""
    low, high = np.percentile(values, (_FOCUS_PERCENT, 100 - _FOCUS_PERCENT))
    margin = max((high - low) * _FOCUS_MARGIN, (_FOCUS_SMALLEST - (high - low)) / 2)
    return float(low - margin), float(high + margin)


def _grid(frame: MapFrame, width: int, height: int) -> str:
    """A faint grid of kilometres, so that an empty area is still recognisable as a map."""
    steps = [kilometres * _DEGREES_PER_KILOMETRE * frame.scale for kilometres in _GRID_KILOMETRES]
    step = next((pixels for pixels in steps if pixels >= _GRID_PIXELS), steps[-1])
    across = (step / 2 + index * step for index in range(int(width / step) + 1))
    down = (step / 2 + index * step for index in range(int(height / step) + 1))
    return "".join(f"M{x:.1f} 0V{height}" for x in across) + "".join(f"M0 {y:.1f}H{width}" for y in down)


def _shape(colour: str, geometry: shapely.Geometry) -> str:
    if isinstance(geometry, shapely.Point):
        position = f'cx="{geometry.x:.1f}" cy="{geometry.y:.1f}" r="{_POINT_RADIUS}"'
        return f'<circle class="outline__point category-{colour}" {position}/>'
    kind = "line" if isinstance(geometry, shapely.LineString) else "polygon"
    return f'<path class="outline__{kind} category-{colour}" d="{_path(geometry)}"/>'


def _path(geometry: shapely.Geometry) -> str:
    if isinstance(geometry, shapely.MultiPolygon):
        return "".join(_path(polygon) for polygon in geometry.geoms)
    if isinstance(geometry, shapely.Polygon):
        return "".join(_positions(ring.coords) + "Z" for ring in (geometry.exterior, *geometry.interiors))
    return _positions(shapely.get_coordinates(geometry).tolist())


def _positions(positions: Iterable[Sequence[float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, *_ in positions)
