"""Who registered for the dates of an event: lists for planners, a table to take along, removal."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.recording import Action, record, record_once
from doors.signin.again import fresh
from engagement.calendar.wording import in_words_span
from engagement.models import Event, EventDate, Registration, RegistrationState
from engagement.planning.calendar.doorway import editors_of_event
from engagement.services.registrations import registering
from mapping.geo.formulas import guarded


@dataclass(frozen=True, slots=True)
class Listed:
    """A date with those who registered, the waiting list behind them."""

    date: EventDate
    registered: Sequence[Registration]
    waiting: Sequence[Registration]

    @property
    def people(self) -> int:
        """How many people have a place."""
        return sum(one.people for one in self.registered)


@require_safe
@editors_of_event
def registrations(request: HttpRequest, user: User, event: Event) -> HttpResponse:
    """Registrations of all dates that have some, the newest date first."""
    if not event.takes_registrations and not Registration.objects.filter(date__event=event).exists():
        raise Http404
    record_once(user, Action.SAW_PEOPLE, target=event, view="registrations")
    return render(
        request,
        "engagement/planning/calendar/registrations.html",
        {"event": event, "here": "registrations", "listed": _listed(event)},
    )


@require_safe
@editors_of_event
@fresh
def registrations_csv(_request: HttpRequest, user: User, event: Event) -> HttpResponse:
    """The same as CSV (RFC 4180, UTF-8 with a mark of its order, for spreadsheets); formulas are escaped."""
    record_once(user, Action.DOWNLOADED, target=event, view="registrations csv")
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [_("Date"), _("Status"), _("Name"), _("E-mail address"), _("Number of people"), _("Needs")]
    )
    for listed in _listed(event):
        when = in_words_span(listed.date)
        for one in (*listed.registered, *listed.waiting):
            texts = (when, one.get_state_display(), one.name, one.mail, str(one.people), one.needs)
            writer.writerow([guarded(text) for text in texts])
    answer = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.csv"'
    return answer


@require_POST
@editors_of_event
def remove(request: HttpRequest, user: User, event: Event) -> HttpResponse:
    """Cancel a registration on somebody's request, and delete name and address."""
    try:
        pk = UUID(request.POST.get("registration", ""))
    except ValueError:
        raise Http404 from None
    found = get_object_or_404(Registration.objects.select_related("date"), pk=pk, date__event=event)
    with transaction.atomic():
        registering.cancel(found)
        record(user, Action.ERASED, target=event, view="registration")
    messages.success(request, _("The registration is cancelled, name and address are deleted."))
    return redirect("records:registrations", event=event.slug)


def _listed(event: Event) -> list[Listed]:
    found = Registration.objects.filter(date__event=event).exclude(state=RegistrationState.CANCELLED)
    by_date: dict[UUID, list[Registration]] = {}
    for one in found.order_by("created_at", "pk"):
        by_date.setdefault(one.date_id, []).append(one)
    dates = list(event.dates.filter(pk__in=by_date).order_by("-starts_at"))
    for date in dates:
        date.event = event
    return [
        Listed(
            date,
            [one for one in by_date[date.pk] if one.state == RegistrationState.REGISTERED],
            [one for one in by_date[date.pk] if one.state == RegistrationState.WAITING],
        )
        for date in dates
    ]
