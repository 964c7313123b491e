"""The scripts of contributing are fetched when somebody starts: what they meet meanwhile, and without a network."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from mapping.models import Campaign
from tests.browser.steps import begin, open_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


def test_form_that_cannot_be_loaded_says_so_and_comes_with_the_network(phone: Page, spots: Campaign) -> None:
    phone.watch.allow("ERR_INTERNET_DISCONNECTED")  # type: ignore[attr-defined]
    open_campaign(phone, spots)
    phone.context.set_offline(True)
    phone.get_by_role("link", name="Mark a place").click()
    problem = phone.get_by_role("alert")
    expect(problem).to_have_text("The form could not be loaded. Please check your connection and try again.")
    expect(phone.get_by_role("link", name="Mark a place")).to_be_in_viewport()
    phone.context.set_offline(False)
    begin(phone)
    expect(problem).to_be_hidden()


def test_form_whose_file_is_missing_comes_with_a_new_page(phone: Page, spots: Campaign) -> None:
    """Many browsers never fetch a module again that failed once; the file may be one of a former release."""
    phone.watch.allow("ERR_FAILED")  # type: ignore[attr-defined]
    phone.route("**/contribute-*.js", lambda route: route.abort(), times=1)
    open_campaign(phone, spots, "?language=en")
    with phone.expect_event("requestfailed"):
        phone.get_by_role("link", name="Mark a place").focus()
    begin(phone)
    expect(phone.get_by_role("alert")).to_be_hidden()
    assert phone.url.endswith("?language=en#place")


def test_who_went_elsewhere_while_the_form_was_fetched_stays_there(desktop: Page, spots: Campaign) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desktop.route("**/contribute-*.js", hold)
    open_campaign(desktop, spots)
    button = desktop.get_by_role("link", name="Mark a place")
    with desktop.expect_request("**/contribute-*.js"):
        button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    desktop.get_by_role("link", name="About", exact=True).click()
    with desktop.expect_event("requestfinished", lambda request: "contribute-" in request.url):
        held[0].continue_()
    expect(button).not_to_have_attribute("aria-busy", "true")
    expect(desktop.locator("[data-view='place']")).to_be_hidden()
    assert desktop.url.endswith("#about")
    begin(desktop)


def test_address_of_the_form_leads_there_at_once_and_back_to_the_map(desktop: Page, spots: Campaign) -> None:
    desktop.goto(f"/campaigns/{spots.slug}/#place")
    expect(desktop.get_by_role("button", name="Cancel")).to_be_visible()
    desktop.get_by_role("button", name="Cancel").click()
    expect(desktop.get_by_role("link", name="Mark a place")).to_be_visible()


def test_nothing_of_the_form_is_fetched_before_somebody_starts(desktop: Page, spots: Campaign) -> None:
    fetched: list[str] = []
    desktop.on("request", lambda request: fetched.append(request.url))
    open_campaign(desktop, spots)
    desktop.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "/contribute-" in url]
    begin(desktop)
    assert len([url for url in fetched if "/contribute-" in url]) == 1
