"""When an event is, as people read it: in the event's own time zone, which is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext

from engagement.models import Event, EventDate
from mapping.wording import in_words_day

_GERMAN_ZONES: Final = {"CET": "MEZ", "CEST": "MESZ"}


def zone_of(event: Event) -> ZoneInfo:
    """The time zone of an event; the site's own where its name is not known here."""
    try:
        return ZoneInfo(event.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(settings.TIME_ZONE)


def in_words_span(one: EventDate, *, with_zone: bool = False) -> str:
    """`Fr., 6. Sept. 2026, 18–20 Uhr` or `Fri 6 Sept 2026, 18:00–20:00`; over several days with both days.

    All-day dates have no times. Another time zone than the site's is always named, the site's `with_zone`.
    """
    with timezone.override(zone_of(one.event)):
        starts, ends = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        if one.event.is_all_day:
            last = ends - timedelta(days=1)
            first_day, last_day = in_words_day(starts), in_words_day(last)
            return first_day if last.date() <= starts.date() else f"{first_day} – {last_day}"
        words = f"{in_words_day(starts)}, {_times(starts, ends)}"
        if with_zone or one.event.time_zone != settings.TIME_ZONE:
            words += f" ({_zone(starts)})"
    return words


def in_words_previous(one: EventDate) -> str:
    """When a moved date was to begin before; empty if it was not moved."""
    if one.previous_starts_at is None:
        return ""
    with timezone.override(zone_of(one.event)):
        day = in_words_day(one.previous_starts_at)
        if one.event.is_all_day:
            return day
        return f"{day}, {in_words_clock(timezone.localtime(one.previous_starts_at))}"


def in_words_times(one: EventDate) -> str:
    """Only the times of day: `18–20 Uhr`, `18:00–20:00`, `all day`; the end's day too where it is another one."""
    with timezone.override(zone_of(one.event)):
        starts, ends = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        if one.event.is_all_day:
            last = ends - timedelta(days=1)
            if last.date() <= starts.date():
                return gettext("all day")
            return gettext("until %(day)s") % {"day": in_words_day(last)}
        words = _times(starts, ends)
        if one.event.time_zone != settings.TIME_ZONE:
            words += f" ({_zone(starts)})"
    return words


def in_words_zone(one: EventDate) -> str:
    """The time zone at a date: `MEZ (Europe/Berlin)`."""
    zone = zone_of(one.event)
    return f"{_zone(one.starts_at.astimezone(zone))} ({zone.key})"


def _times(starts: datetime, ends: datetime) -> str:
    if starts.date() != ends.date():
        return f"{in_words_clock(starts)} – {in_words_day(ends)}, {in_words_clock(ends)}"
    return f"{_clock(starts)}–{in_words_clock(ends)}"


def in_words_clock(local: datetime) -> str:
    """A time of day: `18 Uhr`, `18:30 Uhr`, `18:00`."""
    return f"{_clock(local)} Uhr" if _is_german() else _clock(local)


def _clock(local: datetime) -> str:
    if not _is_german():
        return f"{local:%H:%M}"
    return f"{local.hour}" if local.minute == 0 else f"{local.hour}:{local:%M}"


def _zone(local: datetime) -> str:
    name = local.tzname() or ""
    return _GERMAN_ZONES.get(name, name) if _is_german() else name


def _is_german() -> bool:
    return (get_language() or "de").startswith("de")
