"""iCalendar: of everyone, of a campaign, of one event. What did not change is answered before anything is built."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Final
from uuid import UUID

from cachetools import LRUCache
from django.conf import settings
from django.db.models import Count, Max, Sum
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from engagement.calendar.chosen import CalendarFilter, read_filter
from engagement.calendar.days import midnight
from engagement.calendar.ical import CalendarHead, WrittenEvent, write, write_event, write_milestone
from engagement.calendar.milestones import milestones_between, state_of_milestones
from engagement.calendar.state import calendar_revision
from engagement.models import Event, EventDate
from engagement.models.event import EventQuerySet
from mapping.catalogue.views import PublicView, public_campaign, unchanged, with_version
from mapping.http.kept import kept_answers
from mapping.models.setup.profile import current_city
from mapping.services.errors import Invalid, Problem

MAX_AGE: Final = 300
"""Seconds for which shared caches answer alone: programs that ask each minute cost next to nothing."""
MONTHS_BACK: Final = 12
"""How far calendars look back, to the first of a month, so that an unchanged one stays the same for a month."""
_YEARS_AHEAD: Final = 5
_FORMAT: Final = 2
"""Rises when the same rows are written in another way."""


class CalendarView(PublicView):
    """`/calendar.ics` with the filters of `/calendar/`."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase:
        """Raises Invalid for a filter that means nothing: nobody subscribes to more than they chose."""
        chosen, unknown = read_filter(request.query_params)
        if unknown:
            raise Invalid({name: [Problem("unknown_filter")] for name in unknown})
        return _answer(request, chosen, "calendar.ics", reverse("calendar") + chosen.query())


class CampaignView(PublicView):
    """`/campaigns/<slug>/calendar.ics`: the dates of a public campaign, with its begin, end and phases."""

    @extend_schema(exclude=True)
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Raises Http404 for drafts."""
        campaign = public_campaign(slug)
        chosen = CalendarFilter(campaign=campaign)
        return _answer(request, chosen, f"{campaign.slug}.ics", campaign.get_absolute_url())


class EventView(PublicView):
    """`/events/<slug>.ics`: one public event with all its dates."""

    @extend_schema(exclude=True)
    def get(self, request: Request, event: str) -> HttpResponseBase:
        """Raises Http404 for drafts."""
        events = Event.objects.public().filter(slug=event)
        found = events.only("pk", "slug", "title", "sequence", "changed_at").first()
        if found is None:
            raise Http404
        head = CalendarHead(found.title, settings.SITE_URL + found.get_absolute_url())
        key = ("event", str(found.pk), found.sequence, found.changed_at.isoformat())
        return _kept(request, key, lambda: write(head, _written(events)), f"{found.slug}.ics")


def _answer(request: Request, chosen: CalendarFilter, name: str, page: str) -> HttpResponseBase:
    first = _first_day()
    campaign_title = chosen.campaign.title if chosen.campaign else ""
    city = current_city().name
    events = chosen.events(Event.objects.public())
    key = (*_version(chosen, events), first.isoformat(), city, page, campaign_title, *chosen.pairs().items())

    def build() -> bytes:
        title = gettext("Taking part in %(city)s") % {"city": city}
        head = CalendarHead(
            f"{title}: {campaign_title}" if campaign_title else title, settings.SITE_URL + page
        )
        since = midnight(first)
        recent = events.filter(pk__in=EventDate.objects.filter(ends_at__gte=since).values("event"))
        until = midnight(first.replace(year=first.year + _YEARS_AHEAD))
        milestones = milestones_between(since, until, chosen.campaigns(), is_original=True)
        return write(head, (*_written(recent), *map(write_milestone, milestones)))

    return _kept(request, key, build, name)


_Key = tuple[UUID, int, datetime, str]
_KEPT_EVENTS: Final = 10_000
"""Some 1 kB each."""
_events: Final[LRUCache[_Key, WrittenEvent]] = LRUCache(_KEPT_EVENTS)
_lock: Final = Lock()


def _written(events: EventQuerySet) -> list[WrittenEvent]:
    """Events as lines, by their short names: those that did not change were written before."""
    language = get_language() or ""
    states = events.order_by("slug").values_list("pk", "sequence", "changed_at")
    keys = [(pk, sequence, changed_at, language) for pk, sequence, changed_at in states]
    with _lock:
        known = {key: _events[key] for key in keys if key in _events}
    missing = [key[0] for key in keys if key not in known]
    if missing:
        for event in Event.objects.filter(pk__in=missing).prefetch_related("dates"):
            for one in event.dates.all():
                one.event = event
            known[event.pk, event.sequence, event.changed_at, language] = write_event(event)
        with _lock:
            _events.update(known)
    # An event that was changed meanwhile is written as it is now: missing, it would vanish from people's calendars.
    newest = {key[0]: written for key, written in known.items()}
    return [newest[key[0]] for key in keys if key[0] in newest]


_versions: Final[LRUCache[tuple[object, ...], tuple[object, ...]]] = LRUCache(1_000)
"""By the state of the calendar and the filters."""


def _version(chosen: CalendarFilter, events: EventQuerySet) -> tuple[object, ...]:
    """What changes with every public change of the chosen events: unchanged ones stay so when others change.

    Counted once in each state of the calendar.
    """
    key = (calendar_revision(), *chosen.pairs().items())
    with _lock:
        known = _versions.get(key)
    if known is None:
        known = _counted_version(events)
        with _lock:
            _versions[key] = known
    return known


def _counted_version(events: EventQuerySet) -> tuple[object, ...]:
    """Aggregates instead of everything.

    Of the chosen events only: one that loses its district with an import of districts is not changed itself.
    """
    found = events.order_by().aggregate(
        number=Count("pk"), changed_at=Max("changed_at"), sequences=Sum("sequence")
    )
    return (*found.values(), *state_of_milestones())


def _kept(
    request: Request, key: tuple[object, ...], build: Callable[[], bytes], name: str
) -> HttpResponseBase:
    version = sha256(repr((_FORMAT, settings.SITE_URL, get_language(), *key)).encode()).hexdigest()[:32]
    response = unchanged(request, version)
    if response is None:
        response = kept_answers.answer(("ics", version), lambda: _response(build(), name))
    response = with_version(response, version, None)
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    # The language of the words around: programs have no cookie and get the site's own.
    patch_vary_headers(response, ["Cookie"])
    return response


def _response(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _first_day() -> date:
    month = timezone.localdate().replace(day=1)
    return (month - timedelta(days=31 * MONTHS_BACK)).replace(day=1)
