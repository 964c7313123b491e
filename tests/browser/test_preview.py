"""A planner looks at a draft as citizens will see it, on a phone and a desktop, while it is being set up."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.models import Campaign
from tests.surveys.world import ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def draft(campaign: Campaign) -> Campaign:
    campaign.is_draft = True
    campaign.save()
    ask(campaign, "why", "text", title="Why do you come?")
    return campaign


def test_preview_follows_what_is_saved(visit: type_of_visit, draft: Campaign, manager: User) -> None:
    page = visit("desktop", user=manager)
    page.goto(f"/planning/{draft.slug}/setup/texts/")
    preview = page.frame_locator("iframe[data-preview]")
    expect(preview.get_by_role("heading", name=draft.title).first).to_be_visible()
    page.get_by_label("Title", exact=True).first.fill("Where it is dark")
    page.keyboard.press("Tab")
    expect(page.locator("#setup-saved")).to_have_text("Saved.")
    expect(preview.get_by_role("heading", name="Where it is dark").first).to_be_visible()
    page.get_by_role("link", name="Preview on phone and desktop").click()
    frame = page.locator("iframe[data-preview]")
    inner = page.frame_locator("iframe[data-preview]")
    expect(inner.get_by_role("heading", name="Where it is dark").first).to_be_visible()
    assert frame.evaluate("one => one.contentWindow.innerWidth") == 390
    page.get_by_role("link", name="Desktop").click()
    expect(inner.get_by_role("heading", name="Where it is dark").first).to_be_visible()
    assert frame.evaluate("one => one.contentWindow.innerWidth") == 1280
    page.get_by_role("navigation", name="Page").get_by_role("link", name="Survey").click()
    expect(inner.get_by_text("Why do you come?").first).to_be_visible()
