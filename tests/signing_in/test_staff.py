"""Staff log in at a real provider over HTTP: accounts found, linked, made, refused; rights given and taken."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from oidc_provider_mock import User as Person
from oidc_provider_mock import run_server_in_thread
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, ProviderIdentity, Role, User
from audit.models import Entry
from audit.recording import Action
from doors.letters import may_get_letter
from doors.models import LogInDoor, LogInRecord, Outcome
from doors.providers import openid
from doors.providers.checks import providers_are_whole
from mapping.models import Campaign
from tests import personas
from tests.signing_in.provider import HOST, asked_for, consent, staff_provider

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")]

ADA = "ada-at-the-town-hall"
PEOPLE = [
    Person(
        sub=ADA,
        claims={
            "email": "Ada@example.org",
            "email_verified": True,
            "groups": ["planning"],
            "amr": ["pwd", "otp"],
        },
    ),
    Person(sub="bob", claims={"email": "bob@example.org", "email_verified": False, "groups": []}),
    Person(sub="old", claims={"email": "old@example.org", "auth_time": 1_700_000_000}),
    Person(
        sub="boss",
        claims={"email": "boss@example.org", "email_verified": True, "groups": ["admins", "planning"]},
    ),
]
ROLES = {"admins": ["superuser", "staff"], "planning": ["staff", "make_campaigns", "manager:fear-spaces"]}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The issuer of a provider that runs for all tests of this file."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"
    openid.forget_descriptions()


def go(subject: str, browser: Client | None = None, **asked: str) -> Any:
    """Log somebody in; returns the answer to their return."""
    browser = browser or Client()
    begun = browser.get(reverse("provider", args=("oidc",)), asked)
    assert begun.status_code == 302
    return browser.get(consent(begun.headers["Location"], subject).removeprefix(HOST))


def is_in(answer: Any) -> bool:
    return answer.status_code in {302, 303} and site.SESSION_COOKIE_NAME in answer.client.cookies


def outcomes() -> list[str]:
    return list(LogInRecord.objects.filter(door=LogInDoor.PROVIDER).values_list("outcome", flat=True))


def test_log_in_page_names_the_providers(settings: Settings, issuer: str) -> None:
    page = Client().get(reverse("login"))
    assert reverse("provider", args=("oidc",)) not in page.content.decode()
    staff_provider(settings, issuer)
    page = Client().get(reverse("login"), {"next": "/planning/"})
    assert "Bei Rathaus anmelden" in page.content.decode()
    assert f"{reverse('provider', args=('oidc',))}?next=%2Fplanning%2F" in page.content.decode()


def test_stranger_is_refused_with_a_sentence_and_a_record(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer)
    answer = go(ADA)
    assert answer.status_code == 403
    assert "Sie haben hier kein Konto" in answer.content.decode()
    assert outcomes() == [Outcome.FAILED]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("trust", "subject", "expected"),
    [
        ("no", ADA, False),
        ("verified", ADA, True),
        ("verified", "bob", False),
        ("always", "bob", True),
    ],
)
def test_account_is_linked_by_its_address_only_where_that_is_trusted(
    settings: Settings, issuer: str, trust: str, subject: str, expected: bool
) -> None:
    staff_provider(settings, issuer, trusts_email=trust)
    user = personas.make_user({ADA: "ada@example.org", "bob": "bob@example.org"}[subject], is_staff=True)
    answer = go(subject, next="/planning/city/")
    assert is_in(answer) is expected
    assert user.provider_identities.exists() is expected
    if expected:
        assert answer.headers["Location"] == "/planning/city/"
        assert outcomes() == [Outcome.SUCCEEDED]
        assert answer.client.get(reverse("planning:campaigns")).status_code == 200
    else:
        assert "gehört hier zu einem Konto" in answer.content.decode()


def test_account_that_somebody_prepared_opens_to_its_owner_alone(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, trusts_email="verified")
    user = personas.make_user("ada@example.org", is_staff=True)
    token = ApiToken.issue(user, scope="read")
    elsewhere = personas.staff_browser(user)
    for kind in Authenticator.Type:
        Authenticator.objects.create(user=user, type=kind, data={})
    other = Authenticator.objects.create(
        user=personas.make_user("bob@example.org"), type=Authenticator.Type.TOTP, data={}
    )
    assert is_in(go(ADA))
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not may_get_letter(user)
    # No app or recovery code of whoever prepared it shuts the owner out.
    assert [*Authenticator.objects.all()] == [other]
    removed = Entry.objects.filter(action=Action.FACTOR_REMOVED, key=str(user.pk))
    assert {(one.user_id, one.details["factor"]) for one in removed} == {
        (None, "recovery_codes"),
        (None, "totp"),
        (None, "webauthn"),
    }
    assert elsewhere.get("/planning/account/").status_code == 302
    answer = Client().get("/api/v1/campaigns/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert is_in(go(ADA))


def test_link_stays_when_the_address_changes_and_no_second_person_gets_it(
    settings: Settings, issuer: str
) -> None:
    staff_provider(settings, issuer, trusts_email="always")
    user = personas.make_user("ada@example.org")
    assert is_in(go(ADA))
    User.objects.filter(pk=user.pk).update(email="ada.byron@example.org")
    assert is_in(go(ADA))
    User.objects.filter(pk=user.pk).update(email="bob@example.org")  # the address of somebody who came later
    assert go("bob").status_code == 403
    assert user.provider_identities.count() == 1


def test_account_is_made_where_that_is_wanted(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, creates_accounts=True)
    assert is_in(go("bob"))
    user = User.objects.get(email="bob@example.org")
    assert not user.has_usable_password()
    assert not user.has_rights
    assert is_in(go("bob"))
    assert User.objects.count() == 1


def test_deactivated_account_stays_out(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, trusts_email="always", creates_accounts=True)
    user = personas.make_user("ada@example.org", is_active=False)
    assert go(ADA).status_code == 403
    ProviderIdentity.objects.all().delete()
    user.is_active = True
    user.save()
    assert is_in(go(ADA))
    user.is_active = False
    user.save()
    assert go(ADA).status_code == 403


def test_rights_come_with_the_claim_and_go_with_it(
    settings: Settings, issuer: str, campaign: Campaign
) -> None:
    staff_provider(settings, issuer, creates_accounts=True, role_claim="groups", roles=ROLES)
    assert is_in(go("boss"))
    user = User.objects.get()
    assert (user.is_superuser, user.is_staff, user.may_make_campaigns) == (True, True, True)
    assert [(one.role, one.campaign) for one in user.memberships.all()] == [(Role.MANAGER, campaign)]
    # What the mapping does not name is the administrators' own.
    User.objects.filter(pk=user.pk).update(may_edit_city=True)
    user.memberships.create(campaign=campaign, role=Role.ANALYST)
    staff_provider(settings, issuer, role_claim="nothing", roles=ROLES)
    assert is_in(go("boss"))
    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff, user.may_make_campaigns) == (False, False, False)
    assert user.may_edit_city
    assert [one.role for one in user.memberships.all()] == [Role.ANALYST]
    of_provider = Entry.objects.exclude(action__in=[Action.LOGGED_IN, Action.LOGGED_OUT]).order_by("pk")
    assert [one.action for one in of_provider] == [
        *(Action.ACCOUNT_MADE, Action.IDENTITY_LINKED, Action.ACCOUNT_CHANGED, Action.MEMBERSHIP_GIVEN),
        *(Action.ACCOUNT_CHANGED, Action.MEMBERSHIP_TAKEN),
    ]
    assert {one.details["provider"] for one in of_provider} == {"oidc"}


def test_nobody_new_comes_in_without_a_role(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, creates_accounts=True, role_claim="groups", roles=ROLES)
    answer = go("bob")
    assert answer.status_code == 403
    assert "keine der Rollen" in answer.content.decode()
    assert not User.objects.exists()


def test_own_second_factor_is_asked_for_unless_the_providers_counts(settings: Settings, issuer: str) -> None:
    settings.SECOND_FACTOR_ROLES = ["everybody"]
    staff_provider(settings, issuer, creates_accounts=True)
    page = reverse("planning:campaigns")
    answer = go(ADA)
    assert answer.client.get(page).status_code == 302  # still half logged in
    staff_provider(settings, issuer, second_factor=["otp"])
    answer = go(ADA)
    assert answer.client.get(page).status_code == 200
    settings.STAFF_PROVIDERS[0]["second_factor"] = ["hwk"]
    assert go("old").client.get(page).status_code == 302


def test_provider_asks_again_in_a_session_that_is_open(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, creates_accounts=True)
    browser = go(ADA).client
    begun = browser.get(reverse("provider", args=("oidc",)))
    assert asked_for(begun.headers["Location"])["prompt"] == "login"
    assert "prompt" not in asked_for(Client().get(reverse("provider", args=("oidc",))).headers["Location"])


def test_password_was_typed_again_where_that_was_asked_for(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, creates_accounts=True)
    assert go("old", again="1").status_code == 403
    assert not User.objects.exists()
    assert is_in(go(ADA, again="1"))


def test_log_in_counts_as_proof_if_it_is_shown_to_be_one(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, creates_accounts=True)
    page = "/accounts/factors/app/"
    assert go("old").client.get(page).status_code == 302
    assert go(ADA).client.get(page).status_code == 200


def test_answer_is_taken_once_by_the_browser_that_began(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer, creates_accounts=True)
    browser = Client()
    begun = browser.get(reverse("provider", args=("oidc",)))
    back = consent(begun.headers["Location"], ADA).removeprefix(HOST)
    assert Client().get(back).status_code == 403
    assert browser.get(back).status_code in {302, 303}
    browser.post(reverse("logout"))
    assert browser.get(back).status_code == 403
    assert browser.get(reverse("planning:campaigns")).status_code == 302


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(settings: Settings, issuer: str, wanted: str) -> None:
    staff_provider(settings, issuer, creates_accounts=True)
    assert go(ADA, next=wanted).headers["Location"] == reverse("planning:campaigns")


def test_failed_answers_of_a_network_are_limited(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer)
    settings.NETWORK_LIMITS = 0.1
    back = reverse("provider-back", args=("oidc",))
    assert [Client().get(back).status_code for _ in range(4)] == [403, 403, 403, 429]
    assert Outcome.THROTTLED in outcomes()


def test_unknown_provider_is_not_there(settings: Settings, issuer: str) -> None:
    staff_provider(settings, issuer)
    for name in ("provider", "provider-back", "provider-metadata"):
        assert Client().get(reverse(name, args=("other",))).status_code == 404
    assert Client().get(reverse("provider-metadata", args=("oidc",))).status_code == 404


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, set()),
        ({"issuer": "http://login.example"}, {"doors.E013"}),
        ({"role_claim": "groups"}, {"doors.E015"}),
        ({"role_claim": "groups", "roles": {"a": ["king"]}}, {"doors.E016"}),
        ({"role_claim": "groups", "roles": {"a": ["owner:fear-spaces"]}}, {"doors.E016"}),
        ({"role_claim": "groups", "roles": {"a": 1}}, {"doors.E016"}),
        ({"kind": "saml", "metadata_file": "nowhere.xml"}, {"doors.E014"}),
    ],
)
def test_unsafe_settings_are_found_by_check(
    settings: Settings, values: dict[str, Any], expected: set[str]
) -> None:
    staff_provider(settings, **{"issuer": "https://login.example"} | values)
    assert {one.id for one in providers_are_whole()} == expected
