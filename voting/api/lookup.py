"""Lookup of the votes of an address, and of who asks."""

from __future__ import annotations

from django.http import Http404
from rest_framework.request import Request

from doors.networks import network_of
from mapping.http.access import campaign_for, user_of
from mapping.models import Campaign
from mapping.services.errors import NotAllowed
from mapping.visitor import known_participant
from voting.models import Vote
from voting.rules import may_see_vote
from voting.services.casting import Voter
from voting.services.codes import read_code

CODE_HEADER = "Voting-Code"


def votes_of(request: Request, slug: str) -> tuple[Campaign, list[Vote]]:
    """A campaign and its votes. Raises NotAllowed where single contributions are protected: there are no votes."""
    campaign = campaign_for(request, slug)
    if not campaign.publishes_points:
        raise NotAllowed("publishes_cells")
    votes = list(Vote.objects.all().of(campaign).select_related("category"))
    for vote in votes:
        vote.category.campaign = campaign
    return campaign, [vote for vote in votes if may_see_vote(user_of(request), vote)]


def vote_for(request: Request, slug: str, category: str) -> Vote:
    """The vote of a category; raises Http404 where it has none."""
    _campaign, votes = votes_of(request, slug)
    for vote in votes:
        if vote.category.slug == category:
            return vote
    raise Http404


def voter_of(request: Request, vote: Vote, code: str | None = None) -> Voter | None:
    """Who reads or withdraws a ballot: the holder of a code, or the person of the cookie, if they are known.

    Raises Invalid on "code", TooMany.
    """
    plain = request._request  # noqa: SLF001 - DRF's way to the plain request
    if vote.needs_code:
        typed = request.headers.get(CODE_HEADER, "") if code is None else code
        return read_code(vote.campaign, typed, network_of(plain))
    return known_participant(plain, vote.campaign)
