"""Somebody signs in with a phone to take part, and finds what they sent on another device."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from mapping.models import Campaign, Contribution, Participant
from tests.browser.judge import Judge
from tests.signing_in.faulty import faulty_provider
from tests.signing_in.provider import signed_in_only, use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_person_signs_in_contributes_and_finds_it_on_another_device(
    visit: Callable[..., Page], campaign: Campaign, settings: Settings
) -> None:
    signed_in_only(campaign)
    form = f"/campaigns/{campaign.slug}/contribute/?category=idea"
    with faulty_provider() as provider:
        use(settings, provider.issuer)
        phone = visit("phone")
        phone.watch.allow(f"foreign request: {provider.issuer}/authorize")  # type: ignore[attr-defined]
        judge = Judge(phone)
        phone.goto(form)
        expect(phone.locator("textarea")).to_have_count(0)
        phone.get_by_role("link", name="Sign in to take part").click()
        expect(phone.get_by_role("heading", name="What is kept of you")).to_be_visible()
        judge.judge("the page that explains the sign-in")
        # The way leads to the provider and back, past a policy that forbids forms to other sites.
        phone.get_by_role("link", name="Sign in at BürgerID").click()
        expect(phone).to_have_url(re.compile(re.escape(form)))
        phone.locator("textarea").last.fill("A bench, please.")
        phone.locator("main form button[name=send]").click()
        expect(phone).not_to_have_url(re.compile("contribute"))

        desk = visit("desktop")
        desk.watch.allow(f"foreign request: {provider.issuer}/authorize")  # type: ignore[attr-defined]
        desk.goto("/mine/")
        expect(desk.get_by_text("A bench, please.")).to_have_count(0)
        desk.get_by_role("link", name=campaign.title).click()
        desk.get_by_role("link", name="Sign in at BürgerID").click()
        expect(desk.get_by_text("A bench, please.")).to_be_visible()
        desk.goto(f"/campaigns/{campaign.slug}/")
        desk.get_by_role("button", name="Sign out").click()
        expect(desk.get_by_role("link", name="Sign in to take part")).to_be_visible()
    assert Participant.objects.count() == 1
    assert Contribution.objects.count() == 1
