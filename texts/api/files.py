"""A text with its comments as files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from mapping.api import openapi
from mapping.exports.documents.pdf import is_possible
from mapping.http.access import campaign_for, user_of
from mapping.http.exporting import written_file
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView
from mapping.models import Campaign, CommentStatus
from mapping.services.errors import Conflict, NotAllowed
from texts.api import described
from texts.api.texts import public_text
from texts.rules import may_read_waiting_comments
from texts.services.files.docx import comments_as_docx
from texts.services.files.pdf import comments_as_pdf
from texts.services.files.rows import frame_of, sections_with_remarks

_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
MOST_IN_PDF: Final = 1000
"""Comments beyond which a PDF would take the processor for too long; a DOCX takes all."""


class CommentsFileView(ApiView):
    """The comments on a text as a file."""

    @extend_schema(
        operation_id="download_text_comments",
        tags=["texts"],
        summary="A text with its comments as DOCX or PDF",
        parameters=[described.ENDING, described.STATUS],
        responses={
            **openapi.files(_TYPES.values(), "In the chosen format."),
            **openapi.problems(400, 403, 404, 409, 503),
        },
    )
    def get(self, request: Request, slug: str, category: str, ending: str) -> HttpResponseBase:
        """Published comments for everyone; with `status`, for moderators and analysts, those that wait, too.

        A DOCX is one table. A PDF is the text with its comments, of at most 1,000 comments (409 `too_many_for_pdf`).
        """
        parameters = Parameters(request.query_params, ("status",))
        statuses = parameters.choices("status", (CommentStatus.PUBLISHED, CommentStatus.PENDING))
        parameters.done()
        if ending not in _TYPES or (ending == "pdf" and not is_possible()):
            raise Http404
        campaign = campaign_for(request, slug)
        _require_staff(request, campaign, statuses)
        shown = public_text(campaign, category)
        rows = sections_with_remarks(shown, [CommentStatus(one) for one in statuses or ()])
        if ending == "pdf" and sum(len(one.remarks) for one in rows) > MOST_IN_PDF:
            raise Conflict("too_many_for_pdf", max=MOST_IN_PDF)
        frame = frame_of(shown)

        def write(path: Path) -> None:
            path.write_bytes(
                comments_as_docx(frame, rows) if ending == "docx" else comments_as_pdf(frame, rows)
            )

        response = written_file(f"comments.{ending}", write, for_staff=statuses is not None)
        response["Content-Type"] = _TYPES[ending]
        name = f"{campaign.slug}-{category}.{ending}"
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
        return response


def _require_staff(request: Request, campaign: Campaign, statuses: tuple[str, ...] | None) -> None:
    if statuses is None:
        return
    if not may_read_waiting_comments(user_of(request), campaign):
        raise NotAllowed("not_member")
