"""What no area shows changes no public byte: not as a number, not within a total, on no page and in no file."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import Client

from mapping.models import Campaign, Publication
from mapping.services.releases.making import make_release
from tests import personas
from tests.gate.walking import met, visits
from tests.gate.world import World
from tests.personas import STATION, TOWN_HALL, UNIVERSITY, Citizen

AT = datetime(2026, 5, 4, 3, tzinfo=UTC)


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Six people at the town hall; k is five."""
    campaign = personas.make_campaign("cells", publication=Publication.CELLS)
    for number in range(6):
        personas.make_contribution(campaign, TOWN_HALL, by=Citizen("", f"{number:028}"))
    return campaign


def released(campaign: Campaign, hidden: int) -> dict[str, tuple[int, str]]:
    """Every public answer after a release that leaves some people's contributions out; challenges are random."""
    with transaction.atomic():
        for number in range(hidden):
            place = (STATION, UNIVERSITY)[number % 2]
            personas.make_contribution(campaign, place, by=Citizen("", f"{number + 90:028}"))
        known = list(campaign.contributions.order_by("created_at", "pk")[:1])
        release = make_release(campaign, at=AT)
        assert release is not None
        assert release.contributions == 6
        found = met(
            Client(),
            (
                one
                for one in visits(World([campaign], known))
                if not one.startswith(("/admin/", "/mine/", "/api/v1/challenge/", "/accounts/passkey/"))
            ),
        )
        transaction.set_rollback(True)
    return found


def test_what_is_not_shown_changes_no_public_byte(campaign: Campaign) -> None:
    nobody, some = released(campaign, 0), released(campaign, 4)
    assert len(nobody) > 100
    assert {address for address in nobody if nobody[address] != some[address]} == set()
