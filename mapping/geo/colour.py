"""A city's one colour: its shades are readable on light and on dark ground (WCAG 2.2, success criterion 1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

Colour = tuple[float, float, float]
"""Red, green and blue of sRGB, each from 0 to 1."""

DEFAULT_ACCENT: Final = "#0b5a6b"
"""Of cities without a colour of their own: `--accent` of `tokens.css` (a test compares)."""

_HEX: Final = re.compile(r"#?([0-9a-fA-F]{6})")
_WHITE: Final[Colour] = (1.0, 1.0, 1.0)
_BLACK: Final[Colour] = (0.0, 0.0, 0.0)
_DARK_SURFACE: Final[Colour] = (0x26 / 255, 0x2D / 255, 0x30 / 255)
_LIGHT_SURFACE: Final[Colour] = (0xEF / 255, 0xED / 255, 0xE7 / 255)
_TEXT_CONTRAST: Final = 4.6
_STEPS: Final = 40


@dataclass(frozen=True, slots=True)
class Scheme:
    """The tokens of an accent in one colour scheme, by their names in `tokens.css`, each as `#rrggbb`."""

    tokens: Mapping[str, str]
    is_changed: bool
    """Whether the colour itself would be unreadable, so that a darker or lighter shade of it is used."""

    @property
    def accent(self) -> str:
        """The shade for buttons and links."""
        return self.tokens["--accent"]

    @property
    def rules(self) -> str:
        """The tokens as declarations of CSS."""
        return " ".join(f"{name}: {value};" for name, value in self.tokens.items())


def colour_of(text: str) -> Colour | None:
    """The colour of a text like `#c8102e`, with or without its sign; None for anything else."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    red, green, blue = bytes.fromhex(found[1])
    return (red / 255, green / 255, blue / 255)


def city_colour(accent: str) -> Colour:
    """The colour of a city: `DEFAULT_ACCENT` where the text is none."""
    colour = colour_of(accent) or colour_of(DEFAULT_ACCENT)
    assert colour is not None  # noqa: S101 - for the type checker: the default is a colour
    return colour


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definitions)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def schemes_of(accent: str) -> tuple[Scheme, Scheme] | None:
    """The accent on light and on dark ground; None when the text is no colour."""
    colour = colour_of(accent)
    return None if colour is None else _schemes(colour)


def city_schemes(accent: str) -> tuple[Scheme, Scheme]:
    """The accent of a city on light and on dark ground: `DEFAULT_ACCENT` where the text is no colour."""
    return _schemes(city_colour(accent))


def as_hex(colour: Colour) -> str:
    """The colour as `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(colour, other, strict=True))
    return (red, green, blue)


def _readable(colour: Colour, ground: Colour, towards: Colour) -> Colour:
    """The colour, mixed with as little black or white as needed to be readable on the background."""
    for step in range(_STEPS + 1):
        shade = _mix(colour, towards, step / _STEPS)
        if contrast(shade, ground) >= _TEXT_CONTRAST:
            return shade
    return towards


@cache
def _schemes(accent: Colour) -> tuple[Scheme, Scheme]:
    return _scheme(accent, _LIGHT_SURFACE, _BLACK), _scheme(accent, _DARK_SURFACE, _WHITE)


def _scheme(accent: Colour, ground: Colour, ink: Colour) -> Scheme:
    """The tokens of one colour scheme; `ink` is the far end (black on light ground, white on dark)."""
    shade = _readable(accent, ground, ink)
    on_accent = max(_WHITE, _BLACK, key=lambda text: contrast(text, shade))
    quiet = _mix(accent, ground, 0.86)
    tokens = {
        "--accent": shade,
        "--accent-strong": _mix(shade, ink, 0.22),
        "--on-accent": on_accent,
        "--accent-quiet": quiet,
        "--on-accent-quiet": _readable(accent, quiet, ink),
    }
    return Scheme({name: as_hex(value) for name, value in tokens.items()}, shade != accent)
