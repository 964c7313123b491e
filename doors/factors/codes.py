"""Codes that people type: of an authenticator app (RFC 6238), or one of their recovery codes.

Each code counts once, on all servers: what was used last is stored in the factor's row, under a lock.
"""

from __future__ import annotations

import hmac
import logging
from typing import Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken
from django.db import transaction

from accounts.models import User

_LAST: Final = "last_counter"

logger = logging.getLogger(__name__)


def factor_of_code(user: User, typed: str) -> Authenticator | None:
    """The factor of a user to which a code belongs, which is thereby used up; None for wrong and used codes."""
    code = plain(typed)
    return _used_app_code(user, code) or _used_recovery_code(user, code)


def plain(typed: str) -> str:
    """A code without the spaces and hyphens that apps and people write."""
    return "".join(sign for sign in typed if sign.isascii() and sign.isalnum())


def counter_of(secret: str, code: str, after: int = 0) -> int | None:
    """The half minute to which a code of an app belongs, if it lies after another one and near now."""
    found = None
    for counter in yield_hotp_counters_from_time():
        expected = format_hotp_value(hotp_value(secret, counter))
        if hmac.compare_digest(expected.encode(), code.encode()) and counter > after:
            found = counter
    return found


@transaction.atomic
def _used_app_code(user: User, code: str) -> Authenticator | None:
    factor = _locked(user, Authenticator.Type.TOTP)
    if factor is None:
        return None
    try:
        secret = get_adapter().decrypt(factor.data["secret"])
    except InvalidToken:
        _note_unreadable(factor)
        return None
    counter = counter_of(secret, code, factor.data.get(_LAST, 0))
    if counter is None:
        return None
    factor.data[_LAST] = counter
    factor.save(update_fields=["data"])
    return factor


@transaction.atomic
def _used_recovery_code(user: User, code: str) -> Authenticator | None:
    factor = _locked(user, Authenticator.Type.RECOVERY_CODES)
    if factor is None:
        return None
    try:
        return factor if RecoveryCodes(factor).validate_code(code) else None
    except InvalidToken:
        _note_unreadable(factor)
        return None


def _note_unreadable(factor: Authenticator) -> None:
    """It was encrypted under a SECRET_KEY that is neither the site's nor among its SECRET_KEY_FALLBACKS."""
    logger.error("A second factor (%s) cannot be decrypted: was SECRET_KEY replaced?", factor.type)


def _locked(user: User, kind: str) -> Authenticator | None:
    found = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=kind).first()
    return found if isinstance(found, Authenticator) else None
