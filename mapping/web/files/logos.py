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
    image.thumbnail(_SMALL, Image.Resampling.LANCZOS)
    # Drawings with few colours are smaller without loss, photographs with some.
    return min((_webp(image, lossless=lossless) for lossless in (True, False)), key=len)


def _webp(image: Image.Image, *, lossless: bool) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", lossless=lossless, quality=85, method=6)
    return written.getvalue()
