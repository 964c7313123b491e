"""The end of a vote: ballots are cut off from people, and the result is stored and never changes."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from mapping.models import Campaign, Change
from mapping.services.retention import RETENTION
from tests.personas import make_closed
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.models import Ballot, BallotPile, Choice, Rule, StoredResult, Vote
from voting.services.results import count, result_of
from voting.services.results.closing import close, close_ended
from voting.services.results.storing import content_of, digest_of, result_from, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(db: None) -> Vote:
    """A vote of a campaign that has ended, with ballots of two people and one on paper."""
    vote = make_vote(make_closed(), Rule.APPROVAL, 3, budget=30_000)
    cast_ballots(vote, [(0, 1), (2,)])
    cast_ballots(vote, [()], on_paper=True)
    return vote


def test_links_and_moments_are_cut_at_the_end(ended: Vote) -> None:
    before = set(Ballot.objects.values_list("pk", flat=True))
    choices = sorted(Choice.objects.values_list("option", "value"))
    assert close(ended, timezone.now()) is not None
    for ballot in Ballot.objects.all():
        assert ballot.participant_id is ballot.code_id is ballot.pile_id is None
        assert ballot.created_at is ballot.changed_at is None
    assert before.isdisjoint(Ballot.objects.values_list("pk", flat=True))
    assert sorted(Choice.objects.values_list("option", "value")) == choices
    assert Ballot.objects.filter(is_on_paper=True).count() == 1


def test_stored_result_is_the_counted_one_and_never_changes(ended: Vote) -> None:
    counted = count(ended, timezone.now(), counts_empty=True)
    stored = result_of(ended, timezone.now())
    assert stored.is_final
    assert (stored.ballots, stored.empty) == (3, 1)
    content = content_of(counted)
    assert content_of(stored) == content | {"counted_at": stored.counted_at.isoformat()}
    assert [one.key for one in stored.options] == [1, 2, 3]
    assert [one.id for one in stored.options] == [one.id for one in counted.options]
    Ballot.objects.all().delete()
    assert result_of(ended, timezone.now()) == stored


def test_digest_is_that_of_the_text(ended: Vote) -> None:
    close(ended, timezone.now())
    row = StoredResult.objects.get(vote=ended)
    assert row.digest == hashlib.sha256(text_of(row.content).encode()).hexdigest()
    assert digest_of(json.loads(text_of(row.content))) == row.digest
    assert content_of(result_from(row)) == row.content


@pytest.mark.parametrize("rule", Rule.values)
def test_results_of_every_rule_are_stored_and_read_again(db: None, rule: str) -> None:
    vote = make_vote(make_closed(), Rule(rule), 3)
    cast_ballots(vote, [(0, 1), (1,)])
    stored = close(vote, timezone.now())
    assert stored is not None
    assert close(vote, timezone.now()) == stored


def test_vote_that_goes_on_is_not_stored(campaign: Campaign) -> None:
    vote = make_vote(campaign)
    cast_ballots(vote, [(0,)])
    assert close(vote, timezone.now()) is None
    assert not result_of(vote, timezone.now()).is_final
    assert Ballot.objects.exclude(participant=None).exists()


def test_open_pile_of_paper_is_waited_for(ended: Vote) -> None:
    pile = BallotPile.objects.create(vote=ended, name="Town hall")
    assert close(ended, timezone.now()) is None
    pile.closed_at = timezone.now()
    pile.save()
    assert close(ended, timezone.now()) is not None


def test_every_minute_all_ended_votes_are_stored(ended: Vote, campaign: Campaign) -> None:
    make_vote(campaign)
    retention = next(one for one in RETENTION if one.name == "votes")
    assert retention.every == "minute"
    assert retention.remove() == 1
    assert close_ended() == 0
    assert StoredResult.objects.count() == 1


def test_ballots_and_results_move_no_revision(ended: Vote) -> None:
    revision = Change.objects.revision_of(ended.campaign.pk)
    cast_ballots(ended, [(1,)], on_paper=True)
    close(ended, timezone.now())
    assert Change.objects.revision_of(ended.campaign.pk).number == revision.number


def test_options_are_named_by_their_contribution(ended: Vote) -> None:
    result = result_of(ended, timezone.now() + timedelta(days=1))
    assert {one.id for one in result.options} == {str(one.contribution_id) for one in options_of(ended)}
