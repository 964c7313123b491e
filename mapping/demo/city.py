"""The page of the demo's city: an invented logo, contact and imprint, and the sketched boundary."""

import io
from typing import Final

from django.contrib.gis.geos import MultiPolygon
from PIL import Image, ImageDraw

from accounts.models import User
from mapping.models import City
from mapping.services.setup.city.page import NewLogo, set_boundary, set_page

ALT: Final = "Erfundenes Wappen: drei Hügel über einem Fluss"
_SIZE: Final = 320
_SAMPLES: Final = 3
"""Drawn so many times larger: Pillow draws edges without intermediate tones."""
_BLUE, _GREEN, _WHITE = (11, 90, 107, 255), (63, 140, 92, 255), (255, 255, 255, 255)
_CLEAR: Final = (0, 0, 0, 0)
_IMPRINT: Final = """Diese Website ist ein **Beispiel**. Stadt, Beiträge und Antworten sind erfunden.

## Verantwortlich

Beispielstadt, Amt für Beteiligung
"""
_PRIVACY: Final = "Datenschutzbeauftragte der Beispielstadt, datenschutz@example.org"


def fill_city(actor: User, boundary: MultiPolygon, source: str) -> None:
    """Fill in the page where nobody has saved anything on it yet; the name is that of the settings."""
    if City.objects.exists():
        return
    texts = {
        "logo_alt": ALT,
        "mail": "beteiligung@example.org",
        "phone": "+49 631 000-0",
        "postal_address": "Amt für Beteiligung\nMarktplatz 1\n00000 Beispielstadt",
        "imprint": _IMPRINT,
        "privacy_contact": _PRIVACY,
    }
    set_page(actor, texts, NewLogo(logo()))
    set_boundary(actor, boundary, source)


def logo() -> bytes:
    """A PNG with transparent ground: a shield with three hills over a river, drawn in units of a hundredth."""
    size = _SIZE * _SAMPLES
    shield = Image.new("L", (size, size), 0)
    mask = ImageDraw.Draw(shield)
    mask.rectangle(_box(12, 4, 88, 50), fill=255)
    mask.pieslice(_box(12, 4, 88, 96), 0, 180, fill=255)
    image = Image.new("RGBA", (size, size), _BLUE)
    draw = ImageDraw.Draw(image)
    for left, top in ((6, 34), (54, 34), (26, 20)):
        draw.ellipse(_box(left, top, left + 44, top + 60), fill=_GREEN, outline=_WHITE, width=size // 50)
    draw.rectangle(_box(0, 62, 100, 100), fill=_BLUE)
    for height in (66, 76):
        for left in range(-8, 100, 24):
            draw.arc(_box(left, height, left + 12, height + 10), 180, 360, fill=_WHITE, width=size // 36)
            draw.arc(_box(left + 12, height, left + 24, height + 10), 0, 180, fill=_WHITE, width=size // 36)
    clear = Image.new("RGBA", (size, size), _CLEAR)
    clear.paste(image, mask=shield)
    written = io.BytesIO()
    clear.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).save(written, "PNG")
    return written.getvalue()


def _box(*corners: float) -> list[float]:
    """Left, top, right, bottom in pixels."""
    return [corner * _SIZE * _SAMPLES / 100 for corner in corners]
