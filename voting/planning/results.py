"""Results of a vote for managers: at any time, with who else sees them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mapping.models import Campaign
from mapping.planning.access import planners_only
from voting import rules
from voting.models import Option, Rule, Shown, Vote
from voting.planning.ballots.frame import votes_frame
from voting.planning.setup.votes import vote_called
from voting.services.results import OptionResult, Result, result_of


@dataclass(frozen=True, slots=True)
class ShownOption:
    """A line of the table; `share` is its bar in per cent of the longest one."""

    result: OptionResult
    title: str
    share: float


@require_safe
@planners_only(rules.may_edit_votes)
def results(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The numbers as they are now, or as they were stored when the vote had ended."""
    vote = vote_called(campaign, category)
    at = timezone.now()
    result = result_of(vote, at)
    return render(
        request,
        "voting/planning/results.html",
        {
            **votes_frame(request, campaign),
            "vote": vote,
            "category": vote.category,
            "result": result,
            "options": _shown(vote, result),
            "has_against": vote.rule == Rule.FOR_AGAINST,
            "has_points": vote.rule in {Rule.POINTS, Rule.RANKING},
            "has_costs": Rule(vote.rule).has_costs,
            "is_public": vote.results != Shown.STAFF
            and (vote.results == Shown.LIVE or rules.has_ended(campaign, at)),
            "audience": _audience(vote, has_ended=rules.has_ended(campaign, at)),
        },
    )


def _shown(vote: Vote, result: Result) -> list[ShownOption]:
    """The options with their titles, in the order of the result."""
    found = Option.objects.filter(vote=vote).values_list(
        "contribution", "contribution__title", "contribution__text"
    )
    titles = {str(pk): title or text[:60] for pk, title, text in found}
    longest = max((_length(vote, one) for one in result.options), default=0)
    return [
        ShownOption(one, titles.get(one.id, ""), 100 * _length(vote, one) / longest if longest else 0)
        for one in result.options
    ]


def _length(vote: Vote, one: OptionResult) -> int:
    return one.points if vote.rule in {Rule.POINTS, Rule.RANKING} else one.votes


def _audience(vote: Vote, *, has_ended: bool) -> str:
    """Who else sees the numbers, in words."""
    if vote.results == Shown.STAFF:
        return _("Only managers see these numbers.")
    if vote.results == Shown.LIVE or has_ended:
        return _("Everyone sees these numbers.")
    return _("Only managers see these numbers; everyone else sees them after the end.")
