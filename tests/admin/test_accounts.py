"""Users and API tokens in the administration."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, User
from tests.personas import PASSWORD, staff_browser


@pytest.fixture
def browser(administrator: User) -> Client:
    return staff_browser(administrator)


def test_a_token_is_shown_once_and_works(browser: Client, administrator: User) -> None:
    answer = browser.post(
        reverse("admin:accounts_apitoken_add"),
        {"name": "QGIS", "scope": "read", "expires_at_0": "", "expires_at_1": ""},
    )
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    found = re.search(r'value="(gp_[\w-]+)"', answer.content.decode())
    assert found is not None
    issued = ApiToken.find(found[1])
    assert issued is not None
    assert issued.user == administrator
    assert not issued.may_write
    assert issued.expires_at is not None
    assert timedelta(days=89) < issued.expires_at - timezone.now() <= timedelta(days=90)
    for name in ("changelist", "index"):
        path = reverse("admin:accounts_apitoken_changelist" if name == "changelist" else "admin:index")
        assert found[1].encode() not in browser.get(path).content
    assert ApiToken.objects.count() == 1


def test_a_token_is_not_changed_but_deleted(browser: Client, moderator: User) -> None:
    ApiToken.issue(moderator, "QGIS")
    token = ApiToken.objects.get()
    path = reverse("admin:accounts_apitoken_change", args=(token.pk,))
    assert browser.post(path, {"user": str(moderator.pk), "name": "other"}).status_code == 403
    browser.post(reverse("admin:accounts_apitoken_delete", args=(token.pk,)), {"post": "yes"})
    assert not ApiToken.objects.exists()


def test_a_new_user_logs_in_with_the_address_in_any_case(browser: Client) -> None:
    answer = browser.post(
        reverse("admin:accounts_user_add"),
        {
            "email": "New@Example.org",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "memberships-TOTAL_FORMS": "0",
            "provider_identities-TOTAL_FORMS": "0",
            "provider_identities-INITIAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )
    assert answer.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert user.check_password(PASSWORD)
    assert Client().login(email="NEW@example.org", password=PASSWORD)


def test_users_are_found_for_memberships(browser: Client, moderator: User) -> None:
    answer = browser.get(
        reverse("admin:autocomplete"),
        {"term": "moder", "app_label": "accounts", "model_name": "membership", "field_name": "user"},
    )
    assert [one["text"] for one in answer.json()["results"]] == [moderator.email]
