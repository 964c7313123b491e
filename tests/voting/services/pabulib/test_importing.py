"""Votes from files of Pabulib."""

import io

import pytest
from django.utils import timezone

from mapping.models import Campaign, Contribution, Source
from mapping.services.errors import Invalid
from tests.voting.counting.pabulib.test_pabulib import GOOD
from voting.counting.pabulib import PabulibFile
from voting.counting.pabulib.reading import read_pabulib
from voting.models import Ballot, Rule, Vote
from voting.services.pabulib.importing import import_pabulib, shortened
from voting.services.results import result_of

pytestmark = pytest.mark.django_db


def file_of(text: str = GOOD) -> PabulibFile:
    """A file."""
    return read_pabulib(io.StringIO(text, newline=""))


def test_vote_has_the_projects_and_the_ballots_on_paper(campaign: Campaign) -> None:
    vote = import_pabulib(campaign, file_of(), slug="budget", title="Budget")
    assert (vote.rule, vote.budget) == (Rule.APPROVAL, 100_000)
    assert list(vote.options.order_by("pk").values_list("cost", flat=True)) == [20_000, 50_000, None]
    assert vote.options.exclude(withdrawn_at=None).count() == 1
    assert Contribution.objects.filter(category=vote.category, source=Source.CITY).count() == 3
    result = result_of(vote, timezone.now())
    assert (result.ballots, result.paper) == (3, 3)
    assert [one.votes for one in sorted(result.options, key=lambda one: one.key)] == [1, 1, 1]
    assert not Ballot.objects.exclude(participant=None).exists()


def test_sum_that_each_ballot_must_fit_becomes_a_budget(campaign: Campaign) -> None:
    text = GOOD.replace("rule;greedy", "max_sum_cost;100000")
    assert import_pabulib(campaign, file_of(text), slug="a", title="A").rule == Rule.BUDGET


@pytest.mark.parametrize(("kind", "rule"), [("ordinal", Rule.RANKING), ("choose-1", Rule.APPROVAL)])
def test_kinds_become_rules(campaign: Campaign, kind: str, rule: Rule) -> None:
    text = GOOD.replace("approval", kind).replace("1,2", "1")
    assert import_pabulib(campaign, file_of(text), slug="a", title="A").rule == rule


def test_points_are_distributed_as_the_ballots_did(campaign: Campaign) -> None:
    text = GOOD[: GOOD.index("VOTES")].replace("approval", "cumulative")
    vote = import_pabulib(
        campaign, file_of(text + "VOTES\nvoter_id;vote;points\na;1,2;5,2\n"), slug="a", title="A"
    )
    assert (vote.rule, vote.points, vote.most_points) == (Rule.POINTS, 7, 5)


def test_name_of_a_category_that_exists_is_refused_and_nothing_stored(campaign: Campaign) -> None:
    with pytest.raises(Invalid):
        import_pabulib(campaign, file_of(), slug="spot", title="A")
    assert not Vote.objects.exists()


def test_long_names_are_shortened_and_said() -> None:
    text = GOOD.replace("Trees", "T" * 200)
    assert shortened(file_of(text).projects) == ["T" * 200]
