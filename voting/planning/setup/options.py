"""The list of a vote's options: in an order, withdrawn, deleted."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from voting.models import Option, Rule, Vote
from voting.planning.setup.votes import vote_called
from voting.rules import may_edit_votes
from voting.services.setup.ideas import ideas_for
from voting.services.setup.options import (
    LONGEST_REASON,
    MOST_OPTIONS,
    delete_option,
    move_option,
    options_of,
    return_option,
    withdraw_option,
)
from voting.services.setup.votes import STEP


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def options(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The options in their order; buttons move them (`up:<id>`, `down:<id>`, `place:<id>:<index>`)."""
    vote = vote_called(campaign, category)
    found = options_of(vote)
    if request.method == "POST":
        return _moved(request, vote, found)
    standing = [one for one in found if one.withdrawn_at is None and one.merged_into_id is None]
    costs = [one.cost for one in standing if one.cost is not None]
    return render(
        request,
        "voting/setup/options.html",
        {
            **setup_frame(request, campaign, STEP),
            "vote": vote,
            "category": vote.category,
            "has_costs": Rule(vote.rule).has_costs,
            "options": found,
            "costs": sum(costs),
            "standing": len(standing),
            "ideas_count": ideas_for(vote).count(),
            "has_ballots": vote.ballots.exists(),
            "is_full": len(found) >= MOST_OPTIONS,
            "focus": request.GET.get("focus", ""),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def withdraw(request: HttpRequest, campaign: Campaign, category: str, pk: UUID) -> HttpResponse:
    """Withdraw an option with a reason, or let people choose it again."""
    vote = vote_called(campaign, category)
    found = option_called(vote, pk)
    problems = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            if found.withdrawn_at is None:
                withdraw_option(found, reason, actor=member(request))
            else:
                return_option(found, reason, actor=member(request))
        except DomainError as error:
            problems = sentences(error)
        else:
            return HttpResponseRedirect(list_address(vote, found))
    return render(
        request,
        "voting/setup/withdraw.html",
        {
            **setup_frame(request, campaign, STEP),
            "vote": vote,
            "category": vote.category,
            "option": found,
            "has_ballots": vote.ballots.exists(),
            "longest": LONGEST_REASON,
            "typed": request.POST.get("reason", ""),
            "problems": problems,
        },
        status=422 if problems else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def delete(request: HttpRequest, campaign: Campaign, category: str, pk: UUID) -> HttpResponse:
    """Delete an option with its place, after the question whether that is meant."""
    vote = vote_called(campaign, category)
    found = option_called(vote, pk)
    if request.method != "POST":
        return render(
            request,
            "voting/setup/delete.html",
            {
                **setup_frame(request, campaign, STEP),
                "vote": vote,
                "category": vote.category,
                "option": found,
                "has_ballots": vote.ballots.exists(),
            },
        )
    try:
        delete_option(found, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The proposal was deleted."))
    return HttpResponseRedirect(list_address(vote))


def option_called(vote: Vote, pk: UUID) -> Option:
    """An option of a vote by the id of its contribution, else 404."""
    found = get_object_or_404(vote.options.select_related("contribution"), contribution=pk)
    found.vote = vote
    return found


def list_address(vote: Vote, option: Option | None = None) -> str:
    """The list of a vote's options, at one of them."""
    address = reverse("voting-planning:options", args=(vote.campaign.slug, vote.category.slug))
    return address if option is None else f"{address}#o-{option.contribution_id}"


def _moved(request: HttpRequest, vote: Vote, found: list[Option]) -> HttpResponse:
    what, _colon, rest = request.POST.get("do", "").partition(":")
    name, _colon, index = rest.partition(":")
    now = next((number for number, one in enumerate(found) if str(one.contribution_id) == name), None)
    if now is None:
        messages.error(request, sentence("gone"))
        return HttpResponseRedirect(list_address(vote))
    step = {"up": -1, "down": 1}.get(what, 0)
    target = int(index) if what == "place" and index.isdecimal() and len(index) < 5 else now + step
    try:
        move_option(found[now], target, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    # Without a fragment: a browser that scrolls to one leaves `autofocus` alone.
    return HttpResponseRedirect(f"{list_address(vote)}?{urlencode({'focus': f'{what}:{name}'})}")
