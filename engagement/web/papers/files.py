"""Delivery of the files of documents: as PDF and nothing else, public with their document."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from engagement.services.documents.printing import printed
from engagement.web.papers.lookup import document_or_404, or_gone
from engagement.web.papers.shown import holders_of
from mapping.exports.documents.pdf import is_possible
from mapping.geo.text import address_from_title
from mapping.http.answers import not_modified

PUBLIC_SECONDS: Final = 600
"""Short, so that a deleted document soon disappears from caches as well."""
_TYPE: Final = "application/pdf"


@require_safe
@or_gone
def version_file(request: HttpRequest, document: uuid.UUID, version: int) -> HttpResponseBase:
    """A version, shown in the browser; with `?download` stored under its name."""
    found, is_public = document_or_404(request, document)
    stored = next((one for one in found.versions.all() if one.number == version), None)
    if stored is None:
        raise Http404
    tag = bytes(stored.digest).hex()[:32]
    response = not_modified(request, quote_etag(tag))
    if response is None:
        try:
            file = stored.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(
            file, as_attachment="download" in request.GET, filename=stored.name, content_type=_TYPE
        )
    return _with_headers(response, tag, is_public=is_public)


@require_safe
@or_gone
def written_file(request: HttpRequest, document: uuid.UUID) -> HttpResponseBase:
    """A document that was written here, as tagged PDF in the language of its text; `?download` as above."""
    found, is_public = document_or_404(request, document)
    if not found.text or not is_possible():
        raise Http404
    tag = f"{found.pk.hex}-{found.changed_at.timestamp()}"
    response = not_modified(request, quote_etag(tag))
    if response is None:
        name = f"{address_from_title(found.title) or 'document'}.pdf"
        response = HttpResponse(printed(found, [one.title for one in holders_of(found)]), content_type=_TYPE)
        disposition = content_disposition_header("download" in request.GET, name)
        response.headers["Content-Disposition"] = disposition or "inline"
    return _with_headers(response, tag, is_public=is_public)


def _with_headers(response: HttpResponseBase, tag: str, *, is_public: bool) -> HttpResponseBase:
    response.headers["ETag"] = quote_etag(tag)
    response.headers["Cache-Control"] = (
        f"public, max-age={PUBLIC_SECONDS}" if is_public else "private, no-store"
    )
    return response
