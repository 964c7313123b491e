"""Events as schema.org says them, for search engines: https://schema.org/Event, a JSON-LD object per date."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from engagement.calendar.ical import link_of
from engagement.calendar.wording import zone_of
from engagement.models import Event, EventDate, EventKind, EventStatus

MOST_DATES: Final = 50
"""Most dates of a series: search engines look at the next ones."""
_LAST_DAY: Final = timedelta(hours=12)
"""Back from the midnight that ends a day into that day, whether it has 23, 24 or 25 hours."""
_MODES: Final = {
    EventKind.ON_SITE: "Offline",
    EventKind.DIGITAL: "Online",
    EventKind.HYBRID: "Mixed",
}
_STATES: Final = {
    EventStatus.PLANNED: "EventScheduled",
    EventStatus.MOVED: "EventRescheduled",
    EventStatus.CANCELLED: "EventCancelled",
}

JsonObject = dict[str, object]


def in_jsonld(event: Event, dates: Sequence[EventDate], city: str) -> list[JsonObject]:
    """The dates of a public event; `city` organises what names nobody else."""
    return [_date(event, one, city) for one in dates[:MOST_DATES]]


def as_script(objects: Sequence[JsonObject]) -> SafeString:
    """A data block of a page; browsers do not execute it, so that the content policy has nothing against it.

    Signs of HTML are written as JSON escapes, as Django's `json_script` does.
    """
    text = json.dumps(objects, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, escape)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def _date(event: Event, one: EventDate, city: str) -> JsonObject:
    address = settings.SITE_URL + event.get_absolute_url()
    found: JsonObject = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.title,
        "url": address,
        "description": event.summary or event.title,
        "startDate": _moment(one.starts_at, event),
        "endDate": _moment(one.ends_at - _LAST_DAY if event.is_all_day else one.ends_at, event),
        "eventStatus": f"https://schema.org/{_STATES[EventStatus(one.status)]}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[EventKind(event.kind)]}EventAttendanceMode",
        "isAccessibleForFree": True,
        "organizer": {"@type": "Organization", "name": event.organiser or city},
        "location": _location(event, address, city),
    }
    if one.status == EventStatus.MOVED and one.previous_starts_at is not None:
        found["previousStartDate"] = _moment(one.previous_starts_at, event)
    if event.languages:
        found["inLanguage"] = list(event.languages)
    return found


def _location(event: Event, address: str, city: str) -> JsonObject | list[JsonObject]:
    virtual: JsonObject = {"@type": "VirtualLocation", "url": link_of(event) or address}
    if event.kind == EventKind.DIGITAL:
        return virtual
    place: JsonObject = {
        "@type": "Place",
        "name": event.place_name or event.address or city,
        "address": event.address or event.place_name or city,
    }
    if event.place is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(event.place.y, 6),
            "longitude": round(event.place.x, 6),
        }
    return [place, virtual] if event.kind == EventKind.HYBRID else place


def _moment(moment: datetime, event: Event) -> str:
    """ISO 8601 with the distance to UTC; a day only for all-day events, whose end is included here."""
    local = moment.astimezone(zone_of(event))
    return local.date().isoformat() if event.is_all_day else local.isoformat(timespec="seconds")
