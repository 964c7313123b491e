"""QR codes (ISO/IEC 18004) as SVG: of error correction level M, without a margin or a size of their own."""

import io
from typing import Final

import segno
from django.utils.safestring import SafeString, mark_safe

_LOOK: Final = {"border": 0, "omitsize": True}


def as_svg(address: str) -> SafeString:
    """The QR code of an address as an element of a page."""
    return mark_safe(_made(address).svg_inline(svgclass=None, lineclass=None, **_LOOK))


def as_svg_file(address: str) -> bytes:
    """The QR code of an address as a file of its own."""
    file = io.BytesIO()
    _made(address).save(file, kind="svg", **_LOOK)
    return file.getvalue()


def _made(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")
