"""The versions of a text, and the marked differences between two of them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from texts.models import Suggestion, TextVersion
from texts.reading.comparing import Worded, compare
from texts.services.discussion import text_in_version
from texts.web.frame import frame_of
from texts.web.lookup import ReadText, text_or_404


@require_safe
@never_cache
def versions_page(request: HttpRequest, slug: str, category: str) -> HttpResponse:
    """All published versions, the newest first, with the suggestions that each adopted."""
    read = text_or_404(request, slug, category)
    adopted: dict[int, int] = {}
    found = Suggestion.objects.of(read.shown.text).public().filter(adopted_in__isnull=False)
    for version in found.order_by().values_list("adopted_in", flat=True):
        adopted[version] = adopted.get(version, 0) + 1
    published = read.shown.published
    rows = [
        (one, next(iter(published[place + 1 :]), None), adopted.get(one.pk, 0))
        for place, one in enumerate(published)
    ]
    return render(request, "texts/versions.html", {**frame_of(request, read), "rows": rows})


@require_safe
@never_cache
def differences_page(request: HttpRequest, slug: str, category: str, before: int, after: int) -> HttpResponse:
    """What differs between two published versions, section by section; with `?all` those that are the same, too."""
    read = text_or_404(request, slug, category)
    versions = {one.number: one for one in read.shown.published}
    if before not in versions or after not in versions or before >= after:
        raise Http404
    compared = compare(_worded(read, versions[before]), _worded(read, versions[after]))
    context = {
        **frame_of(request, read),
        "before": versions[before],
        "after": versions[after],
        "compared": [one for one in compared if one.state != "same" or "all" in request.GET],
        "number_same": sum(one.state == "same" for one in compared),
        "shows_all": "all" in request.GET,
    }
    return render(request, "texts/differences.html", context)


def _worded(read: ReadText, version: TextVersion) -> list[Worded[UUID]]:
    """The sections of a version that everyone may read; of a draft all, for its members."""
    is_public = rules.may_see_public_contributions(read.campaign)
    shown = text_in_version(read.shown.text, version, read.shown.published, is_public=is_public)
    return [
        Worded(one.pk, one.number, one.heading, one.wording.body, one.wording.level) for one in shown.sections
    ]
