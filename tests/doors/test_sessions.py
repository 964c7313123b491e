"""Sessions of the staff: listed, ended by their limits and by their owner; citizens have none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from doors.models import OpenSession
from doors.sessions.devices import device_of
from doors.sessions.open import end_what_is_over
from mapping.models import Campaign
from tests import personas
from tests.doors.factoring import is_logged_in, type_password
from tests.personas import PASSWORD, staff_browser

ACCOUNT = "/planning/account/"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


class Clock:
    """The time of the site, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = timezone.now()
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def planner(db: None) -> User:
    return personas.make_user("planner@example.org", is_staff=True)


def test_session_ends_when_it_is_idle(planner: User, clock: Clock, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    browser = staff_browser(planner)
    for _ in range(3):
        clock.wait(minutes=29)
        assert is_logged_in(browser)
    clock.wait(minutes=31)
    assert not is_logged_in(browser)
    assert not Session.objects.exists()
    assert not OpenSession.objects.exists()


def test_session_ends_after_its_hours_however_busy(planner: User, clock: Clock, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 60, 2
    browser = staff_browser(planner)
    for _ in range(4):
        clock.wait(minutes=29)
        assert is_logged_in(browser)
    clock.wait(minutes=5)
    assert not is_logged_in(browser)


def test_password_changed_in_a_session_prolongs_it_not(
    planner: User, clock: Clock, settings: Settings
) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 60, 1
    browser = staff_browser(planner)
    clock.wait(minutes=40)
    new = "a better horse staples batteries"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert browser.post("/planning/account/password/", sent).status_code == 302
    assert is_logged_in(browser)
    clock.wait(minutes=21)
    assert not is_logged_in(browser)


def test_session_from_before_the_list_is_entered(planner: User) -> None:
    browser = staff_browser(planner)
    OpenSession.objects.all().delete()
    session = browser.session
    del session["signed_in_at"]
    session.save()
    assert is_logged_in(browser)
    assert OpenSession.objects.get().user == planner


def test_request_costs_no_query_for_its_limits(planner: User, django_assert_num_queries: Any) -> None:
    browser = staff_browser(planner)
    with django_assert_num_queries(2):  # the session and the user
        browser.get("/accounts/login/")


def test_list_names_devices_and_hours_but_no_address(planner: User) -> None:
    phone = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.77")
    type_password(phone, planner)
    page = staff_browser(planner).get(ACCOUNT)
    html = page.content.decode()
    assert "Firefox, Android" in html
    assert "203.0.113" not in html
    assert "130" not in OpenSession.objects.get(device="Firefox, Android").device
    assert {one.seen_at.minute for one in page.context["sessions"]} == {0}
    assert [one.is_this for one in page.context["sessions"]].count(True) == 1


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17 Safari/604",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537",
            "Chrome, Linux",
        ),
        ("curl/8", ""),
        ("<script>" * 500, ""),
    ],
)
def test_device_is_a_coarse_word(agent: str, device: str, rf: Any) -> None:
    assert device_of(rf.get("/", HTTP_USER_AGENT=agent)) == device


def test_one_session_is_ended_from_another(planner: User) -> None:
    phone, office = staff_browser(planner), staff_browser(planner)
    of_phone = OpenSession.objects.get(session_key=phone.session.session_key)
    assert office.post(f"/accounts/sessions/{of_phone.pk}/end/").status_code == 302
    assert not is_logged_in(phone)
    assert is_logged_in(office)


def test_nobody_ends_the_session_of_another(planner: User) -> None:
    theirs = staff_browser(planner)
    stranger = staff_browser(personas.make_user("other@example.org"))
    found = OpenSession.objects.get(user=planner)
    assert stranger.post(f"/accounts/sessions/{found.pk}/end/").status_code == 404
    stranger.post("/accounts/sessions/end/")
    assert is_logged_in(theirs)


def test_all_others_are_ended_at_once(planner: User) -> None:
    others = [staff_browser(planner) for _ in range(3)]
    mine = staff_browser(planner)
    assert mine.post("/accounts/sessions/end/").status_code == 302
    assert [is_logged_in(one) for one in others] == [False] * 3
    assert Entry.objects.get(action=Action.SESSION_ENDED).details == {"number": 3}
    assert is_logged_in(mine)


def test_log_out_takes_a_session_from_the_list(planner: User) -> None:
    browser = staff_browser(planner)
    browser.post("/accounts/logout/")
    assert not OpenSession.objects.exists()


def test_new_password_ends_sessions_elsewhere(planner: User) -> None:
    elsewhere, browser = staff_browser(planner), staff_browser(planner)
    new = "a better horse staples batteries"
    browser.post(
        "/planning/account/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert not is_logged_in(elsewhere)
    assert is_logged_in(browser)
    assert OpenSession.objects.count() == 1


def test_what_is_over_is_removed_every_night(planner: User, clock: Clock) -> None:
    staff_browser(planner)
    clock.wait(hours=1)
    kept = staff_browser(planner)
    clock.wait(hours=1.5)
    end_what_is_over()
    assert OpenSession.objects.get().session_key == kept.session.session_key
    assert Session.objects.count() == 1


def test_citizens_have_no_session(campaign: Campaign) -> None:
    citizen = Client()
    for address in ("/", f"/campaigns/{campaign.slug}/", "/accounts/login/", "/mine/"):
        citizen.get(address)
    assert not Session.objects.exists()
    assert "sessionid" not in citizen.cookies
