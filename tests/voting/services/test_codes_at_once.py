"""A code that is used and replaced at the same moment: real threads, real transactions."""

from functools import partial

import pytest

from accounts.models import Role
from doors.networks import Network
from tests import personas
from tests.services.test_concurrency import at_once
from tests.voting.making import make_vote
from voting.models import Ballot, VotingCode
from voting.services.casting import cast
from voting.services.codes import make_series, read_code, replace_code

pytestmark = pytest.mark.django_db(transaction=True)


def test_void_code_never_keeps_a_ballot() -> None:
    campaign = personas.make_campaign()
    manager = personas.make_user("manager@example.org", campaign, Role.MANAGER)
    vote = make_vote(campaign, needs_code=True)
    made = make_series(campaign, "Letters", 6, actor=manager)
    for printed in made.codes:
        code = read_code(campaign, printed.text, Network(b"4home"))
        at_once(
            partial(cast, vote, code, {}),
            partial(replace_code, made.series, printed.number, actor=manager),
            partial(cast, vote, code, {}),
        )
    assert VotingCode.objects.exclude(voided_at=None).count() == 6
    assert not Ballot.objects.exclude(code__voided_at=None).exists()


def test_code_replaced_twice_at_once_leaves_one_that_counts() -> None:
    campaign = personas.make_campaign()
    manager = personas.make_user("manager@example.org", campaign, Role.MANAGER)
    made = make_series(campaign, "Letters", 1, actor=manager)
    at_once(*[partial(replace_code, made.series, 1, actor=manager)] * 4)
    assert VotingCode.objects.filter(voided_at=None).count() == 1
