"""The icon of the installed site as PNG: the pin of `favicon.svg`, white on the city's colour."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from mapping.geo.colour import city_colour

SIZES: Final = (192, 512)
"""Pixels; what browsers want for an installation."""
TOUCH_SIZE: Final = 180
"""Pixels of `apple-touch-icon`."""
_FINER: Final = 4
"""Drawn so many times larger, for smooth edges."""


@lru_cache(maxsize=8)
def drawn(size: int, accent: str) -> bytes:
    """A square of `size` pixels; all that matters lies within the middle 80 percent (maskable icons, W3C)."""
    red, green, blue = (round(255 * part) for part in city_colour(accent))
    ground = (red, green, blue)
    side = size * _FINER
    image = Image.new("RGB", (side, side), ground)
    draw = ImageDraw.Draw(image)

    def at(x: float, y: float) -> tuple[float, float]:
        """From the 100 × 100 of this drawing."""
        return x * side / 100, y * side / 100

    draw.ellipse([*at(29, 20), *at(71, 62)], fill="white")
    draw.polygon([at(31, 50), at(69, 50), at(50, 81)], fill="white")
    tick = [at(40, 41.500), at(47.500, 49), at(61, 34)]
    draw.line(tick, fill=ground, width=round(side * 0.052), joint="curve")
    for x, y in (tick[0], tick[-1]):
        radius = side * 0.025
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=ground)
    written = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()
