"""QR codes (ISO/IEC 18004) as SVG."""

import segno
from django.utils.safestring import SafeString, mark_safe


def as_svg(address: str) -> SafeString:
    """The QR code of an address, of error correction level M, without a margin or a size of its own."""
    made = segno.make_qr(address, error="m")
    return mark_safe(made.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None))
