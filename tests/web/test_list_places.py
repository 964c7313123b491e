"""The list of a campaign's page: answers for headings, places in words, by distance, what the map shows."""

import html
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mapping.models import Audience, Campaign
from mapping.services.identity import edit_token
from tests import personas
from tests.personas import STATION, TOWN_HALL, Citizen, make_contribution
from tests.places.making import NORTH, make_address
from tests.web.test_campaign_page import listed, page_of

pytestmark = pytest.mark.django_db

NEAR = f"{TOWN_HALL[0]},{TOWN_HALL[1]}"


@pytest.fixture
def reader() -> Client:
    """A stranger who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_answers_stand_for_a_missing_text(reader: Client, campaign: Campaign) -> None:
    answers = {"single-choice": "night", "yes-no": True, "text": "<b>near</b> the bridge"}
    make_contribution(campaign, category="survey", text="", answers=answers)
    make_contribution(campaign, text="")
    page = page_of(reader, campaign)
    assert "At night" in page
    assert "&lt;b&gt;near&lt;/b&gt; the bridge" in page
    assert page.count("Without text") == 1


def test_answers_for_staff_are_no_heading(reader: Client, campaign: Campaign) -> None:
    category = personas.category_of(campaign, "survey")
    category.questions.filter(slug="text").update(audience=Audience.STAFF)
    make_contribution(campaign, category="survey", text="", answers={"text": "A secret"})
    assert "A secret" not in page_of(reader, campaign)


def test_entries_and_pages_say_where(reader: Client, campaign: Campaign) -> None:
    make_address("Fackelstraße 12")
    stored = make_contribution(campaign)
    assert "Near Fackelstraße 12" in page_of(reader, campaign)
    assert "Near Fackelstraße 12" in reader.get(f"/campaigns/{campaign.slug}/contributions/{stored.pk}/").text
    assert "Near Fackelstraße 12" in reader.get(f"/mine/{edit_token(stored.pk)}/").text


def test_protected_campaigns_say_to_nobody_where(reader: Client, citizen: Citizen) -> None:
    make_address("Fackelstraße 12")
    campaign = personas.make_campaign("cells", publication="cells")
    make_contribution(campaign, by=citizen)
    assert "Fackelstraße" not in page_of(reader, campaign)


def test_the_nearest_come_first_page_by_page(reader: Client, campaign: Campaign) -> None:
    for index in range(45):
        place = TOWN_HALL[0], TOWN_HALL[1] + (index % 15) * NORTH / 10
        make_contribution(campaign, place, footprint=False, text=f"{index % 15:02}")
    seen: list[str] = []
    query = f"?ordering=nearest&near={NEAR}"
    while query:
        page = page_of(reader, campaign, query)
        seen += listed(page)
        more = re.search(r'href="(\?[^"]*)#list" data-more', page)
        query = html.unescape(more[1]) if more else ""
        assert not query or "near=" in query
    assert seen == sorted(seen)
    assert len(seen) == 45
    assert '<option value="nearest" selected>' in page


@pytest.mark.parametrize("near", ["", "x", "7.7", "700,49"])
def test_the_nearest_to_nothing_are_the_newest(reader: Client, campaign: Campaign, near: str) -> None:
    for index in range(6):
        make_contribution(campaign, footprint=False, text=f"Spot {index}")
    page = page_of(reader, campaign, f"?ordering=nearest&near={near}")
    assert listed(page)[0] == "Spot 5"
    assert 'value="nearest"' not in page


def test_the_list_shows_what_the_map_shows(reader: Client, campaign: Campaign) -> None:
    make_contribution(campaign, text="Here", footprint=False)
    make_contribution(campaign, STATION, text="There", footprint=False)
    west, south = TOWN_HALL[0] - NORTH, TOWN_HALL[1] - NORTH
    box = f"{west},{south},{west + 2 * NORTH},{south + 2 * NORTH}"
    page = page_of(reader, campaign, f"?bbox={box}")
    assert listed(page) == ["Here"]
    assert re.search(r'name="bbox"\s+value="7\.76[^"]*"\s+checked', page)
    assert len(listed(page_of(reader, campaign, "?bbox=nonsense"))) == 2


def test_places_in_words_take_one_query_for_the_page(
    reader: Client, campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_address("Fackelstraße 12")
    for _index in range(25):
        make_contribution(campaign, category="survey", text="", answers={"single-choice": "day"})
    with django_assert_max_num_queries(19):
        page = page_of(reader, campaign, f"?ordering=nearest&near={NEAR}")
    assert page.count("Near Fackelstraße 12") == 20
    assert page.count("By day") >= 20


def test_the_plain_form_shows_what_is_near_a_picked_place(reader: Client, campaign: Campaign) -> None:
    picked = make_address("Fackelstraße 12")
    near = make_contribution(campaign, text="A dark corner")
    make_contribution(campaign, STATION, text="Far away")
    page = reader.post(
        f"/campaigns/{campaign.slug}/contribute/", {"category": "spot", "pick": str(picked.pk)}
    ).text
    assert "Already reported nearby?" in page
    assert f"/contributions/{near.pk}/" in page
    assert "Far away" not in page


def test_the_plain_form_of_a_protected_campaign_shows_nothing_near(reader: Client, db: None) -> None:
    campaign = personas.make_campaign("cells", publication="cells")
    picked = make_address("Fackelstraße 12")
    make_contribution(campaign)
    page = reader.post("/campaigns/cells/contribute/", {"category": "spot", "pick": str(picked.pk)}).text
    assert "Taken over: Fackelstraße 12" in page
    assert "Already reported nearby?" not in page
