"""Staff logs in with second factors: a passkey of a virtual authenticator, an app whose codes are computed."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings as site_settings
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import ApiToken, User
from doors.models import OpenSession
from mapping.models import Campaign
from tests.browser.judge import Judge
from tests.doors.factoring import code_now
from tests.personas import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def manager_with_duty(manager: User, settings: Settings, live_server: LiveServer) -> User:
    """A manager where managers must have a second factor, at a site whose name passkeys can be bound to."""
    settings.SITE_URL = live_server.url
    settings.SECOND_FACTOR_ROLES = ["manager"]
    return manager


def plug_in(page: Page) -> None:
    """Give the browser a device that makes and proves passkeys with a finger."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def log_in(page: Page, user: User) -> None:
    page.goto("/planning/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.context.clear_cookies(name=site_settings.SESSION_COOKIE_NAME)


def age_session(user: User) -> None:
    """Let the log-in of a user lie back so far that it is no proof any more; nothing may be under way."""
    store = import_module(site_settings.SESSION_ENGINE).SessionStore
    session = store(OpenSession.objects.get(user=user).session_key)
    session["signed_in_at"] -= 1000
    for record in session["account_authentication_methods"]:
        record["at"] -= 1000
    session.save()


def test_passkey_from_the_first_log_in_to_one_without_a_password(
    visit: Callable[..., Page], manager_with_duty: User, campaign: Campaign
) -> None:
    page = visit("desktop")
    judge = Judge(page)
    plug_in(page)
    log_in(page, manager_with_duty)
    expect(page.get_by_role("heading", name="Second factor", level=1)).to_be_visible()
    expect(page.get_by_text("Your role needs a second factor.")).to_be_visible()
    judge.judge("second factors, half logged in")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Desk")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    judge.judge("recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()

    log_out(page)
    log_in(page, manager_with_duty)
    expect(page.get_by_text("The password is right.")).to_be_visible()
    judge.judge("second factor after the password")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("heading", name=campaign.title)).to_be_visible()

    log_out(page)
    page.goto("/accounts/login/?next=/planning/account/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_text("This session")).to_be_visible()
    judge.judge("my account with sessions")

    expect(page.get_by_role("button", name="Make a token")).to_be_visible()
    page.watch.settle(page)  # type: ignore[attr-defined]
    OpenSession.objects.exclude(pk=OpenSession.objects.latest("signed_in_at").pk).delete()
    age_session(manager_with_duty)
    page.watch.allow("status of 403")  # type: ignore[attr-defined]
    page.get_by_label("What is the token for?").fill("QGIS")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("heading", name="Please prove once more that it is you")).to_be_visible()
    judge.judge("proof once more")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("heading", name="The new token “QGIS”")).to_be_visible()
    assert ApiToken.objects.get().name == "QGIS"
    assert not judge.found, "\n".join(judge.found)


def test_app_on_a_phone_and_a_password_that_is_shown(
    visit: Callable[..., Page], manager_with_duty: User, campaign: Campaign
) -> None:
    page = visit("phone")
    judge = Judge(page)
    page.goto("/planning/")
    page.get_by_label("E-mail address").fill(manager_with_duty.email)
    field = page.get_by_label("Password", exact=True)
    field.fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator(".factor-secret").inner_text()
    page.get_by_label("Code that the app shows now").fill(code_now(secret))
    judge.judge("set up an app")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/planning/")
    expect(page.get_by_role("heading", name=campaign.title)).to_be_visible()
    assert not judge.found, "\n".join(judge.found)
