"""Background work of this app: each task calls what a command or a page could call as well."""

from __future__ import annotations

import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as queue

from engagement.services.registrations import letters, notices


@queue.task(name=notices.TASK, queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def send_registration_letter(registration: str, about: str) -> None:
    """Send a letter to somebody who registered for a date."""
    letters.send(uuid.UUID(registration), about)
