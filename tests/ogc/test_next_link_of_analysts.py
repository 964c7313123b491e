"""The link to the next page belongs to who got it."""

from django.test import Client

from accounts.models import User
from mapping.models import Campaign, ContributionStatus
from tests.api.conftest import code, with_token
from tests.ogc.asking import ITEMS, linked
from tests.personas import make_contribution


def test_next_link_of_an_analyst_tells_the_public_no_number(campaign: Campaign, analyst: User) -> None:
    for status in (ContributionStatus.PUBLISHED, ContributionStatus.PENDING, ContributionStatus.PUBLISHED):
        make_contribution(campaign, status=status)
    script = with_token(analyst)
    first = script.get(ITEMS, {"limit": 1}).json()
    assert first["numberMatched"] == 3
    address = linked(first, "next").removeprefix("http://testserver")
    assert script.get(address).json()["numberMatched"] == 3
    refused = Client().get(address)
    assert (refused.status_code, code(refused)) == (400, "invalid")
    assert refused.json()["errors"][0]["code"] == "cursor_invalid"
