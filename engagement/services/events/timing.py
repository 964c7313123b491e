"""The times of a stored event, as people typed them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from engagement.calendar.clock import is_second, local_of, moment_of
from engagement.calendar.problems import CalendarProblem
from engagement.calendar.recurrence import occurrences, parse_rule
from engagement.models import Event, EventDate, EventStatus
from engagement.services.events.values import Timing

_MOST_TRIED: Final = 40


def timing_of(event: Event) -> Timing:
    """The times that make the dates of an event: of a series those of its first date, else those of its last one."""
    rows = list(event.dates.order_by("original_starts_at", "pk"))
    if not event.rule:
        row = rows[-1]
        return timing_of_date(event, row)
    row = _first_of_rule(event, rows)
    regular = row if not row.is_by_hand else next((one for one in rows if not one.is_by_hand), row)
    return _timing(event, row, regular.ends_at - regular.starts_at, by_original=True)


def timing_of_date(event: Event, row: EventDate) -> Timing:
    """The times of one date, without repetition."""
    return _timing(event, row, row.ends_at - row.starts_at, by_original=False)


def _timing(event: Event, row: EventDate, length: timedelta, *, by_original: bool) -> Timing:
    begin = row.original_starts_at if by_original else row.starts_at
    start, end = local_of(begin, event.time_zone), local_of(begin + length, event.time_zone)
    if event.is_all_day:
        end -= timedelta(days=1)
    return Timing(
        starts_on=start.date(),
        starts_time=None if event.is_all_day else start.time(),
        ends_on=None if end.date() == start.date() else end.date(),
        ends_time=None if event.is_all_day else end.time(),
        time_zone=event.time_zone,
        is_all_day=event.is_all_day,
        is_second=is_second(begin, event.time_zone),
        rule=event.rule if by_original else "",
    )


def _first_of_rule(event: Event, rows: Sequence[EventDate]) -> EventDate:
    """The date from which the rule counts: dates before it were kept when the rule was changed."""
    live = [one for one in rows if one.is_by_hand or one.status != EventStatus.CANCELLED]
    last = (live or rows)[-1].original_starts_at
    for row in rows[:_MOST_TRIED]:
        start = local_of(row.original_starts_at, event.time_zone)
        try:
            starts = occurrences(start, parse_rule(event.rule), event.time_zone)
            if moment_of(starts[-1], event.time_zone) == last:
                return row
        except CalendarProblem:
            continue
    return rows[0]
