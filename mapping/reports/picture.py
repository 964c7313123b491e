"""The map as a picture for slides: drawn with Pillow, in metres of EPSG:3035, 16 to 9.

Everything that a slide must say stands in it: title, filter, legend with counts, scale, number of people, source,
date. No browser, no tile and no font of the machine is needed.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image, ImageDraw, ImageFont

from mapping.reports.assets import style
from mapping.reports.cells import parts_of
from mapping.reports.classes import HeatClass, step_of
from mapping.reports.content import Content
from mapping.reports.method import headline_of
from mapping.reports.units import in_words_cells
from mapping.wording import in_words_day, in_words_number

WIDTH, HEIGHT = 1920, 1080
"""Pixels: a full slide."""

_FONTS: Final = Path("node_modules/source-sans/TTF")
_FINE: Final = 3
"""Shapes are drawn this many times larger and then made smaller: smooth edges."""
_MARGIN: Final = 64
_SIDE: Final = 460
"""Width of the legend's column."""
_TOP, _BOTTOM = 196, 64
_PAPER, _GROUND, _SURFACE = "#ffffff", "#ecebe5", "#ffffff"
_INK, _QUIET, _LINE, _DISTRICT = "#1d2324", "#545c5d", "#3d4648", "#9a9d99"
_OPACITY: Final = 0.85
_SCALES: Final = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_NAMES_FROM: Final = 26
"""Height of a name in pixels of the slide."""

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _View:
    """Metres of EPSG:3035 to pixels of the map's part of the picture."""

    west: float
    north: float
    scale: float
    left: float
    top: float

    def place(self, positions: np.ndarray) -> np.ndarray:
        x = self.left + (positions[:, 0] - self.west) * self.scale
        y = self.top + (self.north - positions[:, 1]) * self.scale
        return np.column_stack((x, y))


def png_of(content: Content) -> bytes:
    """Draw the report's map in the active language."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    width, height = WIDTH - 2 * _MARGIN - _SIDE, HEIGHT - _TOP - _BOTTOM
    view = _view(content, width, height)
    image.paste(_map(content, view, width, height), (_MARGIN, _TOP))
    draw = ImageDraw.Draw(image)
    _names(draw, content, view, (_MARGIN, _TOP, _MARGIN + width, _TOP + height))
    _scale_bar(draw, view, _MARGIN + 24, _TOP + height - 28)
    _head(draw, content)
    _legend(draw, content, WIDTH - _MARGIN - _SIDE + 40)
    _foot(draw, content)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _view(content: Content, width: int, height: int) -> _View:
    """What is shown: all cells with some room around, else the area."""
    shown = [cell.outline for cell in content.cells] or ([content.area] if content.area is not None else [])
    west, south, east, north = shapely.total_bounds(shown) if shown else (4.0e6, 2.9e6, 4.1e6, 3.0e6)
    wide, tall = max(east - west, 400.0), max(north - south, 400.0)
    scale = min(width / (wide * 1.12), height / (tall * 1.12))
    return _View(
        west=west,
        north=north,
        scale=scale,
        left=(width - (east - west) * scale) / 2,
        top=(height - (north - south) * scale) / 2,
    )


def _map(content: Content, view: _View, width: int, height: int) -> Image.Image:
    """Area, cells, districts, each on the one before; smooth by drawing large."""
    ramp = _ramp()
    size = (width * _FINE, height * _FINE)
    image = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(image)
    window = shapely.box(-50, -50, width + 50, height + 50)
    if content.area is not None:
        for ring in _pixels([content.area], view, window):
            draw.polygon(ring, fill=_SURFACE)
    cells = Image.new("RGB", size, _SURFACE)
    mask = Image.new("L", size, 0)
    coloured, covered = ImageDraw.Draw(cells), ImageDraw.Draw(mask)
    for cell in content.cells:
        step = step_of(cell.value, content.classes)
        if step is None:
            continue
        for ring in _pixels([cell.outline], view, window):
            coloured.polygon(ring, fill=ramp[step])
            covered.polygon(ring, fill=round(255 * _OPACITY))
    image.paste(cells, (0, 0), mask)
    draw = ImageDraw.Draw(image)
    for ring in _pixels([one.outline for one in content.districts], view, window):
        draw.line([*ring, ring[0]], fill=_DISTRICT, width=_FINE)
    if content.area is not None:
        for ring in _pixels([content.area], view, window):
            draw.line([*ring, ring[0]], fill=_LINE, width=2 * _FINE + 1, joint="curve")
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _pixels(
    geometries: Sequence[shapely.Geometry], view: _View, window: shapely.Geometry
) -> Iterable[list[tuple[float, float]]]:
    """The outer rings of polygons in pixels of the large drawing; what lies outside of the picture is left out."""
    for geometry in geometries:
        placed = shapely.transform(geometry, view.place)
        if not shapely.intersects(placed, window):
            continue
        for polygon in parts_of(placed):
            yield [(x * _FINE, y * _FINE) for x, y in polygon.exterior.coords[:-1]]


def _names(draw: ImageDraw.ImageDraw, content: Content, view: _View, frame: Box) -> None:
    """Names of districts, the larger ones first; one that would cover another is left out."""
    left, top, right, bottom = frame
    font = _font("Semibold", 19)
    taken: list[Box] = []
    for one in sorted(content.districts, key=lambda named: -shapely.area(named.outline)):
        [[x, y]] = view.place(shapely.get_coordinates(shapely.point_on_surface(one.outline)))
        place = (left + x, top + y)
        box = draw.textbbox(place, one.name, font=font, anchor="mm")
        is_inside = left < box[0] and box[2] < right and top < box[1] and box[3] < bottom
        if is_inside and not any(_overlap(box, other) for other in taken):
            draw.text(
                place, one.name, font=font, anchor="mm", fill=_INK, stroke_width=3, stroke_fill=_SURFACE
            )
            taken.append(box)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale_bar(draw: ImageDraw.ImageDraw, view: _View, x: float, y: float) -> None:
    metres = next((one for one in _SCALES if one * view.scale >= 90), _SCALES[-1])
    length = metres * view.scale
    words = f"{in_words_number(metres // 1000)} km" if metres >= 1000 else f"{metres} m"
    draw.line([(x, y - 10), (x, y), (x + length, y), (x + length, y - 10)], fill=_INK, width=3)
    draw.text((x + length / 2, y - 8), words, font=_font("Semibold", 20), anchor="ms", fill=_INK)


def _head(draw: ImageDraw.ImageDraw, content: Content) -> None:
    width = WIDTH - 2 * _MARGIN
    draw.text(
        (_MARGIN, 66),
        _shortened(_("Heat map") + " · " + headline_of(content), _font("Regular", 28), width),
        font=_font("Regular", 28),
        anchor="ls",
        fill=_QUIET,
    )
    title = content.campaign.title
    font = next(
        (font for size in (64, 52, 44) if (font := _font("Bold", size)).getlength(title) <= width), None
    )
    font = font or _font("Bold", 44)
    draw.text((_MARGIN, 140), _shortened(title, font, width), font=font, anchor="ls", fill=_INK)


def _legend(draw: ImageDraw.ImageDraw, content: Content, x: int) -> None:
    y: float = _TOP + 8
    for value, words in _figures(content):
        draw.text((x, y), value, font=_font("Bold", 46), anchor="lt", fill=_INK)
        y += 46
        y = _paragraph(draw, words, (x, y), font=_font("Regular", 24), colour=_QUIET) + 14
    y += 12
    y = _paragraph(draw, content.counted, (x, y), font=_font("Semibold", 26), colour=_INK) + 12
    ramp = _ramp()
    for one in content.classes:
        if not one.cells:
            continue
        draw.rounded_rectangle(
            (x, y, x + 46, y + 30), radius=5, fill=_faded(ramp[one.step]), outline=_DISTRICT
        )
        draw.text((x + 62, y + 15), _limits(one), font=_font("Semibold", 26), anchor="lm", fill=_INK)
        words = in_words_cells(content, one.cells)
        draw.text((WIDTH - _MARGIN, y + 15), words, font=_font("Regular", 24), anchor="rm", fill=_QUIET)
        y += 44
    note = _("Without colour: nothing was placed there.")
    if content.release is not None:
        note = _("Without colour: where too few people took part, nothing is shown.")
    y = _paragraph(draw, note, (x, y + 8), font=_font("Regular", 22), colour=_QUIET) + 16
    for warning in _warnings(content):
        y = _paragraph(draw, warning, (x, y), font=_font("Semibold", 22), colour="#8a5300") + 12


def _figures(content: Content) -> Iterable[tuple[str, str]]:
    totals = content.totals
    number = totals.contributions
    yield in_words_number(number), ngettext("contribution", "contributions", number)
    people = totals.participants
    if content.release is not None:
        yield in_words_number(people or 0), _("people at least")
    elif people is not None:
        yield in_words_number(people), ngettext("participant", "participants", people)


def _warnings(content: Content) -> Iterable[str]:
    if content.is_confidential:
        yield _("Not for publication.")
    if content.has_few:
        yield _("Few people: patterns may well be chance.")


def _foot(draw: ImageDraw.ImageDraw, content: Content) -> None:
    font = _font("Regular", 20)
    day = in_words_day(content.made_at)
    sources = [content.campaign.attribution or content.campaign.organiser or settings.CITY_NAME]
    if content.campaign.district_layer is not None and content.districts:
        sources.append(content.campaign.district_layer.attribution)
    left = " · ".join(dict.fromkeys(source for source in sources if source))
    right = f"{day} · ETRS89-LAEA (EPSG:3035)"
    room = WIDTH - 2 * _MARGIN - font.getlength(right) - 40
    draw.text((_MARGIN, HEIGHT - 24), _shortened(left, font, room), font=font, anchor="ls", fill=_QUIET)
    draw.text((WIDTH - _MARGIN, HEIGHT - 24), right, font=font, anchor="rs", fill=_QUIET)


def _limits(one: HeatClass) -> str:
    low, high = in_words_number(one.low), in_words_number(one.high)
    return low if one.low == one.high else f"{low}–{high}"


def _paragraph(
    draw: ImageDraw.ImageDraw,
    words: str,
    place: tuple[float, float],
    *,
    font: ImageFont.FreeTypeFont,
    colour: str,
) -> float:
    """Write words in lines from a place to the picture's margin; return where the next thing may stand."""
    x, y = place
    width = WIDTH - _MARGIN - x
    line = ""
    for word in [*words.split(), ""]:
        longer = f"{line} {word}".strip()
        if word and font.getlength(longer) <= width:
            line = longer
            continue
        draw.text((x, y), line, font=font, anchor="la", fill=colour)
        y += font.size * 1.3
        line = word
    return y


def _shortened(words: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if font.getlength(words) <= width:
        return words
    while words and font.getlength(f"{words}…") > width:
        words = words[:-1]
    return f"{words.rstrip()}…"


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(settings.BASE_DIR / _FONTS / f"SourceSans3-{weight}.ttf"), size)


@cache
def _ramp() -> tuple[Colour, ...]:
    """The ramp of `tokens.css`, which alone says what colours there are."""
    found = dict(re.findall(r"--heat-(\d): #([0-9a-f]{6})", style("mapping/css/tokens.css")))
    colours = [bytes.fromhex(found[str(step)]) for step in range(1, len(found) + 1)]
    return tuple((red, green, blue) for red, green, blue in colours)


def _faded(colour: Colour) -> Colour:
    """A colour as it looks through on paper."""
    red, green, blue = (math.floor(part * _OPACITY + 255 * (1 - _OPACITY)) for part in colour)
    return red, green, blue
