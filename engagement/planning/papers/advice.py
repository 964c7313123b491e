"""What is missing of a body, a session or a document, in words; nothing of it keeps anybody from publishing."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.models import Body, Document, DocumentKind, Extraction, Session


def of_body(body: Body) -> list[str]:
    """What people would miss on the page of a body."""
    return list(_of_body(body))


def of_session(session: Session) -> list[str]:
    """What people would miss on the page of a session."""
    return list(_of_session(session))


def of_document(document: Document) -> list[str]:
    """What keeps people from reading a document."""
    return list(_of_document(document))


def _of_body(body: Body) -> Iterator[str]:
    if body.is_draft:
        yield _("This body is a draft: nobody sees it, its sessions and its documents.")
    if not body.summary:
        yield _("There is no summary.")
    if not body.members.exists():
        yield _("No members are named.")


def _of_session(session: Session) -> Iterator[str]:
    if session.body.is_draft:
        yield _("The body is still a draft.")
    if session.event.is_draft:
        yield _("The session is a draft: nobody sees its date and its agenda.")
    if not session.agenda.exists():
        yield _("There is no agenda.")
    date = session.event.dates.order_by("starts_at", "pk").first()
    if date is None or date.ends_at > timezone.now():
        return
    if not session.documents.filter(kind=DocumentKind.MINUTES, is_draft=False).exists():
        yield _("The session is over, and there are no public minutes.")


def _of_document(document: Document) -> Iterator[str]:
    newest = document.versions.order_by("-number").first()
    if newest is None and not document.text:
        yield _("There is nothing to read yet: upload a PDF, or write the text.")
    if newest is not None and newest.extraction in {Extraction.NO_TEXT, Extraction.FAILED}:
        yield _("The PDF has no text that can be read. People who do not see it need another form of it.")
    if document.is_draft:
        yield _("This document is a draft: nobody sees it.")
    elif not Document.objects.public().filter(pk=document.pk).exists():
        yield _("What this document belongs to is a draft. Until that is public, nobody sees the document.")
