"""Files of the responses to a survey, for analysts and managers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.api import openapi
from mapping.exports.labels import Labels
from mapping.exports.responses.formats import (
    RESPONSES_FORMATS,
    Order,
    ResponsesFormat,
    responses_format,
    write_responses,
)
from mapping.http.access import responses_for
from mapping.http.exporting import attached, file_name, headed, streamed_text, written_file
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView

_LABELS: Final[tuple[Labels, ...]] = ("codes", "titles")
_PARAMETERS: Final = [
    OpenApiParameter("ending", str, OpenApiParameter.PATH, enum=[one.name for one in RESPONSES_FORMATS]),
    OpenApiParameter(
        "labels",
        str,
        enum=_LABELS,
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
            (200, "application/octet-stream"): OpenApiResponse(
                OpenApiTypes.BINARY, description="Each format with its own media type."
            ),
            **openapi.problems(400, 403, 404, 503),
        },
    )
    def get(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """For analysts and managers; each access is logged. Drafts that nobody sent are left out.

        Columns are the same in all formats: choices of several, ranks, statements and places have their own.
        """
        wanted, order = _asked(request, slug, ending)
        name = file_name(order.campaign, wanted.name, more="-responses")
        if wanted.write is not None:
            write, coding = wanted.write, request.headers.get("Accept-Encoding", "")
            return attached(
                streamed_text(lambda: write(order), coding, for_staff=True), name, wanted.media_type
            )

        def write_to(path: Path) -> None:
            write_responses(wanted, order, path)

        response = written_file(f"file.{wanted.name}", write_to, for_staff=True)
        return attached(response, name, wanted.media_type)

    @extend_schema(exclude=True)
    def head(self, request: Request, slug: str, ending: str) -> HttpResponseBase:
        """The same headers without reading all rows."""
        wanted, order = _asked(request, slug, ending)
        coding = request.headers.get("Accept-Encoding", "") if wanted.write is not None else ""
        name = file_name(order.campaign, wanted.name, more="-responses")
        return attached(headed(coding), name, wanted.media_type)


def _asked(request: Request, slug: str, ending: str) -> tuple[ResponsesFormat, Order]:
    parameters = Parameters(request.query_params, ("labels",))
    labels = parameters.choice("labels", _LABELS, "codes")
    parameters.done()
    wanted = responses_format(ending)
    if wanted is None:
        raise Http404
    campaign = responses_for(request, slug, "responses-download", format=wanted.name)
    return wanted, Order(
        campaign, labels if labels in wanted.labels else "codes", request.build_absolute_uri()
    )
