"""Registering for a date: the form, what follows it, and the private page on which people cancel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from doors.levels import Counter, Full, Limit
from doors.visitors import Door
from engagement import rules
from engagement.calendar.wording import in_words_span
from engagement.models import Event, EventDate, EventStatus, Registration, RegistrationState
from engagement.services.registrations import registering, waiting
from engagement.services.registrations.registering import LONGEST, MOST_PEOPLE, Applicant
from mapping.planning.setup.fields import SetupForm
from mapping.services.errors import DomainError, TooMany
from mapping.visitor import admit
from mapping.web.mine.private import private
from mapping.web.refusals import refused

REGISTER: Final = Door(Limit("register", 60, 30))
"""Far above a class that registers from its school, far below what would fill a hall with invented people."""
ADDRESS: Final = Limit("register-address", 10, 600)
"""Letters to one address, registered there or not: nobody fills another's mailbox."""
_MOST_DATES: Final = 100


class RegistrationForm(SetupForm):
    """Who comes to which date; an address only where letters are sent."""

    date = forms.ChoiceField(label=gettext_lazy("Date"))
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST["name"],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    mail = forms.CharField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("You get a letter with your registration and a link to cancel it."),
        max_length=LONGEST["mail"],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    people = forms.IntegerField(
        label=gettext_lazy("Number of people"),
        initial=1,
        widget=forms.NumberInput(attrs={"class": "input--short", "min": 1, "max": MOST_PEOPLE}),
    )
    needs = forms.CharField(
        label=gettext_lazy("What you need to take part"),
        help_text=gettext_lazy("For example sign language, a place for a wheelchair, child care."),
        max_length=LONGEST["needs"],
        required=False,
    )

    def __init__(self, dates: Sequence[EventDate], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["date"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(str(one.pk), in_words_span(one)) for one in dates]
        only = str(dates[0].pk) if len(dates) == 1 else None
        # A date that was sent and is closed by now is seen, with what is wrong.
        if only and (not self.is_bound or self.data.get("date") == only):
            field.widget = forms.HiddenInput()
            # The form's own values win over those of its fields, also where they are empty.
            self.initial["date"] = only
        if not settings.SENDS_MAIL:
            del self.fields["mail"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register(request: HttpRequest, event: str) -> HttpResponseBase:
    """Show the form (`?date=` chooses one of several dates) and register somebody.

    Where letters are sent, the same page follows whether the address was registered before or not.
    """
    found = _public(event)
    dates = _open_dates(found)
    is_sent = request.method == "POST"
    form = RegistrationForm(
        dates, request.POST if is_sent else None, initial={"date": request.GET.get("date", "")}
    )
    problem: DomainError | None = None
    if is_sent and dates and form.is_valid():
        chosen = next(one for one in dates if str(one.pk) == form.cleaned_data["date"])
        try:
            _count(request, form.cleaned_data.get("mail", ""))
            outcome = registering.register(chosen, _applicant(form))
        except DomainError as error:
            problem = error
            form.refuse(error)
        else:
            if settings.SENDS_MAIL:
                return redirect("event-registered", event=found.slug)
            return redirect("registration", token=registering.token_of(outcome.registration))
    status = 422 if is_sent else 200
    page = render(
        request,
        "engagement/registration/form.html",
        {
            "event": found,
            "form": form,
            "dates": dates,
            "only": in_words_span(dates[0], with_zone=True) if len(dates) == 1 else "",
            "is_full": len(dates) == 1 and _is_full(dates[0]),
            "sends_mail": settings.SENDS_MAIL,
        },
        status=status,
    )
    return page if problem is None else refused(page, problem)


@require_safe
@never_cache
def registered(request: HttpRequest, event: str) -> HttpResponse:
    """What happens now, whoever the address belongs to."""
    return render(request, "engagement/registration/sent.html", {"event": _public(event)})


@require_http_methods(["GET", "HEAD", "POST"])
@private(registering.registration_of_token)
def registration(request: HttpRequest, found: Registration, token: str) -> HttpResponseBase:
    """Somebody's registration behind their private link. A POST cancels; reading, as scanners of mail do, does not."""
    if request.method == "POST":
        registering.cancel(found)
        return redirect("registration", token=token)
    date = found.date
    is_over = date.ends_at <= timezone.now()
    is_registered = found.state == RegistrationState.REGISTERED
    is_cancelled = found.state == RegistrationState.CANCELLED
    takes_place = date.status != EventStatus.CANCELLED
    return render(
        request,
        "engagement/registration/mine.html",
        {
            "event": date.event,
            "date": date,
            "when": in_words_span(date, with_zone=True),
            "registration": found,
            "is_registered": is_registered,
            "is_cancelled": is_cancelled,
            "is_over": is_over,
            "takes_place": takes_place,
            "position": waiting.position_of(found) if found.state == RegistrationState.WAITING else None,
            "online_link": date.event.online_link if is_registered and takes_place and not is_over else "",
            "may_cancel": not is_over and not is_cancelled,
            "sends_mail": settings.SENDS_MAIL,
        },
    )


def _count(request: HttpRequest, mail: str) -> None:
    """Count a registration by network and by address; raises TooMany."""
    admit(request, REGISTER)
    if mail:
        try:
            Counter(ADDRESS, (registering.recipient_of(mail),)).take(timezone.now())
        except Full as full:
            raise TooMany(full.retry_after) from full


def _public(slug: str) -> Event:
    found = get_object_or_404(Event.objects.public(), slug=slug)
    if not found.takes_registrations:
        raise Http404
    return found


def _open_dates(event: Event) -> list[EventDate]:
    now = timezone.now()
    coming = event.dates.coming(now).taking_place()
    found = list(coming.select_related("event")[:_MOST_DATES])
    return [one for one in found if rules.may_register(one, now)]


def _is_full(date: EventDate) -> bool:
    return waiting.free_places(date) == 0 or waiting.has_queue(date)


def _applicant(form: RegistrationForm) -> Applicant:
    data = form.cleaned_data
    return Applicant(
        name=data["name"],
        mail=data.get("mail", ""),
        people=data["people"],
        needs=data["needs"],
        language=get_language() or settings.LANGUAGE_CODE,
    )
