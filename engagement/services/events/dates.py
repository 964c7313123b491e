"""The dates of an event: written by its rule, moved, cancelled, restored, reported on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from engagement.models import Event, EventDate, EventStatus
from engagement.services.events.values import Span
from engagement.services.registrations import notices


def write(event: Event, spans: Iterable[Span]) -> None:
    """Store the dates of a new event."""
    EventDate.objects.bulk_create(_new(event, span) for span in spans)


def rewrite(event: Event, spans: Sequence[Span], *, reason: str, at: datetime) -> None:
    """Bring the dates of an event in line with a changed rule or changed times, within a transaction.

    What was public before `at` stays as it is. A date whose original start is among the new ones is the same date, and
    stays moved or cancelled if that was done by hand. A series that was moved as a whole has as many dates as before:
    the first becomes the first, and so on. Else a date of the same day is the same date. Public dates that have no part
    in the series any more are cancelled, those of drafts deleted.
    """
    rows = list(event.dates.order_by("original_starts_at"))
    wanted = {span.starts_at: span for span in spans}
    left: list[EventDate] = []
    for row in rows:
        span = wanted.pop(row.original_starts_at, None)
        if span is not None:
            _keep(event, row, span, reason, at)
        elif event.is_draft or row.starts_at > at:
            left.append(row)
    coming = [span for _start, span in sorted(wanted.items()) if event.is_draft or span.ends_at > at]
    pairs = _pairs(event, left, coming)
    for row, span in pairs:
        row.original_starts_at = span.starts_at
        _shift(event, row, span, reason)
    _drop(event, [row for row in left if row not in {one for one, _span in pairs}], reason)
    write(event, [span for span in coming if span not in {one for _row, one in pairs}])


def move(event: Event, row: EventDate, span: Span, reason: str) -> None:
    """Move one date, apart from its series."""
    row.is_by_hand = True
    _give(event, row, span, reason)


def cancel(event: Event, row: EventDate, reason: str) -> None:
    """Cancel one date, apart from its series."""
    if row.status == EventStatus.CANCELLED:
        return
    row.is_by_hand = True
    _cancel(event, row, reason)


def cancel_all(event: Event, reason: str, at: datetime) -> None:
    """Cancel all dates that are not over at a moment."""
    for row in event.dates.filter(ends_at__gt=at):
        cancel(event, row, reason)


def restore(event: Event, row: EventDate) -> None:
    """A cancelled date takes place after all; one that had been moved before stays moved."""
    is_moved = row.previous_starts_at is not None
    row.status = EventStatus.MOVED if is_moved else EventStatus.PLANNED
    row.reason = ""
    row.is_by_hand = row.starts_at != row.original_starts_at
    if not event.is_draft:
        row.changes += 1
    row.save(update_fields=["status", "reason", "is_by_hand", "changes"])
    if not event.is_draft:
        notices.date_takes_place(row)


def is_over(row: EventDate, at: datetime | None = None) -> bool:
    """Whether a date has ended."""
    return row.ends_at <= (at or timezone.now())


def _keep(event: Event, row: EventDate, span: Span, reason: str, at: datetime) -> None:
    """A date that the series still has: by hand it stays, else it gets the new times."""
    is_past = not event.is_draft and row.starts_at <= at
    if is_past or row.is_by_hand:
        return
    if row.status == EventStatus.CANCELLED or (row.starts_at, row.ends_at) != (span.starts_at, span.ends_at):
        _shift(event, row, span, reason)


def _shift(event: Event, row: EventDate, span: Span, reason: str) -> None:
    """Store new times, unless the date was cancelled by hand: then it stays cancelled."""
    if row.status == EventStatus.CANCELLED and row.is_by_hand:
        row.starts_at, row.ends_at = span.starts_at, span.ends_at
        row.save()
        return
    _give(event, row, span, reason)


def _give(event: Event, row: EventDate, span: Span, reason: str) -> None:
    """Store new times, at which the date takes place.

    Public dates remember when they were before, and people who registered learn of it.
    """
    begins_elsewhen = row.starts_at != span.starts_at
    is_back = row.status == EventStatus.CANCELLED
    if begins_elsewhen and not event.is_draft:
        row.previous_starts_at = row.starts_at
    has_moved = not event.is_draft and row.previous_starts_at is not None
    row.status = EventStatus.MOVED if has_moved else EventStatus.PLANNED
    row.starts_at, row.ends_at, row.reason = span.starts_at, span.ends_at, reason
    is_news = not event.is_draft and (begins_elsewhen or is_back)
    if is_news:
        row.changes += 1
    row.save()
    if is_news:
        notices.date_takes_place(row)


def _cancel(event: Event, row: EventDate, reason: str) -> None:
    """Store that a date does not take place, and let people know who registered for it."""
    row.status, row.reason = EventStatus.CANCELLED, reason
    if not event.is_draft:
        row.changes += 1
    row.save(update_fields=["status", "reason", "is_by_hand", "changes"])
    if not event.is_draft:
        notices.date_was_cancelled(row)


def _pairs(event: Event, left: Sequence[EventDate], coming: Sequence[Span]) -> list[tuple[EventDate, Span]]:
    """Which dates without a place in the series become which of its new dates."""
    if len(left) == len(coming):
        return list(zip(left, coming, strict=True))
    by_day = {_day(event, row.original_starts_at): row for row in left if not row.is_by_hand}
    found = ((by_day.pop(_day(event, span.starts_at), None), span) for span in coming)
    return [(row, span) for row, span in found if row is not None]


def _drop(event: Event, rows: Iterable[EventDate], reason: str) -> None:
    for row in rows:
        if event.is_draft:
            row.delete()
        elif row.status != EventStatus.CANCELLED:
            # Not by hand: should the rule have it again, it takes place again.
            row.is_by_hand = False
            _cancel(event, row, reason)


def _new(event: Event, span: Span) -> EventDate:
    return EventDate(
        event=event, original_starts_at=span.starts_at, starts_at=span.starts_at, ends_at=span.ends_at
    )


def _day(event: Event, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(event.time_zone)).date()
