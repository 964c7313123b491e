"""Uploaded photos: decoded under limits and re-encoded, so that only the pixels survive.

Re-encoding drops every kind of metadata (EXIF with its GPS position, XMP, IPTC, comments, thumbnails, anything
appended behind the picture), because only pixels are copied into a fresh image.
"""

import contextlib
import hashlib
import io
import re
import struct
import threading
from dataclasses import dataclass
from typing import Final

from cachetools import TTLCache
from PIL import Image, ImageOps

from mapping.services.errors import Invalid, invalid

MAX_PHOTOS = 3
MAX_BYTES = 10 * 1024 * 1024
MAX_MEGAPIXELS = 25
LONGEST_EDGE = 2048
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP")
# Brands of ISO/IEC 23008-12. What phones send as HEIC is named, not decoded: the decoders for Python bring an encoder
# under the GPL along, and put a large parser in native code in front of everyone's uploads.
_HEIC = re.compile(rb"ftyp(?:hei|hev|mif1|msf1)")
_OPAQUE_MODES = ("RGB", "L", "CMYK", "YCbCr", "1")
# 25 megapixels take up to 100 MB while they are decoded: never more than two at once in a process.
_decoding = threading.BoundedSemaphore(2)
_REMEMBERED_BYTES: Final = 16 * 1024 * 1024
_REMEMBERED_SECONDS: Final = 600
_BYTES_OF_A_REFUSAL: Final = 200


@dataclass(frozen=True)
class EncodedPhoto:
    """A picture without metadata: a JPEG, or a PNG made by `as_png`."""

    data: bytes
    width: int
    height: int
    digest: bytes


def _size(outcome: EncodedPhoto | Invalid) -> int:
    return len(outcome.data) if isinstance(outcome, EncodedPhoto) else _BYTES_OF_A_REFUSAL


class _Outcomes:
    """Cache of results of the last minutes, by digest of the upload, so that nothing is decoded twice.

    In memory and per process. Concurrent uploads of the same picture wait for the first one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: TTLCache[bytes, EncodedPhoto | Invalid] = TTLCache(
            _REMEMBERED_BYTES, _REMEMBERED_SECONDS, getsizeof=_size
        )
        self._turns = tuple(threading.Lock() for _ in range(16))

    def of(self, data: bytes) -> EncodedPhoto | Invalid:
        """Return the cached outcome, or compute it."""
        digest = hashlib.sha256(data).digest()
        with self._turns[digest[0] % len(self._turns)]:
            with self._lock:
                known = self._known.get(digest)
            if known is not None:
                return known
            try:
                outcome: EncodedPhoto | Invalid = _encode(data)
            except Invalid as refused:
                outcome = refused
            with self._lock, contextlib.suppress(ValueError):  # larger than the cache
                self._known[digest] = outcome
        return outcome

    def forget(self) -> None:
        """Clear the cache."""
        with self._lock:
            self._known.clear()


outcomes = _Outcomes()


def reencode(data: bytes) -> EncodedPhoto:
    """Decode a JPEG, PNG or WebP picture, turn it upright, shrink it to 2048 pixels and encode it as JPEG.

    Of animations the first frame is kept; transparency becomes white. Raises Invalid on "photos": photo_empty,
    photo_too_large, photo_heic, not_a_photo, photo_too_many_pixels or photo_damaged.
    """
    _require_size(data)
    outcome = outcomes.of(data)
    if isinstance(outcome, Invalid):
        raise Invalid(outcome.fields)
    return outcome


def as_png(data: bytes, longest_edge: int) -> EncodedPhoto:
    """Decode a picture as `reencode` does, shrink it to an edge in pixels and encode it as PNG; transparency is kept.

    Raises Invalid as `reencode` does.
    """
    _require_size(data)
    with _decoding:
        upright = _decode(data, longest_edge, is_flat=False)
    encoded = io.BytesIO()
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    clean.save(encoded, format="PNG", optimize=True)
    result = encoded.getvalue()
    return EncodedPhoto(result, clean.width, clean.height, hashlib.sha256(result).digest())


def _require_size(data: bytes) -> None:
    if not data:
        raise invalid("photos", "photo_empty")
    if len(data) > MAX_BYTES:
        raise invalid("photos", "photo_too_large", max=MAX_BYTES // (1024 * 1024))


def _encode(data: bytes) -> EncodedPhoto:
    with _decoding:
        upright = _decode(data)
    encoded = io.BytesIO()
    # A fresh image: Pillow would otherwise carry comments of the original into the new file.
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    clean.save(encoded, format="JPEG", quality=_QUALITY, optimize=True, progressive=True)
    result = encoded.getvalue()
    return EncodedPhoto(result, clean.width, clean.height, hashlib.sha256(result).digest())


def _decode(data: bytes, longest_edge: int = LONGEST_EDGE, *, is_flat: bool = True) -> Image.Image:
    try:
        opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise invalid("photos", "photo_too_many_pixels", max=MAX_MEGAPIXELS) from None
    except Exception:  # noqa: BLE001 - decoders of hostile files raise anything
        raise invalid("photos", "photo_heic" if _HEIC.match(data, 4) else "not_a_photo") from None
    with opened:
        # The header tells the size before anything is decompressed.
        if opened.width * opened.height > MAX_MEGAPIXELS * 1_000_000:
            raise invalid("photos", "photo_too_many_pixels", max=MAX_MEGAPIXELS)
        try:
            return _upright(opened, longest_edge, is_flat=is_flat)
        except Invalid:
            raise
        except Exception:  # noqa: BLE001 - decoders of hostile files raise anything
            raise invalid("photos", "photo_damaged") from None


def _upright(opened: Image.Image, longest_edge: int, *, is_flat: bool) -> Image.Image:
    """Decode, shrink, turn, and flatten on white where wanted."""
    opened.draft("RGB", (longest_edge, longest_edge))  # JPEG decodes straight to a smaller size
    opened.load()
    picture: Image.Image = opened
    if picture.mode not in _OPAQUE_MODES:
        picture = picture.convert("RGBA")
    if picture.mode == "1":
        picture = picture.convert("L")
    picture.thumbnail((longest_edge, longest_edge), Image.Resampling.LANCZOS)
    # Broken EXIF only means that the orientation is unknown.
    with contextlib.suppress(ValueError, TypeError, KeyError, SyntaxError, OSError, struct.error):
        picture = ImageOps.exif_transpose(picture)
    if picture.mode == "RGBA" and not is_flat:
        return picture
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture.convert("RGB")
