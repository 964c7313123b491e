"""Single dates: moved, cancelled, restored, and what came of them with pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import Event, EventDate, EventStatus, Image
from engagement.services.events import dates
from engagement.services.events.changes import locked, touch
from engagement.services.events.values import Timing, clean_line
from engagement.services.images import add_image, remove_image
from engagement.services.registrations import waiting
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.services.errors import Conflict, Invalid, Problem

LONGEST_REPORT: Final = 10_000


def move_date(date: EventDate, actor: User, timing: Timing, reason: str) -> EventDate:
    """Give a date other times, apart from its series; a cancelled one takes place again.

    Raises NotAllowed "not_event_editor", Conflict "date_is_over", Invalid as `Timing.spans` and on "reason" (too_long).
    """
    span = timing.spans()[0]
    words = clean_line("reason", reason)
    with _changing(date, actor) as (event, stored):
        _require_coming(stored)
        dates.move(event, stored, span, words)
        waiting.move_up(stored)
    return stored


def cancel_date(date: EventDate, actor: User, reason: str) -> EventDate:
    """Cancel a date, apart from its series; people see why.

    Raises NotAllowed "not_event_editor", Conflict "date_is_over" and "event_is_draft" (a draft has nobody to learn of
    it), Invalid on "reason" (required, too_long).
    """
    words = clean_line("reason", reason, is_required=True)
    with _changing(date, actor) as (event, stored):
        _require_coming(stored)
        dates.cancel(event, stored, words)
    return stored


def restore_date(date: EventDate, actor: User) -> EventDate:
    """Let a cancelled date take place after all, at the times that it had; free places go to those who wait.

    Raises NotAllowed "not_event_editor", Conflict "date_is_over".
    """
    with _changing(date, actor) as (event, stored):
        _require_coming(stored)
        if stored.status == EventStatus.CANCELLED:
            dates.restore(event, stored)
            waiting.move_up(stored)
    return stored


def report_on(date: EventDate, actor: User, text: str) -> EventDate:
    """Store what came of a date that is over, with simple formatting.

    Raises NotAllowed "not_event_editor", Conflict "date_not_over", Invalid on "report" (too_long).
    """
    try:
        words = clean_text(text, max_length=LONGEST_REPORT, multiline=True)
    except TextProblem as problem:
        raise Invalid({"report": [Problem(problem.code, problem.params)]}) from None
    with _changing(date, actor) as (_event, stored):
        if not dates.is_over(stored):
            raise Conflict("date_not_over")
        stored.report = words
        stored.save(update_fields=["report"])
    return stored


def add_picture(date: EventDate, actor: User, data: bytes, alt: str) -> Image:
    """Add a picture to the report of a date that is over.

    Raises NotAllowed "not_event_editor", Conflict "date_not_over", and as `images.add_image`.
    """
    with _changing(date, actor) as (_event, stored):
        if not dates.is_over(stored):
            raise Conflict("date_not_over")
        return add_image(stored, data, alt)


def remove_picture(date: EventDate, actor: User, picture: UUID) -> None:
    """Remove a picture of a date. Raises NotAllowed "not_event_editor", Conflict "gone"."""
    with _changing(date, actor) as (_event, stored):
        found = stored.images.filter(pk=picture).first()
        if found is None:
            raise Conflict("gone")
        remove_image(found)


@contextmanager
def _changing(date: EventDate, actor: User) -> Iterator[tuple[Event, EventDate]]:
    """The event and the date, locked; the change is noted at the event."""
    with transaction.atomic():
        event = locked(date.event, actor)
        stored = event.dates.select_for_update(of=("self",)).filter(pk=date.pk).first()
        if stored is None:
            raise Conflict("gone")
        stored.event = event
        yield event, stored
        touch(event)
        event.save(update_fields=["sequence", "changed_at"])


def _require_coming(date: EventDate) -> None:
    if dates.is_over(date, timezone.now()):
        raise Conflict("date_is_over")
