"""What tests of CQL2 share."""

import pytest

from mapping.models import Campaign
from tests.ogc.cql2.places import store


@pytest.fixture
def places(campaign: Campaign) -> Campaign:
    """A campaign with the data set of the abstract tests."""
    store(campaign)
    return campaign
