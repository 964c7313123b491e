"""Small maps as inline SVG: the outline of a campaign's area and what was placed in it. Values only, no query."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, LineString, MultiPolygon, Point, Polygon

Extent = tuple[float, float, float, float]

WIDTH = 320
HEIGHT = 168
MARGIN = 14
_SIMPLIFY_PIXELS = 0.6
_DEGREES_PER_KILOMETRE = 1 / 111.2
_GRID_KILOMETRES = (0.5, 1, 2, 5, 10, 20, 50)
_GRID_PIXELS = 22
_FOCUS_SHARE = 0.06
_FOCUS_MARGIN = 0.3
_FOCUS_SMALLEST = 1.6 * _DEGREES_PER_KILOMETRE
_FOCUS_FROM = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing drawn: an SVG path, or a dot where `path` is empty. `colour` is a name of the palette."""

    colour: str
    kind: str
    path: str = ""
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """A drawing in a box of `width` x `height` units."""

    width: int
    height: int
    area: str
    grid: str
    shapes: Sequence[Shape] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Maps lon/lat to the box, equirectangular around the middle of the extent: true enough for a city."""

    west: float
    north: float
    scale: float
    narrowing: float
    left: float
    top: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        x = self.left + (lon - self.west) * self.narrowing * self.scale
        y = self.top + (self.north - lat) * self.scale
        return round(x, 1), round(y, 1)


def _frame(extent: Extent, width: int, height: int) -> _Frame:
    west, south, east, north = extent
    narrowing = math.cos(math.radians((south + north) / 2))
    wide = max((east - west) * narrowing, 1e-6)
    tall = max(north - south, 1e-6)
    scale = min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / tall)
    return _Frame(
        west=west,
        north=north,
        scale=scale,
        narrowing=narrowing,
        left=(width - wide * scale) / 2,
        top=(height - tall * scale) / 2,
    )


def _line(frame: _Frame, positions: Iterable[Sequence[float]]) -> str:
    places: list[tuple[float, float]] = []
    for lon, lat, *_ in positions:
        place = frame.place(lon, lat)
        if not places or places[-1] != place:
            places.append(place)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in places)


def _rings(frame: _Frame, geometry: GEOSGeometry) -> str:
    if isinstance(geometry, MultiPolygon):
        return "".join(_rings(frame, polygon) for polygon in geometry)
    if not isinstance(geometry, Polygon):
        return ""
    return "".join(_line(frame, ring.coords) + "Z" for ring in geometry)


def draw(
    area: GEOSGeometry,
    placed: Iterable[tuple[str, GEOSGeometry]] = (),
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    focus: bool = False,
) -> Outline:
    """The outline of an area (lon/lat) with what was placed in it: pairs of palette colour and geometry.

    `focus` brings the drawing closer to where most was placed; what lies beyond its edge is cut off.
    """
    given = list(placed)
    frame = _frame(_focus(area.extent, given) if focus else area.extent, width, height)
    tolerance = _SIMPLIFY_PIXELS / frame.scale
    shapes = [_shape(frame, colour, geometry, tolerance) for colour, geometry in given]
    return Outline(
        width=width,
        height=height,
        area=_rings(frame, area.simplify(tolerance, preserve_topology=True)),
        grid=_grid(frame, width, height),
        shapes=[
            shape for shape in shapes if shape.path or (0 <= shape.x <= width and 0 <= shape.y <= height)
        ],
    )


def _focus(extent: Extent, placed: Sequence[tuple[str, GEOSGeometry]]) -> Extent:
    """The box around most of what was placed, with a margin; the whole area where it is little or scattered."""
    if len(placed) < _FOCUS_FROM:
        return extent
    boxes = [geometry.extent for _, geometry in placed]
    west, east = _most([(box[0] + box[2]) / 2 for box in boxes])
    south, north = _most([(box[1] + box[3]) / 2 for box in boxes])
    close = (west, south, east, north)
    area_wide, area_tall = extent[2] - extent[0], extent[3] - extent[1]
    return extent if close[2] - close[0] >= area_wide or close[3] - close[1] >= area_tall else close


def _most(values: list[float]) -> tuple[float, float]:
    """The range without the outermost few per cent at either end, widened by a margin."""
    ordered = sorted(values)
    cut = int(len(ordered) * _FOCUS_SHARE)
    low, high = ordered[cut], ordered[-1 - cut]
    margin = max((high - low) * _FOCUS_MARGIN, (_FOCUS_SMALLEST - (high - low)) / 2)
    return low - margin, high + margin


def _grid(frame: _Frame, width: int, height: int) -> str:
    """A quiet grid of kilometres, so that an empty area still reads as a map."""
    steps = [kilometres * _DEGREES_PER_KILOMETRE * frame.scale for kilometres in _GRID_KILOMETRES]
    step = next((pixels for pixels in steps if pixels >= _GRID_PIXELS), steps[-1])
    across = [step / 2 + index * step for index in range(int(width / step) + 1)]
    down = [step / 2 + index * step for index in range(int(height / step) + 1)]
    return "".join(f"M{x:.1f} 0V{height}" for x in across) + "".join(f"M0 {y:.1f}H{width}" for y in down)


def _shape(frame: _Frame, colour: str, geometry: GEOSGeometry, tolerance: float) -> Shape:
    if isinstance(geometry, Point):
        x, y = frame.place(geometry.x, geometry.y)
        return Shape(colour, "point", x=x, y=y)
    simple = geometry.simplify(tolerance, preserve_topology=True)
    if isinstance(simple, LineString):
        return Shape(colour, "line", path=_line(frame, simple.coords))
    return Shape(colour, "polygon", path=_rings(frame, simple))
