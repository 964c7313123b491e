"""Second factors for the tests: an app whose codes are computed, log-ins step by step."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from tests.personas import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOG_IN = "/accounts/login/"
SECOND = "/accounts/second-factor/"


def give_app(user: User) -> None:
    """Let a user have an authenticator app with `SECRET`."""
    TOTP.activate(user, SECRET)


def code_now(secret: str = SECRET, *, later: int = 0) -> str:
    """The code of this half minute, or of one some half minutes later."""
    return str(format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + later)))


def type_password(browser: Client, user: User, following: str = "/imprint/") -> Any:
    """The answer to a right password."""
    return browser.post(LOG_IN, {"username": user.email, "password": PASSWORD, "next": following})


def type_code(browser: Client, code: str) -> Any:
    """The answer to a code after the password."""
    return browser.post(SECOND, {"code": code})


def is_logged_in(browser: Client) -> bool:
    """Whether the planners' pages open."""
    return browser.get("/planning/account/").status_code == 200
