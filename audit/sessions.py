"""Log-ins and log-outs, by whatever page: Django announces both.

Attempts that failed are not recorded again: `doors` counts them by hour, account and network ("Log-in attempts").
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out

from audit.actions import Action
from audit.recording import record


def connect() -> None:
    """Record every log-in and log-out from now on."""
    user_logged_in.connect(_logged_in, dispatch_uid="audit.logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="audit.logged_out")


def _logged_in(sender: object, user: Any, **_more: object) -> None:  # noqa: ARG001 - the interface of receivers
    backend = getattr(user, "backend", "")
    record(user, Action.LOGGED_IN, by=str(backend).rpartition(".")[2])


def _logged_out(sender: object, user: Any, **_more: object) -> None:  # noqa: ARG001 - the interface of receivers
    if user is not None and user.pk is not None:
        record(user, Action.LOGGED_OUT)
