"""Single dates of an event: moved, cancelled, restored; what came of them, with pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from engagement.models import Event, EventDate, EventStatus
from engagement.models.common import ONE_SUMMARY
from engagement.planning.calendar.doorway import editors_of_event, file_door
from engagement.planning.calendar.form import TimesForm, initial_times
from engagement.services.events import single
from engagement.services.events.timing import timing_of_date
from engagement.services.images import LONGEST_ALT
from mapping.forms.files import largest_form_with_photos, lost_upload, takes_files
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.fields import SetupForm, formatted_text
from mapping.services.errors import DomainError

Act = Callable[[dict[str, Any]], object]


class MoveForm(TimesForm):
    """Other times of a date, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody reads it beside the date."),
        max_length=ONE_SUMMARY,
        required=False,
    )


class CancelForm(SetupForm):
    """Why a date does not take place."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody reads it beside the date."),
        max_length=ONE_SUMMARY,
    )


class ReportForm(SetupForm):
    """What came of a date."""

    report = formatted_text(gettext_lazy("What came of it"), single.LONGEST_REPORT, 8)


class PictureForm(SetupForm):
    """One more picture."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP. Place and time of the shot are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        help_text=gettext_lazy(
            "For people who do not see it. Please show nobody who did not agree to be shown."
        ),
        max_length=LONGEST_ALT,
    )


@require_safe
@editors_of_event
def dates(request: HttpRequest, _user: User, event: Event) -> HttpResponse:
    """All dates of an event, the coming ones first."""
    now = timezone.now()
    rows = list(event.dates.order_by("starts_at", "pk"))
    for row in rows:
        row.event = event
    return render(
        request,
        "engagement/planning/calendar/dates.html",
        {
            "event": event,
            "here": "dates",
            "coming": [one for one in rows if one.ends_at > now],
            "past": [one for one in reversed(rows) if one.ends_at <= now],
            "may_cancel": not event.is_draft
            and any(one.ends_at > now and one.status != EventStatus.CANCELLED for one in rows),
        },
    )


@takes_files(largest_form_with_photos, file_door)
@require_http_methods(["GET", "HEAD", "POST"])
@editors_of_event
def date(request: HttpRequest, user: User, event: Event, date: UUID) -> HttpResponseBase:
    """One date; a POST names in `do` what becomes of it: move, cancel, restore, report, picture, `remove:<id>`."""
    row = get_object_or_404(event.dates, pk=date)
    row.event = event
    shown = _Forms(row)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do and shown.is_done(request, user, do):
        return redirect("records:event-date", event=event.slug, date=row.pk)
    return render(
        request,
        "engagement/planning/calendar/date.html",
        {
            "event": event,
            "here": "dates",
            "date": row,
            "is_over": row.ends_at <= timezone.now(),
            "images": row.images.all(),
            "move": shown.move,
            "cancel": shown.cancel,
            "report": shown.report,
            "picture": shown.picture,
        },
        status=422 if do else 200,
    )


class _Forms:
    """The forms of a date, one of which may have been sent."""

    def __init__(self, row: EventDate) -> None:
        self._row = row
        self.move = MoveForm(initial=initial_times(timing_of_date(row.event, row)), prefix="move")
        self.cancel = CancelForm(prefix="cancel")
        self.report = ReportForm(initial={"report": row.report}, prefix="report")
        self.picture = PictureForm(prefix="picture")
        self.move.show_second_hour(row.event.time_zone)

    def is_done(self, request: HttpRequest, user: User, do: str) -> bool:
        """Do what was sent; False, with words at the fields, if it was refused."""
        what, _colon, name = do.partition(":")
        if what == "move":
            return self._moved(request, user)
        if what == "cancel":
            self.cancel = CancelForm(request.POST, prefix="cancel")
            return self._is_stored(
                request,
                self.cancel,
                lambda data: single.cancel_date(self._row, user, data["reason"]),
                _("The date is cancelled. It stays in the calendar with the reason."),
            )
        if what == "report":
            self.report = ReportForm(request.POST, prefix="report")
            return self._is_stored(
                request,
                self.report,
                lambda data: single.report_on(self._row, user, data["report"]),
                _("Saved."),
            )
        if what == "picture":
            return self._pictured(request, user)
        nothing = SetupForm({})
        if what == "restore":
            return self._is_stored(
                request,
                nothing,
                lambda _data: single.restore_date(self._row, user),
                _("The date takes place."),
            )
        return self._is_stored(
            request,
            nothing,
            lambda _data: single.remove_picture(self._row, user, _uuid(name)),
            _("The picture is removed."),
        )

    def _moved(self, request: HttpRequest, user: User) -> bool:
        event = self._row.event
        self.move = form = MoveForm(request.POST, prefix="move", initial=self.move.initial)

        def store(_data: dict[str, Any]) -> object:
            timing = form.times(zone=event.time_zone, is_all_day=event.is_all_day)
            return single.move_date(self._row, user, timing, form.cleaned_data["reason"])

        is_stored = self._is_stored(request, form, store, _("The date is moved."))
        form.show_second_hour(event.time_zone)
        return is_stored

    def _pictured(self, request: HttpRequest, user: User) -> bool:
        self.picture = form = PictureForm(request.POST, request.FILES, prefix="picture")
        if (lost := lost_upload(request)) is not None:
            form.is_valid()
            form.refuse(lost)
            return False
        return self._is_stored(
            request,
            form,
            lambda data: single.add_picture(self._row, user, data["picture"].read(), data["alt"]),
            _("The picture is stored."),
        )

    def _is_stored(self, request: HttpRequest, form: SetupForm, act: Act, words: str) -> bool:
        if not form.is_valid():
            return False
        try:
            act(form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
            if not form.fields:
                messages.error(request, sentences(error))
                return True
            return False
        messages.success(request, words)
        return True


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
