"""What the pages of the calendar show: dates and milestones by day, within limits however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, F, Window
from django.db.models.functions import Greatest, RowNumber, TruncDate
from django.utils import timezone

from engagement.calendar.chosen import CalendarFilter
from engagement.calendar.days import Span, midnight
from engagement.calendar.milestones import Milestone, milestones_between
from engagement.models import EventDate
from engagement.models.event import EventDateQuerySet

MOST_OF_A_DAY: Final = {"month": 3, "week": 8}
"""Most dates of a day that a month and a week show; the others stand in the list."""
PAGE: Final = 40
"""Dates on a page of the list, rounded to whole days."""
MOST_OF_LIST: Final = 120
"""Most dates on one page of the list, if they are all on one day."""
MOST_ON_MAP: Final = 150
_LONG: Final = ("event__description", "event__accessibility")
_LISTED: Final = timedelta(days=62)
"""How far a page of the list looks for milestones if there are few dates."""


@dataclass
class Day:
    """A day with what is on it; `more` is the number of dates that did not fit."""

    day: date
    dates: list[EventDate] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    more: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on it."""
        return not self.dates and not self.milestones


@dataclass(frozen=True)
class ListPage:
    """Days of the list, and the days at which the pages before and after it begin."""

    days: Sequence[Day]
    previous: date | None
    following: date | None


def days_of(span: Span, chosen: CalendarFilter) -> list[Day]:
    """All days of a span. A date of several days stands on its first one within the span."""
    most = MOST_OF_A_DAY[span.step]
    in_order = (F("starts_at").asc(), F("pk").asc())
    found = (
        _dates(chosen)
        .between(span.starts_at, span.ends_at)
        .annotate(day=TruncDate(Greatest("starts_at", span.starts_at)))
        .annotate(
            rank=Window(RowNumber(), partition_by=F("day"), order_by=in_order),
            of_day=Window(Count("pk"), partition_by=F("day")),
        )
        .filter(rank__lte=most)
        .order_by("starts_at", "pk")
    )
    days = {day: Day(day) for day in span.days}
    for one in found:
        shown = days[one.day]  # type: ignore[attr-defined] # annotated above
        shown.dates.append(one)
        shown.more = one.of_day - most if one.of_day > most else 0  # type: ignore[attr-defined]
    _add_milestones(days, milestones_between(span.starts_at, span.ends_at, chosen.campaigns()), most)
    return list(days.values())


def list_page(start: date, chosen: CalendarFilter) -> ListPage:
    """The list from a day on: some forty dates in whole days."""
    begins = midnight(start)
    dates = _dates(chosen)
    coming = dates.filter(starts_at__gte=begins).order_by("starts_at", "pk")
    running = list(dates.filter(starts_at__lt=begins, ends_at__gt=begins).order_by("starts_at", "pk")[:PAGE])
    found = list(coming[: PAGE + 1])
    following = None
    if len(found) > PAGE:
        following = _day(found[-1])
        if following == _day(found[0]):
            following += timedelta(days=1)
            found = list(coming.filter(starts_at__lt=midnight(following))[:MOST_OF_LIST])
        else:
            found = [one for one in found if _day(one) < following]
    last = following or max(start + _LISTED, _day(found[-1]) + timedelta(days=1) if found else start)
    days: dict[date, Day] = {}
    for one in (*running, *found):
        day = max(_day(one), start)
        days.setdefault(day, Day(day)).dates.append(one)
    _add_milestones(days, milestones_between(begins, midnight(last), chosen.campaigns()), PAGE)
    return ListPage([days[day] for day in sorted(days)], _page_before(start, dates), following)


def dates_on_map(span: Span, chosen: CalendarFilter) -> tuple[list[EventDate], bool]:
    """The dates of a span that have a place, and whether there are more than the map shows."""
    found = _dates(chosen).defer(None).defer("report", *_LONG)
    found = found.between(span.starts_at, span.ends_at).filter(event__place__isnull=False)
    rows = list(found.order_by("starts_at", "pk")[: MOST_ON_MAP + 1])
    return rows[:MOST_ON_MAP], len(rows) > MOST_ON_MAP


def by_day(dates: Iterable[EventDate], first: date) -> list[Day]:
    """Dates under their days, none before `first`."""
    days: dict[date, Day] = {}
    for one in dates:
        day = max(_day(one), first)
        days.setdefault(day, Day(day)).dates.append(one)
    return list(days.values())


def next_dates(most: int) -> list[EventDate]:
    """The next public dates."""
    return list(EventDate.objects.public().coming(timezone.now()).select_related("event")[:most])


def _dates(chosen: CalendarFilter) -> EventDateQuerySet:
    """Public dates that fit; without the long texts of their events."""
    found = chosen.dates(EventDate.objects.public()).select_related("event")
    return found.defer("report", *_LONG, "event__place")


def _page_before(start: date, dates: EventDateQuerySet) -> date | None:
    """The day at which the page before begins: about as many dates back."""
    before = dates.filter(starts_at__lt=midnight(start)).order_by("-starts_at", "-pk")
    moments = list(before.values_list("starts_at", flat=True)[:PAGE])
    return timezone.localdate(moments[-1]) if moments else None


def _add_milestones(days: dict[date, Day], milestones: Iterable[Milestone], most: int) -> None:
    for one in milestones:
        shown = days.setdefault(one.day, Day(one.day))
        if len(shown.milestones) < most:
            shown.milestones.append(one)


def _day(one: EventDate) -> date:
    return timezone.localdate(one.starts_at)
