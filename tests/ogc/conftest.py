"""Contributions that several tests of the OGC API read."""

from datetime import timedelta

import pytest

from mapping.models import Campaign, Contribution
from tests.personas import EPOCH, STATION, TOWN_HALL, make_contribution


@pytest.fixture
def three(campaign: Campaign) -> list[Contribution]:
    """Three days, three places."""
    return [
        make_contribution(campaign, place, text=f"day {day}", created_at=EPOCH + timedelta(days=day))
        for day, place in enumerate((TOWN_HALL, STATION, (TOWN_HALL[0] + 0.01, TOWN_HALL[1])))
    ]
