"""What several tests of the OGC API read, and who writes."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from mapping.models import Campaign, Contribution, District, DistrictLayer
from tests import personas
from tests.api.conftest import with_token
from tests.personas import EPOCH, STATION, TOWN_HALL, make_contribution


@pytest.fixture
def three(campaign: Campaign) -> list[Contribution]:
    """Three days, three places."""
    return [
        make_contribution(campaign, place, text=f"day {day}", created_at=EPOCH + timedelta(days=day))
        for day, place in enumerate((TOWN_HALL, STATION, (TOWN_HALL[0] + 0.01, TOWN_HALL[1])))
    ]


@pytest.fixture
def script(manager: User) -> Client:
    """A script with the manager's token."""
    return with_token(manager)


@pytest.fixture
def layer(campaign: Campaign) -> DistrictLayer:
    """One district, by which THE campaign counts."""
    made = DistrictLayer.objects.create(slug="wards", title="Wards")
    District.objects.create(layer=made, code="01", name="Centre", geom=personas.area())
    Campaign.objects.update(district_layer=made)
    return made
