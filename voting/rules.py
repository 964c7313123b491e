"""Permission predicates of votes, of role, moment and object; those of campaigns are in `mapping.rules`."""

from __future__ import annotations

from datetime import datetime

from mapping.models import Action, Campaign, CampaignStatus
from mapping.rules import may_enter_paper, may_manage, may_see_campaign, type_of_user
from voting.models import Shown, Vote


def may_vote(campaign: Campaign, at: datetime) -> bool:
    """People vote, change and withdraw their ballots while the campaign is open and its phase, if any, allows it."""
    return campaign.publishes_points and campaign.allows(Action.VOTE, at)


def has_ended(campaign: Campaign, at: datetime) -> bool:
    """Whether nobody can vote any more: the campaign is closed, or its last phase with votes is over."""
    if campaign.status_at(at) == CampaignStatus.CLOSED:
        return True
    spans = [phase for phase in campaign.timeline if phase.allows_action(Action.VOTE)]
    return bool(spans) and all(phase.closes_at <= at for phase in spans)


def may_see_vote(user: type_of_user, vote: Vote) -> bool:
    """Whoever may see the campaign sees what can be voted on; nothing of protected campaigns."""
    return vote.campaign.publishes_points and may_see_campaign(user, vote.campaign)


def may_see_results(user: type_of_user, vote: Vote, at: datetime) -> bool:
    """Managers at any time; everyone else as the vote says, and never those of drafts."""
    if may_manage(user, vote.campaign):
        return True
    if not may_see_vote(user, vote) or vote.results == Shown.STAFF:
        return False
    return vote.results == Shown.LIVE or has_ended(vote.campaign, at)


def may_edit_votes(user: type_of_user, campaign: Campaign) -> bool:
    """Managers set the rule, put up options, make voting codes and mark ballots as not counted."""
    return may_manage(user, campaign)


def may_enter_ballots(user: type_of_user, campaign: Campaign) -> bool:
    """Those who enter paper enter ballots on paper, too."""
    return may_enter_paper(user, campaign)
