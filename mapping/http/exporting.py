"""Downloads of contributions as HTTP responses: streamed, or written to a file first where a format needs it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator
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
from mapping.exports.responses.formats import ResponsesFormat
from mapping.exports.streams.files import write_file
from mapping.geo.crs import WGS84
from mapping.http.compression import chosen_coding, compressed_stream
from mapping.http.parameters.export import Asked
from mapping.http.streaming import LimitedStream
from mapping.models import Campaign, Response
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


def responses_need_job(wanted: ResponsesFormat, campaign: Campaign) -> bool:
    """Whether there are too many responses to write while the client waits; counting stops above the limit."""
    if wanted.is_streamed:
        return False
    limit: int = settings.EXPORTS_AT_ONCE
    return Response.objects.of(campaign).complete().values("pk")[: limit + 1].count() > limit


def streamed(wanted: Format, asked: Asked, origin: Origin, accept_encoding: str) -> HttpResponseBase:
    """Stream a text format, compressed as negotiated, without delay and in constant memory."""
    if wanted.write is None:
        raise TypeError(f"{wanted.name} is not streamed.")
    write = wanted.write
    return streamed_text(
        lambda: write(asked.content, origin, asked.options), accept_encoding, for_staff=asked.by_staff
    )


def streamed_text(
    begin: Callable[[], Generator[bytes, None, None]], accept_encoding: str, *, for_staff: bool
) -> HttpResponseBase:
    """Stream pieces of text, compressed as negotiated."""
    coding = chosen_coding(accept_encoding)
    pieces = LimitedStream(lambda: compressed_stream(begin(), coding), for_staff=for_staff)
    response = StreamingHttpResponse(pieces)
    # A proxy that collects the whole answer would spoil the early first byte (nginx).
    response["X-Accel-Buffering"] = "no"
    if coding is not None:
        response["Content-Encoding"] = coding
    return response


def written(wanted: Format, asked: Asked, origin: Origin) -> HttpResponseBase:
    """Write a format into a temporary file and send it; the file is removed after sending."""

    def write(path: Path) -> None:
        options = asked.options
        write_file(
            wanted, asked.content, origin, path, options.crs, include=options.include, labels=options.labels
        )

    return written_file(f"file.{wanted.name}", write, for_staff=asked.by_staff)


def written_file(name: str, write: Callable[[Path], None], *, for_staff: bool) -> HttpResponseBase:
    """Send a file that `write` writes into a temporary directory, and remove it."""
    with tempfile.TemporaryDirectory(prefix=".once-", dir=directory()) as place:
        path = Path(place) / name
        slot = LimitedStream(lambda: _pieces_of(path), for_staff=for_staff)
        try:
            write(path)
            size = path.stat().st_size
            first = next(slot)  # opens the file, which lives on without its name until it is closed
        except TooLargeForFormat as error:
            slot.close()
            raise invalid("format", error.code, format=error.name) from error
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
    return headed(accept_encoding if wanted.is_streamed else "")


def headed(accept_encoding: str) -> HttpResponse:
    """A response without a body, whose content would be compressed as negotiated."""
    response = HttpResponse()
    coding = chosen_coding(accept_encoding)
    if coding is not None:
        response["Content-Encoding"] = coding
    return response


def with_headers(
    response: HttpResponseBase, campaign: Campaign, wanted: Format, crs: int
) -> HttpResponseBase:
    """Set file name, media type and related headers."""
    response["Content-Crs"] = content_crs(crs)
    return attached(response, file_name(campaign, wanted.name, crs), wanted.media_type)


def attached(response: HttpResponseBase, name: str, media_type: str) -> HttpResponseBase:
    """Set media type and file name."""
    response["Content-Type"] = media_type
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def responses_attached(
    response: HttpResponseBase, campaign: Campaign, wanted: ResponsesFormat
) -> HttpResponseBase:
    """Set media type and file name of a file of responses."""
    return attached(response, file_name(campaign, wanted.name, more="-responses"), wanted.media_type)


def file_name(campaign: Campaign, ending: str, crs: int = WGS84, more: str = "") -> str:
    """The suggested file name; includes the CRS unless it is the default."""
    day = timezone.localdate().isoformat()
    code = "" if crs == WGS84 else f"-epsg{crs}"
    return f"{campaign.slug}{more}-{day}{code}.{ending}"
