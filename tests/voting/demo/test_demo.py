"""The demo's votes: one that is over, with a stored result, and a budget that people vote on now."""

import pytest
from django.utils import timezone

from mapping.models import CampaignStatus
from voting.demo import fill
from voting.models import Ballot, StoredResult, Vote
from voting.services.results.reading import result_of


@pytest.mark.slow
def test_votes_of_the_demo_are_made_once(db: None) -> None:
    reported: list[str] = []
    for _ in range(2):
        fill(reported.append)
    assert reported == [
        "stadt-raum-wir: a vote on 12 proposals, 318 ballots",
        "buergerbudget: a vote on 24 proposals, 300 ballots",
    ]
    events, budget = Vote.objects.order_by("pk")
    assert events.options.exclude(ideas=None).count() == 9
    assert {one.campaign.status for one in (events, budget)} == {CampaignStatus.OPEN}
    now = timezone.now()
    over = result_of(events, now)
    assert StoredResult.objects.filter(vote=events).exists()
    assert sum(one.is_winner for one in over.options) == 3
    going_on = result_of(budget, now)
    assert Ballot.objects.filter(vote=budget).exclude(pile=None).count() == 12
    assert 50_000 < going_on.spending["equal_shares"].spent <= 100_000
