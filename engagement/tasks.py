"""Background work of this app: each task calls what a command or a page could call as well."""

from __future__ import annotations

import logging
import uuid

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from engagement.services.council import reading
from engagement.services.council.fetching import SourceProblem
from engagement.services.documents import files
from engagement.services.registrations import notices, reminders
from engagement.services.subscriptions import enqueuing, noting, sending, staff
from engagement.services.subscriptions.enqueuing import enqueue_sender, enqueue_senders

logger = logging.getLogger(__name__)


@queue.task(name="engagement.send_registration_letter", queue="mail")
def send_registration_letter(registration: str, about: str) -> None:
    """Put a letter into the ledger that a version enqueued which had none for registrations (before November 2026)."""
    notices.write_enqueued(uuid.UUID(registration), about)


# A file that ends its reader was read as far as it goes: again it would end there. Retried is what a dead worker left.
@queue.task(name=files.TASK, queue="documents", retry=RetryStrategy(max_attempts=3, exponential_wait=10))
def read_document(version: str) -> None:
    """Read the text of an uploaded file."""
    files.read_version(uuid.UUID(version))


@queue.periodic(cron="20 3 * * *")
@queue.task(name="engagement.enqueue_councils", queueing_lock="engagement.enqueue_councils")
def enqueue_councils(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Have each allowed body of another system read."""
    for address in settings.OPARL_SOURCES:
        try:
            read_council.configure(queueing_lock=f"{reading.TASK}.{address}").defer(address=address)
        except AlreadyEnqueued:
            continue


@queue.task(
    name=reading.TASK,
    queue="documents",
    retry=RetryStrategy(max_attempts=3, exponential_wait=60, retry_exceptions=[SourceProblem]),
)
def read_council(address: str) -> None:
    """Read a body of another council information system."""
    actor = reading.reader()
    if actor is None:
        logger.error(
            "OParl: nothing is read, because OPARL_READS_AS is no account that may edit dates and papers."
        )
        return
    report = reading.read_body(actor, address)
    logger.info("OParl: %s sessions were read, %s objects were skipped.", report.sessions, report.skipped)


@queue.periodic(cron="* * * * *")
@queue.task(name="engagement.note_happenings", queueing_lock="engagement.note_happenings")
def note_happenings(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Note what became public, write the letters whose time has come, and have what waits sent."""
    noting.note_happenings()
    noting.write_letters()
    reminders.write_reminders()
    staff.write_weekly_digests()
    staff.warn_of_deletion()
    if sending.is_waiting():
        enqueue_senders()


@queue.task(
    name=enqueuing.TASK,
    queue="news",
    pass_context=True,
    retry=RetryStrategy(max_attempts=3, exponential_wait=5),
)
def send_letters(context: JobContext, sender: int) -> None:
    """Send some of the letters that wait; another job sends the next ones, so that a burst is spread."""
    if sending.send_letters(context.should_abort):
        enqueue_sender(sender)
