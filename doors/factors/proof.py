"""What a session has proved: a password, a second factor; when.

django-allauth keeps the list in the session (`account_authentication_methods`), for log-ins by other systems as well.
"""

from __future__ import annotations

import time
from typing import Final

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.models import User

FACTOR: Final = "mfa"
PASSWORD: Final = "password"  # noqa: S105 - a name


def note_factor(request: HttpRequest, user: User, factor: Authenticator) -> None:
    """Note that this session proved a second factor, now."""
    factor.record_usage()
    record_authentication(request, user, FACTOR, id=factor.pk, type=factor.type)


def note_password(request: HttpRequest, user: User) -> None:
    """Note that this session proved the password, now."""
    record_authentication(request, user, PASSWORD)


def has_proved_factor(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was proved in this session, or by the system that sent the person here."""
    return any(one.get("method") == FACTOR for one in get_authentication_records(request, user))


def seconds_since(request: HttpRequest, user: User) -> float | None:
    """How long ago this session proved anything; None if it never did."""
    times = [
        one["at"] for one in get_authentication_records(request, user) if isinstance(one.get("at"), float)
    ]
    return time.time() - max(times) if times else None
