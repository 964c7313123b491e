"""Documents and sessions as pages show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import reverse

from engagement.calendar.wording import in_words_span
from engagement.models import Document, DocumentKind, DocumentVersion, EventDate, EventStatus, Session
from mapping.exports.documents.pdf import is_possible


@dataclass(frozen=True, slots=True)
class Holder:
    """What a document belongs to: its name, and its page."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document in a list; `file` is its newest version, `pdf` the address where it is read as PDF."""

    document: Document
    file: DocumentVersion | None
    pdf: str
    holder: Holder | None

    @property
    def is_minutes(self) -> bool:
        """Whether it is the minutes of a session."""
        return self.document.kind == DocumentKind.MINUTES


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session with its date in words; `minutes` are its public minutes."""

    session: Session
    date: EventDate | None
    when: str
    minutes: Document | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.date is not None and self.date.status == EventStatus.CANCELLED


def shown_documents(
    documents: Iterable[Document], *, within: Collection[str] = (), minutes_first: bool = False
) -> list[ShownDocument]:
    """Documents of `lookup.with_holders` in their order; holders at the addresses `within` are not named."""
    shown = [shown_document(one, within=within) for one in documents]
    return sorted(shown, key=lambda one: not one.is_minutes) if minutes_first else shown


def shown_document(document: Document, *, within: Collection[str] = ()) -> ShownDocument:
    """One document of `lookup.with_holders`."""
    versions = list(document.versions.all())
    file = versions[0] if versions else None
    holders = holders_of(document)
    holder = next((one for one in holders if one.address not in within), None)
    return ShownDocument(document, file, pdf_address(document, file), holder)


def pdf_address(document: Document, file: DocumentVersion | None) -> str:
    """Where a document is read as PDF; empty where there is none."""
    if file is not None:
        return reverse("document-file", args=(document.pk, file.number))
    return reverse("document-written", args=(document.pk,)) if document.text and is_possible() else ""


def holders_of(document: Document) -> list[Holder]:
    """What a document belongs to, the closest first; of a public one everything of it is public."""
    item = document.agenda_item
    session = document.session or (item.session if item is not None else None)
    body = document.body or (session.body if session is not None else None)
    found = []
    if session is not None:
        found.append(Holder(session.event.title, session_address(session)))
    if body is not None:
        found.append(Holder(body.name, body.get_absolute_url()))
    others = (document.event, document.plan, document.campaign)
    found.extend(Holder(one.title, one.get_absolute_url()) for one in others if one is not None)
    return found


def session_address(session: Session) -> str:
    """The page of a session, of which the body is known."""
    return reverse("session", args=(session.body.slug, session.pk))


def shown_session(session: Session, minutes: Document | None = None) -> ShownSession:
    """A session whose event and dates are known; sessions have one date."""
    date = next(iter(session.event.dates.all()), None)
    if date is None:
        return ShownSession(session, None, "", minutes)
    date.event = session.event
    return ShownSession(session, date, in_words_span(date), minutes)
