"""The planners' lists of events: of the whole city, and of one campaign."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import User
from engagement import rules
from engagement.models import Event, EventDate, EventStatus, RegistrationState
from engagement.models.event import EventQuerySet
from engagement.planning.calendar.doorway import campaigns_of, planners_of_calendar
from mapping.models import Campaign
from mapping.planning.access import frame, member, planners_only
from mapping.planning.ways import Way, sections_for

_ON_A_PAGE: Final = 50
_VIEWS: Final = (("coming", _("Coming")), ("past", _("Past")), ("drafts", _("Drafts")))


@require_safe
@planners_of_calendar
def events(request: HttpRequest, user: User) -> HttpResponse:
    """Events that somebody may edit: coming, past or drafts (`?show=`)."""
    return render(
        request,
        "engagement/planning/calendar/list.html",
        {"sections": sections_for(user, "calendar"), **_listed(request, _edited_by(user))},
    )


@require_safe
@planners_only(rules.may_edit_of_campaign)
def events_of_campaign(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Events of a campaign, among them those that others edit; of their drafts nothing is shown."""
    own = _edited_by(member(request)).values("pk")
    found = campaign.events.filter(Q(is_draft=False) | Q(pk__in=own))
    return render(
        request,
        "engagement/planning/calendar/campaign.html",
        {**frame(request, campaign, "calendar"), **_listed(request, found)},
    )


def _edited_by(user: User) -> EventQuerySet:
    """Events that somebody may edit, as `rules.may_edit_event`."""
    found: EventQuerySet = Event.objects.all()
    if rules.may_edit_records(user):
        return found
    own = [one.pk for one in campaigns_of(user)]
    others = Event.campaigns.through.objects.filter(event=OuterRef("pk")).exclude(campaign__in=own)
    return found.filter(~Exists(others), campaigns__in=own).distinct()


def _listed(request: HttpRequest, found: EventQuerySet) -> dict[str, object]:
    wanted = request.GET.get("show", "")
    shown = wanted if wanted in dict(_VIEWS) else "coming"
    now = timezone.now()
    dates = EventDate.objects.filter(event=OuterRef("pk"))
    coming = dates.filter(ends_at__gt=now).order_by("starts_at")
    is_coming = Exists(coming)
    if shown == "drafts":
        found = found.filter(is_draft=True)
    else:
        found = found.filter(is_coming if shown == "coming" else ~is_coming, is_draft=False)
    registered = Q(dates__registrations__state=RegistrationState.REGISTERED, dates__ends_at__gt=now)
    found = (
        found.defer("description", "place")
        .annotate(
            next_date=Subquery(coming.exclude(status=EventStatus.CANCELLED).values("pk")[:1]),
            first=Min("dates__starts_at"),
            last=Max("dates__ends_at"),
            number_of_dates=Count("dates", distinct=True),
            registered=Count("dates__registrations", filter=registered, distinct=True),
            next_start=Subquery(coming.values("starts_at")[:1]),
        )
        .prefetch_related("campaigns")
        .order_by(
            {"coming": F("next_start").asc(nulls_last=True), "past": F("last").desc(nulls_last=True)}.get(
                shown, F("changed_at").desc()
            ),
            "slug",
        )
    )
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "shown": shown,
        "views": [Way(title, f"?show={name}", is_here=name == shown) for name, title in _VIEWS],
        "page": page,
        "rows": _rows(list(page)),
    }


def _rows(found: list[Event]) -> list[dict[str, object]]:
    """Each event with its next date, else its last one, in two queries."""
    pks = [getattr(one, "next_date", None) for one in found]
    next_dates = {one.pk: one for one in EventDate.objects.filter(pk__in=[pk for pk in pks if pk])}
    missing = [one.pk for one, pk in zip(found, pks, strict=True) if pk is None]
    last = EventDate.objects.filter(event__in=missing).order_by("event_id", "-starts_at").distinct("event_id")
    last_dates = {one.event_id: one for one in last}
    rows: list[dict[str, object]] = []
    for event, pk in zip(found, pks, strict=True):
        date = (None if pk is None else next_dates.get(pk)) or last_dates.get(event.pk)
        if date is not None:
            date.event = event
        rows.append({"event": event, "date": date, "is_next": pk is not None})
    return rows
