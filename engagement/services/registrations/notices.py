"""Mails to people who registered, put into the ledger in the transaction of what they are about."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from engagement.models import EventDate, Letter, LetterAbout, LetterKind, Registration, RegistrationState
from engagement.services.subscriptions.enqueuing import enqueue_senders

REMINDED_BEFORE: Final = timedelta(hours=48)
"""So long before the start people are reminded of it."""


def confirm(registration: Registration) -> None:
    """Confirm a registration, or the place on the waiting list."""
    _write([registration], LetterAbout.STATE)


def moved_up(registrations: Iterable[Registration]) -> None:
    """Somebody has a place now."""
    _write(registrations, LetterAbout.MOVED_UP)


def date_takes_place(date: EventDate) -> None:
    """The date begins at another time, or was cancelled and takes place after all."""
    _write(_of(date), LetterAbout.CHANGED)


def date_was_cancelled(date: EventDate) -> None:
    """The date does not take place."""
    _write(_of(date), LetterAbout.CANCELLED)


def remind(registrations: Iterable[Registration]) -> int:
    """The date is soon; return the number of mails."""
    return _write(registrations, LetterAbout.REMINDER)


def write_enqueued(registration: uuid.UUID, about: str) -> None:
    """Write what was enqueued as a job."""
    found = Registration.objects.select_related("date").filter(pk=registration)
    if about in LetterAbout.values:
        _write(found, LetterAbout(about))


def _of(date: EventDate) -> Iterable[Registration]:
    return date.registrations.exclude(state=RegistrationState.CANCELLED).exclude(mail="")


def _write(registrations: Iterable[Registration], about: LetterAbout) -> int:
    if not settings.SENDS_MAIL:
        return 0
    readers = [one for one in registrations if one.mail]
    if not readers:
        return 0
    with transaction.atomic():
        Letter.objects.bulk_create(
            Letter(kind=LetterKind.REGISTRATION, registration=one, about=about) for one in readers
        )
        if about != LetterAbout.CANCELLED:
            _note_named_starts(readers)
        # Behind the commit, since a job's lock would make other registrations wait; what is lost there is found within
        # a minute.
        transaction.on_commit(enqueue_senders, robust=True)
    return len(readers)


def _note_named_starts(readers: Iterable[Registration]) -> None:
    """A mail that names a start within two days is a reminder as well."""
    soon = timezone.now() + REMINDED_BEFORE
    named = [one for one in readers if one.date.starts_at <= soon]
    for one in named:
        one.reminded_for = one.date.starts_at
    Registration.objects.bulk_update(named, ["reminded_for"])
