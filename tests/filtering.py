"""Filters in few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from mapping.filters.answers import ANSWERS
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.dimension import Dimension
from mapping.filters.interval import Interval
from mapping.filters.origins import REPLY, SOURCE
from mapping.filters.places import CATEGORY, DISTRICT
from mapping.filters.times import HOURS, INTERVAL, WEEKDAY


def filtered(
    statuses: tuple[str, ...] | None = None,
    *,
    start: date | None = None,
    end: date | None = None,
    **others: Any,
) -> ContributionFilter:
    """A filter by days and by `categories`, `weekdays` (numbers), `hours`, `sources`, `districts`, `replies`, ..."""
    weekdays: Sequence[int] | None = others.pop("weekdays", None)
    names: dict[str, Dimension[Any]] = {
        "categories": CATEGORY,
        "hours": HOURS,
        "sources": SOURCE,
        "districts": DISTRICT,
        "replies": REPLY,
        "answers": ANSWERS,
    }
    found = ContributionFilter(statuses).having_all((names[name], value) for name, value in others.items())
    found = found.having(WEEKDAY, None if weekdays is None else tuple(map(str, weekdays)))
    return found if start is None and end is None else found.having(INTERVAL, Interval.of_days(start, end))
