"""The tags of a survey's texts: made, renamed, merged, deleted."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping import rules
from mapping.aggregation.surveys.texts import writings_of
from mapping.models import Campaign, TextTag
from mapping.models.campaign import Marker
from mapping.planning.access import frame, log_exact_access, member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.services.errors import DomainError
from mapping.services.surveys import tags as services
from mapping.services.surveys.responses import questions_of


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_tag_texts)
def tags(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """All tags with their forms; a POST makes a new one. Access to protected campaigns is logged."""
    given = request.POST if request.method == "POST" else None
    problem = ""
    if given is not None:
        try:
            services.add_tag(campaign, member(request), given.get("name", ""), given.get("mark", ""))
        except DomainError as error:
            problem = sentences(error)
        else:
            messages.success(request, _("The tag was made."))
            return _back(campaign)
    found = TextTag.objects.filter(campaign=campaign)
    if not found.exists() and not any(True for _one in writings_of(questions_of(campaign))):
        raise Http404
    log_exact_access(request, campaign, "survey")
    return render(
        request,
        "planning/survey_tags.html",
        {
            **frame(request, campaign, "survey"),
            "tags": found.annotate(
                people=Count(
                    "texts__response",
                    filter=Q(texts__is_stale=False, texts__response__completed_at__isnull=False),
                    distinct=True,
                )
            ).order_by(Lower("name"), "pk"),
            "marks": Marker.choices,
            "problem": problem,
            "given": given,
            "longest_name": services.LONGEST_NAME,
        },
        status=422 if problem else 200,
    )


@require_POST
@planners_only(rules.may_tag_texts)
def change(request: HttpRequest, campaign: Campaign, pk: int) -> HttpResponse:
    """Rename a tag, or change its mark."""
    tag = _tag(campaign, pk)
    name, mark = request.POST.get("name", ""), request.POST.get("mark", tag.mark)
    return _done(
        request,
        campaign,
        lambda: services.change_tag(tag, member(request), name, mark),
        _("The tag was changed."),
    )


@require_POST
@planners_only(rules.may_tag_texts)
def merge(request: HttpRequest, campaign: Campaign, pk: int) -> HttpResponse:
    """Give the texts of a tag to another one, and delete it."""
    tag = _tag(campaign, pk)
    chosen = request.POST.get("into", "")
    known = {str(one.pk): one for one in TextTag.objects.filter(campaign=campaign)}
    into = known.get(chosen, tag)
    return _done(
        request,
        campaign,
        lambda: services.merge_tags(tag, into, member(request)),
        _("The tags were merged."),
    )


@require_POST
@planners_only(rules.may_tag_texts)
def delete(request: HttpRequest, campaign: Campaign, pk: int) -> HttpResponse:
    """Delete a tag; the texts stay."""
    tag = _tag(campaign, pk)
    return _done(
        request,
        campaign,
        lambda: services.delete_tag(tag, member(request)),
        _("The tag was deleted; the texts stay."),
    )


def _tag(campaign: Campaign, pk: int) -> TextTag:
    return get_object_or_404(TextTag, campaign=campaign, pk=pk)


def _done(request: HttpRequest, campaign: Campaign, write: Callable[[], object], words: str) -> HttpResponse:
    try:
        write()
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, words)
    return _back(campaign)


def _back(campaign: Campaign) -> HttpResponse:
    return HttpResponseRedirect(reverse("planning:survey-tags", args=(campaign.slug,)))
