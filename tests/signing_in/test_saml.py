"""Staff log in by SAML: one right answer, and every way in which an answer can be wrong."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from pytest_django.fixtures import Settings

from accounts.models import User
from audit.models import Entry
from audit.recording import Action
from doors.models import LogInDoor, LogInRecord, Outcome
from tests import personas
from tests.doors.factoring import code_now, give_app, type_code
from tests.signing_in import saml_provider as idp
from tests.signing_in.saml_provider import Answer, request_id_in, sent

pytestmark = pytest.mark.django_db

BACK = "/accounts/at/saml/back/"


@pytest.fixture(scope="module")
def metadata_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return idp.write_metadata(tmp_path_factory.mktemp("saml"))


@pytest.fixture(autouse=True)
def provider(settings: Settings, metadata_file: Path) -> dict[str, Any]:
    """The provider's settings; accounts are made."""
    values: dict[str, Any] = {
        "key": "saml",
        "kind": "saml",
        "name": "Landesdienst",
        "creates_accounts": True,
        "second_factor": [],
        "metadata_file": str(metadata_file),
        "email_attribute": "mail",
    }
    settings.STAFF_PROVIDERS = [values]
    return values


def begin(**asked: str) -> tuple[Client, str]:
    """A browser that was sent to the provider, and the id of its request."""
    browser = Client()
    answer = browser.get(reverse("provider", args=("saml",)), asked)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{idp.ISSUER}/sso?")
    return browser, request_id_in(answer.headers["Location"])


def is_in(answer: Any) -> bool:
    return answer.status_code in {302, 303} and site.SESSION_COOKIE_NAME in answer.client.cookies


def test_right_answer_logs_in_and_leads_on() -> None:
    browser, request_id = begin(next="/planning/city/")
    answer = browser.post(BACK, sent(Answer(request_id).xml()))
    assert is_in(answer)
    assert answer.headers["Location"] == "/planning/city/"
    assert User.objects.get().email == "ada@example.org"
    assert browser.get(reverse("planning:campaigns")).status_code == 200
    assert list(LogInRecord.objects.values_list("door", "outcome")) == [
        (LogInDoor.PROVIDER, Outcome.SUCCEEDED)
    ]


def test_form_of_another_site_is_taken_without_a_token_by_the_way_back_only() -> None:
    browser = Client(enforce_csrf_checks=True)
    begun = browser.get(reverse("provider", args=("saml",)))
    answer = browser.post(BACK, sent(Answer(request_id_in(begun.headers["Location"])).xml()))
    assert is_in(answer)


def test_cookie_crosses_sites_for_this_way_alone(settings: Settings) -> None:
    settings.HTTPS = True
    cookie = Client().get(reverse("provider", args=("saml",))).cookies["log-in-at"]
    assert (cookie["samesite"], cookie["secure"], cookie["path"]) == ("None", True, BACK)


WRONG: dict[str, Callable[[str], str]] = {
    "unsigned": lambda to: Answer(to).xml(key=None),
    "signed by somebody else": lambda to: Answer(to).xml(
        key=idp.OTHER_KEY, certificate=idp.OTHER_CERTIFICATE
    ),
    "expired": lambda to: Answer(to, valid_for=timedelta(minutes=-6)).xml(),
    "for another site": lambda to: Answer(to, audience="https://other.example").xml(),
    "to another address": lambda to: Answer(to, destination="https://other.example/acs").xml(),
    "of another provider": lambda to: Answer(to, issuer="https://evil.example").xml(),
    "to another request": lambda _: Answer("_somebody-elses").xml(),
    "with the request in the assertion alone": lambda to: Answer(to, names_request=False).xml(),
    "without the request on the response, to another one": lambda _: Answer(
        "_somebody-elses", names_request=False
    ).xml(),
    "without the request in the assertion": lambda to: Answer(to, confirmed=f'Recipient="{idp.BACK}"').xml(),
    "without the address in the assertion": lambda to: Answer(to, confirmed=f'InResponseTo="{to}"').xml(),
    "to a longer address": lambda to: Answer(
        to, confirmed=f'InResponseTo="{to}" Recipient="{idp.BACK}more"'
    ).xml(),
    "for no site by name": lambda to: Answer(to, audience="").xml(),
    "changed after it was signed": lambda to: Answer(to).xml().replace("ada@example.org", "boss@example.org"),
    "with a forged assertion before": lambda to: idp.with_forged_twin(Answer(to).xml(), "boss", before=True),
    "with a forged assertion behind": lambda to: idp.with_forged_twin(Answer(to).xml(), "boss", before=False),
    "around the signed assertion": lambda to: idp.with_original_inside(Answer(to).xml(), "boss"),
    "of somebody who is another one each time": lambda to: Answer(
        to, format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    ).xml(),
    "no document": lambda _: "<nothing/>",
    "no XML": lambda _: "nothing",
    "entities": lambda to: '<!DOCTYPE a [<!ENTITY b "c">]>' + Answer(to).xml(),
}


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_answers_are_refused_with_a_sentence(fault: str) -> None:
    browser, request_id = begin()
    answer = browser.post(BACK, sent(WRONG[fault](request_id)))
    assert answer.status_code == 403, fault
    assert "war nicht zu trauen" in answer.content.decode()
    assert not User.objects.exists()
    assert site.SESSION_COOKIE_NAME not in browser.cookies
    assert [one.outcome for one in LogInRecord.objects.all()] == [Outcome.FAILED]


def test_answer_is_taken_once() -> None:
    browser, request_id = begin()
    document = sent(Answer(request_id).xml())
    kept = browser.cookies["log-in-at"].value
    assert is_in(browser.post(BACK, document))
    again = Client()
    assert again.post(BACK, document).status_code == 403  # not begun there
    again.cookies["log-in-at"] = kept
    answer = again.post(BACK, document)  # begun there, but used already
    assert answer.status_code == 403
    assert site.SESSION_COOKIE_NAME not in again.cookies


def test_answer_is_taken_on_the_day_of_its_request_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was used is forgotten after it."""
    day = timezone.localdate()
    browser, request_id = begin()
    monkeypatch.setattr(timezone, "localdate", lambda at=None: day if at else day + timedelta(days=1))
    answer = browser.post(BACK, sent(Answer(request_id).xml()))
    assert answer.status_code == 403
    assert not User.objects.exists()


def test_nobody_is_logged_in_unasked() -> None:
    answer = Client().post(BACK, sent(Answer("_never-sent").xml()))
    assert answer.status_code == 403
    assert not User.objects.exists()


def test_nothing_sent_is_refused() -> None:
    browser, _ = begin()
    assert browser.post(BACK, {}).status_code == 403
    browser, _ = begin()
    assert browser.get(BACK).status_code == 403


def test_comment_in_a_name_names_nobody_else(provider: dict[str, Any]) -> None:
    """CVE-2017-11427: the part before the comment alone."""
    browser, request_id = begin()
    is_in(browser.post(BACK, sent(Answer(request_id, subject="ada").xml())))
    victim = User.objects.get()
    browser, request_id = begin()
    forged = Answer(request_id, subject="ada.evil", attributes={"mail": ["evil@example.org"]}).xml()
    browser.post(BACK, sent(idp.with_comment_in_name(forged)))
    assert victim.provider_identities.count() == 1
    assert browser.session.get("_auth_user_id") != str(victim.pk)


def test_level_of_the_provider_counts_as_second_factor_where_declared(
    settings: Settings, provider: dict[str, Any]
) -> None:
    settings.SECOND_FACTOR_ROLES = ["everybody"]
    strong = "https://refeds.org/profile/mfa"
    provider["second_factor"] = [strong]
    page = reverse("planning:campaigns")
    browser, request_id = begin()
    browser.post(BACK, sent(Answer(request_id).xml()))
    assert browser.get(page).status_code == 302
    browser, request_id = begin()
    browser.post(BACK, sent(Answer(request_id, context=strong).xml()))
    assert browser.get(page).status_code == 200


def test_roles_and_subject_come_from_attributes_where_declared(provider: dict[str, Any]) -> None:
    provider |= {"role_claim": "role", "roles": {"admins": ["staff"]}, "subject_attribute": "uid"}
    browser, request_id = begin()
    attributes = {"mail": ["ada@example.org"], "role": ["others", "admins"], "uid": ["4711"]}
    assert is_in(browser.post(BACK, sent(Answer(request_id, attributes=attributes).xml())))
    assert User.objects.get().is_staff
    browser, request_id = begin()
    attributes |= {"role": ["others"], "mail": ["byron@example.org"]}
    assert is_in(browser.post(BACK, sent(Answer(request_id, subject="other", attributes=attributes).xml())))
    assert not User.objects.get().is_staff


def test_metadata_name_this_site() -> None:
    answer = Client().get(reverse("provider-metadata", args=("saml",)))
    root = etree.fromstring(answer.content)
    assert root.get("entityID") == idp.SITE
    assert idp.BACK in answer.content.decode()


def test_file_that_cannot_be_read_is_named_unavailable(provider: dict[str, Any], tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<nothing/>")
    provider["metadata_file"] = str(broken)
    for path in ("provider", "provider-metadata"):
        assert Client().get(reverse(path, args=("saml",))).status_code == 503


def test_account_of_the_same_address_is_not_taken_over(provider: dict[str, Any]) -> None:
    user = personas.make_user("ada@example.org", is_superuser=True)
    browser, request_id = begin()
    assert browser.post(BACK, sent(Answer(request_id).xml())).status_code == 403
    assert not user.provider_identities.exists()
    provider["trusts_email"] = "always"
    browser, request_id = begin()
    assert is_in(browser.post(BACK, sent(Answer(request_id).xml())))
    assert user.provider_identities.exists()


def test_password_was_typed_again_where_that_was_asked_for() -> None:
    for checked, is_right in ((timedelta(minutes=10), False), (timedelta(seconds=5), True)):
        browser, request_id = begin(again="1")
        assert is_in(browser.post(BACK, sent(Answer(request_id, checked=checked).xml()))) is is_right
        assert User.objects.exists() is is_right


def test_log_in_counts_as_proof_if_it_is_shown_to_be_one() -> None:
    for checked, status in ((timedelta(minutes=10), 302), (timedelta(seconds=5), 200)):
        browser, request_id = begin()
        assert is_in(browser.post(BACK, sent(Answer(request_id, checked=checked).xml())))
        assert browser.get("/accounts/factors/app/").status_code == status


def test_log_in_from_the_session_of_another_account_keeps_its_proofs(
    settings: Settings, provider: dict[str, Any]
) -> None:
    settings.SECOND_FACTOR_ROLES = ["everybody"]
    strong = "https://refeds.org/profile/mfa"
    provider |= {"second_factor": [strong], "trusts_email": "always"}
    page, ada = reverse("planning:campaigns"), personas.make_user("ada@example.org")
    for context in (strong, idp.Answer.context):
        browser = personas.staff_browser(personas.make_user(f"other-{len(context)}@example.org"))
        begun = browser.get(reverse("provider", args=("saml",)))
        answer = Answer(request_id_in(begun.headers["Location"]), checked=timedelta(0), context=context)
        assert is_in(browser.post(BACK, sent(answer.xml())))
        if context != strong:
            type_code(browser, code_now())
        assert browser.get(page).status_code == 200
        assert browser.session["_auth_user_id"] == str(ada.pk)
        if context == strong:
            give_app(ada)
    entries = Entry.objects.filter(action=Action.LOGGED_IN, user=ada).order_by("pk")
    assert [one.details["by"] for one in entries] == ["provider mfa", "provider totp"]


def test_same_person_is_asked_for_no_second_factor_twice(provider: dict[str, Any]) -> None:
    provider["trusts_email"] = "always"
    ada = personas.make_user("ada@example.org")
    browser = personas.staff_browser(ada)
    begun = browser.get(reverse("provider", args=("saml",)), {"next": "/planning/city/"})
    answer = Answer(request_id_in(begun.headers["Location"]), checked=timedelta(0))
    session = browser.session.session_key
    back = browser.post(BACK, sent(answer.xml()))
    assert back.headers["Location"] == "/planning/city/"
    assert browser.session.session_key == session
    assert Entry.objects.get(action=Action.CONFIRMED).details["by"] == "provider"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (f"/planning/?search={'a' * 5000}", "/planning/"),
        (f"/planning/?search={'ä' * 900}", "/planning/"),
        (f"/{'a' * 5000}/", "/planning/"),
    ],
)
def test_long_addresses_fit_into_the_cookie(wanted: str, expected: str) -> None:
    browser, request_id = begin(next=wanted)
    assert len(browser.cookies["log-in-at"].OutputString()) < 4096
    answer = browser.post(BACK, sent(Answer(request_id).xml()))
    assert answer.headers["Location"] == expected
