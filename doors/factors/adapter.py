"""How factors are stored: secrets encrypted under the site's key, passkeys bound to the site's name."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Final
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User

_PURPOSE: Final = b"geoparticipation: secrets of second factors"
_SHOWN: Final = b"geoparticipation: secrets that a page shows until the first code"
_SHOWN_FOR: Final = 3600
"""Seconds for which the page of a new app can be sent."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets in the database open nothing without SECRET_KEY, which no dump contains."""

    def encrypt(self, text: str) -> str:
        """Encrypt under the current key."""
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt under the current or a former key; raises cryptography.fernet.InvalidToken."""
        return _cipher().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_issuer(self) -> str:
        """The city's name, under which authenticator apps list the account."""
        return self._get_site_name()

    def _get_site_name(self) -> str:
        return str(import_string(settings.CITY_PROFILE)().name)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site by its configured address: the request's Host may be chosen by whoever asks."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": self._get_site_name()}


def sealed(user: User, secret: str) -> str:
    """The secret of an app that is not set up yet, as the page of its user carries it.

    Under a key of its own: pages must not show what is stored in the database.
    """
    said = json.dumps([user.pk, secret])
    return _cipher(_SHOWN).encrypt(said.encode()).decode("ascii")


def opened(user: User, sent: str) -> str:
    """The secret that a page of this user carried within the hour; empty for anything else."""
    try:
        owner, secret = json.loads(_cipher(_SHOWN).decrypt(sent.encode(), ttl=_SHOWN_FOR))
    except (InvalidToken, ValueError):
        return ""
    return str(secret) if owner == user.pk else ""


def _cipher(purpose: bytes = _PURPOSE) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str | bytes, purpose: bytes) -> bytes:
    raw = key if isinstance(key, bytes) else key.encode()
    return base64.urlsafe_b64encode(hashlib.sha256(purpose + b"\0" + raw).digest())
