"""Events with all their dates, read-only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from engagement.api import described, lists
from engagement.models import Event, EventDate, EventKind, Known, Topic
from engagement.models.event import EventQuerySet
from mapping.api import openapi
from mapping.filters.interval import Interval
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute
from mapping.models import Campaign, District

_FILTERS: Final = ("datetime", "kind", "topic", "campaign", "district", "accessible")
_ORDER: Final = (lists.Key("begins", is_nullable=True),)


class EventsView(ApiView):
    """Public events."""

    @extend_schema(
        operation_id="list_events",
        tags=["events"],
        summary="Events at which people can take part",
        parameters=[
            described.OF_TIME,
            described.of_choices("kind", EventKind.values),
            described.TOPIC,
            described.OF_CAMPAIGN,
            described.OF_DISTRICT,
            described.parameter(
                "accessible", {"type": "string", "enum": ["true"]}, "Only with step-free access."
            ),
            openapi.LIMIT,
            openapi.CURSOR,
        ],
        responses=described.list_of("events", described.EVENT),
    )
    def get(self, request: Request) -> HttpResponseBase:
        """By their first date within `datetime`; without it by their first date."""
        parameters = Parameters(request.query_params, (*_FILTERS, *lists.PAGING))
        rows = _during(parameters.interval(), Event.objects.public())
        if kinds := parameters.choices("kind", EventKind.values):
            rows = rows.filter(kind__in=kinds)
        if topics := parameters.choices("topic", Topic.values):
            rows = rows.filter(topic__in=topics)
        if campaign := parameters.read("campaign", lists.slug_of(Campaign.objects.visible())):
            rows = rows.filter(campaigns=campaign)
        if districts := parameters.words("district"):
            rows = rows.filter(district__code__in=lists.printable(districts))
        if parameters.choices("accessible", ("true",)):
            rows = rows.filter(step_free=Known.YES)
        return lists.page(
            request,
            parameters,
            "events",
            _complete(rows),
            keys=_ORDER,
            written=lambda event: event_body(request, event),
        )


class EventView(ApiView):
    """One event."""

    @extend_schema(
        operation_id="read_event",
        tags=["events"],
        summary="One event with its dates",
        responses=described.single(described.EVENT),
    )
    def get(self, request: Request, event: str) -> HttpResponseBase:
        """The event; drafts are not found."""
        lists.no_parameters(request)
        found = _complete(Event.objects.public().filter(slug=event)).first()
        if found is None:
            raise Http404
        return lists.one(request, event_body(request, found))


def event_body(request: Request, event: Event) -> dict[str, Any]:
    """What everyone may know of an event; never a link that only those who registered get."""
    return {
        "id": str(event.pk),
        "slug": event.slug,
        "url": absolute(request, "event", event.slug),
        "ics": absolute(request, "event-ics", event.slug),
        "title": event.title,
        "summary": event.summary,
        "description": event.description,
        "kind": event.kind,
        "topic": event.topic,
        "campaigns": lists.public_slugs(event.campaigns.all()),
        "organiser": event.organiser,
        "contact": event.contact,
        "languages": event.languages,
        "language": event.language,
        "time_zone": event.time_zone,
        "all_day": event.is_all_day,
        "rule": event.rule,
        "dates": [_date(one, ZoneInfo(event.time_zone)) for one in event.dates.all()],
        "place": geometry_of(event.place),
        "place_name": event.place_name,
        "address": event.address,
        "district": district_of(event.district),
        "accessibility": {
            "step_free": event.step_free,
            "accessible_toilet": event.accessible_toilet,
            "hearing_loop": event.hearing_loop,
            "sign_language": event.sign_language,
            "more": event.accessibility,
        },
        "online_link": "" if event.hides_online_link else event.online_link,
        "registration": {
            "here": event.takes_registrations,
            "hint": event.registration_hint,
            "places": event.registration_places,
        },
        "created": event.created_at.isoformat(),
        "changed": event.changed_at.isoformat(),
    }


def geometry_of(place: GEOSGeometry | None) -> Mapping[str, Any] | None:
    """A place as a GeoJSON geometry."""
    return None if place is None else json.loads(place.json)


def district_of(district: District | None) -> dict[str, str] | None:
    """Code and name of a district."""
    return None if district is None else {"code": district.code, "name": district.name}


def _date(date: EventDate, zone: ZoneInfo) -> dict[str, Any]:
    previous = date.previous_starts_at
    return {
        "id": str(date.pk),
        "start": date.starts_at.astimezone(zone).isoformat(),
        "end": date.ends_at.astimezone(zone).isoformat(),
        "status": date.status,
        "previous_start": None if previous is None else previous.astimezone(zone).isoformat(),
        "reason": date.reason,
        "report": date.report,
    }


def _during(interval: Interval, rows: EventQuerySet) -> EventQuerySet:
    """Events with their first date, or with their first one within the interval."""
    within = Q()
    if interval.end is not None:
        within &= Q(starts_at__lt=interval.end)
    if interval.start is not None:
        within &= Q(ends_at__gt=interval.start)
    dates = EventDate.objects.filter(within, event=OuterRef("pk")).order_by("starts_at")
    found = rows.annotate(begins=Subquery(dates.values("starts_at")[:1]))
    return found.filter(begins__isnull=False) if interval else found


def _complete(rows: EventQuerySet) -> EventQuerySet:
    return rows.select_related("district").defer("district__geom").prefetch_related("campaigns", "dates")
