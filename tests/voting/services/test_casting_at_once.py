"""Sixteen clients vote at once: no ballot is lost, none is doubled."""

from functools import partial
from uuid import UUID

import pytest
from django.db.models import Count

from mapping.models import Participant
from mapping.services import identity
from tests import personas
from tests.services.test_concurrency import at_once
from tests.voting.making import make_vote, options_of
from tests.voting.services.test_casting import make_code
from voting.models import Ballot, Choice, Vote
from voting.services.casting import cast, cast_in_browser, withdraw_ballot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CLIENTS = 16
EACH = 6


@pytest.fixture
def vote() -> Vote:
    return make_vote(personas.make_campaign(), n_options=5)


def pair(options: list[UUID], number: int) -> dict[UUID, int]:
    """A ballot with two options beside each other."""
    return {options[number % 5]: 1, options[(number + 1) % 5]: 1}


def test_sixteen_people_at_once_are_sixteen_ballots(vote: Vote) -> None:
    options = [one.contribution_id for one in options_of(vote)]

    def vote_often(number: int) -> None:
        secret = identity.new_secret()
        for turn in range(EACH):
            cast_in_browser(vote, secret, pair(options, number + turn))

    assert at_once(*(partial(vote_often, number) for number in range(CLIENTS))) == [None] * CLIENTS
    assert Ballot.objects.count() == CLIENTS
    assert Participant.objects.filter(ballots__isnull=False).distinct().count() == CLIENTS
    assert Choice.objects.count() == 2 * CLIENTS
    assert not Ballot.objects.annotate(number=Count("choices")).exclude(number=2).exists()


def test_one_person_in_sixteen_tabs_is_one_whole_ballot(vote: Vote) -> None:
    options = [one.contribution_id for one in options_of(vote)]
    secret = identity.new_secret()
    answers = at_once(
        *(partial(cast_in_browser, vote, secret, pair(options, number)) for number in range(CLIENTS))
    )
    assert all(isinstance(one, Ballot) for one in answers)
    assert Ballot.objects.count() == 1
    assert Choice.objects.count() == 2


def test_code_used_sixteen_times_at_the_same_moment_counts_once(vote: Vote) -> None:
    coded = make_vote(vote.campaign, slug="coded", needs_code=True)
    code = make_code(coded.campaign)
    option = options_of(coded)[0].contribution_id
    answers = at_once(*[partial(cast, coded, code, {option: 1})] * CLIENTS)
    assert all(isinstance(one, Ballot) for one in answers)
    assert Ballot.objects.filter(code=code).count() == 1
    assert Choice.objects.count() == 1


def test_withdrawing_while_voting_leaves_one_ballot_or_none(vote: Vote) -> None:
    option = options_of(vote)[0].contribution_id
    secret = identity.new_secret()

    def withdraw() -> bool:
        return withdraw_ballot(vote, identity.existing_participant(vote.campaign, secret))

    votes = [partial(cast_in_browser, vote, secret, {option: 1})] * (CLIENTS // 2)
    answers = at_once(*votes, *[withdraw] * (CLIENTS // 2))
    assert all(isinstance(one, Ballot | bool) for one in answers)
    assert Ballot.objects.count() == Choice.objects.count() <= 1
