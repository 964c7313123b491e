"""Whatever an analyst sees of a protected campaign, the record says that they looked."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import Role, User
from mapping.models import Campaign
from tests import personas
from tests.api.conftest import with_token

CELLS = "/ogc/collections/night-routes-cells"
TILE = "tiles/WebMercatorQuad/0/0/0"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the log of accesses says."""
    found: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    handler, logger = Keeping(), logging.getLogger("geoparticipation.access")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield found
    logger.setLevel(before)
    logger.removeHandler(handler)


@pytest.fixture
def night_analyst(cells_campaign: Campaign) -> User:
    """The analyst of the protected campaign, of which one contribution is there."""
    personas.make_contribution(cells_campaign)
    return personas.make_user("night@example.org", cells_campaign, Role.ANALYST)


@pytest.mark.parametrize(
    "address",
    [
        f"{CELLS}/items",
        f"{CELLS}/items/CRS3035RES500mN2927500E4159000",
        f"{CELLS}/style.json",
        f"{CELLS}/qgis.qlr",
        f"{CELLS}/{TILE}",
        "/ogc/campaigns/night-routes/qgis.qlr",
        "/ogc/collections/night-routes-contributions/items",
        f"/ogc/collections/night-routes-contributions/{TILE}",
    ],
)
def test_look_of_an_analyst_is_recorded_and_one_of_the_public_is_not(
    cells_campaign: Campaign, night_analyst: User, lines: list[str], address: str
) -> None:
    Client().get(address)
    assert lines == []
    # An item is looked up by its id; no contribution lies in this cell.
    expected = 404 if "/items/" in address else 200
    assert with_token(night_analyst).get(address).status_code == expected
    assert f"user={night_analyst.pk} campaign=night-routes view=ogc" in lines[0]


@pytest.mark.parametrize(
    "address", ["items", "items/CRS3035RES500mN2927500E4159000", "style.json", "qgis.qlr", TILE]
)
def test_moderator_of_a_draft_counts_nothing(draft_campaign: Campaign, address: str) -> None:
    personas.make_contribution(draft_campaign)
    moderator = personas.make_user("mod@example.org", draft_campaign, Role.MODERATOR)
    answer = with_token(moderator).get(f"/ogc/collections/secret-plan-cells/{address}")
    assert answer.status_code == 403
    assert answer.json()["code"] == "analysts_only"
