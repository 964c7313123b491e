"""The frame of the pages about votes that are on: what they lead to, and which votes there are."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mapping import rules as campaign_rules
from mapping.models import Campaign
from mapping.planning.access import frame
from mapping.planning.ways import Way
from voting import rules
from voting.models import BallotPile, Vote

SECTION = "votes"


def votes_frame(request: HttpRequest, campaign: Campaign) -> dict[str, object]:
    """What the planners' frame needs, and the ways between the pages about votes (`vote_ways`)."""
    pages = [
        ("voting-planning:votes", _("Ballots")),
        ("voting-planning:codes", _("Voting codes")),
        ("voting-planning:paper", _("Ballots on paper")),
    ]
    addresses = [(reverse(route, args=(campaign.slug,)), title) for route, title in pages]
    ways = [Way(title, address, is_here=request.path == address) for address, title in addresses]
    return {**frame(request, campaign, SECTION), "vote_ways": ways}


def has_votes(user: campaign_rules.type_of_user, campaign: Campaign) -> bool:
    """Whether a manager sees pages about the votes of a campaign: once it has one."""
    return rules.may_edit_votes(user, campaign) and Vote.objects.of(campaign).exists()


def counted_votes(campaign: Campaign) -> list[Vote]:
    """The votes of a campaign with their numbers of ballots: `online`, `paper` and `aside` (these count nowhere).

    `has_open_piles`: the result waits for them.
    """
    is_aside = Q(ballots__set_aside__isnull=False)
    votes = Vote.objects.of(campaign).select_related("category__campaign", "stored_result")
    return list(
        votes.annotate(
            online=Count("ballots", filter=Q(ballots__is_on_paper=False) & ~is_aside),
            paper=Count("ballots", filter=Q(ballots__is_on_paper=True) & ~is_aside),
            aside=Count("ballots", filter=is_aside),
            has_open_piles=Exists(BallotPile.objects.filter(vote=OuterRef("pk"), closed_at=None)),
        )
    )
