"""Places by name and near others: found by keyboard, supported instead of sent again, by distance and in view."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Support
from tests import personas
from tests.browser.steps import begin, open_campaign
from tests.personas import STATION, TOWN_HALL
from tests.places.making import NORTH, make_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def spots(transactional_db: None) -> Campaign:
    """Dark corners at the town hall and six farther away, with a street that has a name."""
    campaign = personas.make_open_at_once("spots")
    campaign.categories.exclude(slug="spot").delete()
    make_address("Fackelstraße 12")
    make_address("Fackelstraße 14", north=NORTH / 2)
    personas.make_contribution(campaign, TOWN_HALL, text="The dark corner")
    for number in range(6):
        personas.make_contribution(campaign, STATION, text=f"At the station {number}")
    return campaign


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_what_was_reported_nearby_is_supported_instead(
    visit: Callable[..., Page], device: str, spots: Campaign
) -> None:
    page = visit(device)
    open_campaign(page, spots)
    begin(page)
    field = page.get_by_role("combobox", name="Search for a street or a place")
    field.fill("Fakelstr. 12")
    expect(page.get_by_role("option", name="Fackelstraße 12")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_text(re.compile("Fackelstraße 12"))
    field.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("Fackelstraße 12")
    page.get_by_role("button", name="Continue").click()
    hint = page.locator("nearby-hint")
    expect(hint.get_by_role("heading", name="Already reported nearby?")).to_be_visible()
    expect(hint.get_by_text("At this place")).to_be_visible()
    expect(hint.get_by_role("link")).to_have_count(1)
    button = hint.get_by_role("button", name="Support")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert Support.objects.get().contribution.text == "The dark corner"
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert not Support.objects.exists()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()


def test_the_list_is_sorted_by_distance_and_follows_the_map(
    visit: Callable[..., Page], spots: Campaign
) -> None:
    page = visit("desktop")
    open_campaign(page, spots)
    first = page.locator("[data-list] .contribution-item__link").first
    expect(first).to_have_text("At the station 5")
    expect(page.locator("[data-list]").get_by_text("Near Fackelstraße 12")).to_be_visible()
    page.evaluate("place => document.querySelector('campaign-page').base.show(place, 17)", TOWN_HALL[::-1])
    page.get_by_label("Sort by").select_option("nearest")
    expect(first).to_have_text("The dark corner")
    expect(page).to_have_url(re.compile("ordering=nearest&near="))
    page.get_by_label("Only what the map shows").check()
    expect(page.locator("[data-list] > li")).to_have_count(1)
    page.evaluate("place => document.querySelector('campaign-page').base.show(place, 17)", STATION[::-1])
    expect(page.locator("[data-list] > li")).to_have_count(6)
    page.get_by_label("Only what the map shows").uncheck()
    expect(page.locator("[data-list] > li")).to_have_count(7)
