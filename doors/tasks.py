"""Background work of this app: letters."""

from __future__ import annotations

import time

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as queue

from doors import letters
from doors.sessions.open import end_what_is_over


@queue.task(
    name="doors.send_reset_letter", queue="mail", retry=RetryStrategy(max_attempts=2, exponential_wait=30)
)
def send_reset_letter(user: int, language: str, asked_at: int) -> None:
    """Send a link for a new password; not for a wish so old that its link would have ended."""
    if time.time() - asked_at < settings.PASSWORD_RESET_TIMEOUT:
        letters.send_reset_letter(user, language)


@queue.task(
    name="doors.send_factor_letter", queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=10)
)
def send_factor_letter(user: int, language: str, what: str, kind: str, name: str) -> None:
    """Write to somebody that one of their second factors was added or removed."""
    letters.send_factor_letter(user, language, what, kind, name)


@queue.periodic(cron="17 3 * * *")
@queue.task(name="doors.end_sessions", queueing_lock="doors.end_sessions")
def end_sessions(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Remove sessions that are over."""
    end_what_is_over()
