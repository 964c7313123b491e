"""Bodies, sessions and documents that everyone may see, and drafts of which nobody may learn anything."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from engagement.models import AgendaItem, Body, BodyMember, Document, DocumentKind, Event, Session
from engagement.models.common import Record
from mapping.models import Campaign
from tests.engagement.making import make_body, make_document, make_event, make_session
from tests.engagement.papers.making import add_file
from tests.gate.world import HIDDEN, SHOWN

HIDDEN_ROWS: Mapping[type[Record], Q] = {
    Body: Q(is_draft=True),
    BodyMember: Q(body__is_draft=True),
    Event: Q(is_draft=True),
    Session: Q(event__is_draft=True),
    AgendaItem: Q(is_public=False) | Q(session__event__is_draft=True),
    Document: ~Q(pk__in=Document.objects.public()),
}


def put_up_papers(campaign: Campaign, draft: Campaign) -> None:
    """A body with a public session and a hidden one, a hidden body, documents of each and of a draft campaign."""
    body = make_body(slug="shown-body", name=f"{SHOWN} body")
    body.members.create(name=f"{SHOWN} member")
    hidden_body = make_body(slug="hidden-body", name=f"{HIDDEN} body", is_draft=True)
    hidden_body.members.create(name=f"{HIDDEN} member")
    session = make_session(body, timezone.now() - timedelta(days=5), number=1)
    shown_item = session.agenda.create(title=f"{SHOWN} item", result=f"{SHOWN} result")
    hidden_item = session.agenda.create(title=f"{HIDDEN} item", result=f"{HIDDEN} result", is_public=False)
    event = make_event(slug="hidden-session", title=f"{HIDDEN} session", is_draft=True)
    hidden_session = body.sessions.create(event=event, number=2)
    hidden_session.agenda.create(title=f"{HIDDEN} next item")
    minutes = make_document(title=f"{SHOWN} minutes", session=session, kind=DocumentKind.MINUTES)
    add_file(minutes, (f"{SHOWN} text of minutes",))
    make_document(title=f"{SHOWN} paper", agenda_item=shown_item, campaign=campaign, text=f"{SHOWN} text")
    holders: tuple[dict[str, Any], ...] = (
        {"is_draft": True, "session": session},
        {"body": hidden_body},
        {"session": hidden_session},
        {"agenda_item": hidden_item},
        {"campaign": draft},
    )
    for number, holder in enumerate(holders):
        hidden = make_document(title=f"{HIDDEN} paper {number}", summary=f"{HIDDEN} summary", **holder)
        add_file(hidden, (f"{HIDDEN} text of a file",), name=f"{HIDDEN}.pdf", note=f"{HIDDEN} note")
    # No moment of what is public may tell when they were changed.
    for model, hidden_rows in HIDDEN_ROWS.items():
        model._default_manager.filter(hidden_rows).update(changed_at=timezone.now() + timedelta(hours=1))
