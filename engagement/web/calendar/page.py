"""The calendar: month, week, list, map; with filters, printed as a poster, without JavaScript too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from engagement.calendar.chosen import (
    CalendarFilter,
    campaigns_to_choose,
    districts_to_choose,
    read_filter,
)
from engagement.calendar.days import Span, read_day, span_of
from engagement.calendar.wording import in_words_span
from engagement.models import EventDate, EventKind, EventStatus, Topic
from engagement.web.calendar.grid import grid_of
from engagement.web.calendar.listing import by_day, dates_on_map, list_page
from mapping.models import Campaign
from mapping.web.languages import readings_of
from mapping.wording import in_words_day

VIEWS: Final[Mapping[str, Promise]] = {
    "month": _("Month"),
    "week": _("Week"),
    "list": _("List"),
    "map": _("Map"),
}
_ICONS: Final = {"month": "calendar", "week": "grid", "list": "list", "map": "map"}


@dataclass(frozen=True)
class ViewLink:
    """One of the views: its name, icon and address with the same filters."""

    title: str | Promise
    icon: str
    address: str
    is_current: bool


@require_safe
def calendar_page(request: HttpRequest) -> HttpResponse:
    """`/calendar/`: `view`, `day` (`2026-11-29` or `2026-11`) and the filters; what means nothing is left out."""
    today = timezone.localdate()
    chosen, _unknown = read_filter(request.GET)
    given = request.GET.get("view", "")
    view = given if given in VIEWS else "month"
    day = read_day(request.GET.get("day", ""), today)
    shown = _SHOWN[view](chosen, day, today)
    feed = settings.SITE_URL + reverse("calendar-ics") + chosen.query()
    context = {
        "view": view,
        "views": _view_links(view, chosen, day, is_today=day == today),
        "chosen": chosen,
        "campaign": readings_of([chosen.campaign])[0].campaign if chosen.campaign else None,
        "today": today,
        "kinds": EventKind.choices,
        "topics": Topic.choices,
        "districts": districts_to_choose(),
        "campaigns": _campaigns(chosen),
        "has_filter": not chosen.is_empty,
        "without_filter": f"?{_pairs(view, day, today)}",
        "ics": feed,
        "webcal": f"webcal://{feed.partition('://')[2]}",
        "address": settings.SITE_URL + reverse("calendar") + chosen.query(),
        "to_today": _address(view, chosen, today),
        **shown,
    }
    return render(request, "engagement/calendar/calendar.html", context)


def _grid(view: str, chosen: CalendarFilter, day: date, today: date) -> dict[str, object]:
    """Month and week: all days."""
    span = span_of("week" if view == "week" else "month", day)
    grid = grid_of(span, chosen, today)
    is_now = view == "month" and span.first <= today < span.end
    return {
        "title": _title(span),
        "grid": grid.html,
        "is_empty": grid.is_empty,
        "is_now": is_now,
        "is_over": is_now and grid.is_over,
        "coming": _address("list", chosen, today),
        "before": _before(span, chosen, today) if view == "month" else "",
        **_ways(view, chosen, span, today),
    }


def _before(span: Span, chosen: CalendarFilter, today: date) -> str:
    """The list of the days of this month that are over; empty in other months and on the first day."""
    return _address("list", chosen, span.first) if span.first < today < span.end else ""


def _list(chosen: CalendarFilter, day: date, _today: date) -> dict[str, object]:
    page = list_page(day, chosen)
    return {
        "title": gettext("From %(day)s") % {"day": in_words_day(day)},
        "days": page.days,
        "is_empty": not page.days,
        "previous": _address("list", chosen, page.previous),
        "following": _address("list", chosen, page.following),
    }


def _map(chosen: CalendarFilter, day: date, today: date) -> dict[str, object]:
    span = span_of("month", day)
    dates, is_cut = dates_on_map(span, chosen)
    return {
        "title": _title(span),
        "days": by_day(dates, span.first),
        "is_empty": not dates,
        "is_cut": is_cut,
        "places": [_place(one) for one in dates],
        **_ways("map", chosen, span, today),
    }


_SHOWN: Final = {
    "month": lambda chosen, day, today: _grid("month", chosen, day, today),
    "week": lambda chosen, day, today: _grid("week", chosen, day, today),
    "list": _list,
    "map": _map,
}


def _place(one: EventDate) -> dict[str, object]:
    """A date for the map."""
    place = one.event.place
    assert place is not None  # noqa: S101 - read with this condition
    return {
        "at": [round(place.x, 5), round(place.y, 5)],
        "title": one.event.title,
        "when": in_words_span(one),
        "url": one.event.get_absolute_url(),
        "isCancelled": one.status == EventStatus.CANCELLED,
    }


def _title(span: Span) -> str:
    if span.step == "month":
        return format_date(span.first, "F Y")
    last = span.end - timedelta(days=1)
    return f"{in_words_day(span.first)} – {in_words_day(last)}"


def _ways(view: str, chosen: CalendarFilter, span: Span, today: date) -> dict[str, object]:
    return {
        "previous": _address(view, chosen, span.previous(today)),
        "following": _address(view, chosen, span.following(today)),
    }


def _view_links(current: str, chosen: CalendarFilter, day: date, *, is_today: bool) -> list[ViewLink]:
    return [
        ViewLink(
            title,
            _ICONS[view],
            _address(view, chosen, None if is_today else day, always=True),
            view == current,
        )
        for view, title in VIEWS.items()
    ]


def _address(view: str, chosen: CalendarFilter, day: date | None, *, always: bool = False) -> str:
    """The query of a view; empty where there is no day, unless a link without one is wanted."""
    if day is None and not always:
        return ""
    more = {"view": view} | ({"day": day.isoformat()} if day else {})
    return chosen.query(**more)


def _pairs(view: str, day: date, today: date) -> str:
    return f"view={view}" + ("" if day == today else f"&day={day.isoformat()}")


def _campaigns(chosen: CalendarFilter) -> Sequence[Campaign]:
    found = campaigns_to_choose()
    if chosen.campaign is not None and chosen.campaign not in found:
        found.insert(0, chosen.campaign)
    return [reading.campaign for reading in readings_of(found)]
