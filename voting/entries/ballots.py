"""Entries of ballots: the tab of a campaign, the link of an option, and that voters are people with data."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.models import Action, Contribution
from mapping.services.identity import TRACES, Trace
from mapping.services.messages import enter_sentences
from mapping.services.own.entries import heading_of
from mapping.services.own.kinds import OWN_KINDS, OwnKind, OwnThing, State
from mapping.services.own.person import Person
from mapping.web.campaign_tabs import CAMPAIGN_TABS, CampaignTab
from mapping.web.contribution_links import CONTRIBUTION_LINKS, ContributionLink
from voting.models import Ballot, Option, Vote
from voting.services.ballot_sentences import BALLOTS
from voting.services.casting import cut_off_ended


def _address_of_vote(contribution: Contribution, _token: str) -> str:
    """Where a contribution stands on a ballot; nowhere unless it is a public option."""
    found = Option.objects.all().public().filter(contribution=contribution)
    category = found.values_list("vote__category__slug", flat=True).first()
    if category is None:
        return ""
    address = reverse("vote", args=(contribution.campaign.slug, category))
    return f"{address}#option-{contribution.pk}"


def _own_ballots(person: Person) -> Iterator[OwnThing]:
    """That somebody voted, never what nor when; nothing once a result is stored, which knows nobody."""
    found = Ballot.objects.filter(participant__in=person.participants).select_related("vote__category")
    for ballot in found.order_by("vote"):
        reading = person.readings[ballot.participant_id]
        category = reading.of(ballot.vote.category)
        yield OwnThing(
            heading_of(reading),
            gettext("Ballot: %(vote)s") % {"vote": category.title},
            states=(State(_("Cast"), "good"),),
            address=reverse("vote", args=(reading.original.slug, category.slug)),
        )


VOTE_TAB: Final = CampaignTab(
    "votes",
    33,
    title=lambda _campaign: _("Voting"),
    address=lambda campaign: reverse("votes", args=(campaign.slug,)),
    is_offered=lambda page: page.campaign.publishes_points,
    rows=lambda campaign: Vote.objects.all().of(campaign),
    invites_to=Action.VOTE,
    invitation=_("Vote now"),
)
VOTE_LINK: Final = ContributionLink("vote", _("On the ballot"), "check", _address_of_vote)
BALLOT: Final = Trace(
    "ballot", lambda participant: Ballot.objects.filter(participant=participant).exists(), cut_off_ended
)
OWN_BALLOTS: Final = OwnKind("ballots", _("Ballots"), _own_ballots)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(BALLOTS)
    CAMPAIGN_TABS.register(VOTE_TAB)
    CONTRIBUTION_LINKS.register(VOTE_LINK)
    TRACES.register(BALLOT)
    OWN_KINDS.register(OWN_BALLOTS)
