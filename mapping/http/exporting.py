"""Downloads of contributions as HTTP responses: streamed, or written to a file first where a format needs it."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from mapping.exports.cells.heatmap import content_crs
from mapping.exports.errors import TooLargeForFormat
from mapping.exports.registry import Format, Origin, Released
from mapping.exports.streams.files import write_file
from mapping.geo.crs import WGS84
from mapping.http.compression import chosen_coding, compressed_stream
from mapping.http.parameters.export import Asked
from mapping.http.streaming import LimitedStream
from mapping.models import Campaign
from mapping.services.errors import invalid
from mapping.services.export_jobs import directory

_PIECE: Final = 256 * 1024


def needs_job(wanted: Format, asked: Asked) -> int | None:
    """Return how many contributions are too many to write while the client waits, or None where they are few enough.

    Counting stops above the limit.
    """
    if wanted.is_streamed or isinstance(asked.content, Released):
        return None
    limit: int = settings.EXPORTS_AT_ONCE
    number = asked.content.contributions().order_by().values("pk")[: limit + 1].count()
    return number if number > limit else None


def streamed(wanted: Format, asked: Asked, origin: Origin, accept_encoding: str) -> HttpResponseBase:
    """Stream a text format, compressed as negotiated, without delay and in constant memory."""
    if wanted.write is None:
        raise TypeError(f"{wanted.name} is not streamed.")
    coding = chosen_coding(accept_encoding)
    write = wanted.write
    pieces = LimitedStream(
        lambda: compressed_stream(write(asked.content, origin, asked.options), coding),
        for_staff=asked.by_staff,
    )
    response = StreamingHttpResponse(pieces)
    # A proxy that collects the whole answer would spoil the early first byte (nginx).
    response["X-Accel-Buffering"] = "no"
    if coding is not None:
        response["Content-Encoding"] = coding
    return response


def written(wanted: Format, asked: Asked, origin: Origin) -> HttpResponseBase:
    """Write a format into a temporary file and send it; the file is removed after sending."""
    with tempfile.TemporaryDirectory(prefix=".once-", dir=directory()) as place:
        path = Path(place) / f"file.{wanted.name}"
        slot = LimitedStream(lambda: _pieces_of(path), for_staff=asked.by_staff)
        try:
            write_file(
                wanted,
                asked.content,
                origin,
                path,
                asked.options.crs,
                include=asked.options.include,
                labels=asked.options.labels,
            )
            size = path.stat().st_size
            first = next(slot)  # opens the file, which lives on without its name until it is closed
        except TooLargeForFormat as error:
            slot.close()
            raise invalid("format", "too_large_for_format", format=error.name) from error
        except BaseException:
            slot.close()
            raise
    response = StreamingHttpResponse(_Rest(first, slot))
    response["Content-Length"] = str(size)
    return response


class _Rest(LimitedStream):
    """The rest of a stream whose first piece was already consumed."""

    def __init__(self, first: bytes, rest: LimitedStream) -> None:
        self._first: bytes | None = first
        self._rest = rest

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        return next(self._rest) if first is None else first

    def close(self) -> None:
        """End the stream early."""
        self._rest.close()

    __del__ = close


def _pieces_of(path: Path) -> Generator[bytes, None, None]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def head_of(wanted: Format, accept_encoding: str) -> HttpResponseBase:
    """Return the response to HEAD without reading all rows."""
    response = HttpResponse()
    coding = chosen_coding(accept_encoding) if wanted.is_streamed else None
    if coding is not None:
        response["Content-Encoding"] = coding
    return response


def with_headers(
    response: HttpResponseBase, campaign: Campaign, wanted: Format, crs: int
) -> HttpResponseBase:
    """Set file name, media type and related headers."""
    response["Content-Type"] = wanted.media_type
    response["Content-Disposition"] = f'attachment; filename="{file_name(campaign, wanted, crs)}"'
    response["Content-Crs"] = content_crs(crs)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def file_name(campaign: Campaign, wanted: Format, crs: int) -> str:
    """The suggested file name; includes the CRS unless it is the default."""
    day = timezone.localdate().isoformat()
    code = "" if crs == WGS84 else f"-epsg{crs}"
    return f"{campaign.slug}-{day}{code}.{wanted.name}"
