"""Events and milestones as iCalendar (RFC 5545, with RFC 7986 for names and refreshing)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils.translation import gettext

from engagement.calendar.clock import local_of
from engagement.calendar.milestones import Milestone
from engagement.calendar.problems import CalendarProblem
from engagement.calendar.recurrence import occurrences, parse_rule
from engagement.calendar.wording import in_words_previous, zone_of
from engagement.calendar.zones import component_of
from engagement.models import Event, EventDate, EventKind, EventStatus, Known
from mapping.geo.markup import without_markup

PRODUCT: Final = "-//geoparticipation//calendar//DE"
_REFRESH: Final = timedelta(hours=1)
"""How often programs should look again; `PT1H` below is the same for Outlook."""


@dataclass(frozen=True)
class CalendarHead:
    """What a calendar says of itself; `address` is its page."""

    title: str
    address: str


@dataclass(frozen=True)
class WrittenEvent:
    """The lines of an event or a milestone, and the time zones that they name."""

    lines: bytes
    zones: frozenset[str] = frozenset()


def write(head: CalendarHead, parts: Iterable[WrittenEvent]) -> bytes:
    """A calendar of parts that were written before.

    METHOD is left out: it makes a message of iTIP of the file (RFC 5546, section 3.2.1), which needs an ORGANIZER and a
    parameter of Content-Type.
    X-WR-TIMEZONE is left out: readers would move times in UTC to its zone, where the second 02:30 of October is lost.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", head.title)
    calendar.add("x-wr-calname", head.title)
    calendar.add("url", head.address)
    # The type is no default here (RFC 7986, section 5.7), and the library leaves it out.
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    made = list(parts)
    for key in sorted({name for one in made for name in one.zones}):
        zone = component_of(key)
        if zone is not None:
            calendar.add_component(zone)
    begin, end, _nothing = calendar.to_ical().rpartition(b"END:VCALENDAR\r\n")
    return b"".join((begin, *(one.lines for one in made), end))


def write_event(event: Event) -> WrittenEvent:
    """An event with all its dates (`dates` read before). Drafts must have been left out by the caller.

    A series has a rule, and a component for every date that differs.
    """
    made = components_of(event)
    zones = frozenset(name for one in made for name in _zones_in(one))
    return WrittenEvent(b"".join(one.to_ical() for one in made), zones)


def write_milestone(one: Milestone) -> WrittenEvent:
    """A day of a campaign."""
    return WrittenEvent(bytes(_milestone(one).to_ical()))


def components_of(event: Event) -> list[icalendar.Event]:
    """The components of an event: one for its only date, or for its series; then one for each date that differs."""
    dates = sorted(event.dates.all(), key=lambda one: one.original_starts_at)
    if not dates:
        return []
    if len(dates) == 1:
        return [_component(event, dates[0], _Times.of(dates[0]))]
    master = _master(event, dates)
    cancelled = _shared_cancellation(dates)
    series = _component(event, cancelled, master.times)
    for name, moments in (("exdate", master.missing), ("rdate", master.additional)):
        for alike in _by_form(moments):
            series.add(name, alike, parameters=_kind_of(alike[0]))
    if master.rule:
        series.add("rrule", icalendar.vRecur.from_ical(master.rule))
    differing = [] if cancelled is not None else [one for one in dates if _differs(one, master.times)]
    made = [series]
    for one in differing:
        part = _component(event, one, _Times.of(one))
        named = _stamp(one.original_starts_at, event, in_utc=master.times.in_utc)
        part.add("recurrence-id", named, parameters=_kind_of(named))
        made.append(part)
    return made


def _by_form(moments: Sequence[date]) -> list[list[date]]:
    """Times on a clock apart from those in UTC: a property has one time zone (RFC 5545, section 3.2.19)."""
    forms: tuple[list[date], list[date]] = ([], [])
    for one in moments:
        forms[isinstance(one, datetime) and one.tzinfo is UTC].append(one)
    return [alike for alike in forms if alike]


@dataclass(frozen=True)
class _Times:
    """Start and end (excluded) of a component; `in_utc` where the clock alone would not name the moment."""

    event: Event
    starts_at: datetime
    ends_at: datetime
    in_utc: bool

    @classmethod
    def of(cls, one: EventDate) -> _Times:
        in_utc = _comes_twice(one.starts_at, one.event) or _comes_twice(one.ends_at, one.event)
        return cls(one.event, one.starts_at, one.ends_at, in_utc or component_of(one.event.time_zone) is None)

    @property
    def start(self) -> date:
        return _stamp(self.starts_at, self.event, in_utc=self.in_utc)

    @property
    def end(self) -> date:
        return _stamp(self.ends_at, self.event, in_utc=self.in_utc)


@dataclass(frozen=True)
class _Master:
    """A series: its first date, its rule (empty without one), dates that it lacks and dates that it has besides."""

    times: _Times
    rule: str
    missing: list[date]
    additional: list[date]


def _master(event: Event, dates: Sequence[EventDate]) -> _Master:
    """The series of several dates. Whatever rows there are, exactly these come out of it again."""
    zone = zone_of(event).key
    lengths = Counter(_length(one) for one in dates)
    first = dates[0].original_starts_at
    ends_at = _after(first, lengths.most_common(1)[0][0], event)
    times = _Times(event, first, ends_at, component_of(zone) is None)
    if _is_second(first, event):
        times = replace(times, in_utc=True)
    rows = {local_of(one.original_starts_at, zone): one.original_starts_at for one in dates}
    # In UTC a rule would follow no summer time.
    expected = set() if times.in_utc else _expected(event, local_of(first, zone), zone)
    both = expected & rows.keys()
    if len(both) * 2 < len(rows) or len(rows) != len(dates):
        # With the first one, which ical.js counts only where there is a rule; what is named twice is one date
        # (RFC 5545, section 3.8.5.2).
        every = [_stamp(one.original_starts_at, event, in_utc=True) for one in dates]
        return _Master(replace(times, in_utc=not event.is_all_day), "", [], every)
    missing = [_local_stamp(one, event) for one in sorted(expected - rows.keys())]
    additional = [_stamp(rows[one], event, in_utc=False) for one in sorted(rows.keys() - expected)]
    return _Master(times, event.rule, missing, additional)


def _expected(event: Event, first: datetime, zone: str) -> set[datetime]:
    if not event.rule:
        return set()
    try:
        return set(occurrences(first, parse_rule(event.rule), zone))
    except CalendarProblem:
        return set()


def _shared_cancellation(dates: Sequence[EventDate]) -> EventDate | None:
    """The first date if all dates are cancelled alike: then the series is, and no single date needs to be named."""
    first = dates[0]
    is_shared = all(
        one.status == EventStatus.CANCELLED
        and one.reason == first.reason
        and one.starts_at == one.original_starts_at
        and _length(one) == _length(first)
        for one in dates
    )
    return first if is_shared else None


def _differs(one: EventDate, master: _Times) -> bool:
    """Whether a date is another one than its series makes of it."""
    if one.status != EventStatus.PLANNED or one.starts_at != one.original_starts_at:
        return True
    if _Times.of(one).in_utc and not master.in_utc:
        return True
    # Readers add lengths on the clock or in hours: unless both come to the same, the date is written out.
    elapsed = one.ends_at - one.starts_at
    return _length(one) != _local_length(master) or elapsed != master.ends_at - master.starts_at


def _local_length(times: _Times) -> timedelta:
    """How long it lasts on the clock of its zone."""
    zone = zone_of(times.event).key
    return local_of(times.ends_at, zone) - local_of(times.starts_at, zone)


def _length(one: EventDate) -> timedelta:
    return _local_length(_Times(one.event, one.starts_at, one.ends_at, in_utc=False))


def _after(start: datetime, length: timedelta, event: Event) -> datetime:
    zone = zone_of(event)
    return (local_of(start, zone.key) + length).replace(tzinfo=zone).astimezone(UTC)


def _component(event: Event, one: EventDate | None, times: _Times) -> icalendar.Event:
    """A component; `one` is the date whose state it says, None for a series as it was planned."""
    part = icalendar.Event()
    part.add("uid", uid(str(event.pk)))
    changed_at = _second(event.changed_at)
    part.add("dtstamp", changed_at)
    part.add("created", _second(event.created_at))
    part.add("last-modified", changed_at)
    part.add("sequence", event.sequence)
    part.add("dtstart", times.start, parameters=_kind_of(times.start))
    part.add("dtend", times.end, parameters=_kind_of(times.end))
    is_cancelled = one is not None and one.status == EventStatus.CANCELLED
    # Some programs show the status nowhere.
    title = gettext("Cancelled: %(title)s") % {"title": event.title} if is_cancelled else event.title
    part.add("summary", title)
    part.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    part.add("description", _description(event, one))
    part.add("url", settings.SITE_URL + event.get_absolute_url())
    part.add("categories", [event.get_kind_display(), event.get_topic_display()])
    place = ", ".join(text for text in (event.place_name, event.address) if text)
    if place:
        part.add("location", place)
    if event.place is not None and event.has_place:
        part.add("geo", (round(event.place.y, 6), round(event.place.x, 6)))
    if event.organiser or event.contact:
        part.add("contact", ", ".join(text for text in (event.organiser, event.contact) if text))
    if link_of(event):
        part.add("conference", link_of(event), parameters={"VALUE": "URI", "LABEL": event.title})
    return part


def link_of(event: Event) -> str:
    """The online link for everyone; empty where only those who registered get it."""
    is_shown = event.kind != EventKind.ON_SITE and not event.hides_online_link
    return event.online_link if is_shown else ""


def _description(event: Event, one: EventDate | None) -> str:
    """Plain text: Outlook and others show formatting as signs."""
    parts: list[str] = []
    if one is not None and one.status == EventStatus.MOVED and one.previous_starts_at is not None:
        parts.append(gettext("Moved. Planned before: %(moment)s") % {"moment": in_words_previous(one)})
    if one is not None and one.reason:
        parts.append(gettext("Reason: %(reason)s") % {"reason": one.reason})
    parts += [
        event.summary,
        without_markup(event.description),
        event.registration_hint,
        _accessibility(event),
    ]
    if link_of(event):
        parts.append(gettext("Online: %(link)s") % {"link": link_of(event)})
    parts.append(settings.SITE_URL + event.get_absolute_url())
    return "\n\n".join(text.replace("\r\n", "\n").replace("\r", "\n") for text in parts if text)


def _accessibility(event: Event) -> str:
    facts = [str(title) for title, known in access_facts(event) if known == Known.YES]
    words = ", ".join(facts)
    return "\n".join(text for text in (words[:1].upper() + words[1:], event.accessibility) if text)


def access_facts(event: Event) -> list[tuple[str, Known]]:
    """What people ask about a place, and the answers."""
    return [
        (gettext("step-free access"), Known(event.step_free)),
        (gettext("accessible toilet"), Known(event.accessible_toilet)),
        (gettext("induction loop"), Known(event.hearing_loop)),
        (gettext("sign language"), Known(event.sign_language)),
    ]


def _milestone(one: Milestone) -> icalendar.Event:
    part = icalendar.Event()
    part.add("uid", uid(one.key))
    stamp = _second(one.changed_at)
    part.add("dtstamp", stamp)
    part.add("created", _second(one.campaign.created_at))
    part.add("last-modified", stamp)
    part.add("sequence", one.sequence)
    part.add("dtstart", one.day, parameters={"VALUE": "DATE"})
    part.add("dtend", one.day + timedelta(days=1), parameters={"VALUE": "DATE"})
    title = f"{one.title}: {one.phase.title}" if one.phase is not None else str(one.title)
    part.add("summary", f"{one.word}: {title}")
    address = settings.SITE_URL + one.address
    part.add("description", address)
    part.add("url", address)
    part.add("status", "CONFIRMED")
    part.add("transp", "TRANSPARENT")
    return part


def uid(key: str) -> str:
    """A name that stays for ever (RFC 5545, section 3.8.4.7)."""
    return f"{key}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def _stamp(moment: datetime, event: Event, *, in_utc: bool) -> date:
    """A day for all-day events, else a time on the clock of the event's zone or in UTC."""
    local = moment.astimezone(zone_of(event))
    if event.is_all_day:
        return local.date()
    # The second of two equal times (RFC 5545, section 3.3.5: a local time that occurs twice is the first).
    return moment.astimezone(UTC) if in_utc or local.fold else local


def _local_stamp(local: datetime, event: Event) -> date:
    return local.date() if event.is_all_day else local.replace(tzinfo=zone_of(event))


def _is_second(moment: datetime, event: Event) -> bool:
    return not event.is_all_day and bool(moment.astimezone(zone_of(event)).fold)


def _comes_twice(moment: datetime, event: Event) -> bool:
    """Whether the clock shows this time twice in that night.

    RFC 5545 (section 3.3.5) means the first one, ical.js and with it Thunderbird reads the second one.
    """
    local = moment.astimezone(zone_of(event))
    return not event.is_all_day and local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _kind_of(value: date) -> dict[str, str]:
    return {} if isinstance(value, datetime) else {"VALUE": "DATE"}


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _zones_in(part: icalendar.Event) -> set[str]:
    """The zones that the start and end of a component name."""
    return {str(part[name].params["TZID"]) for name in ("DTSTART", "DTEND") if "TZID" in part[name].params}
