"""Template tags for maps and paper: the configuration of `js/map/map.js`, markers and QR codes as inline SVG."""

from functools import lru_cache

from django import template
from django.contrib.gis.geos import GEOSGeometry
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from mapping.base_map import map_config
from mapping.exports.documents import qr
from mapping.models import Category
from mapping.places.words import position_of

register = template.Library()

# Outlines in a 32 x 32 box, the same as in js/map/markers.js (a test compares them).
SHAPES = {
    "circle": "M16 5a11 11 0 1 1 0 22a11 11 0 1 1 0-22Z",
    "square": "M8 6h16a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Z",
    "diamond": "M14.6 3.6a2 2 0 0 1 2.8 0l11 11a2 2 0 0 1 0 2.8l-11 11a2 2 0 0 1-2.8 0l-11-11a2 2 0 0 1 0-2.8Z",
    "triangle": "M14.2 4.6a2 2 0 0 1 3.6 0l11 19.5a2 2 0 0 1-1.8 2.9H5a2 2 0 0 1-1.8-2.9Z",
    "hexagon": (
        "M9.6 5.5h12.8a1.6 1.6 0 0 1 1.4.8l5.2 8.9a1.6 1.6 0 0 1 0 1.6l-5.2 8.9a1.6 1.6 0 0 1-1.4.8"
        "H9.6a1.6 1.6 0 0 1-1.4-.8L3 16.8a1.6 1.6 0 0 1 0-1.6l5.2-8.9a1.6 1.6 0 0 1 1.4-.8Z"
    ),
    "drop": "M16 30C11 24 6 19.4 6 13.5a10 10 0 0 1 20 0C26 19.4 21 24 16 30Z",
}
GLYPH_HEIGHT = {"triangle": "23", "drop": "18.5"}


register.simple_tag(map_config)


@register.simple_tag
@lru_cache(maxsize=512)
def qr_code(address: str) -> SafeString:
    """The QR code of a public address. It takes milliseconds to compute, hence the last ones are kept."""
    return qr.as_svg(address)


@register.simple_tag
def marker(category: Category, look: str = "") -> SafeString:
    """A category's marker for lists and legends; `look` is a modifier of `.marker-inline`, e.g. "small"."""
    letters = (letter for letter in category.title if letter.isalnum())
    return _marker(category.marker, category.colour, next(letters, "").upper(), look)


@lru_cache(maxsize=512)
def _marker(shape: str, colour: str, letter: str, look: str) -> SafeString:
    context = {
        "colour": colour,
        "letter": letter,
        "look": look,
        "path": SHAPES.get(shape, SHAPES["circle"]),
        "height": GLYPH_HEIGHT.get(shape, "20.5"),
    }
    return render_to_string("mapping/campaign/marker.html", context)


@register.filter
def position(geometry: GEOSGeometry) -> SafeString:
    """Where a contribution is shown, as `data-lon` and `data-lat` (EPSG:4326): a point, or one on its line or area."""
    lon, lat = position_of(geometry)
    return mark_safe(f'data-lon="{lon:.6f}" data-lat="{lat:.6f}"')
