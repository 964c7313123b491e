"""Export jobs: start, poll, download."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import QueryDict
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import User
from doors.visitors import EXPORT
from mapping.api import openapi, shapes
from mapping.exports.registry import CRS, Format, Origin, formats
from mapping.exports.responses.formats import RESPONSES_FORMATS, ResponsesFormat
from mapping.http.access import campaign_for, user_of
from mapping.http.export_jobs import file_answer, job_for, start, start_responses
from mapping.http.fresh import is_exact, is_exact_file, require_fresh
from mapping.http.messages import sentence
from mapping.http.parameters.export import KNOWN, read_export
from mapping.http.parameters.reading import Parameters
from mapping.http.parameters.responses import read_responses
from mapping.http.views import ApiView, absolute, json_response, photo_base
from mapping.models import Campaign, ExportJob, ExportStatus
from mapping.models.export_job import RESPONSES
from mapping.services.errors import invalid
from mapping.visitor import admit

_WAIT: Final = "2"
_WHAT: Final = ("contributions", RESPONSES)
_JOB: Final = shapes.members(
    id={"type": "string", "format": "uuid"},
    format=shapes.TEXT,
    status={"type": "string", "enum": list(ExportStatus.values)},
    progress=shapes.members(done=shapes.INTEGER, total=shapes.INTEGER, percent=shapes.INTEGER),
    created={"type": "string", "format": "date-time"},
    expires={"type": "string", "format": "date-time"},
    size=shapes.INTEGER,
    problem=shapes.maybe(shapes.TEXT),
    file=shapes.maybe({"type": "string", "format": "uri"}),
)
_ASKED: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["format"],
    "properties": {
        "what": {
            "type": "string",
            "enum": list(_WHAT),
            "default": _WHAT[0],
            "description": "Responses to the survey are for analysts and managers, and take `labels` only.",
        },
        "format": {
            "type": "string",
            "enum": sorted({one.name for one in formats()} | {one.name for one in RESPONSES_FORMATS}),
        },
        "crs": {"type": "integer", "enum": list(CRS), "default": CRS[0]},
        **{
            name: {"type": "string", "description": "As in the address of a download."}
            for name in KNOWN
            if name != "crs"
        },
    },
    "example": {"format": "gpkg", "crs": 25832, "category": "spot", "include": "comments,replies"},
}


class ExportsView(ApiView):
    """Export jobs of a campaign."""

    @extend_schema(
        operation_id="start_export",
        tags=["contributions"],
        summary="Have a large file written in the background",
        request={"application/json": _ASKED},
        responses={
            (202, "application/json"): OpenApiResponse(
                _JOB, description="Look at `Location` until `status` is `done`, then fetch `file`."
            ),
            **openapi.problems(400, 403, 404, 411, 413, 415, 429),
        },
    )
    def post(self, request: Request, slug: str) -> HttpResponseBase:
        """The parameters of a download as members of an object. Repeated while the job waits, it is written once."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        wanted, query = _read(request.data)
        if isinstance(wanted, ResponsesFormat):
            return _started(request, self._start_responses(request, campaign, wanted, query))
        asked = read_export(query, user_of(request), campaign, wanted, "export")
        if is_exact(asked, campaign):
            require_fresh(request)
        if asked.is_public:
            admit(request._request, EXPORT)  # noqa: SLF001 - DRF's way to the plain request
        address = absolute(request, "api:download", campaign.slug, wanted.name)
        origin = Origin(f"{address}?{query.urlencode()}" if query else address, photo_base(request))
        return _started(request, start(user_of(request), campaign, wanted, query, origin, asked))

    def _start_responses(
        self, request: Request, campaign: Campaign, wanted: ResponsesFormat, query: QueryDict
    ) -> ExportJob:
        user = user_of(request)
        read_responses(query, user, campaign, wanted, "export")
        require_fresh(request)
        if not isinstance(user, User):  # the rule has refused it
            raise NotAuthenticated
        address = absolute(request, "api:responses-download", campaign.slug, wanted.name)
        return start_responses(user, campaign, wanted, query, address)


class ExportView(ApiView):
    """One export job."""

    is_public_data = False

    @extend_schema(
        operation_id="read_export",
        tags=["contributions"],
        summary="How far a file is",
        responses={
            (200, "application/json"): OpenApiResponse(
                _JOB, description="With the address of the file once it is there."
            ),
            **openapi.problems(400, 404),
        },
    )
    def get(self, request: Request, slug: str, job: uuid.UUID) -> HttpResponseBase:
        """Public jobs are accessible by their address alone; those of staff only to who started them."""
        Parameters(request.query_params, ()).done()
        found = job_for(user_of(request), campaign_for(request, slug), job)
        response = json_response(request, _body(request, found))
        if found.status in {ExportStatus.WAITING, ExportStatus.RUNNING}:
            response["Retry-After"] = _WAIT
        return response


class ExportFileView(ApiView):
    """The finished file of an export job."""

    is_public_data = False

    @extend_schema(
        operation_id="read_export_file",
        tags=["contributions"],
        summary="Fetch a file that was written in the background",
        responses={
            **openapi.files(
                [*(one.media_type for one in formats()), *(one.media_type for one in RESPONSES_FORMATS)],
                "In the format that was ordered.",
            ),
            **openapi.problems(400, 403, 404, 409, 410),
        },
    )
    def get(self, request: Request, slug: str, job: uuid.UUID) -> HttpResponseBase:
        """Available until it expires, or until some of its content is withdrawn."""
        Parameters(request.query_params, ()).done()
        campaign = campaign_for(request, slug)
        user = user_of(request)
        found = job_for(user, campaign, job)
        if is_exact_file(found):
            require_fresh(request)
        return file_answer(user, campaign, found)


def _started(request: Request, job: ExportJob) -> HttpResponseBase:
    response = json_response(request, _body(request, job), status=202)
    response["Location"] = absolute(request, "api:export", job.campaign.slug, job.pk)
    response["Retry-After"] = _WAIT
    return response


def _read(body: object) -> tuple[Format | ResponsesFormat, QueryDict]:
    """Parse the format, and all other members as the query of a download's address."""
    if not isinstance(body, dict):
        raise invalid("", "wrong_type")
    members = dict(body)
    what, name = members.pop("what", _WHAT[0]), members.pop("format", None)
    if what not in _WHAT:
        raise invalid("what", "unknown_choice", choices=", ".join(_WHAT))
    known: dict[str, Format | ResponsesFormat] = {
        one.name: one for one in (RESPONSES_FORMATS if what == RESPONSES else formats())
    }
    wanted = known.get(name) if isinstance(name, str) else None
    if wanted is None:
        raise invalid("format", "unknown_choice", choices=", ".join(known))
    query = QueryDict(mutable=True)
    for key, value in sorted(members.items()):
        values = value if isinstance(value, list) else [value]
        if any(isinstance(one, bool) or not isinstance(one, str | int) for one in values):
            raise invalid(str(key)[:40], "wrong_type")
        query.setlist(str(key), [str(one) for one in values])
    return wanted, query


def _body(request: Request, job: ExportJob) -> dict[str, object]:
    is_done = job.status == ExportStatus.DONE
    slug = job.campaign.slug
    return {
        "id": str(job.pk),
        "format": job.ending,
        "status": job.status,
        "progress": {"done": job.done, "total": job.total, "percent": job.percent},
        "created": job.created_at.isoformat(timespec="seconds"),
        "expires": job.expires_at.isoformat(timespec="seconds"),
        "size": job.size,
        "problem": problem_of(job) or None,
        "file": absolute(request, "api:export-file", slug, job.pk) if is_done else None,
    }


def problem_of(job: ExportJob) -> str:
    """The message of a failed job, else empty."""
    return sentence(job.problem, {"format": job.ending}) if job.problem else ""
