"""The picture of a campaign's shared link: its title beside a map of its area. Drawn with Pillow, without a query."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import shapely
from django.contrib.gis.geos import GEOSGeometry
from PIL import Image, ImageDraw, ImageFont

from mapping.geo.colour import city_schemes
from mapping.geo.frame import MapFrame
from mapping.reports.assets import style
from mapping.reports.cells import parts_of
from mapping.reports.drawing import font, ramp

WIDTH, HEIGHT = 1200, 630
_FINE: Final = 2
"""Supersampling factor of the map."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 560, 72, 72
"""Where the words stand; the map takes the rest."""
_MARGIN: Final = 36
_SIZES: Final = (72, 64, 56, 48, 42)
_LEADING: Final = 1.16
_RADIUS, _HALO = 7, 3
_PAPER, _GROUND, _INK, _QUIET, _LINE = "#ffffff", "#ecebe5", "#1d2324", "#545c5d", "#85827a"


@dataclass(frozen=True, slots=True)
class SharedWords:
    """What stands beside the map; `call` is what people are invited to, `until` is empty without an end."""

    city: str
    title: str
    call: str
    until: str = ""


def draw_shared(
    words: SharedWords,
    area: GEOSGeometry,
    placed: Sequence[tuple[str, GEOSGeometry]] = (),
    *,
    heat: Sequence[tuple[str, shapely.Geometry]] = (),
    accent: str = "",
) -> bytes:
    """Draw the picture as PNG of `WIDTH` x `HEIGHT` pixels.

    `area` and `placed` (palette colour and geometry) are in degrees (EPSG:4326), `heat` as of `outline.draw`. `accent`
    is the city's colour as `#rrggbb`; without one it is the site's own.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    light, _dark = city_schemes(accent)
    colour = light.accent
    left = _RIGHT + _MARGIN
    image.paste(_map(area, placed, heat, (WIDTH - left, HEIGHT), colour), (left, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 16, HEIGHT), fill=colour)
    draw.text((_LEFT, _TOP), words.city, font=font("Semibold", 32), anchor="ls", fill=_QUIET)
    face, lines = _fitting(words.title, _RIGHT - _LEFT, HEIGHT - _TOP - _BOTTOM - 150)
    y = _TOP + 36.0
    for line in lines:
        draw.text((_LEFT, y), line, font=face, anchor="la", fill=_INK)
        y += face.size * _LEADING
    foot = font("Semibold", 34)
    wide = foot.getlength(words.call)
    bottom = HEIGHT - _BOTTOM - (44 if words.until else 0)
    draw.rounded_rectangle((_LEFT, bottom - 58, _LEFT + wide + 56, bottom + 6), radius=32, fill=colour)
    draw.text((_LEFT + 28, bottom - 26), words.call, font=foot, anchor="lm", fill=light.tokens["--on-accent"])
    if words.until:
        draw.text((_LEFT, HEIGHT - 56), words.until, font=font("Regular", 28), anchor="ls", fill=_QUIET)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _map(
    area: GEOSGeometry,
    placed: Sequence[tuple[str, GEOSGeometry]],
    heat: Sequence[tuple[str, shapely.Geometry]],
    size: tuple[int, int],
    accent: str,
) -> Image.Image:
    width, height = size[0] * _FINE, size[1] * _FINE
    outline = shapely.from_wkb(bytes(area.wkb))
    west, south, east, north = outline.bounds
    inner = (width - 2 * _MARGIN * _FINE, height - 2 * _MARGIN * _FINE)
    narrowing = math.cos(math.radians((south + north) / 2))
    frame = MapFrame.fitting((west, south, east, north), (width, height), inner, narrowing=narrowing)
    image = Image.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(image)
    rings = list(_rings(outline, frame))
    for ring in rings:
        draw.polygon(ring, fill=_PAPER)
    shades = ramp("heat")
    for look, cell in heat:
        for ring in _rings(cell, frame):
            draw.polygon(ring, fill=shades[int(look.rpartition("-")[2]) - 1])
    for ring in rings:
        draw.line([*ring, ring[0]], fill=accent, width=3 * _FINE, joint="curve")
    for name, geometry in reversed(placed):
        _place(draw, shapely.from_wkb(bytes(geometry.wkb)), frame, _tokens().get(f"category-{name}", accent))
    return image.resize(size, Image.Resampling.LANCZOS)


def _place(draw: ImageDraw.ImageDraw, geometry: shapely.Geometry, frame: MapFrame, colour: str) -> None:
    """A point with its halo, a line with its casing; an area by its border."""
    placed = shapely.transform(geometry, frame.place)
    if isinstance(placed, shapely.Point):
        for radius, fill in ((_RADIUS + _HALO, _PAPER), (_RADIUS, colour)):
            reach = radius * _FINE
            box = (placed.x - reach, placed.y - reach, placed.x + reach, placed.y + reach)
            draw.ellipse(box, fill=fill)
        return
    line = [(float(x), float(y)) for x, y in shapely.get_coordinates(placed)]
    for width, fill in ((8, _PAPER), (5, colour)):
        draw.line(line, fill=fill, width=width * _FINE, joint="curve")


def _rings(geometry: shapely.Geometry, frame: MapFrame) -> Iterator[list[tuple[float, float]]]:
    """The outer rings of polygons (degrees) in pixels of the large drawing."""
    for polygon in parts_of(shapely.transform(geometry, frame.place)):
        yield [(float(x), float(y)) for x, y in polygon.exterior.coords[:-1]]


def _fitting(text: str, width: float, height: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which a text fits, and its lines; what is too long ends with an ellipsis."""
    for size in _SIZES:
        face = font("Bold", size)
        lines = _lines(text, face, width)
        is_narrow = all(face.getlength(line) <= width for line in lines)
        if is_narrow and len(lines) * size * _LEADING <= height:
            return face, lines
    most = int(height / (face.size * _LEADING))
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] += " …"
    while shown and face.getlength(shown[-1]) > width:
        shown[-1] = shown[-1].rstrip(" …")[:-1] + " …"
    return face, shown


def _lines(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@cache
def _tokens() -> dict[str, str]:
    """The colours of `tokens.css` on light pages, by name: they stand there first."""
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", style("mapping/css/tokens.css"))
    return dict(reversed(found))
