"""API tokens: what their scope opens, when they expire, and that every change of the password ends them."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, Role, TokenScope, User
from mapping.models import Campaign
from mapping.services.identity import edit_token
from tests import personas
from tests.personas import PASSWORD, staff_browser
from tests.walk import Places, addresses, routes

NO_VIEWS = ("api/v1/docs/", r"api/v1/^[\s\S]*$")
"""A page for reading, and whatever is not there: nobody is asked who they are."""
NEW_PASSWORD = "a better horse staples batteries"


def token_of(user: User, scope: str = TokenScope.READ) -> Client:
    """A script with a token."""
    return Client(
        headers={"Authorization": f"Bearer {ApiToken.issue(user, scope=scope)}"},
        raise_request_exception=False,
    )


# --- scope ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_token_that_reads_writes_at_no_address(campaign: Campaign, manager: User, method: str) -> None:
    made = personas.make_contribution(campaign)
    places = Places([campaign], [made], [], [edit_token(made.pk)])
    script, tried = token_of(manager), 0
    for route in routes():
        if not route.startswith(("api/v1/", "ogc/")) or route.startswith("ogc/key/") or route in NO_VIEWS:
            continue
        for address in addresses(route, places)[:2]:
            answer = script.generic(method, address, b"{}", content_type="application/json")
            assert answer.status_code == 403, address
            assert answer.headers["Content-Type"] == "application/problem+json", address
            assert answer.json()["code"] == "token_reads_only", address
            tried += 1
    assert tried > 20
    assert campaign.contributions.get() == made


def test_refusal_is_told_in_the_readers_language(campaign: Campaign, manager: User) -> None:
    script, sentences = token_of(manager), []
    for language in ("de", "en"):
        script.cookies[site.LANGUAGE_COOKIE_NAME] = language
        sentences.append(script.post(f"/ogc/collections/{campaign.slug}-points/items").json()["detail"])
    assert sentences == [
        "Dieser API-Schlüssel darf nur lesen. Bitte nehmen Sie einen, der auch schreiben darf.",
        "This access token may only read. Please use one that may write.",
    ]


def test_token_that_reads_reads_what_its_owner_may(campaign: Campaign, analyst: User) -> None:
    personas.make_contribution(campaign, status=personas.PENDING)
    answer = token_of(analyst).get(f"/api/v1/campaigns/{campaign.slug}/contributions/?status=pending")
    assert len(answer.json()["features"]) == 1


def test_token_that_writes_has_no_more_than_its_owners_rights(campaign: Campaign, analyst: User) -> None:
    answer = token_of(analyst, TokenScope.WRITE).delete(f"/ogc/collections/{campaign.slug}-points/items/x")
    assert answer.json()["code"] == "not_manager"


def test_documents_of_the_interfaces_tell_of_scopes(client: Client, campaign: Campaign) -> None:
    for address in ("/api/v1/openapi.json", "/ogc/api?f=json"):
        assert b"token_reads_only" in b"".join(client.get(address)), address


# --- expiry -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires_in", "sentence"), [(timedelta(days=-1), "Tag"), (timedelta(days=368), "höchstens 366 Tage")]
)
def test_nobody_gets_a_token_for_the_past_or_for_ever(
    administrator: User, expires_in: timedelta, sentence: str
) -> None:
    with pytest.raises(ValidationError):
        ApiToken.issue(administrator, expires_at=timezone.now() + expires_in)
    day = timezone.localdate(timezone.now() + expires_in)
    answer = staff_browser(administrator).post(
        reverse("admin:accounts_apitoken_add"),
        {"name": "x", "scope": "read", "expires_at_0": day.isoformat(), "expires_at_1": "12:00"},
    )
    assert sentence in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_expired_token_opens_nothing(analyst: User, monkeypatch: pytest.MonkeyPatch) -> None:
    script = token_of(analyst)
    assert script.get("/api/v1/").status_code == 200
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert script.get("/api/v1/").status_code == 401


@pytest.mark.parametrize(("days", "most"), [(0, 366), (400, 366)])
def test_days_that_make_no_sense_are_told_at_the_start(settings: Settings, days: int, most: int) -> None:
    settings.API_TOKEN_DAYS, settings.API_TOKEN_MOST_DAYS = days, most
    assert "accounts.E001" in {one.id for one in checks.run_checks()}


def test_tokens_from_before_keep_what_they_could(analyst: User) -> None:
    script = token_of(analyst)
    ApiToken.objects.update(password_mark=b"", expires_at=None)
    assert script.get("/api/v1/").status_code == 401
    import_module("accounts.migrations.0004_give_tokens_a_scope").keep_what_tokens_could(apps, None)
    token = ApiToken.objects.get()
    assert (token.may_write, token.expires_at) == (True, None)
    assert script.get("/api/v1/").status_code == 200


# --- the password -----------------------------------------------------------------------------------------------------


def by_administration(user: User) -> None:
    administrator = personas.make_user("admin@example.org", is_staff=True, is_superuser=True)
    answer = staff_browser(administrator).post(
        reverse("admin:auth_user_password_change", args=(user.pk,)),
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"},
    )
    assert answer.status_code == 302


def by_own_page_of_the_administration(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    browser = staff_browser(User.objects.get(pk=user.pk))
    sent = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert browser.post(reverse("admin:password_change"), sent).status_code == 302


def by_command(user: User) -> None:
    answers = iter([NEW_PASSWORD, NEW_PASSWORD])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt: next(answers))
        call_command("changepassword", user.email, stdout=StringIO())


def by_code(user: User) -> None:
    user.set_password(NEW_PASSWORD)
    user.save()


def by_statement(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password="other")


def by_locking(user: User) -> None:
    user.set_unusable_password()
    user.save()


WAYS = [by_administration, by_own_page_of_the_administration, by_command, by_code, by_statement, by_locking]


@pytest.mark.parametrize("change", WAYS)
def test_every_change_of_the_password_ends_the_tokens(
    campaign: Campaign, change: Callable[[User], None]
) -> None:
    user = personas.make_user("someone@example.org", campaign, Role.ANALYST)
    script, colleague = token_of(user), token_of(personas.make_user("other@example.org"))
    assert script.get("/api/v1/").status_code == 200
    change(user)
    assert script.get("/api/v1/").status_code == 401
    assert colleague.get("/api/v1/").status_code == 200
    assert token_of(User.objects.get(pk=user.pk)).get("/api/v1/").status_code == 200


def test_longer_hash_of_the_same_password_ends_no_token(analyst: User, settings: Settings) -> None:
    """Django hashes a password anew at a log-in when it has come to hash longer."""
    before, script = analyst.password, token_of(analyst)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert Client().login(email=analyst.email, password=PASSWORD)
    assert User.objects.get(pk=analyst.pk).password != before
    assert script.get("/api/v1/").status_code == 200


def test_hash_made_anew_revives_no_ended_token(analyst: User, settings: Settings) -> None:
    script = token_of(analyst)
    by_code(analyst)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert Client().login(email=analyst.email, password=NEW_PASSWORD)
    assert script.get("/api/v1/").status_code == 401
