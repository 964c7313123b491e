"""Staff enter map sheets, and put the city's places in an order: as stories, judged by axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from mapping.models import Campaign, Contribution, MapSheet
from mapping.services.submit import Submission, submit_city
from tests import personas
from tests.browser.judge import Judge
from tests.browser.steps import remember_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def planner(topics: Campaign) -> User:
    """Runs the campaign."""
    return personas.make_user("planner@example.org", topics, Role.MANAGER)


def test_sheets_are_entered_one_after_the_other(
    visit: type_of_visit, device: str, topics: Campaign, planner: User
) -> None:
    remember_address("Pariser Straße", personas.STATION)
    page = visit(device, user=planner)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open(f"/planning/{topics.slug}/paper/")
    page.get_by_role("button", name="Open the batch").click()
    expect(page.locator(".geometry-field .leaflet-container")).to_be_visible()
    expect(page.get_by_label("Number of the sheet")).to_have_value("1")
    judge.judge("an empty batch")

    page.get_by_label("Search for a street or a place").fill("Pariser")
    page.get_by_role("option", name="Pariser Straße").click()
    expect(page.locator(".geometry-field textarea")).not_to_have_value("")
    page.locator("#id_text").fill("Too dark")
    page.get_by_role("button", name="Store, another place of this sheet").click()
    expect(page.get_by_text("A further place of this sheet")).to_be_visible()

    stage = page.locator(".geometry-field__map")
    expect(stage.locator(".leaflet-pm-draw")).to_be_visible()
    stage.click(position={"x": 120, "y": 150})
    expect(page.locator(".geometry-field textarea")).not_to_have_value("")
    page.get_by_role("button", name="Store, next sheet").click()
    expect(page.get_by_label("Number of the sheet")).to_have_value("2")
    expect(page.get_by_role("heading", name="Sheet 1")).to_be_visible()
    judge.judge("with a sheet")
    assert MapSheet.objects.get().participant.contributions.count() == 2

    page.get_by_label("Number of the sheet").fill("1")
    page.get_by_role("button", name="Store, next sheet").click()
    expect(page.get_by_text("Please mark the place on the map")).to_be_visible()
    stage.click(position={"x": 120, "y": 150})
    page.get_by_role("button", name="Store, next sheet").click()
    expect(page.get_by_label("This is a further place on the same sheet")).to_be_visible()
    judge.judge("a number that is taken")

    page.goto(f"/planning/{topics.slug}/paper/?batch=1")
    page.get_by_role("link", name="Change place 1 of sheet 1").click()
    expect(page.locator(".geometry-field .leaflet-container")).to_be_visible()
    judge.judge("a place to correct")
    page.locator("#id_text").fill("Very dark")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Very dark")).to_be_visible()
    page.get_by_role("button", name="Close the batch").click()
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    judge.judge("a closed batch")
    assert not judge.found, "\n".join(judge.found)


def test_places_of_the_city_are_ordered_by_keyboard_and_dragging(
    visit: type_of_visit, device: str, topics: Campaign, planner: User
) -> None:
    for name in ("North", "South", "West"):
        submit_city(topics, Submission("plan", personas.line(), "Why", title=name), actor=planner)
    page = visit(device, user=planner)
    judge = Judge(page)
    judge.open(f"/planning/{topics.slug}/setup/places/", ready=".geometry-field .leaflet-container")
    up = page.get_by_role("button", name="Move “West” up")
    up.press("Enter")
    expect(up).to_be_focused()
    up.press("Enter")
    titles = page.locator(".asked__title a")
    expect(titles).to_have_text(["West", "North", "South"])
    judge.judge("in another order")
    if device == "desktop":
        rows = page.locator(".asked__row")
        rows.nth(0).drag_to(rows.nth(2))
        expect(titles).to_have_text(["North", "South", "West"])
    page.get_by_role("link", name="North", exact=True).click()
    page.get_by_label("Name").fill("North Street")
    judge.judge("one place")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="North Street", exact=True)).to_be_visible()
    page.get_by_role("link", name="Remove “North Street”").click()
    judge.judge("removing one")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The place was deleted.")).to_be_visible()
    assert Contribution.objects.filter(source="city").count() == 2
    assert not judge.found, "\n".join(judge.found)
