"""A density surface as an image overlay, and the classes of its legend."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from mapping.aggregation.heatmap.surface import Surface, drawn

COLOURS: Final = ("#f5e9b0", "#f3b35f", "#e56e30", "#b63042", "#6c1047")
"""From few to many: the same ramp as `--heat-1` to `--heat-5` in `tokens.css`."""

UNIT: Final = "contributions per km²"


def picture(surface: Surface) -> bytes:
    """A PNG of `surface.bounds` in Web Mercator: five colours, transparent where there is less than their first."""
    image = Image.fromarray(drawn(surface), mode="P")
    image.putpalette([0, 0, 0, *(part for colour in COLOURS for part in bytes.fromhex(colour[1:]))])
    file = io.BytesIO()
    image.save(file, "PNG", transparency=0, optimize=True)
    return file.getvalue()


def classes(surface: Surface) -> list[dict[str, float | str]]:
    """The classes of the legend, from few to many; empty for an empty surface."""
    limits = [round(limit, 3) for limit in surface.limits]
    return [
        {"from": low, "to": high, "colour": colour}
        for low, high, colour in zip(limits, limits[1:], COLOURS, strict=False)
    ]
