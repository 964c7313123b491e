"""Sessions of a body: made with their event, then number, agenda, documents, publication."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from engagement.calendar.wording import in_words_span
from engagement.models import Body, Document, Event, Session
from engagement.planning.access import editors_only
from engagement.planning.papers import advice
from engagement.planning.papers.forms import NumberForm, SessionForm
from engagement.planning.papers.frame import deletion, is_done
from engagement.services.bodies.sessions import create_session, delete_session, publish_session, set_number
from mapping.services.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def new(request: HttpRequest, editor: User, body: str) -> HttpResponse:
    """A new session; its title and number are proposed."""
    found = get_object_or_404(Body, slug=body)
    is_sent = request.method == "POST"
    form = SessionForm(request.POST) if is_sent else SessionForm(initial=_proposed(found))
    if is_sent and form.is_valid():
        try:
            session = create_session(
                editor,
                found,
                form.cleaned_data["number"],
                form.event_values(found.name),
                form.timing(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The session is stored as a draft. Now the agenda."))
            return redirect("records:session", found.slug, session.pk)
    return render(
        request,
        "engagement/papers/planning/session_new.html",
        {"form": form, "body": found},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def edit(request: HttpRequest, editor: User, body: str, session: uuid.UUID) -> HttpResponse:
    """A session: number, agenda, documents."""
    found = called(body, session)
    is_sent = request.method == "POST"
    form = NumberForm(request.POST) if is_sent else NumberForm(initial={"number": found.number})
    if is_sent and form.is_valid():
        try:
            set_number(editor, found, form.cleaned_data["number"])
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            if "publish" in request.POST:
                return _published(request, editor, found)
            return redirect("records:session", found.body.slug, found.pk)
    date = found.event.dates.order_by("starts_at", "pk").first()
    if date is not None:
        date.event = found.event
    documents = Document.objects.filter(Q(session=found) | Q(agenda_item__session=found))
    context = {
        "form": form,
        "body": found.body,
        "session": found,
        "when": "" if date is None else in_words_span(date),
        "event_address": _event_address(found.event),
        "agenda": found.agenda.order_by("position", "pk"),
        "documents": documents.order_by("-dated", "title", "pk"),
        "advice": advice.of_session(found),
        "focus": request.GET.get("focus", ""),
    }
    return render(
        request, "engagement/papers/planning/session.html", context, status=422 if form.errors else 200
    )


@require_POST
@editors_only
def publish(request: HttpRequest, editor: User, body: str, session: uuid.UUID) -> HttpResponse:
    """Put the session into the public calendar."""
    return _published(request, editor, called(body, session))


def _published(request: HttpRequest, editor: User, found: Session) -> HttpResponse:
    is_done(request, lambda: publish_session(editor, found), _("The session is public now."))
    return redirect("records:session", found.body.slug, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def delete(request: HttpRequest, editor: User, body: str, session: uuid.UUID) -> HttpResponse:
    """Delete a session that is a draft."""
    found = called(body, session)
    return deletion(
        request,
        title=found.event.title,
        warning=gettext_lazy(
            "Its agenda and its date are deleted with it. Its documents stay with the body."
        ),
        act=lambda: delete_session(editor, found),
        back=reverse("records:session", args=(found.body.slug, found.pk)),
        after=reverse("records:body", args=(found.body.slug,)),
    )


def called(body: str, session: uuid.UUID) -> Session:
    """The session of an address."""
    return get_object_or_404(Session.objects.select_related("body", "event"), body__slug=body, pk=session)


def _proposed(body: Body) -> dict[str, object]:
    """The next number, and the place of the session before."""
    number = (body.sessions.aggregate(last=Max("number"))["last"] or 0) + 1
    title = _("Session %(number)s: %(body)s") % {"number": number, "body": body.name}
    initial: dict[str, object] = {"number": number, "title": title}
    last = body.sessions.select_related("event").order_by("-number", "-created_at").first()
    if last is not None:
        event = last.event
        names = ("kind", "topic", "place_name", "address", "online_link")
        initial |= {name: getattr(event, name) for name in names}
    return initial


def _event_address(event: Event) -> str:
    """Where planners edit the event."""
    try:
        return reverse("records:event", args=(event.slug,))
    except NoReverseMatch:
        return ""
