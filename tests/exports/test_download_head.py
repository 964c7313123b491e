"""HEAD answers what GET would."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from mapping.models import Campaign
from tests.personas import make_contribution


@pytest.mark.parametrize(("ending", "status"), [("gpkg", 409), ("csv", 200)])
def test_file_that_needs_a_job_is_no_success_for_head_either(
    campaign: Campaign, settings: Settings, ending: str, status: int
) -> None:
    settings.EXPORTS_AT_ONCE = 1
    make_contribution(campaign)
    make_contribution(campaign)
    address = f"/api/v1/campaigns/fear-spaces/download.{ending}"
    assert Client().head(address).status_code == Client().get(address).status_code == status
