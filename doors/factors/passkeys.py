"""Passkeys and security keys (WebAuthn): added, asked for, checked, by the library's server."""

from __future__ import annotations

import json
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from fido2.webauthn import ResidentKeyRequirement, UserVerificationRequirement

from accounts.models import User

_LONGEST: Final = 20_000
"""Characters of what a browser sends; an attestation with certificates has some thousands."""
_BROKEN: Final = (ValidationError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What the library raises at answers that no browser gives."""


def creation_options(user: User) -> str:
    """What a browser needs to make a passkey, as JSON; the challenge is kept in the session.

    A key that can be found without a name and asks for a PIN or finger is preferred: it opens the site without a
    password. Older security keys serve as second factor.
    """
    options, state = auth.get_server().register_begin(
        user=auth.build_user_payload(user),
        credentials=auth.get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
        extensions=auth.EXTENSIONS,
    )
    auth.set_state(state)
    return json.dumps(dict(options))


def request_options(user: User | None) -> str:
    """What a browser needs to prove a passkey, as JSON: of a user, or any that it knows for this site."""
    return json.dumps(auth.begin_authentication(user))


def add(user: User, name: str, sent: str) -> Authenticator | None:
    """Store a passkey that a browser made; None if its answer does not fit the challenge."""
    credential = _parsed(sent)
    if credential is None:
        return None
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except _BROKEN:
        return None
    added: Authenticator = auth.WebAuthn.add(user, name, credential).instance
    return added


def factor_of_passkey(user: User, sent: str) -> Authenticator | None:
    """The factor of a user that a browser proved; None if there is none."""
    credential = _parsed(sent)
    return None if credential is None else _proved(user, credential)


def owner_of_passkey(sent: str) -> tuple[Authenticator | None, int | None]:
    """The factor that a browser proved without a name or password, by PIN or finger, and the number of whose it is.

    The number is given for wrong answers too, where such an account exists, and proves nothing.
    """
    credential = _parsed(sent)
    if credential is None:
        return None, None
    try:
        response = auth.parse_authentication_response(credential)
        owner = auth.extract_user_from_response(credential)
        is_verified = response.response.authenticator_data.is_user_verified()
    except _BROKEN:
        return None, None
    if not isinstance(owner, User):
        return None, None
    factor = _proved(owner, credential) if is_verified and owner.is_active else None
    return factor, owner.pk


def _proved(user: User, credential: dict[str, Any]) -> Authenticator | None:
    try:
        auth.parse_authentication_response(credential)
        found: Authenticator = auth.complete_authentication(user, credential)
    except _BROKEN:
        return None
    return found


def _parsed(sent: str) -> dict[str, Any] | None:
    if not 0 < len(sent) <= _LONGEST:
        return None
    try:
        found = json.loads(sent)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
