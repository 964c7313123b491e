"""The walk of nobody in particular."""

from django.test import Client

from tests.gate.walking import assert_nothing_hidden_is_met
from tests.gate.world import World


def test_nobody_meets_anything_hidden(world: World, visitors: dict[str, Client]) -> None:
    assert_nothing_hidden_is_met(world, visitors["anonymous"])
