"""The page of an event: dates, place, how to register, documents, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagement import rules
from engagement.calendar.ical import access_facts, link_of
from engagement.calendar.jsonld import as_script, in_jsonld
from engagement.models import Document, Event, EventDate, EventStatus, Image, Known, Session
from mapping.languages import language_of
from mapping.models import Campaign
from mapping.models.setup.profile import current_city
from mapping.web.languages import readings_of

COMING_SHOWN: Final = 12
PAST_SHOWN: Final = 12
DOCUMENTS_SHOWN: Final = 100


@dataclass(frozen=True)
class AccessFact:
    """One thing that is known of the place: its name, whether it is there."""

    name: str
    is_there: bool


@dataclass(frozen=True)
class PastDate:
    """A date that is over, with its report and pictures."""

    date: EventDate
    images: Sequence[Image]


@require_safe
@never_cache
def event_page(request: HttpRequest, event: str) -> HttpResponse:
    """`/events/<slug>/`: everything about an event; a draft is there for those who may edit it."""
    found = event_or_404(request, event)
    now = timezone.now()
    dates = list(found.dates.all())
    for one in dates:
        one.event = found
    coming = [one for one in dates if one.ends_at > now]
    past = [one for one in reversed(dates) if one.ends_at <= now]
    context = {
        "event": found,
        "language": language_of(found.language),
        "coming": coming[:COMING_SHOWN],
        "more_coming": max(0, len(coming) - COMING_SHOWN),
        "past": _past(past[:PAST_SHOWN]),
        "more_past": max(0, len(past) - PAST_SHOWN),
        "is_cancelled": bool(coming) and all(one.status == EventStatus.CANCELLED for one in coming),
        "link": link_of(found),
        "facts": _facts(found),
        "languages": [language_of(tag) for tag in found.languages],
        "campaigns": [one.campaign for one in readings_of(_campaigns(found))],
        "documents": _documents(found),
        "session": _session(found),
        "register": _register_address(found, coming, now),
        "edit": _edit_address(request, found),
        "shape": _shape(found),
        "ics": settings.SITE_URL + reverse("event-ics", args=(found.slug,)),
        "jsonld": ""
        if found.is_draft
        else as_script(in_jsonld(found, coming or past[:1], current_city().name)),
    }
    context["webcal"] = f"webcal://{str(context['ics']).partition('://')[2]}"
    return render(request, "engagement/calendar/event.html", context)


def event_or_404(request: HttpRequest, slug: str) -> Event:
    """An event with its dates that the visitor may see."""
    found = Event.objects.select_related("district").prefetch_related("dates").filter(slug=slug).first()
    if found is None or not rules.may_see_event(request.user, found):
        raise Http404
    return found


def _past(dates: Sequence[EventDate]) -> list[PastDate]:
    images = Image.objects.filter(date__in=[one.pk for one in dates])
    of_dates: dict[object, list[Image]] = {}
    for image in images:
        of_dates.setdefault(image.date_id, []).append(image)
    return [PastDate(one, of_dates.get(one.pk, [])) for one in dates]


def _facts(event: Event) -> list[AccessFact]:
    """What is known of the place; nothing where nobody said anything."""
    return [
        AccessFact(name, known == Known.YES) for name, known in access_facts(event) if known != Known.UNKNOWN
    ]


def _campaigns(event: Event) -> list[Campaign]:
    shown = Campaign.objects.visible().filter(pk__in=event.campaigns.values("pk"))
    return list(shown.defer("area").order_by("title", "pk"))


def _documents(event: Event) -> list[Document]:
    """Public documents of the event and of the session that it is."""
    found = Document.objects.public()
    of_event = found.filter(event=event) | found.filter(session__event=event)
    return list(of_event.defer("text").order_by("-dated", "title", "pk")[:DOCUMENTS_SHOWN])


def _session(event: Event) -> Session | None:
    """The public session that takes place here, with its body."""
    return Session.objects.public().filter(event=event).select_related("body").first()


def _register_address(event: Event, coming: Sequence[EventDate], now: datetime) -> str:
    """The page to register, while some date can still be chosen."""
    if not any(rules.may_register(one, now) for one in coming):
        return ""
    return _reversed("event-register", event)


def _edit_address(request: HttpRequest, event: Event) -> str:
    return _reversed("records:event", event) if rules.may_edit_event(request.user, event) else ""


def _reversed(name: str, event: Event) -> str:
    try:
        return reverse(name, kwargs={"event": event.slug})
    except NoReverseMatch:
        return ""


def _shape(event: Event) -> dict[str, object] | None:
    """The place for the small map of the page."""
    if event.place is None or not event.has_place:
        return None
    return {
        "geometry": {"type": "Point", "coordinates": event.place.coords},
        "category": {"slug": "event", "title": event.title, "marker": "circle", "colour": "blue"},
    }
