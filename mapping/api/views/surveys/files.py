"""Files of the responses to a survey, for analysts and managers."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from mapping.api import openapi
from mapping.exports.responses.formats import (
    RESPONSES_FORMATS,
    Order,
    ResponsesFormat,
    responses_format,
    write_responses,
)
from mapping.http.access import campaign_for, user_of
from mapping.http.exporting import (
    headed,
    responses_attached,
    responses_need_job,
    streamed_text,
    written_file,
)
from mapping.http.fresh import require_fresh
from mapping.http.parameters.responses import RESPONSE_LABELS, read_responses
from mapping.http.views import ApiView, absolute
from mapping.services.errors import Conflict

_PARAMETERS: Final = [
    OpenApiParameter("ending", str, OpenApiParameter.PATH, enum=[one.name for one in RESPONSES_FORMATS]),
    OpenApiParameter(
        "labels",
        str,
        enum=RESPONSE_LABELS,
        default="codes",
        description="What stands for choices in CSV and XLSX: the stored values, or their titles.",
    ),
]


class ResponsesDownloadView(ApiView):
    """A file with all complete responses."""

    is_public_data = False

    @extend_schema(
        operation_id="download_responses",
        tags=["surveys"],
        summary="All responses to a survey as a file",
        parameters=_PARAMETERS,
        responses={
            **openapi.files((one.media_type for one in RESPONSES_FORMATS), "In the chosen format."),
            **openapi.problems(400, 403, 404, 409, 503),
        },
    )
    def get(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """For analysts and managers; each access is logged. Drafts that nobody sent are left out.

        CSV is streamed and starts at once. Other files with too many responses to be written at once return 409
        `responses_need_job`: send `"what": "responses"` and the same options by POST to `exports/`.

        Columns are the same in all formats: choices of several, ranks, statements and places have their own.
        """
        wanted, order = _asked(request, slug, ending)
        if wanted.write is not None:
            write, coding = wanted.write, request.headers.get("Accept-Encoding", "")
            response = streamed_text(lambda: write(order), coding, for_staff=True)
        else:
            response = written_file(
                f"file.{wanted.name}", lambda path: write_responses(wanted, order, path), for_staff=True
            )
        return responses_attached(response, order.campaign, wanted)

    @extend_schema(exclude=True)
    def head(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """The same headers without reading all rows."""
        wanted, order = _asked(request, slug, ending)
        coding = request.headers.get("Accept-Encoding", "") if wanted.is_streamed else ""
        return responses_attached(headed(coding), order.campaign, wanted)


def _asked(request: Request, slug: str, ending: str) -> tuple[ResponsesFormat, Order]:
    wanted = responses_format(ending)
    if wanted is None:
        raise Http404
    campaign = campaign_for(request, slug)
    labels = read_responses(request.query_params, user_of(request), campaign, wanted, "responses-download")
    require_fresh(request)
    if responses_need_job(wanted, campaign):
        raise Conflict(
            "responses_need_job",
            limit=settings.EXPORTS_AT_ONCE,
            address=absolute(request, "api:exports", campaign.slug),
        )
    return wanted, Order(campaign, labels, request.build_absolute_uri())
