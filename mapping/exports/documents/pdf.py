"""Documents written here as PDF: tagged (PDF/UA-1, ISO 14289-1), with an embedded typeface, nothing loaded."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from cachetools import LRUCache
from django.conf import settings
from PIL import ImageFile

FONTS: Final[Path] = settings.BASE_DIR / "node_modules" / "source-sans" / "TTF"
_PICTURES: Final = {".png": "image/png", ".svg": "image/svg+xml"}
_KEPT_BYTES: Final = 16 * 1024 * 1024
# Rendering takes the processor for seconds: one at a time in a process.
_rendering = threading.Lock()
_kept: LRUCache[bytes, bytes] = LRUCache(_KEPT_BYTES, getsizeof=len)


@cache
def is_possible() -> bool:
    """Whether the libraries of the system (Pango, HarfBuzz) are there, without which no PDF can be made."""
    try:
        import weasyprint  # noqa: F401 - it loads them
    except OSError:
        return False
    _refuse_truncated_pictures()
    return True


def as_pdf(html: str, *, is_secret: bool = False, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A page of HTML as PDF; its style sheet may name files of `FONTS` as `font:<name>`, and loads nothing else.

    `pictures` are PNG and SVG files that the page names as `picture:<name>.png` and `picture:<name>.svg`.

    `templates/partials/printed.css` is the style sheet that all of them begin with. The same
    page is made once, as long as it is kept in memory; one that `is_secret` is never kept. Raises OSError where
    `is_possible` is not.
    """
    pictures = pictures or {}
    key = hashlib.sha256(html.encode())
    for name, data in pictures.items():
        key.update(name.encode() + hashlib.sha256(data).digest())
    with _rendering:
        if is_secret:
            return _render(html, pictures)
        found = _kept.get(key.digest())
        if found is None:
            found = _render(html, pictures)
            if len(found) <= _KEPT_BYTES:
                _kept[key.digest()] = found
    return found


def _refuse_truncated_pictures() -> None:
    """WeasyPrint lets Pillow accept broken files in the whole process; photos of citizens are still to be refused."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def _render(html: str, pictures: Mapping[str, bytes]) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    _refuse_truncated_pictures()

    class Given(URLFetcher):  # type: ignore[misc]
        """Opens the typefaces and the pictures that were given."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 - the interface
            scheme, _colon, name = url.partition(":")
            if scheme == "picture" and name in pictures:
                return URLFetcherResponse(url, pictures[name], {"Content-Type": _PICTURES[Path(name).suffix]})
            if scheme != "font" or Path(name).name != name:
                raise ValueError("Nothing is loaded.")
            return URLFetcherResponse(url, (FONTS / name).read_bytes(), {"Content-Type": "font/ttf"})

    made = HTML(string=html, url_fetcher=Given()).write_pdf(pdf_variant="pdf/ua-1")
    assert isinstance(made, bytes)  # noqa: S101 - for the type checker
    return made
