"""Maps drawn with Pillow, in metres of EPSG:3035: area, cells or surface, outlines, districts with names, a scale."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import shapely
import shapely.ops
from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from mapping.aggregation.heatmap.surface import Surface, classes_at
from mapping.geo.frame import MapFrame
from mapping.reports.assets import style
from mapping.reports.cells import ShownCell, parts_of
from mapping.reports.classes import Ramp, step_of
from mapping.reports.content import Content
from mapping.wording import in_words_number

FINE: Final = 3
"""Supersampling factor: shapes are drawn larger and scaled down for smooth edges."""

INK, DISTRICT = "#1d2324", "#9a9d99"
_GROUND, _SURFACE, _LINE = "#ecebe5", "#ffffff", "#3d4648"
OPACITY: Final = 0.85
_ROOM: Final = 1.12
"""Ratio of the map's extent to that of its content."""
_SMALLEST: Final = 400.0
"""Smallest extent of a map in metres."""
_FONTS: Final = Path("node_modules/source-sans/TTF")
_SCALES: Final = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_DASH: Final = (18, 12)
"""Dash and gap of outlines of "fewer", in pixels of the large drawing."""

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


def frame_of(content: Content, width: int, height: int) -> MapFrame:
    """The frame from metres of EPSG:3035 to pixels: all cells with a margin, else the area."""
    shown = [cell.outline for cell in content.cells] or ([content.area] if content.area is not None else [])
    extent = tuple(shapely.total_bounds(shown).tolist()) if shown else (4.0e6, 2.9e6, 4.1e6, 3.0e6)
    inner = (width / _ROOM, height / _ROOM)
    return MapFrame.fitting(extent, (width, height), inner, smallest=_SMALLEST)


def map_of(
    content: Content, cells: Sequence[ShownCell], frame: MapFrame, width: int, height: int
) -> Image.Image:
    """Draw area, cells or surface, outlines and districts in this order, with supersampling."""
    size = (width * FINE, height * FINE)
    image = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(image)
    window = shapely.box(-50, -50, width + 50, height + 50)
    if content.area is not None:
        for ring in _pixels([content.area], frame, window):
            draw.polygon(ring, fill=_SURFACE)
    if content.surface is not None:
        _lay_surface(image, content.surface, frame)
    else:
        _lay_cells(image, content, cells, frame, window)
    draw = ImageDraw.Draw(image)
    for ring in _pixels([one.outline for one in content.districts], frame, window):
        draw.line([*ring, ring[0]], fill=DISTRICT, width=FINE)
    if content.area is not None:
        for ring in _pixels([content.area], frame, window):
            draw.line([*ring, ring[0]], fill=_LINE, width=2 * FINE + 1, joint="curve")
    for one in content.outlines:
        for ring in _pixels([one.outline], frame, window, with_holes=True):
            draw_outline(draw, [*ring, ring[0]], one.look)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def draw_outline(draw: ImageDraw.ImageDraw, line: Sequence[tuple[float, float]], look: str) -> None:
    """Draw a line with a casing, visible on every colour; dashed for "fewer"."""
    colours = significance()
    draw.line(line, fill=colours["casing"], width=6 * FINE, joint="curve")
    for piece in _dashed(line) if look == "down" else [line]:
        draw.line(piece, fill=colours["fewer" if look == "down" else "more"], width=3 * FINE, joint="curve")


def _lay_cells(
    image: Image.Image,
    content: Content,
    cells: Sequence[ShownCell],
    frame: MapFrame,
    window: shapely.Geometry,
) -> None:
    colours = Image.new("RGB", image.size, _SURFACE)
    mask = Image.new("L", image.size, 0)
    coloured, covered = ImageDraw.Draw(colours), ImageDraw.Draw(mask)
    shades = ramp(content.ramp)
    for cell in cells:
        step = step_of(cell.value, content.classes)
        if step is None:
            continue
        for ring in _pixels([cell.outline], frame, window):
            coloured.polygon(ring, fill=shades[step])
            covered.polygon(ring, fill=round(255 * OPACITY))
    image.paste(colours, (0, 0), mask)


def _lay_surface(image: Image.Image, surface: Surface, frame: MapFrame) -> None:
    """Draw the surface per pixel of the small picture, enlarged without smoothing its classes."""
    width, height = image.size[0] // FINE, image.size[1] // FINE
    easts = frame.west + (np.arange(width) + 0.5 - frame.left) / frame.scale
    norths = frame.north - (np.arange(height) + 0.5 - frame.top) / frame.scale
    classes = classes_at(surface, *np.meshgrid(easts, norths))
    shades = np.array([(0, 0, 0), *ramp("heat")], dtype=np.uint8)
    colours = Image.fromarray(shades[classes]).resize(image.size, Image.Resampling.NEAREST)
    covered = np.where(classes > 0, round(255 * OPACITY), 0).astype(np.uint8)
    image.paste(colours, (0, 0), Image.fromarray(covered).resize(image.size, Image.Resampling.NEAREST))


def _dashed(line: Sequence[tuple[float, float]]) -> Iterable[list[tuple[float, float]]]:
    """The dashes of a line."""
    path = shapely.LineString(line)
    drawn, left_out = _DASH
    for start in np.arange(0, path.length, drawn + left_out):
        piece = shapely.ops.substring(path, start, start + drawn)
        yield [(float(x), float(y)) for x, y in shapely.get_coordinates(piece)]


def _pixels(
    geometries: Sequence[shapely.Geometry],
    frame: MapFrame,
    window: shapely.Geometry,
    *,
    with_holes: bool = False,
) -> Iterable[list[tuple[float, float]]]:
    """The outer rings of polygons (optionally the inner ones too) in pixels of the large drawing.

    Rings outside of the picture are left out.
    """
    for geometry in geometries:
        placed = shapely.transform(geometry, frame.place)
        if not shapely.intersects(placed, window):
            continue
        for polygon in parts_of(placed):
            for ring in (polygon.exterior, *(polygon.interiors if with_holes else ())):
                yield [(x * FINE, y * FINE) for x, y in ring.coords[:-1]]


def draw_names(draw: ImageDraw.ImageDraw, content: Content, frame: MapFrame, window: Box) -> None:
    """Draw names of districts, the larger ones first; a name that would cover another is left out."""
    left, top, right, bottom = window
    bold = font("Semibold", 19)
    taken: list[Box] = []
    for one in sorted(content.districts, key=lambda named: -shapely.area(named.outline)):
        [[x, y]] = frame.place(shapely.get_coordinates(shapely.point_on_surface(one.outline)))
        place = (left + x, top + y)
        box = draw.textbbox(place, one.name, font=bold, anchor="mm")
        is_inside = left < box[0] and box[2] < right and top < box[1] and box[3] < bottom
        if is_inside and not any(_overlap(box, other) for other in taken):
            draw.text(place, one.name, font=bold, anchor="mm", fill=INK, stroke_width=3, stroke_fill=_SURFACE)
            taken.append(box)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def draw_scale(draw: ImageDraw.ImageDraw, frame: MapFrame, x: float, y: float) -> None:
    """Draw a scale bar of a round length."""
    metres = next((one for one in _SCALES if one * frame.scale >= 90), _SCALES[-1])
    length = metres * frame.scale
    words = f"{in_words_number(metres // 1000)} km" if metres >= 1000 else f"{metres} m"
    draw.line([(x, y - 10), (x, y), (x + length, y), (x + length, y - 10)], fill=INK, width=3)
    draw.text((x + length / 2, y - 8), words, font=font("Semibold", 20), anchor="ms", fill=INK)


@cache
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """A typeface from npm: servers have no reliable one."""
    return ImageFont.truetype(str(settings.BASE_DIR / _FONTS / f"SourceSans3-{weight}.ttf"), size)


@cache
def ramp(name: Ramp) -> tuple[Colour, ...]:
    """A ramp of `tokens.css`, the only definition of colours."""
    found = re.findall(rf"--{name}-(\d): (#[0-9a-f]{{6}})", style("mapping/css/tokens.css"))
    colours = dict(found)
    return tuple(_colour(colours[str(step)]) for step in range(1, len(colours) + 1))


@cache
def significance() -> dict[str, str]:
    """The colours of outlines: "more", "fewer" and their "casing"."""
    found = re.findall(
        r"--significant-(more|fewer|casing): (#[0-9a-f]{3,6})", style("mapping/css/tokens.css")
    )
    return dict(reversed(found))


def faded(colour: Colour) -> Colour:
    """A colour blended with white."""
    red, green, blue = (math.floor(part * OPACITY + 255 * (1 - OPACITY)) for part in colour)
    return red, green, blue


def _colour(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue
