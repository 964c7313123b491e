"""The votes of a campaign with their ballots, for managers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mapping.models import Campaign
from mapping.planning.access import planners_only
from voting import rules
from voting.planning.ballots.frame import counted_votes, votes_frame


@require_safe
@planners_only(rules.may_edit_votes)
def votes(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """How many ballots each vote has, and the ways to what managers do with them."""
    return render(
        request,
        "voting/planning/votes.html",
        {
            **votes_frame(request, campaign),
            "votes": counted_votes(campaign),
            "has_ended": rules.has_ended(campaign, timezone.now()),
        },
    )
