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
PROVIDER: Final = "provider"


def note_factor(request: HttpRequest, user: User, factor: Authenticator) -> None:
    """Note that this session proved a second factor, now."""
    factor.record_usage()
    record_authentication(request, user, FACTOR, id=factor.pk, type=factor.type)


def note_password(request: HttpRequest, user: User) -> None:
    """Note that this session proved the password, now."""
    record_authentication(request, user, PASSWORD)


def note_provider(
    request: HttpRequest, user: User, provider: str, *, is_fresh: bool, has_factor: bool = False
) -> None:
    """Note that a provider named this user, and whether it showed that it checked them just now."""
    for method in (PROVIDER, *([FACTOR] if has_factor else ())):
        record_authentication(request, user, method, provider=provider, is_fresh=is_fresh)


def has_proved_factor(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was proved in this session, or by the system that sent the person here."""
    return any(one.get("method") == FACTOR for one in get_authentication_records(request, user))


def seconds_since(request: HttpRequest, user: User) -> float | None:
    """How long ago this session proved anything; None if it never did.

    An earlier log-in at a provider, which let somebody in once more, is no proof.
    """
    times = [
        one["at"]
        for one in get_authentication_records(request, user)
        if isinstance(one.get("at"), float) and (PROVIDER not in one or one.get("is_fresh") is True)
    ]
    return time.time() - max(times) if times else None


def came_from_provider(request: HttpRequest, user: User) -> bool:
    """Whether a provider had a part in this session, so that its begin alone proves nothing."""
    return any(PROVIDER in one for one in get_authentication_records(request, user))
