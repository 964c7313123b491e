"""The walk of nobody in particular, who meets nothing hidden, no number of the database and no fine moment."""

import pytest
from django.test import Client

from tests.gate.numbers import COUNTED, Numbers, go_on_far_away, make_moments_fine
from tests.gate.walking import FRACTION, assert_nothing_hidden_is_met
from tests.gate.world import World


@pytest.fixture
def distant_sequences(db: None) -> None:
    """Rows get numbers that nothing else has."""
    go_on_far_away()


@pytest.fixture
def numbered(distant_sequences: None, world: World) -> World:
    """The world of the walk with numbers and moments that are known again."""
    make_moments_fine()
    return world


def test_nobody_meets_anything_hidden(numbered: World, visitors: dict[str, Client]) -> None:
    contribution = numbered.contributions[0]
    contribution.refresh_from_db()
    assert contribution.created_at.microsecond == FRACTION
    for pk in (contribution.campaign_id, contribution.category_id, contribution.participant_id):
        assert COUNTED.search(str(pk))

    numbers = Numbers()
    assert_nothing_hidden_is_met(numbered, visitors["anonymous"], numbers.look)
    assert numbers.found == []
    assert numbers.answers > 500
