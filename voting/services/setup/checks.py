"""What votes lack before people can vote, for the checklist of a campaign."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mapping.models import Action, Campaign
from mapping.services.setup.checklist import Check, Finding
from voting.models import Option, Rule, Vote
from voting.services.setup.votes import STEP, votes_of


def _findings(campaign: Campaign) -> Iterator[Finding]:
    """Findings of all votes, in four queries and one for the phases."""
    votes = votes_of(campaign)
    if not votes:
        return
    yield from _of_campaign(campaign)
    costs: dict[int, list[int | None]] = {}
    standing = Option.objects.filter(vote__category__campaign=campaign).standing()
    for vote_id, cost in standing.order_by().values_list("vote", "cost"):
        costs.setdefault(vote_id, []).append(cost)
    for counted in votes:
        yield from _of_vote(counted.vote, costs.get(counted.vote.pk, []))


def _of_campaign(campaign: Campaign) -> Iterator[Finding]:
    if not campaign.publishes_points:
        yield Finding("setup_vote_protected", STEP, blocks=True)
    if campaign.timeline and not any(one.allows_action(Action.VOTE) for one in campaign.timeline):
        yield Finding("setup_vote_no_phase", "period", blocks=campaign.is_draft)


def _of_vote(vote: Vote, costs: list[int | None]) -> Iterator[Finding]:
    title = {"title": vote.category.title}
    if not costs:
        yield Finding("setup_vote_no_options", STEP, blocks=_begins_with_vote(vote.campaign), params=title)
        return
    if vote.category.takes_contributions:
        yield Finding("setup_vote_open", STEP, params=title)
    if Rule(vote.rule).has_costs and vote.budget is not None:
        yield from _of_costs(vote, vote.budget, costs)
    elif vote.most_choices is not None and vote.most_choices >= len(costs) and vote.rule == Rule.UP_TO:
        yield Finding("setup_vote_all_can_be_chosen", STEP, params=title)


def _of_costs(vote: Vote, budget: int, costs: list[int | None]) -> Iterator[Finding]:
    title = {"title": vote.category.title}
    known = [one for one in costs if one is not None]
    if len(known) < len(costs):
        number = len(costs) - len(known)
        yield Finding(
            "setup_option_no_cost",
            STEP,
            blocks=_begins_with_vote(vote.campaign),
            params=title | {"number": number},
        )
    elif min(known) > budget:
        yield Finding("setup_vote_sum_too_small", STEP, blocks=vote.campaign.is_draft, params=title)
    elif sum(known) <= budget:
        yield Finding("setup_vote_all_can_be_paid", STEP, params=title)


def _begins_with_vote(campaign: Campaign) -> bool:
    """Whether a draft would let people vote from its first moment: nothing can be put up between.

    What is public already can be completed step by step: each of them would be refused otherwise.
    """
    if not campaign.is_draft:
        return False
    return not campaign.timeline or campaign.timeline[0].allows_action(Action.VOTE)


def _categories(campaign: Campaign) -> Collection[int]:
    return list(Vote.objects.filter(category__campaign=campaign).values_list("category", flat=True))


VOTES = Check(STEP, _findings, _categories)
