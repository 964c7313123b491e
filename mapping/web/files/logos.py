"""Delivery of the city's logo."""

from functools import lru_cache
from io import BytesIO
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image

from mapping.models import CityLogo

_YEAR = 365 * 24 * 3600
_SMALL: Final = (480, 120)
"""Pixels: at most 160 × 40 in headers and footers (`frame.css`), on screens with three pixels for one."""

_COLOURS: Final = 128
"""Of a drawing made small, its shades included: nobody sees a difference at 40 pixels."""
_FLAT_COLOURS: Final = 16
_FLAT_SHARE: Final = 0.9


@require_safe
@cache_control(public=True, max_age=_YEAR, immutable=True)
def logo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The logo that pages show now; another one has another address, and a former one is nowhere.

    PNG as it is stored, or with `?small` WebP of the size that every page shows.
    """
    found = CityLogo.objects.filter(pk=pk, cities__isnull=False).first()
    if found is None:
        raise Http404
    data = bytes(found.data)
    if "small" in request.GET:
        return HttpResponse(_small(data), content_type="image/webp")
    return HttpResponse(data, content_type="image/png")


@lru_cache(maxsize=4)
def _small(data: bytes) -> bytes:
    image = Image.open(BytesIO(data)).convert("RGBA")
    is_drawing = _is_drawing(image)
    image.thumbnail(_SMALL, Image.Resampling.LANCZOS)
    # Drawings with few colours are smaller without loss, photographs with some.
    made = [_webp(image, lossless=lossless) for lossless in (True, False)]
    if is_drawing:
        made.append(_webp(image.quantize(_COLOURS, Image.Quantize.FASTOCTREE).convert("RGBA"), lossless=True))
    return min(made, key=len)


def _is_drawing(image: Image.Image) -> bool:
    """Whether few colours fill nearly all of it: made smaller, it has shades of them at its edges alone."""
    found = sorted(
        (number for number, _colour in image.getcolors(maxcolors=image.width * image.height) or [])
    )
    return sum(found[-_FLAT_COLOURS:]) >= sum(found) * _FLAT_SHARE


def _webp(image: Image.Image, *, lossless: bool) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", lossless=lossless, quality=85, method=6)
    return written.getvalue()
