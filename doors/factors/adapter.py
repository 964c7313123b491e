"""How factors are stored: secrets encrypted under the site's key, passkeys bound to the site's name."""

from __future__ import annotations

import base64
import hashlib
from typing import Final
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.module_loading import import_string

_PURPOSE: Final = b"geoparticipation: secrets of second factors"


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


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    raw = key if isinstance(key, bytes) else key.encode()
    return base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + b"\0" + raw).digest())
