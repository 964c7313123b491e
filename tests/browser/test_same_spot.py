"""What lies on the same spot of the map is reached, by keyboard too."""

import re

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign
from tests import personas
from tests.browser.judge import Judge
from tests.browser.steps import markers, open_campaign
from tests.personas import TOWN_HALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tab_to_the_places(page: Page) -> None:
    """Press the tab key until something that lies on the map has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "option":
            return
    raise AssertionError("Nothing on the map has a stop of the tab key.")


def test_places_on_the_same_spot_are_opened_by_keyboard(desktop: Page, topics: Campaign) -> None:
    personas.make_contribution(topics, TOWN_HALL, text="No light")
    personas.make_contribution(topics, TOWN_HALL, text="No bench")
    personas.make_contribution(topics, TOWN_HALL, category="survey", text="No tree")
    personas.make_contribution(topics, (7.79, 49.44), text="Far away")
    judge = Judge(desktop)
    open_campaign(desktop, topics)
    bubble = desktop.locator("#map .bubble")
    expect(bubble).to_have_count(1)
    expect(bubble).to_have_text("3")
    expect(bubble.locator(".bubble__part")).to_have_count(2)
    expect(markers(desktop)).to_have_count(1)
    # One stop for everything on the map; arrow keys go to the neighbour and back.
    tab_to_the_places(desktop)
    far = desktop.get_by_role("option", name="Spot: Far away")
    here = desktop.get_by_role("option", name=re.compile("^3 contributions: Spot 2, Survey 1"))
    expect(here).to_be_focused()
    desktop.keyboard.press("ArrowRight")
    expect(far).to_be_focused()
    desktop.keyboard.press("ArrowLeft")
    expect(here).to_be_focused()
    # No zoom takes them apart: they are listed.
    desktop.keyboard.press("Enter")
    listed = desktop.get_by_role("dialog", name="Contributions at this place")
    expect(listed.get_by_role("listitem")).to_have_count(3)
    expect(listed.get_by_role("button").first).to_be_focused()
    judge.judge("a bubble, a marker and the list of a spot")
    assert not judge.found, "\n".join(judge.found)
    desktop.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    expect(here).to_be_focused()
    desktop.keyboard.press("Enter")
    listed.get_by_role("button", name="Survey: No tree").press("Enter")
    expect(desktop.locator("[data-view='detail']").get_by_text("No tree")).to_be_visible()


def test_a_tap_on_a_bubble_goes_in_until_its_places_lie_apart(page: Page, spots: Campaign) -> None:
    for index in range(3):
        personas.make_contribution(spots, (TOWN_HALL[0] + index / 5000, TOWN_HALL[1]), text=f"Place {index}")
    personas.make_contribution(spots, (7.79, 49.44), text="Far away")
    open_campaign(page, spots)
    bubble = page.locator("#map .bubble")
    expect(bubble).to_have_text("3")
    bubble.click()
    expect(bubble).to_have_count(0)
    expect(page.get_by_role("option", name=re.compile("^Spot: Place"))).to_have_count(3)
