"""Log-ins and log-outs, by whatever page: Django announces both.

Attempts that failed are not recorded again: `doors` counts them by hour, account and network ("Log-in attempts").
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.signals import user_logged_in, user_logged_out

from audit.actions import Action
from audit.recording import record

_PROOFS: Final = "account_authentication_methods"
"""Where django-allauth keeps in a session by which proofs it began."""


def connect() -> None:
    """Record every log-in and log-out from now on."""
    user_logged_in.connect(_logged_in, dispatch_uid="audit.logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="audit.logged_out")


def _logged_in(
    sender: object,  # noqa: ARG001 - the interface of receivers
    user: Any,
    request: Any = None,
    **_more: object,
) -> None:
    proofs = getattr(request, "session", {}).get(_PROOFS, ())
    methods = [str(one.get("type") or one.get("method")) for one in proofs]
    record(user, Action.LOGGED_IN, by=" ".join(methods) or "password")


def _logged_out(sender: object, user: Any, **_more: object) -> None:  # noqa: ARG001 - the interface of receivers
    if user is not None and user.pk is not None:
        record(user, Action.LOGGED_OUT)
