"""The city's accent colour as a style sheet (the strict content security policy allows no inline style).

A city sets one colour, `CITY_ACCENT=#c8102e`; shades for both colour schemes are derived from it such that text
keeps a contrast of 4.5 (WCAG 2.2, success criterion 1.4.3) whatever colour it is.
"""

import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

Colour = tuple[float, float, float]

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_WHITE: Colour = (1.0, 1.0, 1.0)
_BLACK: Colour = (0.0, 0.0, 0.0)
_DARK_SURFACE: Colour = (0x26 / 255, 0x2D / 255, 0x30 / 255)
_LIGHT_SURFACE: Colour = (0xEF / 255, 0xED / 255, 0xE7 / 255)
_TEXT_CONTRAST = 4.6
_STEPS = 40


def _parse(text: str) -> Colour | None:
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    red, green, blue = bytes.fromhex(found[1])
    return (red / 255, green / 255, blue / 255)


def _luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2, definitions)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


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


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _rules(accent: Colour, ground: Colour, ink: Colour) -> str:
    """The accent tokens of one colour scheme; `ink` is the far end (black on light ground, white on dark)."""
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
    return " ".join(f"{name}: {_hex(value)};" for name, value in tokens.items())


@cache
def style_sheet(accent: str) -> str:
    """CSS that overrides the accent tokens; empty when the setting is not a colour like `#c8102e`."""
    colour = _parse(accent)
    if colour is None:
        return ""
    light = _rules(colour, _LIGHT_SURFACE, _BLACK)
    dark = _rules(colour, _DARK_SURFACE, _WHITE)
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


@require_safe
@cache_control(public=True, max_age=3600)
def theme(_request: HttpRequest) -> HttpResponse:
    """`/theme.css`: the city's accent."""
    return HttpResponse(style_sheet(settings.CITY_ACCENT), content_type="text/css; charset=utf-8")
