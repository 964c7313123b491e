"""Letters to people who registered: what is enqueued, in the transaction of what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app as queue
from procrastinate.types import JSONValue

from engagement.models import EventDate, Registration, RegistrationState

TASK: Final = "engagement.send_registration_letter"
"""By name, because tasks stand above this room."""
STATE, MOVED_UP, CHANGED, CANCELLED = "state", "moved_up", "changed", "cancelled"
"""What a letter is about: the registration as it is, a place after waiting, another time, no date."""


def confirm(registration: Registration) -> None:
    """Confirm a registration, or the place on the waiting list."""
    _enqueue([registration], STATE)


def moved_up(registrations: Iterable[Registration]) -> None:
    """Somebody has a place now."""
    _enqueue(registrations, MOVED_UP)


def date_takes_place(date: EventDate) -> None:
    """The date begins at another time, or was cancelled and takes place after all."""
    _enqueue(_of(date), CHANGED)


def date_was_cancelled(date: EventDate) -> None:
    """The date does not take place."""
    _enqueue(_of(date), CANCELLED)


def _of(date: EventDate) -> Iterable[Registration]:
    return date.registrations.exclude(state=RegistrationState.CANCELLED).exclude(mail="")


def _enqueue(registrations: Iterable[Registration], about: str) -> None:
    if not settings.SENDS_MAIL:
        return
    letters: list[dict[str, JSONValue]] = [
        {"registration": str(one.pk), "about": about} for one in registrations if one.mail
    ]
    if letters:
        queue.configure_task(TASK, allow_unknown=False).batch_defer(*letters)
