"""All contributions of a campaign to take home."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.api import openapi
from mapping.api.views.contributions import read_selection
from mapping.exports.compression import chosen_coding, compressed_stream
from mapping.exports.registry import Format, Origin, formats
from mapping.models import Campaign
from mapping.rest.access import campaign_for
from mapping.rest.parameters import Parameters
from mapping.rest.problems import DownloadsBusy
from mapping.rest.views import GEOJSON, ApiView, photo_base

_KNOWN = ("bbox", "category", "datetime", "status")
# A client that reads slowly holds a thread of the server: some of them always stay free for everybody else.
_slots = threading.BoundedSemaphore(settings.DOWNLOADS_AT_ONCE)


class _Slotted(Iterator[bytes]):
    """A stream that holds one of the places for downloads until it ends, is closed, or is forgotten."""

    def __init__(self, begin: Callable[[], Generator[bytes, None, None]]) -> None:
        self._release: Callable[[], None] | None = None
        if not _slots.acquire(blocking=False):
            raise DownloadsBusy
        self._release = _slots.release
        self._pieces = begin()

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self._leave()
            raise

    def close(self) -> None:
        """End the stream early; the server calls this for every response."""
        try:
            if hasattr(self, "_pieces"):
                self._pieces.close()
        finally:
            self._leave()

    def _leave(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()

    __del__ = close


class DownloadView(ApiView):
    """A file with all published contributions."""

    @extend_schema(
        operation_id="download",
        tags=["contributions"],
        summary="All published contributions as a file",
        parameters=[
            OpenApiParameter("ending", str, OpenApiParameter.PATH, enum=["geojson"]),
            openapi.BBOX,
            openapi.CATEGORY,
            openapi.DATETIME,
            openapi.STATUS,
        ],
        responses={
            (200, GEOJSON): OpenApiResponse(
                openapi.COLLECTION,
                description="Streamed, with flat attributes: the questions are named by their slugs. A file without "
                "`numberReturned` at its end is incomplete.",
            ),
            **openapi.problems(400, 403, 404, 503),
        },
    )
    def get(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """Compressed by zstd, br or gzip as `Accept-Encoding` says."""
        campaign, wanted, origin = self._asked(request, slug, ending)
        selection = read_selection(request, campaign, Parameters(request.query_params, _KNOWN), "download")
        coding = chosen_coding(request.headers.get("Accept-Encoding", ""))
        pieces = _Slotted(lambda: compressed_stream(wanted.write(selection, origin), coding))
        response = StreamingHttpResponse(pieces)
        return _with_headers(response, campaign, wanted, coding)

    @extend_schema(exclude=True)
    def head(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """The same headers without asking the database for all rows."""
        campaign, wanted, _origin = self._asked(request, slug, ending)
        read_selection(request, campaign, Parameters(request.query_params, _KNOWN), "download")
        coding = chosen_coding(request.headers.get("Accept-Encoding", ""))
        return _with_headers(HttpResponse(), campaign, wanted, coding)

    def _asked(self, request: Request, slug: str, ending: str) -> tuple[Campaign, Format, Origin]:
        wanted = next((known for known in formats() if known.name == ending), None)
        if wanted is None:
            raise Http404
        return campaign_for(request, slug), wanted, Origin(request.build_absolute_uri(), photo_base(request))


def _with_headers(
    response: HttpResponse | StreamingHttpResponse, campaign: Campaign, wanted: Format, coding: str | None
) -> HttpResponseBase:
    day = timezone.localdate().isoformat()
    response["Content-Type"] = wanted.media_type
    response["Content-Disposition"] = f'attachment; filename="{campaign.slug}-{day}.{wanted.name}"'
    # A proxy that collects the whole answer would spoil the early first byte (nginx).
    response["X-Accel-Buffering"] = "no"
    if coding is not None:
        response["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
