"""What a provider answers is believed only where everything fits; each fault is made once."""

import hashlib
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from doors.providers import openid
from tests.signing_in.faulty import KEY, OTHER_KEY, Faulty, faulty_provider
from tests.signing_in.provider import asked_for

BACK = "https://city.example/sign-in/back/"


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    """A provider that answers what the test wants."""
    with faulty_provider() as running:
        openid.forget_descriptions()
        yield running
    openid.forget_descriptions()


def provider_at(faulty: Faulty, **more: Any) -> openid.Provider:
    return openid.Provider(faulty.issuer, "city", "sesame", "BürgerID", **more)


def finish(faulty: Faulty, make: Callable[[str], None], **more: Any) -> openid.Subject:
    """Walk to the provider and back; `make` gets the nonce and decides on the token."""
    provider = provider_at(faulty, **more)
    _, begun = openid.begin(provider, BACK)
    make(begun.nonce)
    return openid.complete(provider, begun, BACK, {"state": begun.state, "code": "c0de"})


def test_right_answer_names_the_subject_and_nothing_else(faulty: Faulty) -> None:
    found = finish(faulty, lambda nonce: faulty.sign(faulty.claims(nonce=nonce, email="ada@example.org")))
    assert found == openid.Subject(faulty.issuer, "ada")


def test_code_is_bound_to_the_browser_that_asked(faulty: Faulty) -> None:
    provider = provider_at(faulty)
    address, begun = openid.begin(provider, BACK)
    faulty.sign(faulty.claims(nonce=begun.nonce))
    openid.complete(provider, begun, BACK, {"state": begun.state, "code": "c0de"})
    verifier = parse_qs(faulty.received[0])["code_verifier"][0]
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert asked_for(address)["code_challenge"] == digest
    assert "sesame" not in faulty.received[0]  # by the header, as the provider takes it by default


FAULTS: dict[str, Callable[[Faulty, str], None]] = {
    "another issuer": lambda to, nonce: to.sign(to.claims(nonce=nonce, iss="https://evil.example")),
    "another audience": lambda to, nonce: to.sign(to.claims(nonce=nonce, aud="other")),
    "several audiences": lambda to, nonce: to.sign(to.claims(nonce=nonce, aud=["city", "other"])),
    "for another party": lambda to, nonce: to.sign(to.claims(nonce=nonce, azp="other")),
    "another nonce": lambda to, nonce: to.sign(to.claims(nonce=nonce[::-1])),
    "no nonce": lambda to, _: to.sign(to.claims()),
    "too old": lambda to, nonce: to.sign(to.claims(nonce=nonce, exp=int(time.time()) - 120)),
    "no end": lambda to, nonce: to.sign(to.claims(nonce=nonce, exp=None)),
    "no subject": lambda to, nonce: to.sign(to.claims(nonce=nonce, sub=None)),
    "empty subject": lambda to, nonce: to.sign(to.claims(nonce=nonce, sub="")),
    "long subject": lambda to, nonce: to.sign(to.claims(nonce=nonce, sub="a" * 256)),
    "another key": lambda to, nonce: to.sign(to.claims(nonce=nonce), key=OTHER_KEY),
    "unknown key": lambda to, nonce: to.sign(to.claims(nonce=nonce), kid="2"),
    "unsigned": lambda to, nonce: to.sign(to.claims(nonce=nonce), key=None, algorithm="none"),
    "signed with the client's secret": lambda to, nonce: to.sign(
        to.claims(nonce=nonce), key="sesame" * 6, algorithm="HS256"
    ),
    "no token": lambda to, _: setattr(to, "token", "no.token.at-all"),
    "refused code": lambda to, _: setattr(to, "status", 400),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_refused(faulty: Faulty, fault: str) -> None:
    with pytest.raises(openid.SignInFailed) as refused:
        finish(faulty, lambda nonce: FAULTS[fault](faulty, nonce))
    assert refused.value.code == "sign_in_refused"


def test_public_key_is_no_shared_secret(faulty: Faulty) -> None:
    """The known attack on libraries that take the algorithm from the token."""
    public = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def forge(nonce: str) -> None:
        head, body, _ = jwt.encode(
            faulty.claims(nonce=nonce), "x" * 32, algorithm="HS256", headers={"kid": "1"}
        ).split(".")
        mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        signature = mac.sign(f"{head}.{body}".encode(), public)
        faulty.token = f"{head}.{body}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    with pytest.raises(openid.SignInFailed, match="sign_in_refused"):
        finish(faulty, forge)


def test_level_that_is_too_low_is_refused(faulty: Faulty) -> None:
    levels = ("high",)
    with pytest.raises(openid.SignInFailed, match="sign_in_level"):
        finish(faulty, lambda nonce: faulty.sign(faulty.claims(nonce=nonce, acr="low")), levels=levels)
    found = finish(faulty, lambda nonce: faulty.sign(faulty.claims(nonce=nonce, acr="high")), levels=levels)
    assert found.subject == "ada"
    assert asked_for(openid.begin(provider_at(faulty, levels=levels), BACK)[0])["acr_values"] == "high"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "https://evil.example"),
        ("token_endpoint", "http://city.example/token"),
        ("jwks_uri", "ftp://127.0.0.1/jwks"),
        ("authorization_endpoint", ""),
    ],
)
def test_description_that_does_not_fit_is_not_used(faulty: Faulty, name: str, value: str) -> None:
    faulty.description[name] = value
    with pytest.raises(openid.SignInFailed, match="sign_in_unavailable"):
        openid.begin(provider_at(faulty), BACK)


def test_answer_in_the_name_of_another_provider_is_refused(faulty: Faulty) -> None:
    provider = provider_at(faulty)
    _, begun = openid.begin(provider, BACK)
    answer = {"state": begun.state, "code": "c0de", "iss": "https://evil.example"}
    with pytest.raises(openid.SignInFailed, match="sign_in_refused"):
        openid.complete(provider, begun, BACK, answer)
    assert faulty.received == []


def test_provider_that_fails_is_unavailable_and_nothing_of_it_is_logged(
    faulty: Faulty, caplog: pytest.LogCaptureFixture
) -> None:
    faulty.status = 503
    with pytest.raises(openid.SignInFailed, match="sign_in_unavailable"):
        finish(faulty, lambda _nonce: None)
    assert "c0de" not in caplog.text
    assert faulty.issuer not in caplog.text
