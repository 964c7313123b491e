"""Passwords, tokens and private links cannot be tried out quickly; attempts are recorded without an address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, User
from doors.keys import forget_past_days
from doors.models import LogInDoor, LogInRecord, Outcome
from mapping.models import Campaign, Contribution
from tests import personas
from tests.personas import PASSWORD, staff_browser

OFFICE, HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9", "2001:db8:1:100::1"


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """No level sinks while a test runs."""
    now = timezone.now().replace(hour=12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now


@pytest.fixture
def planner(db: None) -> User:
    return personas.make_user("planner@example.org", is_staff=True)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was hashed."""
    seen: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        seen.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    return seen


def log_in(
    password: str, *, email: str = "planner@example.org", at: str = OFFICE, path: str = "/accounts/login/"
) -> Any:
    return Client(REMOTE_ADDR=at).post(path, {"username": email, "password": password, "next": "/imprint/"})


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
def test_forty_wrong_passwords_cost_five_hashes_and_the_right_one_waits(
    path: str, planner: User, hashed: list[str]
) -> None:
    statuses = [log_in(f"guess {number}", path=path).status_code for number in range(40)]
    assert statuses == [200] * 5 + [429] * 35
    refused = log_in(PASSWORD, path=path)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert "Bitte warten Sie" in refused.content.decode()
    assert "planner@example.org" in refused.content.decode()
    assert hashed == [f"guess {number}" for number in range(5)]


def test_waiting_as_long_as_told_lets_the_right_password_in(
    planner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        log_in("guess")
    wait = int(log_in(PASSWORD)["Retry-After"])
    later = timezone.now() + timedelta(seconds=wait)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert log_in(PASSWORD).status_code == 302


def test_refusal_is_told_in_english_too(planner: User) -> None:
    for _ in range(5):
        log_in("guess")
    browser = Client(REMOTE_ADDR=OFFICE)
    browser.cookies["django_language"] = "en"
    page = browser.post("/accounts/login/", {"username": "planner@example.org", "password": PASSWORD})
    assert "Too many attempts. Please wait" in page.content.decode()


def test_nobody_locks_a_colleague_out_of_another_network(planner: User) -> None:
    for number in range(60):
        log_in("guess", at=HOME if number % 2 else ELSEWHERE)
    assert log_in(PASSWORD, at=OFFICE).status_code == 302


def test_many_networks_at_once_have_few_attempts_and_lock_nobody_out(
    planner: User, hashed: list[str]
) -> None:
    networks = [f"203.{number}.113.1" for number in range(20)]
    refused = [log_in("guess", at=network).status_code for _ in range(5) for network in networks].count(429)
    assert refused == 20, "forty, then two more for each of the networks"
    assert log_in(PASSWORD, at=HOME).status_code == 302, "a colleague from yet another network"
    assert log_in(PASSWORD, at=HOME).status_code == 302
    assert hashed.count("guess") == 80


def test_network_that_logged_in_today_is_not_slowed_by_others(planner: User) -> None:
    assert log_in(PASSWORD, at=OFFICE).status_code == 302
    for number in range(20):
        for _ in range(3):
            log_in("guess", at=f"203.{number}.113.1")
    assert [log_in("mistyped", at=OFFICE).status_code for _ in range(4)] == [200] * 4
    assert log_in(PASSWORD, at=OFFICE).status_code == 302


def test_one_network_cannot_try_many_accounts(db: None, hashed: list[str]) -> None:
    statuses = [log_in("guess", email=f"person{number}@example.org").status_code for number in range(50)]
    assert statuses == [200] * 30 + [429] * 20
    assert len(hashed) == 30


def test_office_of_forty_people_logs_in_at_nine(planner: User) -> None:
    for number in range(40):
        email = f"person{number}@example.org"
        personas.make_user(email)
        assert log_in("mistyped", email=email).status_code == 200 if number % 4 == 0 else True
        assert log_in(PASSWORD, email=email).status_code == 302


def test_right_password_forgives_the_wrong_ones_before(planner: User) -> None:
    for _ in range(4):
        for _ in range(4):
            assert log_in("mistyped").status_code == 200
        assert log_in(PASSWORD).status_code == 302


def test_case_and_spaces_of_the_address_name_the_same_account(planner: User) -> None:
    spellings = ["planner@example.org", "PLANNER@example.org", " Planner@Example.org "]
    statuses = [log_in("guess", email=spellings[number % 3]).status_code for number in range(8)]
    assert statuses.count(429) == 3


def test_unknown_account_is_refused_like_a_known_one(planner: User) -> None:
    known = [log_in("guess").status_code for _ in range(8)]
    unknown = [log_in("guess", email="nobody@example.org", at=HOME).status_code for _ in range(8)]
    assert known == unknown


def test_throttled_attempt_starts_no_query_for_the_password(planner: User) -> None:
    for _ in range(5):
        log_in("guess")
    with patch.object(User, "check_password") as check:
        assert log_in(PASSWORD).status_code == 429
    check.assert_not_called()


def test_changing_the_password_is_throttled_too(planner: User, hashed: list[str]) -> None:
    browser = staff_browser(planner)
    hashed.clear()

    def change(old: str) -> Any:
        form = {"old_password": old, "new_password1": "another horse 17", "new_password2": "another horse 17"}
        return browser.post("/admin/password_change/", form)

    assert [change("guess").status_code for _ in range(8)] == [200] * 5 + [429] * 3
    refused = change(PASSWORD)
    assert refused.status_code == 429
    assert "Retry-After" in refused
    assert set(hashed) == {"guess"}
    planner.refresh_from_db()
    assert planner.check_password(PASSWORD)


def wrong_token(client: Client) -> Any:
    return client.get("/api/v1/campaigns/", headers={"Authorization": "Bearer gp_wrong"})


def wrong_link(client: Client) -> Any:
    return client.get("/mine/wrong/")


def wrong_program_link(client: Client) -> Any:
    return client.get("/ogc/key/wrong/collections")


@pytest.mark.parametrize(
    ("knock", "status"), [(wrong_token, 401), (wrong_link, 404), (wrong_program_link, 404)]
)
def test_wrong_keys_are_refused_after_many(
    knock: Callable[[Client], Any], status: int, db: None, settings: Settings
) -> None:
    settings.NETWORK_LIMITS = 0.1
    client = Client(REMOTE_ADDR=OFFICE)
    assert [knock(client).status_code for _ in range(14)] == [status] * 12 + [429] * 2
    assert knock(client)["Retry-After"] == "5"
    assert knock(Client(REMOTE_ADDR=HOME)).status_code == status


def test_wrong_edit_token_is_counted(published: Contribution, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 0.1
    address = f"/api/v1/campaigns/{published.campaign.slug}/contributions/{published.pk}/"
    client = Client(REMOTE_ADDR=OFFICE)
    answers = [client.get(address, headers={"X-Edit-Token": "wrong"}) for _ in range(13)]
    assert [answer.status_code for answer in answers] == [200] * 12 + [429]
    assert answers[-1]["Content-Type"] == "application/problem+json"


def test_right_token_works_beside_a_program_with_an_old_one(
    campaign: Campaign, analyst: User, settings: Settings
) -> None:
    settings.NETWORK_LIMITS = 0.1
    token = ApiToken.issue(analyst)
    client = Client(REMOTE_ADDR=OFFICE)
    for _ in range(13):
        wrong_token(client)
    assert wrong_token(client).status_code == 429
    right = client.get("/api/v1/campaigns/", headers={"Authorization": f"Bearer {token}"})
    assert right.status_code == 200


# --- the record -----------------------------------------------------------------------------------------------


def found() -> set[tuple[str, str, str, int]]:
    return {
        (one.door, one.outcome, one.user.email if one.user else "", one.times)
        for one in LogInRecord.objects.all()
    }


def test_success_failure_and_refusal_are_recorded_without_an_address(planner: User) -> None:
    log_in(PASSWORD)
    for _ in range(40):
        log_in("guess")
    log_in("my password typed as a name", email="hunter2-my-password")
    wrong_token(Client(REMOTE_ADDR=OFFICE))
    assert found() == {
        (LogInDoor.PASSWORD, Outcome.SUCCEEDED, "planner@example.org", 1),
        (LogInDoor.PASSWORD, Outcome.FAILED, "planner@example.org", 5),
        (LogInDoor.PASSWORD, Outcome.THROTTLED, "planner@example.org", 35),
        (LogInDoor.PASSWORD, Outcome.FAILED, "", 1),
        (LogInDoor.TOKEN, Outcome.FAILED, "", 1),
    }
    stored = str(list(LogInRecord.objects.values()))
    assert "192.0.2" not in stored
    assert "hunter2" not in stored
    assert len({bytes(one.network) for one in LogInRecord.objects.all()}) == 1


def test_marks_of_one_network_differ_from_day_to_day(planner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in("guess")
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    log_in("guess")
    marks = {bytes(one.network) for one in LogInRecord.objects.all()}
    assert len(marks) == 2


def test_records_are_forgotten_after_their_days(planner: User, settings: Settings) -> None:
    settings.LOG_IN_RECORD_DAYS = 30
    log_in("guess")
    LogInRecord.objects.update(last_at=timezone.now() - timedelta(days=31))
    log_in("guess", email="other@example.org")
    forget_past_days(timezone.now() + timedelta(days=1))
    assert LogInRecord.objects.count() == 1


def test_superusers_read_the_record_and_others_do_not(planner: User, administrator: User) -> None:
    from django.contrib.auth.models import Permission

    log_in("guess")
    planner.user_permissions.set(Permission.objects.all())
    page = "/admin/doors/loginrecord/"
    assert "planner@example.org" in staff_browser(administrator).get(page).content.decode()
    assert staff_browser(planner).get(page).status_code == 403
    assert staff_browser(administrator).post(f"{page}add/").status_code == 403
