"""What a screen reader meets in each step: the heading first, names for all that is there, each message once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from mapping.models import Campaign
from tests.browser.steps import begin, open_campaign
from tests.personas import TOWN_HALL
from tests.places.making import make_address, make_district

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

EAST = 0.004
"""Degrees of longitude: 290 m, beyond what counts as near."""
LISTEN = """() => {
    window.said = [];
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const element = target instanceof Element ? target : target.parentElement;
            const region = element?.closest('[role=status], [role=alert], [aria-live=polite]');
            const words = region?.checkVisibility() ? region.textContent.trim() : '';
            if (words) window.said.push(words);
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
MARKED = "The place is marked. You can still move it."


def listen(page: Page) -> None:
    page.evaluate(LISTEN)


def said(page: Page) -> list[str]:
    """What regions that speak by themselves have said since the last time."""
    found: list[str] = page.evaluate("window.said.splice(0)")
    return found


def stepping(page: Page) -> Locator:
    return page.locator("[data-view='place']")


@pytest.fixture
def places(topics: Campaign) -> Campaign:
    """Two addresses that are not near each other, in one district."""
    make_address("Fackelstraße 12")
    make_address("Marktstraße 3", east=EAST)
    make_district(topics)
    return topics


def test_step_of_topics(desktop: Page, topics: Campaign) -> None:
    open_campaign(desktop, topics)
    listen(desktop)
    desktop.get_by_role("link", name="Mark a place").press("Enter")
    expect(desktop.get_by_role("heading", name="What is it about?")).to_be_focused()
    expect(stepping(desktop)).to_match_aria_snapshot("""
        - heading "Mark a place" [level=1]
        - list:
          - listitem: 1 Topic
          - listitem: 2 Place
          - listitem: 3 Details
        - button "Cancel"
        - region "What is it about?":
          - heading "What is it about?" [level=2]
          - button "Spot"
          - button "Street"
          - button "Meadow"
          - button "Idea"
          - button "Anything"
          - button "Survey"
    """)
    expect(desktop.locator("[aria-current='step']")).to_have_text("1 Topic")
    # The heading that got the focus says it all.
    assert said(desktop) == []


def test_step_of_the_place_and_its_words(desktop: Page, places: Campaign) -> None:
    open_campaign(desktop, places)
    desktop.get_by_role("link", name="Mark a place").press("Enter")
    listen(desktop)
    desktop.get_by_role("button", name="Spot").press("Enter")
    expect(desktop.get_by_role("heading", name="Where is it?")).to_be_focused()
    expect(stepping(desktop)).to_match_aria_snapshot("""
        - button "One step back"
        - list
        - button "Cancel"
        - region "Where is it?":
          - heading "Where is it?" [level=2]
          - paragraph: Tap on the map, or move the map until the cross lies on the place.
          - search:
            - combobox "Search for a street or a place"
            - button "My position"
          - button "Zoom in first"
    """)
    cross, area = desktop.get_by_role("img", name="Cross in the middle of the map"), desktop.locator("#map")
    expect(cross).to_be_visible()
    expect(area).to_have_accessible_name("Map. Move it with the arrow keys, zoom with plus and minus.")
    expect(area).to_have_attribute("aria-description", "Enter marks what the cross lies on.")
    said(desktop)
    desktop.get_by_role("button", name="Zoom in first").press("Enter")
    expect(desktop.get_by_role("button", name="Place here and continue")).to_be_focused()
    expect(desktop.locator("[data-announce]")).to_have_text("Near enough: now you can mark the place.")

    # The words of the place follow what the cross lies on.
    words = desktop.locator("[data-place-words]")
    show = "([lon, lat]) => document.querySelector('campaign-page').base.show([lat, lon], 17)"
    desktop.evaluate(show, list(TOWN_HALL))
    expect(words).to_have_text("Near Fackelstraße 12, Innenstadt")
    heard = said(desktop)
    assert heard.count("Near enough: now you can mark the place.") == 1
    assert heard.count("Near Fackelstraße 12, Innenstadt") == 1
    with desktop.expect_response("**/place-words?*"):
        area.press("ArrowRight")
    expect(words).to_have_text("Near Fackelstraße 12, Innenstadt")
    assert said(desktop) == []
    area.press("Enter")
    expect(desktop.get_by_role("img", name="Your place: Spot")).to_be_visible()
    expect(desktop.locator("[data-announce]")).to_have_text(MARKED)
    expect(cross).to_be_hidden()
    expect(area).not_to_have_attribute("aria-description", "Enter marks what the cross lies on.")
    assert said(desktop) == [MARKED]

    # And the marker, when it is dragged; on the way nothing is said.
    drag(desktop, (TOWN_HALL[0] + EAST, TOWN_HALL[1]))
    expect(words).to_have_text("Near Marktstraße 3, Innenstadt")
    assert said(desktop) == ["Near Marktstraße 3, Innenstadt"]
    expect(words).to_have_attribute("aria-live", "polite")
    desktop.get_by_role("button", name="Continue").press("Enter")
    summary = desktop.get_by_role("region", name="Spot").locator("[data-summary]")
    expect(summary).to_contain_text("Near Marktstraße 3, Innenstadt")
    assert said(desktop) == []


def drag(page: Page, place: tuple[float, float]) -> None:
    """Drag the marker to a place, over many points as a hand does."""
    marker = page.locator(".map-marker--placing").bounding_box()
    assert marker is not None
    page.mouse.move(marker["x"] + marker["width"] / 2, marker["y"] + marker["height"] / 2)
    page.mouse.down()
    to = page.evaluate("place => document.querySelector('campaign-page').pixelOf(place)", list(place))
    page.mouse.move(to["x"], to["y"], steps=12)
    page.mouse.up()


def test_step_of_the_details_and_mistakes(desktop: Page, places: Campaign) -> None:
    desktop.watch.allow("status of 400")  # type: ignore[attr-defined]
    open_campaign(desktop, places)
    begin(desktop, "Survey")
    desktop.evaluate(
        "([lon, lat]) => document.querySelector('campaign-page').base.show([lat, lon], 17)", list(TOWN_HALL)
    )
    expect(desktop.locator("[data-place-words]")).to_have_text("Near Fackelstraße 12, Innenstadt")
    listen(desktop)
    desktop.get_by_role("button", name="Place here and continue").press("Enter")
    expect(desktop.get_by_role("heading", name="Survey")).to_be_focused()
    expect(desktop.locator("[aria-current='step']")).to_have_text("3 Details")
    expect(stepping(desktop)).to_match_aria_snapshot("""
        - button "One step back"
        - list
        - button "Cancel"
        - region "Survey":
          - heading "Survey" [level=2]
          - paragraph:
            - text: Near Fackelstraße 12, Innenstadt
            - button "Change the place"
          - textbox "Short text (optional)"
          - group "Yes or no":
            - radio "Yes"
            - radio "No"
          - textbox "What would you like to tell us? (optional)"
          - button "Add photos"
          - button "Send"
          - paragraph:
            - link "Privacy"
            - button "Forget it"
    """)
    said(desktop)
    desktop.get_by_role("button", name="Send", exact=True).press("Enter")
    wrong = desktop.get_by_role("group", name="Yes or no").get_by_role("radio").first
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description("Please fill in this field.")
    expect(desktop.locator("[data-announce]")).to_have_text("Please fill in this field.")
    assert said(desktop) == ["Please fill in this field."]
    wrong.check()
    desktop.get_by_role("button", name="Send", exact=True).press("Enter")
    expect(desktop.locator("main")).to_match_aria_snapshot("""
        - heading "Thank you!" [level=1]
        - link "Add another one"
        - link "Back to the map"
        - complementary "About this contribution":
          - heading "Your private link" [level=2]
          - textbox "Private link"
          - button "Copy the link"
        - region "What happens next":
          - heading "What happens next" [level=2]
          - list
    """)
    expect(desktop).to_have_title(re.compile("^Thank you!"))
