"""Documents read from another system: files of sessions, and papers on their agendas."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import AgendaItem, Document, Session
from engagement.services.council import parsing
from engagement.services.council.fetching import Source, SourceProblem
from engagement.services.council.parsing import File, Item, Paper, Unusable
from engagement.services.council.report import Report
from engagement.services.documents import editing, files
from mapping.services.errors import Conflict, DomainError

_LINK: Final = "Im Ratsinformationssystem: <{address}>"
"""The text of a paper that has no PDF there, as people read it."""


def store_file(actor: User, source: Source, session: Session, file: File) -> None:
    """A document for a file of a session."""
    document = Document.objects.filter(origin=file.origin).first()
    if document is None:
        values = {"title": file.title, "kind": file.kind, "session": session, "dated": _day_of(session)}
        document = _new(actor, file.origin, values)
    _store_version(actor, source, document, file)


def read_papers(
    actor: User, source: Source, session: Session, agenda: tuple[Item, ...], report: Report
) -> None:
    """The papers of the public items of an agenda, each as a document under its item."""
    public = {one.origin: one for one in session.agenda.filter(is_public=True).exclude(origin="")}
    for item in agenda:
        stored = public.get(item.origin)
        if stored is None:
            continue
        for address in item.consultations:
            try:
                _read(actor, source, stored, address)
            except (Unusable, SourceProblem, DomainError) as error:
                report.skip({"id": address}, error)


def differs(stored: Any, values: dict[str, object]) -> bool:
    """Whether a row has other values."""
    return any(getattr(stored, name) != value for name, value in values.items())


def _read(actor: User, source: Source, item: AgendaItem, address: str) -> None:
    consultation = source.read(address)
    if parsing.is_deleted(consultation):
        return
    given = consultation.get("paper")
    found = given if isinstance(given, dict) else source.read(parsing.address(consultation, "paper"))
    if not parsing.is_deleted(found):
        _store(actor, source, item, parsing.paper(found))


def _store(actor: User, source: Source, item: AgendaItem, paper: Paper) -> None:
    """A paper on several agendas stays under the item that it was first read with."""
    document = Document.objects.filter(origin=paper.origin).first()
    if document is None:
        if paper.file is None and not paper.web:
            return
        text = _LINK.format(address=paper.web) if paper.file is None else ""
        values = {"dated": _day_of(item.session), **paper.values, "agenda_item": item, "text": text}
        document = _new(actor, paper.origin, values)
        if text:
            editing.set_public(actor, document, is_public=True)
    elif differs(document, paper.values):
        document = editing.save_document(actor, document, paper.values)
    if paper.file is not None and not document.text:
        _store_version(actor, source, document, paper.file)


def _new(actor: User, origin: str, values: dict[str, object]) -> Document:
    with transaction.atomic():
        document = editing.save_document(actor, None, values)
        Document.objects.filter(pk=document.pk).update(origin=origin)
    return document


def _store_version(actor: User, source: Source, document: Document, file: File) -> None:
    """The first version, with which the document becomes public, or a new one where the file is newer than ours."""
    newest = document.versions.order_by("-number").first()
    if newest is not None and (file.modified is None or file.modified <= newest.created_at):
        return
    most = settings.DOCUMENT_MEGABYTES * 2**20 + 1
    try:
        files.add_version(actor, document, source.pieces(file.address, most), name=file.name)
    except Conflict as conflict:
        if conflict.code != "version_exists":
            raise
    if newest is None:
        editing.set_public(actor, document, is_public=True)


def _day_of(session: Session) -> date:
    found = session.event.dates.order_by("starts_at").first()
    return timezone.localdate() if found is None else timezone.localdate(found.starts_at)
