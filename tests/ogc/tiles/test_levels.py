"""The level from which on tiles hold contributions follows the campaign, although it is kept."""

import pytest

from mapping.models import Campaign, ContributionStatus
from mapping.ogc.tiles import levels
from mapping.ogc.tiles.levels import first_level_of_features
from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD
from tests.personas import make_contribution

PUBLISHED = (ContributionStatus.PUBLISHED.value,)


def test_level_follows_a_campaign_that_grows(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "MOST_FEATURES", 2)
    found = []
    for _number in range(3):
        make_contribution(campaign)
        found.append(first_level_of_features(campaign, PUBLISHED, WEB_MERCATOR_QUAD))
    assert found[:2] == [0, 0]
    assert found[2] > 0
