"""Copies of a campaign's page for use without a network: nobody's page, kept by the browser's worker.

The worker asks for a copy by a header with the language of the page and without cookies; the answer names itself as a
copy. Pages that a visitor sees hold own contributions and private links, hence the worker never keeps these. Of
campaigns that protect their participants, and of drafts, there is no copy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mapping.web.lookup import campaign_or_404

HEADER: Final = "Offline-Copy"
"""In requests the language of the page; in answers `yes` where the worker may keep them."""

type_of_view = Callable[..., HttpResponseBase]


def offering_copies(view: type_of_view) -> type_of_view:
    """Decorator for the page of a campaign (`slug`); 204 where there is no copy."""

    @wraps(view)
    def answered(request: HttpRequest, slug: str, **arguments: Any) -> HttpResponseBase:
        if not is_copy(request):
            return view(request, slug, **arguments)
        language = for_nobody(request)
        campaign = campaign_or_404(request, slug)
        if not campaign.publishes_points or campaign.is_draft:
            return HttpResponse(status=204, headers={"Cache-Control": "no-store", "Vary": HEADER})
        with translation.override(language):
            answer = view(request, slug, **arguments)
        # The address may choose the language of the texts, which no cookie shall remember here.
        request.__dict__.pop("chosen_language", None)
        answer.headers["Content-Language"] = language
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers[HEADER] = "yes"
        patch_vary_headers(answer, [HEADER])
        return answer

    return answered


def is_copy(request: HttpRequest) -> bool:
    """Whether a page is rendered to be kept."""
    return HEADER in request.headers


def for_nobody(request: HttpRequest) -> str:
    """Take from a request what says who asks; returns the language that a copy is wanted in, empty for other pages."""
    request.COOKIES = {}
    request.user = AnonymousUser()
    if not is_copy(request):
        return ""
    language = request.headers[HEADER]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
