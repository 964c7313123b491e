"""Drafts of the papers of data protection, filled from the campaign's settings, for its managers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.exports.protection.papers import PAPERS
from mapping.exports.protection.sections import Paper
from mapping.exports.protection.writing import as_docx, as_markdown
from mapping.models import Campaign
from mapping.planning.access import planners_only

_WRITERS: Final[Mapping[str, tuple[str, Callable[[Paper], bytes]]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx),
    "md": ("text/markdown; charset=utf-8", as_markdown),
}


@require_safe
@planners_only(rules.may_manage)
def paper(_request: HttpRequest, campaign: Campaign, name: str, ending: str) -> HttpResponse:
    """A draft in the language of the page; 404 for other names and endings."""
    if name not in PAPERS or ending not in _WRITERS:
        raise Http404
    kind, write = _WRITERS[ending]
    answer = HttpResponse(write(PAPERS[name](campaign)), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}-{name}.{ending}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
