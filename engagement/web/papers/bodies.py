"""Bodies: members, sessions, documents; a session with its agenda and what was decided."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from django.db.models import Count, Max, Min, Prefetch, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement import rules
from engagement.models import AgendaItem, Body, BodyMember, Document, DocumentKind, EventStatus, Session
from engagement.web.papers.lookup import body_or_404, or_gone, session_or_404, shown_to, with_holders
from engagement.web.papers.shown import (
    ShownDocument,
    ShownSession,
    session_address,
    shown_documents,
    shown_session,
)
from mapping.languages import ORIGINAL

DOCUMENTS_SHOWN = 12
_STARTS = "sessions__event__dates__starts_at"
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@require_safe
def bodies_page(request: HttpRequest) -> HttpResponseBase:
    """All public bodies with the numbers of their sessions and members."""
    now = timezone.now()
    public = Q(sessions__event__is_draft=False)
    still_on = ~Q(sessions__event__dates__status=EventStatus.CANCELLED)
    bodies = Body.objects.public().annotate(
        session_count=Count("sessions", filter=public, distinct=True),
        last_session=Max(_STARTS, filter=public & Q(sessions__event__dates__ends_at__lte=now)),
        next_session=Min(_STARTS, filter=public & still_on & Q(sessions__event__dates__ends_at__gt=now)),
    )
    return render(
        request,
        "engagement/papers/bodies.html",
        {"bodies": bodies.order_by("name", "slug"), "original": ORIGINAL},
    )


@require_safe
def body_page(request: HttpRequest, body: str) -> HttpResponseBase:
    """`/bodies/<slug>/`: who is a member, when the body meets and met, what it wrote."""
    found = body_or_404(request, body)
    now, today = timezone.now(), timezone.localdate()
    may_edit = rules.may_edit_records(request.user)
    members = list(found.members.order_by("position", "name", "pk"))
    sessions = _sessions(found, sees_drafts=may_edit)
    documents = Document.objects.of_body(found)
    number = documents.public().count()
    context = {
        "body": found,
        "members": [one for one in members if not _has_left(one, today)],
        "former": [one for one in members if _has_left(one, today)],
        "coming": [one for one in sessions if one.date is None or one.date.ends_at > now],
        "past": [one for one in reversed(sessions) if one.date is not None and one.date.ends_at <= now],
        "documents": shown_documents(
            with_holders(documents.public().filter(session=None, agenda_item=None))[:DOCUMENTS_SHOWN],
            within={found.get_absolute_url()},
            minutes_first=True,
        ),
        "document_count": number,
        "may_edit": may_edit,
        "original": ORIGINAL,
    }
    return render(request, "engagement/papers/body.html", context)


@require_safe
@or_gone
def session_page(request: HttpRequest, body: str, session: uuid.UUID) -> HttpResponseBase:
    """A session: when and where, its minutes first, the agenda with results and documents."""
    found = session_or_404(request, body, session)
    may_edit = rules.may_edit_records(request.user)
    items = found.agenda.order_by("position", "pk")
    agenda = list(items if may_edit else items.filter(is_public=True))
    documents = shown_documents(
        shown_to(
            request.user,
            with_holders(Document.objects.filter(Q(session=found) | Q(agenda_item__session=found))),
        ),
        within={found.body.get_absolute_url(), session_address(found)},
        minutes_first=True,
    )
    context = {
        "session": found,
        "body": found.body,
        "shown": shown_session(found),
        "is_draft": found.event.is_draft or found.body.is_draft,
        "documents": [one for one in documents if one.document.agenda_item_id is None],
        "agenda": [(item, _of_item(documents, item)) for item in agenda],
        "may_edit": may_edit,
        "original": ORIGINAL,
    }
    return render(request, "engagement/papers/session.html", context)


def _sessions(body: Body, *, sees_drafts: bool) -> list[ShownSession]:
    """The sessions of a body by date, with their minutes."""
    minutes = Document.objects.public().filter(kind=DocumentKind.MINUTES)
    rows = Session.objects.filter(body=body) if sees_drafts else Session.objects.public().filter(body=body)
    found = rows.select_related("event").prefetch_related(
        "event__dates", Prefetch("documents", minutes.order_by("-dated", "pk"), to_attr="public_minutes")
    )
    shown = []
    for session in found:
        session.body = body
        written: list[Document] = session.public_minutes  # type: ignore[attr-defined]
        shown.append(shown_session(session, next(iter(written), None)))
    return sorted(shown, key=lambda one: (one.date.starts_at if one.date else _LONG_AGO, str(one.session.pk)))


def _of_item(documents: list[ShownDocument], item: AgendaItem) -> list[ShownDocument]:
    return [one for one in documents if one.document.agenda_item_id == item.pk]


def _has_left(member: BodyMember, today: object) -> bool:
    return member.until is not None and member.until < today  # type: ignore[operator]
