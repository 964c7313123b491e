"""Agenda items of a session, in their order, with their results."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from engagement.models import AgendaItem, Session
from engagement.planning.access import editors_only
from engagement.planning.papers.forms import ItemForm
from engagement.planning.papers.frame import deletion, focus_of, step_of
from engagement.planning.papers.sessions import called
from engagement.services.bodies.sessions import LONGEST, delete_item, move_item, save_item
from mapping.planning.moderation.decisions import sentences
from mapping.services.errors import DomainError
from mapping.services.messages import sentence

_COLUMNS = (*LONGEST, "is_public", "campaign")


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def new(request: HttpRequest, editor: User, body: str, session: uuid.UUID) -> HttpResponse:
    """One more agenda item."""
    return _form(request, editor, called(body, session), None)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def edit(request: HttpRequest, editor: User, body: str, session: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """An agenda item with its result."""
    found = called(body, session)
    return _form(request, editor, found, _item(found, item))


@require_POST
@editors_only
def order(request: HttpRequest, editor: User, body: str, session: uuid.UUID) -> HttpResponse:
    """Move an item on the agenda."""
    found = called(body, session)
    item, step = step_of(request, list(found.agenda.order_by("position", "pk")))
    if not isinstance(item, AgendaItem):
        messages.error(request, sentence("gone"))
    else:
        try:
            move_item(editor, item, step)
        except DomainError as error:
            messages.error(request, sentences(error))
    return redirect(f"{_address(found)}?{urlencode({'focus': focus_of(request)})}")


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def delete(
    request: HttpRequest, editor: User, body: str, session: uuid.UUID, item: uuid.UUID
) -> HttpResponse:
    """Delete an agenda item."""
    found = called(body, session)
    stored = _item(found, item)
    return deletion(
        request,
        title=stored.title,
        warning=gettext_lazy("Its result is deleted with it. Its documents stay with the session."),
        act=lambda: delete_item(editor, stored),
        back=_address(found),
        after=_address(found),
    )


def _form(request: HttpRequest, editor: User, session: Session, item: AgendaItem | None) -> HttpResponse:
    is_sent = request.method == "POST"
    if item is None:
        initial: dict[str, object] = {"number": str(session.agenda.count() + 1)}
    else:
        initial = {name: getattr(item, name) for name in _COLUMNS}
    form = ItemForm(request.POST) if is_sent else ItemForm(initial=initial)
    if is_sent and form.is_valid():
        try:
            save_item(editor, session, item, form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("records:session", session.body.slug, session.pk)
    return render(
        request,
        "engagement/papers/planning/item.html",
        {"form": form, "session": session, "body": session.body, "item": item},
        status=422 if form.errors else 200,
    )


def _item(session: Session, pk: uuid.UUID) -> AgendaItem:
    return get_object_or_404(AgendaItem.objects.select_related("session"), session=session, pk=pk)


def _address(session: Session) -> str:
    return reverse("records:session", args=(session.body.slug, session.pk))
