"""Suggested wordings for those who moderate: listed by what became of them, decided one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mapping.models import Campaign, CommentStatus
from mapping.planning.access import frame, member, planners_only
from mapping.planning.setup.fields import SetupForm
from mapping.rules import type_of_user
from mapping.services.errors import DomainError
from texts.models import Fate, Suggestion, Text, Wording
from texts.models.suggestion import SuggestionQuerySet
from texts.reading.differences import Piece, differences
from texts.rules import may_decide_suggestions
from texts.services.deciding import LONGEST_REASON, decide
from texts.services.suggesting import reason_of

SECTION: Final = "suggestions"
_ON_A_PAGE: Final = 50


def is_offered(user: type_of_user, campaign: Campaign) -> bool:
    """Whether somebody sees the tab of suggestions: who decides on them, once the campaign has a text."""
    return may_decide_suggestions(user, campaign) and Text.objects.of(campaign).exists()


class FateForm(SetupForm):
    """What becomes of a suggestion."""

    fate = forms.ChoiceField(
        label=gettext_lazy("What becomes of it?"), choices=Fate.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Everybody reads it beside the suggestion. Needed where it is not adopted, or only in part."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_REASON}),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion with its words as differences, its reason, and how its section reads now."""

    suggestion: Suggestion
    why: str
    pieces: Sequence[Piece]
    is_waiting: bool


@require_safe
@planners_only(may_decide_suggestions)
def suggestions(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """All suggestions of a campaign, filtered by what became of them (`fate`); open ones at first."""
    found = _found(campaign)
    counts = dict(found.order_by().values_list("fate").annotate(number=Count("pk")))
    fate = request.GET.get("fate", Fate.OPEN)
    chosen = found if fate not in Fate.values else found.filter(fate=fate)
    rows = chosen.order_by("comment__created_at", "pk")
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "texts/planning/suggestions.html",
        {
            **frame(request, campaign, SECTION),
            "page": page,
            "suggestions": [_shown(one) for one in page],
            "fates": [(value, label, counts.get(value, 0)) for value, label in Fate.choices],
            "fate": fate,
            "total": sum(counts.values()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_decide_suggestions)
def suggestion(request: HttpRequest, campaign: Campaign, suggestion: UUID) -> HttpResponse:
    """One suggestion and the form of what becomes of it."""
    found = get_object_or_404(_found(campaign), comment__public_id=suggestion)
    form = FateForm(
        request.POST if request.method == "POST" else None,
        initial={"fate": found.fate, "reason": found.reason},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            decide(found, given["fate"], given["reason"], actor=member(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved. Everybody reads it beside the suggestion."))
            return HttpResponseRedirect(reverse("texts-planning:suggestions", args=(campaign.slug,)))
    wordings = Wording.objects.filter(section=found.wording.section_id).order_by("-version__number")
    return render(
        request,
        "texts/planning/suggestion.html",
        {
            **frame(request, campaign, SECTION),
            "shown": _shown(found),
            "now": wordings.select_related("version").first(),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _found(campaign: Campaign) -> SuggestionQuerySet:
    """Suggestions that were not rejected, with what pages show of them."""
    found = Suggestion.objects.filter(comment__contribution__campaign=campaign).exclude(
        comment__status=CommentStatus.REJECTED
    )
    return found.select_related(
        "comment__contribution__campaign", "wording__version__text__category", "adopted_in"
    )


def _shown(suggestion: Suggestion) -> Shown:
    return Shown(
        suggestion,
        reason_of(suggestion),
        differences(suggestion.exact, suggestion.replacement),
        suggestion.comment.status == CommentStatus.PENDING,
    )
