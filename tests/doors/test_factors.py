"""A second factor: asked for after the password, limited, recorded, and no way in leads around it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, User
from audit.actions import Action
from audit.models import Entry
from doors.factors import adapter, keeping
from doors.models import LogInDoor, LogInRecord, Outcome
from mapping.models import Campaign
from tests import personas
from tests.background import run_waiting_tasks
from tests.doors.factoring import (
    LOG_IN,
    SECOND,
    SECRET,
    code_now,
    give_app,
    is_logged_in,
    type_code,
    type_password,
)
from tests.personas import PASSWORD, staff_browser

FACTORS = "/accounts/factors/"
APP = "/accounts/factors/app/"


@pytest.fixture
def planner(db: None) -> User:
    return personas.make_user("planner@example.org", is_staff=True)


def test_code_of_the_app_is_asked_for_after_the_password(planner: User) -> None:
    give_app(planner)
    browser = Client()
    answer = type_password(browser, planner)
    assert (answer.status_code, answer["Location"]) == (302, SECOND)
    assert not is_logged_in(browser)
    page = browser.get(SECOND)
    assert 'autocomplete="one-time-code"' in page.content.decode()
    answer = type_code(browser, code_now())
    assert (answer.status_code, answer["Location"]) == (302, "/imprint/")
    assert is_logged_in(browser)


def test_code_with_a_space_as_apps_show_it_is_right(planner: User) -> None:
    give_app(planner)
    browser = Client()
    type_password(browser, planner)
    code = code_now()
    assert type_code(browser, f"{code[:3]} {code[3:]}").status_code == 302


@pytest.mark.parametrize("code", ["", "000000x", "1", "ÄÖÜ", "١٢٣٤٥٦", "9" * 40, "0000000000"])
def test_wrong_code_opens_nothing(planner: User, code: str) -> None:
    give_app(planner)
    keeping.new_recovery_codes(planner)
    browser = Client()
    type_password(browser, planner)
    assert type_code(browser, code).status_code == 422
    assert not is_logged_in(browser)


def test_second_factor_without_a_password_leads_to_the_log_in(planner: User) -> None:
    give_app(planner)
    answer = type_code(Client(), code_now())
    assert (answer.status_code, answer["Location"]) == (302, LOG_IN)


def test_code_counts_once(planner: User) -> None:
    give_app(planner)
    code = code_now()
    first, second = Client(), Client()
    type_password(first, planner)
    assert type_code(first, code).status_code == 302
    type_password(second, planner)
    assert type_code(second, code).status_code == 422
    assert type_code(second, code_now(later=1)).status_code == 302, "the next one counts"


def test_older_code_than_the_last_used_does_not_count(planner: User) -> None:
    give_app(planner)
    browser = Client()
    type_password(browser, planner)
    older = code_now(later=0)
    assert type_code(browser, code_now(later=1)).status_code == 302
    another = Client()
    type_password(another, planner)
    assert type_code(another, older).status_code == 422


def test_recovery_code_counts_once(planner: User) -> None:
    give_app(planner)
    codes = keeping.new_recovery_codes(planner)
    assert len(set(codes)) == 10
    browser, another = Client(), Client()
    type_password(browser, planner)
    assert type_code(browser, codes[3]).status_code == 302
    type_password(another, planner)
    assert type_code(another, codes[3]).status_code == 422
    assert type_code(another, codes[4].replace(" ", "")).status_code == 302
    assert keeping.codes_left(planner) == 8


def test_guesses_at_codes_are_limited_from_all_networks_together(planner: User) -> None:
    give_app(planner)
    statuses = []
    for number in range(15):
        browser = Client(REMOTE_ADDR=f"203.{number}.113.1")
        type_password(browser, planner)
        statuses.append(type_code(browser, "000000x").status_code)
    assert statuses == [422] * 10 + [429] * 5
    refused = type_code(browser, code_now())
    assert refused.status_code == 429, "the right one waits as well"
    assert 1 <= int(refused["Retry-After"]) <= 300
    assert not is_logged_in(browser)


def test_attempts_are_recorded(planner: User) -> None:
    give_app(planner)
    browser = Client()
    type_password(browser, planner)
    type_code(browser, "000000x")
    type_code(browser, code_now())
    found = LogInRecord.objects.filter(door=LogInDoor.SECOND_FACTOR, user=planner)
    assert {one.outcome for one in found} == {Outcome.FAILED, Outcome.SUCCEEDED}


def test_secret_is_not_readable_in_the_database(planner: User) -> None:
    give_app(planner)
    codes = keeping.new_recovery_codes(planner)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    assert not any(code in stored or code.replace(" ", "") in stored for code in codes)


def test_key_that_was_replaced_still_opens_secrets(planner: User, settings: Settings) -> None:
    give_app(planner)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of fifty characters and more, and some more"
    browser = Client()
    type_password(browser, planner)
    assert type_code(browser, code_now()).status_code == 302


# --- no way around ----------------------------------------------------------------------------------------------------


def test_administration_asks_for_the_factor_too(planner: User) -> None:
    planner.is_superuser = True
    planner.save()
    give_app(planner)
    browser = Client()
    answer = browser.post("/admin/login/", {"username": planner.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, SECOND)
    assert browser.get("/admin/").status_code == 302
    assert type_code(browser, code_now()).status_code == 302
    assert browser.get("/admin/").status_code == 200


def test_session_without_the_factor_is_nobody_whatever_made_it(planner: User, campaign: Campaign) -> None:
    give_app(planner)
    browser = staff_browser(planner)
    assert not is_logged_in(browser)
    assert browser.get("/admin/").status_code == 302
    assert browser.get(f"/api/v1/campaigns/{campaign.slug}/").json().get("role") is None


def test_session_from_before_the_factor_was_added_ends(planner: User) -> None:
    browser = staff_browser(planner)
    assert is_logged_in(browser)
    give_app(planner)
    assert not is_logged_in(browser)


def test_new_password_by_letter_does_not_remove_the_factor(planner: User) -> None:
    give_app(planner)
    planner.set_password("another long password 7")
    planner.save()
    browser = Client()
    answer = browser.post(LOG_IN, {"username": planner.email, "password": "another long password 7"})
    assert answer["Location"] == SECOND
    assert not is_logged_in(browser)


# --- who must have one ------------------------------------------------------------------------------------------------

WHO_MUST: tuple[tuple[list[str], str, bool], ...] = (
    # setting, who, whether a factor is needed
    ([], "administrator", False),
    (["superuser"], "administrator", True),
    (["superuser"], "manager", False),
    (["manager"], "manager", True),
    (["manager"], "moderator", False),
    (["moderator", "analyst"], "moderator", True),
    (["moderator", "analyst"], "analyst", True),
    (["moderator", "analyst"], "manager", False),
    (["everybody"], "analyst", True),
    (["staff"], "analyst", False),
)


@pytest.mark.parametrize("rule", WHO_MUST)
def test_whoever_must_have_a_factor_reaches_nothing_before(
    rule: tuple[list[str], str, bool],
    settings: Settings,
    request: pytest.FixtureRequest,
    campaign: Campaign,
) -> None:
    roles, who, must = rule
    settings.SECOND_FACTOR_ROLES = roles
    user: User = request.getfixturevalue(who)
    browser = Client()
    type_password(browser, user, "/planning/")
    assert is_logged_in(browser) is not must
    if not must:
        return
    answer = browser.get("/planning/", follow=True)
    assert answer.redirect_chain[-1][0] == FACTORS
    assert "Ihre Rolle" in answer.content.decode()
    for address in ("/planning/account/", f"/planning/{campaign.slug}/numbers/", "/admin/"):
        assert browser.get(address).status_code == 302
    assert browser.post("/planning/account/", {"name": "x"}).status_code == 302
    assert browser.get(f"/api/v1/campaigns/{campaign.slug}/contributions/?status=pending").status_code in {
        401,
        403,
    }


def set_up_app(browser: Client) -> Any:
    page = browser.get("/accounts/factors/app/")
    secret, sealed = page.context["secret"], page.context["sealed"]
    return browser.post("/accounts/factors/app/", {"sealed": sealed, "code": code_now(secret)})


def test_setting_up_an_app_opens_everything(planner: User, settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = ["everybody"]
    browser = Client()
    type_password(browser, planner)
    answer = set_up_app(browser)
    assert answer.status_code == 200
    assert len(answer.context["codes"]) == 10
    assert is_logged_in(browser)


def test_app_is_set_up_by_a_right_code_only(planner: User) -> None:
    browser = staff_browser(planner)
    page = browser.get("/accounts/factors/app/")
    sealed = page.context["sealed"]
    wrong = browser.post("/accounts/factors/app/", {"sealed": sealed, "code": "000000x"})
    assert wrong.status_code == 422
    assert wrong.context["secret"] == page.context["secret"], "the picture stays as the phone read it"
    forged = browser.post(
        "/accounts/factors/app/", {"sealed": "JBSWY3DPEHPK3PXP", "code": code_now("JBSWY3DPEHPK3PXP")}
    )
    assert forged.status_code == 422
    assert not Authenticator.objects.exists()


def test_page_of_a_new_app_opens_its_secret_alone(planner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    other = personas.make_user("other@example.org")
    give_app(other)
    browser = personas.staff_browser(planner)
    of_other = personas.staff_browser(personas.make_user("third@example.org")).get(APP).context["sealed"]
    old = browser.get(APP).context["sealed"]
    for sealed in (Authenticator.objects.get(user=other).data["secret"], of_other):
        page = browser.post(APP, {"sealed": sealed, "code": "000000"})
        assert page.status_code == 422
        assert page.context["secret"].replace(" ", "") != SECRET
    shown = browser.post(APP, {"sealed": old, "code": "000000"}).context["secret"]
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: 3700 + time.time_ns() / 1e9)
    assert adapter.opened(planner, old) == ""
    monkeypatch.undo()
    assert adapter.opened(planner, old) == shown.replace(" ", "")
    assert adapter.opened(other, old) == ""


def test_other_sessions_end_when_a_factor_is_added(planner: User) -> None:
    other, browser = staff_browser(planner), staff_browser(planner)
    assert is_logged_in(other)
    set_up_app(browser)
    assert is_logged_in(browser)
    assert not is_logged_in(other)


def test_last_factor_stays_where_one_is_needed(planner: User, settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = ["everybody"]
    browser = Client()
    type_password(browser, planner)
    set_up_app(browser)
    factor = Authenticator.objects.get(type="totp")
    browser.post(f"/accounts/factors/{factor.pk}/remove/")
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    settings.SECOND_FACTOR_ROLES = []
    browser.post(f"/accounts/factors/{factor.pk}/remove/")
    assert not Authenticator.objects.exists(), "the recovery codes go with it"
    assert is_logged_in(browser)


def test_nobody_removes_the_factor_of_another(planner: User) -> None:
    give_app(planner)
    stranger = staff_browser(personas.make_user("other@example.org"))
    factor = Authenticator.objects.get()
    assert stranger.post(f"/accounts/factors/{factor.pk}/remove/").status_code == 404
    assert Authenticator.objects.exists()


def test_recovery_codes_need_a_factor(planner: User) -> None:
    assert staff_browser(planner).post("/accounts/factors/codes/").status_code == 404


def test_token_of_somebody_who_must_have_a_factor_and_has_none_opens_nothing(
    analyst: User, campaign: Campaign, settings: Settings
) -> None:
    token = ApiToken.issue(analyst)
    address = f"/api/v1/campaigns/{campaign.slug}/contributions/?status=pending"
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(address, headers=headers).status_code == 200
    settings.SECOND_FACTOR_ROLES = ["analyst"]
    assert Client().get(address, headers=headers).status_code == 401
    give_app(analyst)
    assert Client().get(address, headers=headers).status_code == 200


# --- lost ones --------------------------------------------------------------------------------------------------------


def test_superuser_removes_the_factor_of_somebody_who_lost_it(
    planner: User, administrator: User, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    give_app(planner)
    keeping.new_recovery_codes(planner)
    factor = Authenticator.objects.get(type="totp")
    browser = staff_browser(administrator)
    page = browser.get("/admin/mfa/authenticator/").content.decode()
    assert planner.email in page
    page = browser.get(f"/admin/mfa/authenticator/{factor.pk}/change/").content.decode()
    assert factor.data["secret"] not in page
    assert browser.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.is_deletion()) == (administrator, True)
    recorded = Entry.objects.get(action=Action.FACTOR_REMOVED)
    assert (recorded.user, recorded.key, recorded.details) == (
        administrator,
        str(planner.pk),
        {"factor": "totp"},
    )
    mail.outbox.clear()
    run_waiting_tasks()
    assert any("entfernt" in one.body and one.to == [planner.email] for one in mail.outbox)
    planners = Client()
    assert type_password(planners, planner)["Location"] == "/imprint/"


def test_staff_with_every_right_of_django_removes_no_factor(planner: User) -> None:
    planner.user_permissions.set(Permission.objects.all())
    give_app(personas.make_user("other@example.org"))
    factor = Authenticator.objects.get()
    browser = staff_browser(planner)
    assert browser.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.get("/admin/mfa/authenticator/").status_code == 403
    assert browser.get("/admin/mfa/authenticator/add/").status_code == 403
    assert Authenticator.objects.exists()


# --- letters ----------------------------------------------------------------------------------------------------------


def test_owner_is_written_to_when_a_factor_is_added_and_removed(planner: User, settings: Settings) -> None:
    settings.SENDS_MAIL = True
    browser = staff_browser(planner)
    set_up_app(browser)
    run_waiting_tasks()
    assert {one.to[0] for one in mail.outbox} == {planner.email}
    assert any("App" in one.body for one in mail.outbox)
    mail.outbox.clear()
    browser.post(f"/accounts/factors/{Authenticator.objects.get(type='totp').pk}/remove/")
    run_waiting_tasks()
    [letter] = mail.outbox
    assert "entfernt" in letter.body
    assert "/accounts/factors/" in letter.body
