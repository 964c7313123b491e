"""Background work of this app: letters."""

from __future__ import annotations

import time

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as queue

from doors import letters


@queue.task(
    name="doors.send_reset_letter", queue="mail", retry=RetryStrategy(max_attempts=2, exponential_wait=30)
)
def send_reset_letter(user: int, language: str, asked_at: int) -> None:
    """Send a link for a new password; not for a wish so old that its link would have ended."""
    if time.time() - asked_at < settings.PASSWORD_RESET_TIMEOUT:
        letters.send_reset_letter(user, language)
