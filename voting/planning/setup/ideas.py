"""Ideas taken over as options, several at once; options that are alike, merged."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mapping.forms.answering import uuid_of
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from voting.models import Rule
from voting.planning.setup.options import list_address, option_called
from voting.planning.setup.votes import vote_called
from voting.rules import may_edit_votes
from voting.services.setup.ideas import MOST_AT_ONCE, ideas_for, take_over
from voting.services.setup.merging import alike, merge, split
from voting.services.setup.options import options_of
from voting.services.setup.votes import STEP


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def ideas(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """Public ideas that are no option yet, the most supported first; those that are marked become options."""
    vote = vote_called(campaign, category)
    offered = ideas_for(vote)
    words, chosen_category = request.GET.get("q", "").strip(), request.GET.get("category", "")
    if words:
        offered = offered.filter(text__icontains=words)
    if chosen_category:
        offered = offered.filter(category__slug=chosen_category)
    problems = ""
    if request.method == "POST":
        chosen = [one for one in map(uuid_of, request.POST.getlist("idea")) if one is not None]
        try:
            made = take_over(vote, list(ideas_for(vote).filter(pk__in=chosen)), actor=member(request))
        except DomainError as error:
            problems = sentences(error)
        else:
            words = ngettext(
                "%(number)s idea was taken over. Its author can read that in the reply by the city.",
                "%(number)s ideas were taken over. Their authors can read that in the reply by the city.",
                len(made),
            )
            messages.success(request, words % {"number": len(made)})
            return HttpResponseRedirect(list_address(vote))
    page = Paginator(offered, MOST_AT_ONCE).get_page(request.GET.get("page"))
    return render(
        request,
        "voting/setup/ideas.html",
        {
            **setup_frame(request, campaign, STEP),
            "vote": vote,
            "category": vote.category,
            "has_costs": Rule(vote.rule).has_costs,
            "page": page,
            "words": words,
            "categories": campaign.categories.exclude(pk=vote.category_id).order_by("position", "pk"),
            "chosen_category": chosen_category,
            "chosen": request.POST.getlist("idea"),
            "problems": problems,
        },
        status=422 if problems else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def merging(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """Pairs of options that are alike, and the form that merges any two of them."""
    vote = vote_called(campaign, category)
    found = options_of(vote)
    standing = [one for one in found if one.withdrawn_at is None and one.merged_into_id is None]
    problems = ""
    if request.method == "POST":
        by_id = {str(one.contribution_id): one for one in standing}
        option, into = (by_id.get(request.POST.get(name, "")) for name in ("option", "into"))
        if option is None or into is None:
            problems = _("Please choose two proposals.")
        else:
            try:
                merge(option, into, actor=member(request))
            except DomainError as error:
                problems = sentences(error)
            else:
                titles = {"title": option.contribution.title, "into": into.contribution.title}
                messages.success(request, _("“%(title)s” is now part of “%(into)s”.") % titles)
                return HttpResponseRedirect(request.path)
    return render(
        request,
        "voting/setup/merging.html",
        {
            **setup_frame(request, campaign, STEP),
            "vote": vote,
            "category": vote.category,
            "pairs": alike(standing),
            "standing": standing,
            "merged": [one for one in found if one.merged_into_id is not None],
            "has_ballots": vote.ballots.exists(),
            "problems": problems,
        },
        status=422 if problems else 200,
    )


@require_POST
@planners_only(may_edit_votes)
def split_option(request: HttpRequest, campaign: Campaign, category: str, pk: UUID) -> HttpResponse:
    """Let people choose a merged option by itself again."""
    vote = vote_called(campaign, category)
    found = option_called(vote, pk)
    try:
        split(found, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        title = {"title": found.contribution.title}
        messages.success(request, _("“%(title)s” can be chosen by itself again.") % title)
    return HttpResponseRedirect(list_address(vote, found))
