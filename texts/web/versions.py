"""The versions of a text, and the marked differences between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from texts.models import Suggestion, TextVersion
from texts.reading.differences import Piece, differences
from texts.services.discussion import ShownSection, text_in_version
from texts.web.frame import frame_of
from texts.web.lookup import ReadText, text_or_404

State = Literal["same", "new", "gone", "changed"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A section in two versions; `section` is the newer one, or the older one of a section that is gone."""

    section: ShownSection
    state: State
    heading: list[Piece]
    body: list[Piece]
    has_moved: bool = False


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
    compared = compare(_sections(read, versions[before]), _sections(read, versions[after]))
    context = {
        **frame_of(request, read),
        "before": versions[before],
        "after": versions[after],
        "compared": [one for one in compared if one.state != "same" or "all" in request.GET],
        "number_same": sum(one.state == "same" for one in compared),
        "shows_all": "all" in request.GET,
    }
    return render(request, "texts/differences.html", context)


def compare(before: list[ShownSection], after: list[ShownSection]) -> list[Compared]:
    """The sections of the newer version in its order; each gone one behind what stood before it."""
    old = {one.pk: one for one in before}
    new = {one.pk for one in after}
    found = [_compared(old.get(one.pk), one) for one in after]
    for place, one in enumerate(before):
        if one.pk in new:
            continue
        ahead = {earlier.pk for earlier in before[:place]}
        known = (at + 1 for at, shown in enumerate(found) if shown.section.pk in ahead)
        row = Compared(one, "gone", [Piece("removed", one.heading)], [Piece("removed", one.wording.body)])
        found.insert(max(known, default=0), row)
    return found


def _compared(old: ShownSection | None, new: ShownSection) -> Compared:
    if old is None:
        return Compared(new, "new", [Piece("added", new.heading)], [Piece("added", new.wording.body)])
    heading = differences(old.heading, new.heading)
    body = differences(old.wording.body, new.wording.body)
    is_same = all(piece.kind == "same" for piece in (*heading, *body))
    has_moved = old.number != new.number
    return Compared(new, "same" if is_same else "changed", heading, body, has_moved=has_moved)


def _sections(read: ReadText, version: TextVersion) -> list[ShownSection]:
    is_public = rules.may_see_public_contributions(read.campaign)
    return list(text_in_version(read.shown.text, version, read.shown.published, is_public=is_public).sections)
