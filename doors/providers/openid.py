"""OpenID Connect: authorization code flow with PKCE, state and nonce; every ID token's signature is checked.

Of citizens only issuer and subject are taken, and scope is `openid` alone, so that neither name nor address is asked
for. Code and tokens live in this module's variables until the answer is checked, and are never stored or logged.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.utils.crypto import constant_time_compare

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with public keys; a client's secret signs nothing here."""
_TIMEOUT: Final = 5.0
"""Seconds for each request to the provider."""
_KEPT_FOR: Final = 3600.0
"""Seconds for which the provider's description is kept."""
_LEEWAY: Final = 60
"""Seconds by which clocks may differ."""
_LONGEST_SUBJECT: Final = 255
_REFUSALS: Final = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)
"""What RFC 6749, section 5.2 lets a provider answer instead of a token; nothing else of it is logged."""
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})

logger = logging.getLogger(__name__)


class SignInFailed(Exception):
    """Nobody was signed in; `code` has a sentence in `mapping.services.signing_in.sentences`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Provider:
    """Where people sign in. `levels` are values of `acr` of which one is demanded."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    levels: tuple[str, ...] = ()
    scopes: str = "openid"


@dataclass(frozen=True)
class Begun:
    """What a browser keeps, signed, between the way to the provider and back."""

    state: str
    nonce: str
    verifier: str

    def as_values(self) -> dict[str, str]:
        """For a signed cookie."""
        return asdict(self)


@dataclass(frozen=True)
class Subject:
    """Who signed in: unique for the issuer, and never stored."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class _Description:
    """What the provider says about itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization: str
    token: str
    about: str
    keys: jwt.PyJWKClient
    takes_basic: bool
    read_at: float


_described: dict[str, _Description] = {}
_lock = threading.Lock()


def citizens_provider() -> Provider | None:
    """The provider for citizens; None where none is set up."""
    if not settings.CITIZEN_OIDC_ISSUER or not settings.CITIZEN_OIDC_CLIENT_ID:
        return None
    return Provider(
        settings.CITIZEN_OIDC_ISSUER,
        settings.CITIZEN_OIDC_CLIENT_ID,
        settings.CITIZEN_OIDC_CLIENT_SECRET,
        settings.CITIZEN_OIDC_NAME or urlsplit(settings.CITIZEN_OIDC_ISSUER).hostname or "",
        tuple(settings.CITIZEN_OIDC_LEVELS),
    )


def is_safe(address: str) -> bool:
    """Whether an address is encrypted, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)


def begin(provider: Provider, back: str, *, anew: bool = False) -> tuple[str, Begun]:
    """The address to send a browser to, and what it has to keep; `back` is where it returns to.

    With `anew` the provider must not take somebody from an earlier sign-in. Raises SignInFailed "sign_in_unavailable".
    """
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    digest = hashlib.sha256(begun.verifier.encode("ascii")).digest()
    asked = {
        "response_type": "code",
        "scope": provider.scopes,
        "client_id": provider.client_id,
        "redirect_uri": back,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
    }
    if provider.levels:
        asked["acr_values"] = " ".join(provider.levels)
    if anew:
        asked |= {"prompt": "login", "max_age": "0"}
    address = _described_by(provider).authorization
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}", begun


def complete(provider: Provider, begun: Begun, back: str, answer: Mapping[str, str]) -> Subject:
    """Who came back with an answer; raises SignInFailed."""
    claims = complete_with_claims(provider, begun, back, answer)
    return Subject(claims["iss"], claims["sub"])


def complete_with_claims(
    provider: Provider, begun: Begun, back: str, answer: Mapping[str, str], wanted: Iterable[str] = ()
) -> Mapping[str, Any]:
    """What the provider says of whom came back; `wanted` claims that are not in the ID token are asked for.

    Raises SignInFailed.
    """
    if not constant_time_compare(answer.get("state", ""), begun.state):
        raise SignInFailed("sign_in_stale")
    if "error" in answer:
        raise SignInFailed("sign_in_cancelled")
    description = _described_by(provider)
    # RFC 9207: an answer of another provider must not be taken to this one.
    if answer.get("iss", description.issuer) != description.issuer or not answer.get("code"):
        raise SignInFailed("sign_in_refused")
    token, access = _tokens(provider, description, begun, back, answer["code"])
    claims = _claims_of(provider, description, begun, token)
    if description.about and access and any(name not in claims for name in wanted):
        more = _read(description.about, {"Authorization": f"Bearer {access}"})
        # OpenID Connect Core 1.0, section 5.3.2: what is said of somebody else must not be used.
        if more.get("sub") != claims["sub"]:
            raise SignInFailed("sign_in_refused")
        # When somebody was checked is what the token says (section 2), or nothing.
        claims = {name: value for name, value in more.items() if name != "auth_time"} | dict(claims)
    return claims


def forget_descriptions() -> None:
    """Read descriptions of providers again (tests)."""
    with _lock:
        _described.clear()


def _described_by(provider: Provider) -> _Description:
    known = _described.get(provider.issuer)
    if known is not None and time.monotonic() - known.read_at < _KEPT_FOR:
        return known
    found = _read(f"{provider.issuer}/.well-known/openid-configuration")
    issuer, authorization, token, keys = (
        str(found.get(name, ""))
        for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    )
    if issuer.rstrip("/") != provider.issuer or not all(map(is_safe, (issuer, authorization, token, keys))):
        logger.error("The description of a provider cannot be used.")
        raise SignInFailed("sign_in_unavailable")
    about = str(found.get("userinfo_endpoint", ""))
    ways = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    made = _Description(
        issuer,
        authorization,
        token,
        about if is_safe(about) else "",
        jwt.PyJWKClient(keys, timeout=_TIMEOUT),
        "client_secret_basic" in ways,
        time.monotonic(),
    )
    with _lock:
        _described[provider.issuer] = made
    return made


def _read(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        response = requests.get(address, headers=headers, timeout=_TIMEOUT, allow_redirects=False)
        response.raise_for_status()
        found = response.json()
    except (requests.RequestException, ValueError) as error:
        raise _unavailable(error) from None
    if not isinstance(found, dict):
        raise SignInFailed("sign_in_unavailable")
    return found


def _tokens(
    provider: Provider, description: _Description, begun: Begun, back: str, code: str
) -> tuple[str, str]:
    """ID token and access token for a code; a refresh token is thrown away here."""
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": begun.verifier,
    }
    auth = None
    if provider.client_secret and description.takes_basic:
        auth = (provider.client_id, provider.client_secret)
    else:
        sent["client_id"] = provider.client_id
        if provider.client_secret:
            sent["client_secret"] = provider.client_secret
    try:
        response = requests.post(
            description.token, data=sent, auth=auth, timeout=_TIMEOUT, allow_redirects=False
        )
        if response.status_code >= requests.codes.server_error:
            response.raise_for_status()
        found = response.json()
    except (requests.RequestException, ValueError) as error:
        raise _unavailable(error) from None
    token = found.get("id_token") if isinstance(found, dict) else None
    if response.status_code != requests.codes.ok or not isinstance(token, str):
        reason = found.get("error") if isinstance(found, dict) else None
        logger.error(
            "A provider gave no token: %s", reason if reason in _REFUSALS else "no reason that is known"
        )
        raise SignInFailed("sign_in_refused")
    return token, str(found.get("access_token", ""))


def _claims_of(provider: Provider, description: _Description, begun: Begun, token: str) -> Mapping[str, Any]:
    """What a token says, all of it checked (OpenID Connect Core 1.0, section 3.1.3.7)."""
    try:
        key = _key_of(description, token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=description.issuer,
            leeway=_LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise _unavailable(error) from None
    except jwt.PyJWTError as error:
        logger.warning("A token of a provider was refused: %s", type(error).__name__)
        raise SignInFailed("sign_in_refused") from None
    subject = claims["sub"]
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    is_for_us = claims.get("azp", None if is_shared else provider.client_id) == provider.client_id
    is_answer = constant_time_compare(str(claims.get("nonce", "")), begun.nonce)
    if not is_for_us or not is_answer or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise SignInFailed("sign_in_refused")
    if provider.levels and claims.get("acr") not in provider.levels:
        raise SignInFailed("sign_in_level")
    return claims


def _key_of(description: _Description, token: str) -> jwt.PyJWK:
    """The provider's key that signed a token; one of many is named by the token. Keys are read anew for a new name."""
    name = jwt.get_unverified_header(token).get("kid")
    for is_read_anew in (False, True):
        keys = [
            one
            for one in description.keys.get_jwk_set(is_read_anew).keys
            if one.public_key_use in {"sig", None}
        ]
        found = [one for one in keys if name is None or one.key_id == name]
        if len(found) == 1:
            return found[0]
    raise jwt.InvalidKeyError("no such key")


def _unavailable(error: Exception) -> SignInFailed:
    """By the kind of error alone: its words may hold addresses with codes."""
    logger.error("A provider cannot be reached: %s", type(error).__name__)
    return SignInFailed("sign_in_unavailable")
