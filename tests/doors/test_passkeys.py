"""What no browser sends instead of a passkey opens nothing, breaks nothing and is recorded."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from doors.models import LogInDoor, LogInRecord, Outcome
from tests import personas
from tests.doors.factoring import SECOND, give_app, is_logged_in, type_password

PASSKEY = "/accounts/passkey/"


def answer(**changed: object) -> str:
    """A credential as browsers send it, with parts changed."""
    response = {
        "clientDataJSON": "e30",
        "authenticatorData": "AA",
        "signature": "AA",
        "userHandle": "MQ",
        **changed,
    }
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response})


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


DATA = encoded(b'{"type": "webauthn.get", "challenge": "AA", "origin": "http://testserver"}')
FLAGGED = b"\0" * 32 + b"\x85" + b"\0" * 4
ENDS = (b"", b"\xa1", b"\x81" * 6000, b"\xff", b"\xa1\x01")
"""CBOR that ends too early, or never."""
NONSENSE = (
    *("", "{", "[]", "null", "{}", "[" * 9000, '{"response": null}', '{"response": []}', "x" * 30_000),
    *(
        answer(),
        answer(authenticatorData="A" * 200),
        answer(authenticatorData="_" * 148),
        answer(userHandle="!!"),
    ),
    *(
        answer(clientDataJSON="bnVsbA"),
        answer(clientDataJSON=7),
        answer(userHandle=None),
        answer(signature={}),
    ),
    *(answer(clientDataJSON=DATA, authenticatorData=encoded(FLAGGED + end)) for end in ENDS),
    *(answer(clientDataJSON=DATA, attestationObject=encoded(end)) for end in ENDS),
    *(answer(userHandle="OTk5OTk5OTk5OTk5OTk5OTk5OTk5"), answer(attestationObject="o2NmbXRkbm9uZQ")),
)


@pytest.mark.parametrize("sent", NONSENSE)
def test_nonsense_is_no_passkey(db: None, sent: str) -> None:
    browser = Client()
    options = browser.get(PASSKEY).json()
    assert options["publicKey"]["userVerification"] == "required"
    response = browser.post(PASSKEY, {"passkey": sent})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert LogInRecord.objects.get().outcome == Outcome.FAILED
    assert LogInRecord.objects.get().door == LogInDoor.PASSKEY


@pytest.mark.parametrize("sent", NONSENSE[1:])
def test_nonsense_is_no_second_factor_and_adds_none(db: None, sent: str) -> None:
    planner: User = personas.make_user("planner@example.org")
    open_session = personas.staff_browser(planner)
    open_session.get("/accounts/factors/passkey/")
    added = open_session.post("/accounts/factors/passkey/", {"name": "Key", "passkey": sent})
    assert added.status_code == 422
    assert not Authenticator.objects.exists()
    give_app(planner)
    browser = Client()
    type_password(browser, planner)
    refused: Any = browser.post(SECOND, {"passkey": sent})
    assert refused.status_code == 422
    assert not is_logged_in(browser)


def test_one_network_does_not_try_passkeys_for_ever(db: None) -> None:
    browser = Client()
    statuses = [browser.post(PASSKEY, {"passkey": "{}"}).status_code for _ in range(32)]
    assert statuses == [302] * 30 + [429] * 2


def test_one_network_does_not_begin_log_ins_for_ever(db: None, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 0.05
    answers = [Client().get(PASSKEY) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 2
    assert int(answers[-1]["Retry-After"]) > 0
    assert Session.objects.count() == 6
