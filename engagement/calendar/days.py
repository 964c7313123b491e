"""Spans of a calendar: months, weeks, and the day that an address names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from django.utils import timezone

from engagement.calendar.clock import FIRST_YEAR, LAST_YEAR

Step = Literal["month", "week"]
_LINKED_YEARS: Final = 5
"""How far links lead into past and future, so that programs which follow every link come to an end."""


def read_day(text: str, today: date) -> date:
    """The day of `2026-11-29` or `2026-11` (its first day); today for anything else."""
    whole = f"{text}-01" if len(text) == len("2026-11") else text
    try:
        found = date.fromisoformat(whole)
    except ValueError:
        return today
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else today


@dataclass(frozen=True)
class Span:
    """Days from `first` to before `end`; `of` is the day that was chosen."""

    step: Step
    first: date
    end: date

    @property
    def starts_at(self) -> datetime:
        """Midnight of the first day in the site's time zone."""
        return midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """Midnight after the last day."""
        return midnight(self.end)

    @property
    def days(self) -> list[date]:
        """All its days."""
        return [self.first + timedelta(days=number) for number in range((self.end - self.first).days)]

    def previous(self, today: date) -> date | None:
        """The first day of the span before; None where links end."""
        return _linked(span_of(self.step, self.first - timedelta(days=1)).first, today)

    def following(self, today: date) -> date | None:
        """The first day of the span after it; None where links end."""
        return _linked(self.end, today)


def span_of(step: Step, day: date) -> Span:
    """The month or the week (from Monday) in which a day lies."""
    if step == "week":
        first = day - timedelta(days=day.weekday())
        return Span(step, first, first + timedelta(days=7))
    first = day.replace(day=1)
    return Span(step, first, (first + timedelta(days=31)).replace(day=1))


def midnight(day: date) -> datetime:
    """The first moment of a day in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def _linked(day: date, today: date) -> date | None:
    return day if abs(day.year - today.year) <= _LINKED_YEARS else None
