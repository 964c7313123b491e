"""The scripts of contributing are fetched when somebody starts: what they meet meanwhile, and without a network."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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
