"""The cells of a protected campaign, page by page: a link leads on within one release, and to one kind of reader."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from mapping.models import Campaign
from mapping.services.releases.making import make_release
from tests import personas
from tests.api.conftest import reasons
from tests.ogc.asking import body, get, linked


def crowd(campaign: Campaign) -> None:
    """Seven new people in each of three places far apart."""
    for place in (personas.TOWN_HALL, personas.STATION, personas.UNIVERSITY):
        for _person in range(7):
            personas.make_contribution(campaign, place)


@pytest.fixture
def items(cells_campaign: Campaign) -> str:
    """The address of the released cells, of which there are several."""
    crowd(cells_campaign)
    assert make_release(cells_campaign) is not None
    return f"/ogc/collections/{cells_campaign.slug}-cells/items"


def following(address: str) -> list[dict[str, Any]]:
    """Every page from an address on."""
    pages = [body(address)]
    while any(one["rel"] == "next" for one in pages[-1]["links"]):
        pages.append(body(linked(pages[-1], "next")))
    return pages


def test_pages_of_one_release_hold_each_cell_once(items: str) -> None:
    pages = following(f"{items}?limit=1")
    every = [one["id"] for one in body(items)["features"]]
    assert len(pages) == len(every) > 1
    assert [one["id"] for page in pages for one in page["features"]] == every
    assert {page["numberMatched"] for page in pages} == {len(every)}


def test_link_to_the_next_page_ends_with_its_release(items: str, cells_campaign: Campaign) -> None:
    following_page = linked(body(f"{items}?limit=1"), "next")
    assert get(following_page).status_code == 200
    crowd(cells_campaign)
    assert make_release(cells_campaign) is not None
    response = get(following_page)
    assert response.status_code == 400
    assert reasons(response) == {"cursor": "release_changed"}
    assert len(following(f"{items}?limit=1")) > 1


def test_page_for_people_says_that_the_release_changed(items: str, cells_campaign: Campaign) -> None:
    following_page = linked(body(f"{items}?limit=1"), "next").replace("limit=1", "limit=1&f=html")
    crowd(cells_campaign)
    assert make_release(cells_campaign) is not None
    response = get(following_page)
    assert response.status_code == 400
    assert (
        "Inzwischen ist ein neuer Stand veröffentlicht. Bitte beginnen Sie bei der ersten Seite."
        in response.content.decode()
    )


def test_link_to_the_next_page_is_for_one_kind_of_reader(items: str, cells_campaign: Campaign) -> None:
    """Analysts turn pages of a heat map, everybody else those of a release: other cells in another order."""
    analyst = personas.staff_browser(personas.make_user("analyst@example.org", cells_campaign, Role.ANALYST))
    exact = linked(analyst.get(f"{items}?limit=1").json(), "next").removeprefix("http://testserver")
    public = linked(body(f"{items}?limit=1"), "next").removeprefix("http://testserver")
    assert analyst.get(exact).status_code == Client().get(public).status_code == 200
    for browser, address in ((Client(), exact), (analyst, public)):
        response = browser.get(address)
        assert response.status_code == 400
        assert reasons(response) == {"cursor": "cursor_invalid"}
