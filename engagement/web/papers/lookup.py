"""Bodies, sessions and documents of an address: 404 for what the visitor may not see, 410 for what was there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from engagement import rules
from engagement.models import Body, Document, DocumentVersion, RemovedRecord, Session
from engagement.models.document import DocumentQuerySet
from mapping.rules import type_of_user

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]
_HOLDERS = (
    *("campaign", "plan", "body", "event", "session__body", "session__event"),
    *("agenda_item__session__body", "agenda_item__session__event"),
)


class GoneError(Exception):
    """The record was public and is deleted."""


def or_gone(view: View[Parameters]) -> View[Parameters]:
    """Answer 410 where a view finds that a record was deleted."""

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except GoneError:
            return render(request, "engagement/papers/gone.html", status=410)

    return cast("View[Parameters]", guarded)


def body_or_404(request: HttpRequest, slug: str) -> Body:
    """A public body; a draft for those who may edit it."""
    found = Body.objects.filter(slug=slug).first()
    if found is None or (found.is_draft and not rules.may_edit_records(request.user)):
        raise Http404
    return found


def session_or_404(request: HttpRequest, slug: str, pk: uuid.UUID) -> Session:
    """A public session of a body; a draft for those who may edit it. Raises GoneError."""
    sessions = Session.objects.select_related("body", "event").prefetch_related("event__dates")
    found = sessions.filter(body__slug=slug, pk=pk).first()
    if found is None:
        raise_gone(pk)
        raise Http404
    is_draft = found.body.is_draft or found.event.is_draft
    if is_draft and not rules.may_edit_records(request.user):
        raise Http404
    return found


def document_or_404(request: HttpRequest, pk: uuid.UUID) -> tuple[Document, bool]:
    """A document with its versions, and whether it is public; a draft for those who may edit it. Raises GoneError."""
    found = with_holders(Document.objects.all()).filter(pk=pk).first()
    if found is None:
        raise_gone(pk)
        raise Http404
    is_public = Document.objects.public().filter(pk=pk).exists()
    if not is_public and not rules.may_edit_document(request.user, found):
        raise Http404
    return found, is_public


def with_holders(rows: DocumentQuerySet) -> DocumentQuerySet:
    """Documents with what they belong to and with their versions, the newest first."""
    versions = DocumentVersion.objects.order_by("-number")
    return (
        rows.select_related(*_HOLDERS)
        .defer("campaign__area", "plan__place", "event__place", "session__event__place")
        .prefetch_related(Prefetch("versions", versions))
    )


def shown_to(user: type_of_user, documents: DocumentQuerySet) -> DocumentQuerySet:
    """Those that everybody may see; all for who edits everything."""
    return documents if rules.may_edit_records(user) else documents.public()


def raise_gone(pk: uuid.UUID) -> None:
    """Raise GoneError if a public record with this id was deleted."""
    if RemovedRecord.objects.filter(pk=pk).exists():
        raise GoneError
