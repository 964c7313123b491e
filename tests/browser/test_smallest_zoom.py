"""Categories whose places are marked from near only: the map explains it and zooms in, in one tap."""

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, SmallestZoom
from tests import personas
from tests.browser.steps import begin, open_campaign, send, stored_contribution, tap_map, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOO_FAR = "The map shows too much to mark a place exactly. Please zoom in."


def test_a_tap_from_afar_zooms_in_and_the_next_one_marks(page: Page, spots: Campaign) -> None:
    spots.categories.update(smallest_zoom=SmallestZoom.HOUSES)
    open_campaign(page, spots)
    begin(page)
    expect(page.locator("[data-hint]")).to_have_text(TOO_FAR)
    expect(page.locator("[data-announce]")).to_have_text(TOO_FAR)
    tap_map(page, personas.TOWN_HALL)
    expect(page.locator("[data-hint]")).not_to_have_text(TOO_FAR)
    expect(page.get_by_role("button", name="Place here")).to_be_visible()
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill("Exactly here.")
    send(page)
    thanked(page)
    stored, place = stored_contribution()
    assert stored.zoom is not None
    # On a slow machine the map takes both taps for a double one, and zooms in once more.
    assert stored.zoom >= SmallestZoom.HOUSES
    assert place.distance(personas.wkt(personas.TOWN_HALL)) < 0.0005


def test_the_button_and_the_keyboard_zoom_in_first(desktop: Page, spots: Campaign) -> None:
    spots.categories.update(smallest_zoom=SmallestZoom.STREETS)
    open_campaign(desktop, spots)
    desktop.get_by_role("link", name="Mark a place").press("Enter")
    desktop.get_by_role("button", name="Zoom in first").press("Enter")
    expect(desktop.locator("[data-announce]")).to_have_text("Near enough: now you can mark the place.")
    desktop.get_by_role("button", name="Place here").press("Enter")
    expect(desktop.get_by_role("heading", name="Spot")).to_be_focused()
    desktop.keyboard.press("Escape")
    open_campaign(desktop, spots)
    begin(desktop)
    desktop.locator("#map").press("Enter")
    expect(desktop.get_by_role("button", name="Place here")).to_be_visible()
    desktop.locator("#map").press("Enter")
    expect(desktop.get_by_role("button", name="Continue")).to_be_visible()


def test_a_line_begins_when_the_map_is_near_enough(desktop: Page, topics: Campaign) -> None:
    topics.categories.update(smallest_zoom=SmallestZoom.STREETS)
    open_campaign(desktop, topics)
    begin(desktop, "Street")
    expect(desktop.locator("[data-hint]")).to_have_text(TOO_FAR)
    expect(desktop.get_by_role("button", name="Point here")).to_be_hidden()
    desktop.get_by_role("button", name="Zoom in first").click()
    expect(desktop.get_by_role("button", name="Point here")).to_be_enabled()
    for _point in range(2):
        desktop.get_by_role("button", name="Point here").click()
        desktop.locator("#map").press("ArrowRight")
    expect(desktop.get_by_role("button", name="Finish drawing")).to_be_enabled()
