"""The walk of somebody who has all that may open doors elsewhere: cookie, role, a place in the administration."""

from django.test import Client

from tests.gate.walking import assert_nothing_hidden_is_met
from tests.gate.world import World


def test_somebody_from_elsewhere_meets_nothing_hidden(world: World, visitors: dict[str, Client]) -> None:
    assert_nothing_hidden_is_met(world, visitors["somebody from elsewhere"])
