"""Background work of this app: each task calls what a command or a page could call as well."""

from __future__ import annotations

import uuid
from typing import Final

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from engagement.services.documents import files
from engagement.services.registrations import letters, notices
from engagement.services.subscriptions import noting, sending

_SENDERS: Final = 2
"""Jobs that send news side by side."""


@queue.task(name=notices.TASK, queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def send_registration_letter(registration: str, about: str) -> None:
    """Send a letter to somebody who registered for a date."""
    letters.send(uuid.UUID(registration), about)


# A file that ends its reader was read as far as it goes: again it would end there. Retried is what a dead worker left.
@queue.task(name=files.TASK, queue="documents", retry=RetryStrategy(max_attempts=3, exponential_wait=10))
def read_document(version: str) -> None:
    """Read the text of an uploaded file."""
    files.read_version(uuid.UUID(version))


@queue.periodic(cron="* * * * *")
@queue.task(name="engagement.note_happenings", queueing_lock="engagement.note_happenings")
def note_happenings(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Note what became public, write the letters whose time has come, and have what waits sent."""
    noting.note_happenings()
    noting.write_letters()
    enqueue_senders()


def enqueue_senders() -> None:
    """Enqueue a job for each sender that has none, if anything waits."""
    if not sending.is_waiting():
        return
    for sender in range(_SENDERS):
        try:
            send_letters.configure(queueing_lock=f"engagement.send_letters.{sender}").defer(sender=sender)
        except AlreadyEnqueued:  # waits already, with whatever is to be sent
            continue


@queue.task(
    name="engagement.send_letters",
    queue="news",
    pass_context=True,
    retry=RetryStrategy(max_attempts=3, exponential_wait=5),
)
def send_letters(context: JobContext, sender: int) -> None:
    """Send some of the letters that wait; another job sends the next ones, so that a burst is spread."""
    if sending.send_letters(context.should_abort):
        try:
            send_letters.configure(queueing_lock=f"engagement.send_letters.{sender}").defer(sender=sender)
        except AlreadyEnqueued:
            return
