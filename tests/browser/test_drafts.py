"""What an unfinished contribution leaves in the browser, for how long, and how it is forgotten."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Publication
from tests import personas
from tests.browser.steps import begin, open_campaign, send, tap_map, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "I am afraid here."
OFFER = "You have begun a contribution."


def kept(page: Page) -> list[dict[str, str]]:
    """What lies in the browser's storage and in the tab's."""
    found: list[dict[str, str]] = page.evaluate("[localStorage, sessionStorage].map((one) => ({...one}))")
    return [
        {key: value for key, value in one.items() if key.startswith("contribution-draft:")} for one in found
    ]


def write(page: Page, campaign: Campaign) -> None:
    open_campaign(page, campaign)
    begin(page)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill(WORDS)


def protect(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(publication=Publication.CELLS)


def test_unfinished_contribution_is_there_in_another_tab(page: Page, spots: Campaign) -> None:
    write(page, spots)
    expect(page.get_by_text("kept on this device, for 14 days at most")).to_be_visible()
    in_browser, in_tab = kept(page)
    assert WORDS in in_browser[f"contribution-draft:{spots.slug}"]
    assert in_tab == {}
    later = page.context.new_page()
    open_campaign(later, spots)
    later.get_by_role("button", name="Continue").click()
    expect(later.get_by_label("What would you like to tell us?")).to_have_value(WORDS)
    send(later)
    thanked(later)
    assert kept(later) == [{}, {}]


def test_unfinished_contribution_of_a_protected_campaign_stays_in_its_tab(
    page: Page, spots: Campaign
) -> None:
    protect(spots)
    write(page, spots)
    expect(page.get_by_text("kept in this tab only")).to_be_visible()
    in_browser, in_tab = kept(page)
    assert in_browser == {}
    assert WORDS in in_tab[f"contribution-draft:{spots.slug}"]
    # A page loaded again loses nothing.
    open_campaign(page, spots)
    expect(page.get_by_text(OFFER)).to_be_visible()

    later = page.context.new_page()
    open_campaign(later, spots)
    expect(later.get_by_text(OFFER)).to_be_hidden()
    assert kept(later) == [{}, {}]


@pytest.mark.parametrize("is_protected", [False, True])
def test_button_forgets_what_was_entered(page: Page, spots: Campaign, *, is_protected: bool) -> None:
    if is_protected:
        protect(spots)
    write(page, spots)
    page.get_by_role("button", name="Forget it").click()
    expect(page.locator("[data-announce]")).to_have_text("What you entered is deleted from this device.")
    assert kept(page) == [{}, {}]
    expect(page.get_by_text(OFFER)).to_be_hidden()
    begin(page)
    tap_map(page, personas.STATION)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("What would you like to tell us?")).to_have_value("")


def test_draft_kept_before_a_campaign_was_protected_is_forgotten(page: Page, spots: Campaign) -> None:
    write(page, spots)
    protect(spots)
    open_campaign(page, spots)
    assert kept(page) == [{}, {}]


def test_draft_of_another_campaign_is_forgotten_after_two_weeks(
    desktop: Page, spots: Campaign, topics: Campaign
) -> None:
    write(desktop, spots)
    key = f"contribution-draft:{spots.slug}"
    age: dict[str, Any] = {"key": key, "days": 13}
    grow = """({key, days}) => {
        const draft = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({...draft, savedAt: Date.now() - days * 86400000}));
    }"""
    desktop.evaluate(grow, age)
    open_campaign(desktop, topics)
    assert list(kept(desktop)[0]) == [key]
    desktop.evaluate(grow, age | {"days": 15})
    open_campaign(desktop, topics)
    assert kept(desktop) == [{}, {}]
