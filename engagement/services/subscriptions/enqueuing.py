"""The jobs of the senders, enqueued by name, because tasks stand above this room."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

TASK: Final = "engagement.send_letters"
_SENDERS: Final = 2
"""Jobs that send letters side by side."""


def enqueue_senders() -> None:
    """Enqueue a job for each sender that has none waiting."""
    for sender in range(_SENDERS):
        enqueue_sender(sender)


def enqueue_sender(sender: int) -> None:
    """Enqueue a job of a sender, unless one waits already, for whatever is to be sent."""
    job = queue.configure_task(TASK, queueing_lock=f"{TASK}.{sender}", allow_unknown=False)
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(sender=sender)
