"""The free texts of a survey for staff: read, searched, tagged many at a time, counted by tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mapping import rules
from mapping.aggregation.surveys.texts import (
    STALE,
    UNTAGGED,
    Place,
    Text,
    TextCounts,
    Texts,
    Writing,
    text_counts,
    texts_of,
    writings_of,
)
from mapping.models import Campaign, TextTag
from mapping.planning.access import frame, log_reading, member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.surveys.choice import Choice
from mapping.services.errors import DomainError
from mapping.services.surveys.responses import questions_of
from mapping.services.surveys.tags import LONGEST_NAME, SeenText, Tagged, digest_of, tag_texts

LONGEST_SEARCH: Final = 100
_ALL: Final = 100
"""A bar's full width."""


@dataclass(frozen=True, slots=True)
class State:
    """What the address says: the question, what is searched for, the tag, where the page begins."""

    writing: Writing
    search: str
    tagged: str
    after: Place | None

    def query(self, **changed: str | int) -> str:
        """The query of this state, perhaps with some of it changed."""
        values: dict[str, str | int] = {
            "text": self.writing.name,
            "q": self.search,
            "tag": self.tagged,
            "after": "" if self.after is None else str(self.after),
            **changed,
        }
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text with the value of its box to tick."""

    text: Text
    seen: SeenText


@dataclass(frozen=True, slots=True)
class ShownTag:
    """A tag with its numbers; `width` is its bar in per cent of all people, `query` shows its texts."""

    tag: TextTag
    people: int
    stale: int
    share: float
    width: str
    query: str


@require_safe
@planners_only(rules.may_read_responses)
def texts(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """One page of texts; its state is in the address. Each look is recorded, whatever the campaign publishes."""
    writings = _writings(campaign)
    state = _state(request.GET, campaign, writings)
    log_reading(request, campaign, "survey-texts")
    tagged: str | int = int(state.tagged) if state.tagged.isdigit() else state.tagged
    found = texts_of(campaign, state.writing, state.search, tagged, state.after)
    counts = text_counts(campaign, state.writing)
    return render(
        request,
        "planning/survey_texts.html",
        {
            **frame(request, campaign, "survey"),
            "state": state,
            "writings": [Choice(one.name, one.title, one == state.writing) for one in writings],
            "filters": _filters(state, counts),
            "shown": [ShownText(one, SeenText(one.response, digest_of(one.text))) for one in found.texts],
            "counts": counts,
            "tags": _shown_tags(state, counts),
            "here": state.query(),
            "first_page": state.query(after="") if state.after is not None else "",
            "next_page": _next(state, found),
            "may_tag": rules.may_tag_texts(request.user, campaign),
            "longest_search": LONGEST_SEARCH,
            "longest_name": LONGEST_NAME,
        },
    )


@require_POST
@planners_only(rules.may_tag_texts)
def tag(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Give tags to the ticked texts or take them off; a name that is new makes a tag first."""
    writings = _writings(campaign)
    state = _state(request.POST, campaign, writings)
    seen = [one for value in request.POST.getlist("selected") if (one := SeenText.parse(value)) is not None]
    chosen = [int(value) for value in request.POST.getlist("tags") if _is_key(value)]
    is_removal = request.POST.get("action") == "remove"
    try:
        result = tag_texts(
            campaign,
            member(request),
            state.writing.name,
            seen,
            tags=chosen,
            name=request.POST.get("name", ""),
            mode="remove" if is_removal else "add",
        )
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        _report(request, result, is_removal=is_removal)
    address = reverse("planning:survey-texts", args=(campaign.slug,))
    return HttpResponseRedirect(f"{address}?{state.query()}#texts")


def _writings(campaign: Campaign) -> list[Writing]:
    found = list(writings_of(questions_of(campaign)))
    if not found:
        raise Http404
    return found


def _state(given: Any, campaign: Campaign, writings: Sequence[Writing]) -> State:
    """Read the address, or the form that repeats it; what is unknown in it counts as not chosen."""
    writing = next((one for one in writings if one.name == given.get("text")), writings[0])
    tagged = given.get("tag", "")
    is_tag = _is_key(tagged) and TextTag.objects.filter(campaign=campaign, pk=int(tagged)).exists()
    return State(
        writing,
        given.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        tagged if is_tag or tagged in {UNTAGGED, STALE} else "",
        Place.parse(given.get("after", "")),
    )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _filters(state: State, counts: TextCounts) -> list[Choice]:
    titles = [("", _("all texts")), (UNTAGGED, _("without a tag"))]
    if counts.stale or state.tagged == STALE:
        titles.append((STALE, _("changed since they were tagged")))
    titles += [(str(one.tag.pk), one.tag.name) for one in _by_name(counts)]
    return [Choice(value, title, value == state.tagged) for value, title in titles]


def _by_name(counts: TextCounts) -> list[Any]:
    return sorted(counts.tags, key=lambda one: (one.tag.name.casefold(), one.tag.pk))


def _shown_tags(state: State, counts: TextCounts) -> list[ShownTag]:
    most = max((one.people for one in counts.tags), default=0)
    return [
        ShownTag(
            one.tag,
            one.people,
            one.stale,
            one.people / counts.people if counts.people else 0.0,
            f"{_ALL * one.people / most:.2f}" if most else "0",
            state.query(tag=one.tag.pk, after="", q=""),
        )
        for one in counts.tags
    ]


def _next(state: State, found: Texts) -> str:
    return "" if found.next is None else state.query(after=str(found.next))


def _report(request: HttpRequest, result: Tagged, *, is_removal: bool) -> None:
    number = result.texts
    if is_removal:
        words = ngettext(
            "The tags were taken off %(number)s text.", "The tags were taken off %(number)s texts.", number
        )
    else:
        words = ngettext("%(number)s text was tagged.", "%(number)s texts were tagged.", number)
    if number:
        messages.success(request, words % {"number": number})
    if result.left_out:
        words = ngettext(
            "%(number)s text was changed or withdrawn meanwhile. Please read it again.",
            "%(number)s texts were changed or withdrawn meanwhile. Please read them again.",
            result.left_out,
        )
        messages.warning(request, words % {"number": result.left_out})
