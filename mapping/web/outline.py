"""Small maps as inline SVG: the outline of a campaign's area and what was placed in it. Values only, no query."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry

Extent = tuple[float, float, float, float]

WIDTH = 320
HEIGHT = 168
MARGIN = 14
_SIMPLIFY_PIXELS = 0.6


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
    polygons = [geometry] if geometry.geom_type == "Polygon" else list(geometry)
    return "".join(_line(frame, ring.coords) + "Z" for polygon in polygons for ring in polygon)


def draw(
    area: GEOSGeometry,
    placed: Iterable[tuple[str, GEOSGeometry]] = (),
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> Outline:
    """The outline of an area (lon/lat) with what was placed in it: pairs of palette colour and geometry."""
    frame = _frame(area.extent, width, height)
    tolerance = _SIMPLIFY_PIXELS / frame.scale
    shapes = [_shape(frame, colour, geometry, tolerance) for colour, geometry in placed]
    return Outline(
        width=width,
        height=height,
        area=_rings(frame, area.simplify(tolerance, preserve_topology=True)),
        shapes=shapes,
    )


def _shape(frame: _Frame, colour: str, geometry: GEOSGeometry, tolerance: float) -> Shape:
    if geometry.geom_type == "Point":
        x, y = frame.place(geometry.x, geometry.y)
        return Shape(colour, "point", x=x, y=y)
    simple = geometry.simplify(tolerance, preserve_topology=True)
    if geometry.geom_type == "LineString":
        return Shape(colour, "line", path=_line(frame, simple.coords))
    return Shape(colour, "polygon", path=_rings(frame, simple))

