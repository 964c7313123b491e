"""My account: a planner's own API tokens and password, without the administration."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, TokenScope, User
from mapping.models import Campaign
from tests import personas
from tests.personas import PASSWORD, staff_browser, user_called

ACCOUNT, CHANGE = "/planning/account/", "/planning/account/password/"
NEW_PASSWORD = "a better horse staples batteries"


@pytest.fixture
def browser(analyst: User) -> Client:
    return staff_browser(analyst)


def in_days(number: int) -> str:
    return (timezone.localdate() + timedelta(days=number)).isoformat()


def wish(**fields: str) -> dict[str, str]:
    return {"name": "Nightly script", "scope": "read", "last_day": in_days(30)} | fields


def change(browser: Client, old: str = PASSWORD, new: str = NEW_PASSWORD) -> int:
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return browser.post(CHANGE, sent).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("path", [ACCOUNT, CHANGE])
def test_strangers_are_asked_to_log_in(client: Client, path: str) -> None:
    for answer in (client.get(path), client.post(path, wish())):
        assert answer.headers["Location"] == f"{reverse('login')}?next={path}"
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("analyst", 200),
        ("moderator", 200),
        ("manager", 200),
        ("outsider", 200),
        ("administrator", 200),
        ("dismissed", 302),
    ],
)
def test_account_is_open_to_whoever_may_log_in(campaign: Campaign, who: str, expected: int) -> None:
    user = user_called(who, campaign)
    assert isinstance(user, User)
    browser = staff_browser(user)
    assert [browser.get(path).status_code for path in (ACCOUNT, CHANGE)] == [expected] * 2
    assert browser.post(ACCOUNT, wish()).status_code == expected
    assert ApiToken.objects.filter(user=user).exists() is (expected == 200)


def test_account_is_for_planners_without_a_campaign_too(outsider: User) -> None:
    answer = staff_browser(outsider).get(ACCOUNT)
    assert outsider.email in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_planners_pages_lead_to_the_account(browser: Client) -> None:
    assert f'href="{ACCOUNT}"' in browser.get("/planning/").content.decode()


@pytest.mark.parametrize("scope", TokenScope.values)
def test_token_is_made_shown_once_and_works(browser: Client, analyst: User, scope: str) -> None:
    answer = browser.post(ACCOUNT, wish(scope=scope), headers={"Accept-Encoding": "br, gzip"})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Content-Encoding" not in answer.headers
    found = re.search(r'value="(gp_[\w-]+)"', answer.content.decode())
    assert found is not None
    issued = ApiToken.find(found[1])
    assert issued is not None
    assert (issued.user, issued.name, issued.scope) == (analyst, "Nightly script", scope)
    assert issued.last_day == date.fromisoformat(in_days(30))
    later = browser.get(ACCOUNT).content.decode()
    assert found[1] not in later
    assert "Nightly script" in later


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": ""},
        {"last_day": in_days(-1)},
        {"last_day": in_days(368)},
        {"last_day": "9999-12-31"},
        {"last_day": "0001-01-01"},
        {"last_day": "tomorrow"},
        {"scope": "all"},
        {"scope": ""},
        {"name": ""},
        {"name": "x" * 81},
        {"name": "\0"},
    ],
)
def test_wrong_wish_makes_no_token_and_keeps_the_rest(browser: Client, wrong: dict[str, str]) -> None:
    answer = browser.post(ACCOUNT, wish(**wrong))
    assert answer.status_code == 422
    assert "field--wrong" in answer.content.decode()
    assert "name" in wrong or "Nightly script" in answer.content.decode()
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("days", [0, 366])
def test_first_and_last_day_may_be_chosen(browser: Client, days: int) -> None:
    assert browser.post(ACCOUNT, wish(last_day=in_days(days))).status_code == 200
    assert ApiToken.objects.get().last_day == date.fromisoformat(in_days(days))


def test_list_tells_scope_dates_and_what_ended(browser: Client, analyst: User, manager: User) -> None:
    ApiToken.issue(analyst, "Reads")
    ApiToken.issue(analyst, "Writes", scope=TokenScope.WRITE)
    ApiToken.issue(analyst, "Old")
    ApiToken.issue(manager, "Of the manager")
    ApiToken.objects.filter(name="Old").update(expires_at=timezone.now() - timedelta(days=1))
    words = browser.get(ACCOUNT).content.decode()
    for told in ("Nur lesen", "Lesen und schreiben", "Abgelaufen", "nie"):
        assert told in words
    assert "Of the manager" not in words
    assert change(browser) == 302
    assert browser.get(ACCOUNT).content.decode().count("Das Passwort wurde geändert") == 3


def test_own_token_is_revoked(browser: Client, analyst: User) -> None:
    token = ApiToken.issue(analyst, "Reads")
    answer = browser.post(f"{ACCOUNT}tokens/{ApiToken.objects.get().pk}/revoke/", follow=True)
    assert "„Reads“" in answer.content.decode()
    assert ApiToken.find(token) is None


def test_token_of_somebody_else_cannot_be_revoked(
    browser: Client, manager: User, administrator: User
) -> None:
    ApiToken.issue(manager, "Of the manager")
    path = f"{ACCOUNT}tokens/{ApiToken.objects.get().pk}/revoke/"
    for other in (browser, staff_browser(administrator)):
        assert other.post(path).status_code == 404
    assert Client().post(path).status_code == 302
    assert staff_browser(manager).get(path).status_code == 405
    assert ApiToken.objects.exists()


def test_password_is_changed_and_everything_else_ends(browser: Client, analyst: User) -> None:
    elsewhere, token = staff_browser(analyst), ApiToken.issue(analyst)
    assert change(browser) == 302
    assert User.objects.get(pk=analyst.pk).check_password(NEW_PASSWORD)
    assert browser.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302
    assert ApiToken.find(token) is None


@pytest.mark.parametrize(
    ("old", "new"), [("wrong", NEW_PASSWORD), (PASSWORD, "short"), (PASSWORD, "password1")]
)
def test_wrong_or_weak_password_changes_nothing(browser: Client, analyst: User, old: str, new: str) -> None:
    token = ApiToken.issue(analyst)
    assert change(browser, old, new) == 422
    assert User.objects.get(pk=analyst.pk).check_password(PASSWORD)
    assert ApiToken.find(token) is not None


def test_old_password_is_not_guessed_by_a_forgotten_session(browser: Client) -> None:
    assert [change(browser, "wrong") for _ in range(6)] == [422] * 5 + [429]
    assert change(browser) == 429


def test_weekly_overview_is_ordered_and_ended(moderator: User, settings: Settings) -> None:
    settings.SENDS_MAIL = True
    browser = staff_browser(moderator)
    for wanted, button in (("yes", "Wochenübersicht beenden"), ("no", "Wochenübersicht bestellen")):
        page = browser.post(f"{ACCOUNT}digest/", {"wanted": wanted}, follow=True).content.decode()
        moderator.refresh_from_db()
        assert (moderator.digest_at is not None) == (wanted == "yes")
        assert button in page


def test_weekly_overview_is_offered_to_those_who_answer_and_where_mails_are_sent(
    browser: Client, moderator: User, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    assert "Wochenübersicht" not in browser.get(ACCOUNT).content.decode()
    settings.SENDS_MAIL = False
    assert "Wochenübersicht" not in staff_browser(moderator).get(ACCOUNT).content.decode()


def test_strangers_order_no_overview(client: Client, moderator: User) -> None:
    answer = client.post(f"{ACCOUNT}digest/", {"wanted": "yes"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("login"))


def test_pages_are_told_in_english_too(browser: Client) -> None:
    browser.cookies["django_language"] = "en"
    assert "My account" in browser.get(ACCOUNT).content.decode()
    assert personas.PASSWORD not in browser.get(CHANGE).content.decode()


def test_private_link_until_the_last_day_there_is_can_be_wished(browser: Client, campaign: Campaign) -> None:
    """The other form that asks for a last day."""
    answer = browser.post(f"/planning/{campaign.slug}/access/", {"name": "QGIS", "last_day": "9999-12-31"})
    assert answer.status_code == 200
    assert browser.get(f"/planning/{campaign.slug}/access/").status_code == 200
