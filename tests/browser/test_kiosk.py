"""A tablet at an event: one person after the other, none of whom finds anything of the one before."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Contribution
from tests.browser.judge import Judge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


def cookies(page: Page) -> set[str]:
    return {str(cookie["name"]) for cookie in page.context.cookies()}


def test_a_kiosk_starts_over_and_erases_what_was_typed_and_who_it_was(
    visit: type_of_visit, campaign: Campaign
) -> None:
    start = f"/campaigns/{campaign.slug}/"
    at_start = re.compile(f"{re.escape(start)}(#.*)?$")
    page = visit("desktop", viewport={"width": 1024, "height": 768})
    judge = Judge(page)
    page.clock.install()
    page.goto(f"{start}kiosk/")
    page.get_by_role("button", name="Begin the kiosk").click()
    expect(page).to_have_url(at_start)
    # It begins in the site's own language. Nothing leads elsewhere, and nothing counts down before a touch.
    expect(page.locator("header .site-name")).not_to_have_attribute("href", re.compile(""))
    expect(page.locator("[data-kiosk-left]")).to_be_hidden()
    page.get_by_role("button", name="English").click()

    page.goto(f"{start}contribute/?category=idea")
    page.locator("textarea").last.fill("A bench, please.")
    page.locator("main form button[name=send]").click()
    expect(page).not_to_have_url(re.compile("contribute"))
    assert settings.PARTICIPANT_COOKIE_NAME in cookies(page)
    private = page.url

    page.goto(f"{start}contribute/?category=idea")
    page.locator("textarea").last.fill("My secret")
    page.clock.fast_forward(45_000)
    question = page.get_by_role("dialog", name="Are you still there?")
    expect(question).to_be_visible()
    judge.judge("the question")
    page.get_by_role("button", name="I am still here").click()
    expect(question).to_be_hidden()
    expect(page.locator("textarea").last).to_have_value("My secret")

    page.clock.fast_forward(45_000)
    expect(question).to_be_visible()
    page.clock.fast_forward(20_000)
    expect(page).to_have_url(at_start)
    assert cookies(page) & {settings.PARTICIPANT_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME} == set()
    assert "kiosk" in cookies(page)
    # The browser's own way back shows nothing of them.
    page.go_back()
    expect(page).to_have_url(at_start)
    assert private not in page.url
    page.goto(f"{start}contribute/?category=idea")
    expect(page.locator("textarea").last).to_have_value("")
    page.locator("textarea").last.fill("A swing")
    page.locator("main form button[name=send]").click()
    expect(page).not_to_have_url(re.compile("contribute"))
    assert len(set(Contribution.objects.values_list("participant", flat=True))) == 2
    assert not judge.found, "\n".join(judge.found)
