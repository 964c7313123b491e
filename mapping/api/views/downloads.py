"""Download of all contributions of a campaign."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.api import openapi
from mapping.api.export_parameters import DESCRIBED
from mapping.exports.registry import Format, Origin, format_named, formats
from mapping.http.access import campaign_for, user_of
from mapping.http.exporting import head_of, needs_job, streamed, with_headers, written
from mapping.http.fresh import is_exact, require_fresh
from mapping.http.parameters.export import Asked, read_export
from mapping.http.views import GEOJSON, ApiView, absolute, photo_base
from mapping.models import Campaign
from mapping.services.errors import Conflict

_ANSWERS: Final = {
    (200, GEOJSON): OpenApiResponse(
        openapi.COLLECTION,
        description="Streamed, with flat attributes: the questions are named by their slugs. A file without "
        "`numberReturned` at its end is incomplete.",
    ),
    **openapi.files(
        (known.media_type for known in formats() if known.name != "geojson"),
        "Text is streamed; files are sent with their length.",
    ),
}


class DownloadView(ApiView):
    """A file with all published contributions."""

    @extend_schema(
        operation_id="download",
        tags=["contributions"],
        summary="All published contributions as a file",
        parameters=[
            OpenApiParameter("ending", str, OpenApiParameter.PATH, enum=[known.name for known in formats()]),
            *DESCRIBED,
        ],
        responses={**_ANSWERS, **openapi.problems(400, 403, 404, 409, 503)},
    )
    def get(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """Text is compressed by zstd, br or gzip according to `Accept-Encoding` and starts at once, whatever its size.

        Files with too many contributions to be written at once return 409 `export_needs_job`: send the same parameters
        by POST to `exports/`. For campaigns that publish cells the public gets the cells of the current release.
        """
        campaign, wanted, asked = self._asked(request, slug, ending)
        return with_headers(_answer(request, wanted, asked), campaign, wanted, asked.options.crs)

    @extend_schema(exclude=True)
    def head(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """The same headers without reading all rows."""
        campaign, wanted, asked = self._asked(request, slug, ending)
        response = head_of(wanted, request.headers.get("Accept-Encoding", ""))
        return with_headers(response, campaign, wanted, asked.options.crs)

    def _asked(self, request: Request, slug: str, ending: str) -> tuple[Campaign, Format, Asked]:
        wanted = format_named(ending)
        if wanted is None:
            raise Http404
        campaign = campaign_for(request, slug)
        asked = read_export(request.query_params, user_of(request), campaign, wanted)
        if is_exact(asked, campaign):
            require_fresh(request)
        if needs_job(wanted, asked) is not None:
            raise Conflict(
                "export_needs_job",
                number=f"> {settings.EXPORTS_AT_ONCE}",
                limit=settings.EXPORTS_AT_ONCE,
                address=absolute(request, "api:exports", campaign.slug),
            )
        return campaign, wanted, asked


def _answer(request: Request, wanted: Format, asked: Asked) -> HttpResponseBase:
    origin = Origin(request.build_absolute_uri(), photo_base(request))
    if wanted.is_streamed:
        return streamed(wanted, asked, origin, request.headers.get("Accept-Encoding", ""))
    return written(wanted, asked, origin)
