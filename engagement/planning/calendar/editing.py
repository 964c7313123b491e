"""The form of a new event and of a stored one, with the dates that it makes; publishing, cancelling, deleting."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from engagement import rules
from engagement.calendar import patterns
from engagement.calendar.wording import in_words_span
from engagement.models import Event, EventDate, EventKind
from engagement.planning.calendar.doorway import campaigns_of, editors_of_event, planners_of_calendar
from engagement.planning.calendar.form import EventForm, initial_copy, initial_of, place_of
from engagement.services.events import changes
from engagement.services.events.values import Span
from mapping.base_map import map_config
from mapping.models import Campaign
from mapping.models.setup.profile import current_city
from mapping.planning.moderation.decisions import sentences
from mapping.services.errors import DomainError

_MOST_SHOWN: Final = 60


@require_http_methods(["GET", "HEAD", "POST"])
@planners_of_calendar
def new(request: HttpRequest, user: User) -> HttpResponseBase:
    """The form of a new event: empty, of a campaign (`?campaign=`), or like another event (`?copy=`)."""
    campaigns = campaigns_of(user)
    return _edited(request, user, None, campaigns, _initial_new(request, user, campaigns))


@require_http_methods(["GET", "HEAD", "POST"])
@editors_of_event
def edit(request: HttpRequest, user: User, event: Event) -> HttpResponseBase:
    """The form of an event."""
    return _edited(request, user, event, campaigns_of(user), initial_of(event))


@require_POST
@editors_of_event
def publish(request: HttpRequest, user: User, event: Event) -> HttpResponse:
    """Make a draft public."""
    return _published(request, user, event)


def _published(request: HttpRequest, user: User, event: Event) -> HttpResponse:
    try:
        changes.publish_event(event, user)
    except DomainError as error:
        messages.error(request, sentences(error))
        return redirect("records:event", event=event.slug)
    messages.success(request, _("The event is public. It stands in the calendar."))
    return redirect("records:event-dates", event=event.slug)


@require_POST
@editors_of_event
def cancel(request: HttpRequest, user: User, event: Event) -> HttpResponse:
    """Cancel all dates that are not over."""
    try:
        changes.cancel_event(event, user, request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(
            request, _("All coming dates are cancelled. They stay in the calendar with the reason.")
        )
    return redirect("records:event-dates", event=event.slug)


@require_POST
@editors_of_event
def delete(request: HttpRequest, user: User, event: Event) -> HttpResponse:
    """Delete a draft."""
    try:
        changes.delete_draft(event, user)
    except DomainError as error:
        messages.error(request, sentences(error))
        return redirect("records:event", event=event.slug)
    messages.success(request, _("The draft was deleted."))
    return redirect("records:events")


def _edited(
    request: HttpRequest,
    user: User,
    event: Event | None,
    campaigns: list[Campaign],
    initial: dict[str, Any],
) -> HttpResponseBase:
    """Show the form; `do` = "check" shows the dates that it makes, anything else stores it, "publish" for everybody."""
    data = request.POST if request.method == "POST" else None
    form = EventForm(data, event=event, campaigns=campaigns, initial=initial)
    typed = _typed_place(event, initial) if data is None else data.get("geometry", "")
    place, problem = place_of(typed)
    spans: list[Span] = []
    if data is not None and form.is_valid() and not problem:
        try:
            if data.get("do") == "check":
                spans = form.timing().spans()
            else:
                stored = _stored(request, user, event, form, place)
                if data.get("do") == "publish":
                    return _published(request, user, stored)
                return redirect("records:event", event=stored.slug)
        except DomainError as error:
            form.refuse(error)
    form.show_second_hour(str(form["time_zone"].value()))
    return render(
        request,
        "engagement/planning/calendar/event.html",
        {
            "event": event,
            "here": "edit",
            "form": form,
            "spans": [_in_words(one, form) for one in spans[:_MOST_SHOWN]],
            "more": max(0, len(spans) - _MOST_SHOWN),
            "geometry": typed,
            "geometry_problem": problem,
            "config": map_config(),
        },
        status=422 if data is not None and (form.errors or problem) else 200,
    )


def _stored(
    request: HttpRequest, user: User, event: Event | None, form: EventForm, place: Point | None
) -> Event:
    values = form.values(place)
    if event is None:
        stored = changes.create_event(user, values, form.timing())
        messages.success(request, _("The draft is stored. Nobody else sees it until you publish it."))
        return stored
    timing = form.timing() if form.changes_times else None
    stored = changes.change_event(
        event,
        user,
        values,
        timing,
        reason=form.cleaned_data.get("reason") or "",
        expected=form.cleaned_data["expected"],
    )
    messages.success(request, _("Saved."))
    return stored


def _initial_new(request: HttpRequest, user: User, campaigns: list[Campaign]) -> dict[str, Any]:
    # PostgreSQL cannot even compare NUL.
    copied = Event.objects.filter(slug=request.GET.get("copy", "").replace("\0", "")).first()
    if copied is not None and rules.may_edit_event(user, copied):
        return initial_copy(copied) | {"geometry": "" if copied.place is None else copied.place.json}
    wanted = request.GET.get("campaign", "")
    chosen = [one.pk for one in campaigns if one.slug == wanted]
    if not chosen and len(campaigns) == 1 and not rules.may_edit_records(user):
        chosen = [campaigns[0].pk]
    return {
        "kind": EventKind.ON_SITE,
        "topic": "other",
        "time_zone": "Europe/Berlin",
        "repeats": patterns.NEVER,
        "interval": 1,
        "campaigns": chosen,
        "languages": ["de"],
        "organiser": current_city().name,
    }


def _typed_place(event: Event | None, initial: dict[str, Any]) -> str:
    if event is None:
        return str(initial.get("geometry", ""))
    return "" if event.place is None else str(event.place.json)


def _in_words(span: Span, form: EventForm) -> str:
    """A date that is not stored yet, as it will be read."""
    data = form.cleaned_data
    event = Event(time_zone=data["time_zone"], is_all_day=bool(data["is_all_day"]))
    return in_words_span(EventDate(event=event, starts_at=span.starts_at, ends_at=span.ends_at))
