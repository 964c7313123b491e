"""The map as a picture for slides: 16 to 9, drawn with Pillow (`drawing`).

It contains all information for a slide: title, filter, legend with counts, scale, number of people, source, date. No
browser, tile or system font is needed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image, ImageDraw, ImageFont, ImageOps

from mapping.models.setup.profile import current_city
from mapping.reports.content import Content
from mapping.reports.drawing import (
    DISTRICT,
    FINE,
    INK,
    draw_names,
    draw_outline,
    draw_scale,
    faded,
    font,
    frame_of,
    map_of,
    ramp,
)
from mapping.reports.words.method import headline_of
from mapping.reports.words.units import LegendLine, legend_of, legend_title_of, note_of
from mapping.wording import in_words_day, in_words_number

WIDTH, HEIGHT = 1920, 1080
"""Size in pixels: a full slide."""

_MARGIN: Final = 64
_SIDE: Final = 460
"""Width of the legend's column."""
_TOP, _BOTTOM = 196, 64
_GAP: Final = 24
"""Gap between two maps."""
_CAPTION: Final = 76
"""Height of the caption above each of two maps."""
_PAPER, _QUIET = "#ffffff", "#545c5d"
_WARNING: Final = "#8a5300"
_LOGO: Final = (320, 100)
"""Largest size of the city's logo."""


def png_of(content: Content) -> bytes:
    """Draw the report's map, or both of a comparison, in the active language."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    width, height = WIDTH - 2 * _MARGIN - _SIDE, HEIGHT - _TOP - _BOTTOM
    top = _TOP + (_CAPTION if content.sides else 0)
    height -= top - _TOP
    panels = [side.cells for side in content.sides] or [content.cells]
    width = (width - _GAP * (len(panels) - 1)) // len(panels)
    frame = frame_of(content, width, height)
    for number, cells in enumerate(panels):
        left = _MARGIN + number * (width + _GAP)
        image.paste(map_of(content, cells, frame, width, height), (left, top))
        draw_names(draw, content, frame, (left, top, left + width, top + height))
        draw_scale(draw, frame, left + 24, top + height - 28)
    for number, side in enumerate(content.sides):
        left = _MARGIN + number * (width + _GAP)
        draw.text((left, _TOP), side.title, font=font("Bold", 30), anchor="la", fill=INK)
        words = _shortened(side.words, font("Regular", 22), width)
        draw.text((left, _TOP + 40), words, font=font("Regular", 22), anchor="la", fill=_QUIET)
    _head(draw, content, WIDTH - 2 * _MARGIN - _draw_logo(image))
    _legend(image, content, WIDTH - _MARGIN - _SIDE + 40)
    _foot(draw, content)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_logo(image: Image.Image) -> int:
    """Draw the city's logo into the right corner of the head; returns the width that it takes, 0 without one."""
    city = current_city()
    data = city.logo.read() if city.logo else None
    if data is None:
        return 0
    with Image.open(io.BytesIO(data)) as file:
        logo = ImageOps.contain(file.convert("RGBA"), _LOGO, Image.Resampling.LANCZOS)
    image.paste(logo, (WIDTH - _MARGIN - logo.width, _MARGIN - 24), logo)
    return logo.width + _GAP


def _head(draw: ImageDraw.ImageDraw, content: Content, width: int) -> None:
    draw.text(
        (_MARGIN, 66),
        _shortened(_("Heat map") + " · " + headline_of(content), font("Regular", 28), width),
        font=font("Regular", 28),
        anchor="ls",
        fill=_QUIET,
    )
    title = content.campaign.title
    sizes = (font("Bold", size) for size in (64, 52, 44))
    large = next((one for one in sizes if one.getlength(title) <= width), font("Bold", 44))
    draw.text((_MARGIN, 140), _shortened(title, large, width), font=large, anchor="ls", fill=INK)


def _legend(image: Image.Image, content: Content, x: int) -> None:
    draw = ImageDraw.Draw(image)
    y: float = _TOP + 8
    for value, words in _figures(content):
        draw.text((x, y), value, font=font("Bold", 46), anchor="lt", fill=INK)
        y += 46
        y = _paragraph(draw, words, (x, y), face=font("Regular", 24), colour=_QUIET) + 14
    y += 12
    y = _paragraph(draw, legend_title_of(content), (x, y), face=font("Semibold", 26), colour=INK) + 12
    for one in legend_of(content):
        _swatch(image, one, (x, round(y)))
        draw.text((x + 62, y + 15), one.words, font=font("Semibold", 26), anchor="lm", fill=INK)
        draw.text((WIDTH - _MARGIN, y + 15), one.cells, font=font("Regular", 24), anchor="rm", fill=_QUIET)
        y += 44
    y = _paragraph(draw, note_of(content), (x, y + 8), face=font("Regular", 22), colour=_QUIET) + 16
    for warning in _warnings(content):
        y = _paragraph(draw, warning, (x, y), face=font("Semibold", 22), colour=_WARNING) + 12


def _swatch(image: Image.Image, line: LegendLine, place: tuple[int, int]) -> None:
    """A patch of the ramp's colour, or an outline as it is drawn on the map."""
    x, y = place
    name, _dash, step = line.look.rpartition("-")
    if step.isdecimal():
        shade = ramp("change" if name == "change" else "heat")[int(step) - 1]
        ImageDraw.Draw(image).rounded_rectangle(
            (x, y, x + 46, y + 30), radius=5, fill=faded(shade), outline=DISTRICT
        )
        return
    frame = Image.new("RGB", (50 * FINE, 34 * FINE), _PAPER)
    corners = [(x * FINE, y * FINE) for x, y in ((4, 4), (46, 4), (46, 30), (4, 30), (4, 4))]
    draw_outline(ImageDraw.Draw(frame), corners, step)
    image.paste(frame.resize((50, 34), Image.Resampling.LANCZOS), (x - 2, y - 2))


def _figures(content: Content) -> Iterable[tuple[str, str]]:
    if content.differences:
        for row in content.differences:
            if row.title in {_("Contributions"), _("Contributors")}:
                yield " | ".join(_figure(one) for one in (row.first, row.second)), row.title
        return
    totals = content.totals
    number = totals.contributions
    yield in_words_number(number), ngettext("contribution", "contributions", number)
    people = totals.participants
    if content.release is not None:
        yield in_words_number(people or 0), _("contributors at least")
    elif people is not None:
        yield in_words_number(people), ngettext("contributor", "contributors", people)


def _figure(value: float | None) -> str:
    return "–" if value is None else in_words_number(value)


def _warnings(content: Content) -> Iterable[str]:
    if content.is_confidential:
        yield _("Not for publication.")
    yield from content.notes
    if content.has_few:
        yield _("Few people: patterns may well be chance.")


def _foot(draw: ImageDraw.ImageDraw, content: Content) -> None:
    small = font("Regular", 20)
    day = in_words_day(content.made_at)
    sources = [content.campaign.attribution or content.campaign.organiser or current_city().name]
    if content.campaign.district_layer is not None and content.districts:
        sources.append(content.campaign.district_layer.attribution)
    left = " · ".join(dict.fromkeys(source for source in sources if source))
    right = f"{day} · ETRS89-LAEA (EPSG:3035)"
    room = WIDTH - 2 * _MARGIN - small.getlength(right) - 40
    draw.text((_MARGIN, HEIGHT - 24), _shortened(left, small, room), font=small, anchor="ls", fill=_QUIET)
    draw.text((WIDTH - _MARGIN, HEIGHT - 24), right, font=small, anchor="rs", fill=_QUIET)


def _paragraph(
    draw: ImageDraw.ImageDraw,
    words: str,
    place: tuple[float, float],
    *,
    face: ImageFont.FreeTypeFont,
    colour: str,
) -> float:
    """Draw wrapped text from a position to the picture's margin; return the position below."""
    x, y = place
    width = WIDTH - _MARGIN - x
    line = ""
    for word in [*words.split(), ""]:
        longer = f"{line} {word}".strip()
        if word and face.getlength(longer) <= width:
            line = longer
            continue
        draw.text((x, y), line, font=face, anchor="la", fill=colour)
        y += face.size * 1.3
        line = word
    return y


def _shortened(words: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    if face.getlength(words) <= width:
        return words
    while words and face.getlength(f"{words}…") > width:
        words = words[:-1]
    return f"{words.rstrip()}…"
