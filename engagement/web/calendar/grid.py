"""Months and weeks as HTML, kept until the calendar changes: a month of a large city is a hundred entries.

Nothing of the reader is in them but the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final

from cachetools import LRUCache
from django.template.loader import render_to_string
from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from engagement.calendar.chosen import CalendarFilter
from engagement.calendar.days import Span
from engagement.calendar.state import calendar_revision
from engagement.web.calendar.listing import days_of


@dataclass(frozen=True, slots=True)
class Grid:
    """The days of a month or week; `is_over` where nothing follows from today on."""

    html: SafeString
    is_empty: bool
    is_over: bool


_KEPT_LETTERS: Final = 8_000_000
_grids: Final[LRUCache[tuple[object, ...], Grid]] = LRUCache(
    _KEPT_LETTERS, getsizeof=lambda grid: len(grid.html)
)
_lock: Final = Lock()


def grid_of(span: Span, chosen: CalendarFilter, today: date) -> Grid:
    """The days of a span in the language of the page, in columns from Monday to Sunday."""
    key = (calendar_revision(), get_language(), span.step, span.first, today, *chosen.pairs().items())
    with _lock:
        known = _grids.get(key)
    if known is None:
        known = _written(span, chosen, today)
        if len(known.html) <= _KEPT_LETTERS:
            with _lock:
                _grids[key] = known
    return known


def _written(span: Span, chosen: CalendarFilter, today: date) -> Grid:
    days = days_of(span, chosen)
    context = {
        "days": days,
        "today": today,
        "chosen": chosen,
        "pads_before": range(span.first.weekday()),
        "pads_after": range(-(span.first.weekday() + len(days)) % 7),
        "weekdays": [format_date(date(2024, 1, number), "D") for number in range(1, 8)],
    }
    return Grid(
        render_to_string("engagement/calendar/grid.html", context),
        is_empty=all(one.is_empty for one in days),
        is_over=all(one.is_empty for one in days if one.day >= today),
    )
