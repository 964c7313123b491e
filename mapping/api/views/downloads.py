"""All contributions of a campaign to take home."""

from __future__ import annotations

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
from mapping.rest.streaming import Slotted
from mapping.rest.views import GEOJSON, ApiView, photo_base

_KNOWN = ("bbox", "category", "datetime", "status")


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
        pieces = Slotted(lambda: compressed_stream(wanted.write(selection, origin), coding))
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
