"""What was public and is not any more: the address of what is deleted answers 410, and OParl names both as deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone

from engagement.models import AgendaItem, Body, Document, DocumentVersion, Event, Plan, RemovedRecord, Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagement.models.common import Record
    from engagement.models.document import DocumentQuerySet

LOCATION: Final = "location"
"""The kind of places, which are no rows of their own."""
_HAS_PLACE: Final = Q(place__isnull=False) | ~Q(place_name="") | ~Q(address="")


def note_removed(records: Iterable[Record | DocumentVersion]) -> None:
    """Remember ids, kinds and moments of public records that are deleted or hidden in the same transaction.

    Sessions take their place with them. Sessions and agenda items that held a document of them have changed. What is
    public again keeps its row, which OParl leaves out. The records must be as they were stored before.
    """
    removed = list(records)
    sessions = {one.event_id for one in removed if isinstance(one, Session)}
    events = Event.objects.public().filter(_HAS_PLACE, pk__in=sessions)
    _note([*map(_record, removed), *map(_place, events)])
    touch_holders(removed)


def note_consultations_removed(documents: Iterable[Document]) -> None:
    """Remember that public documents are on no agenda any more.

    A consultation is kept under the kind and the id of its document, which is not called deleted while it is public.
    """
    _note(map(_record, documents))


def note_place_removed(holder: Event | Plan) -> None:
    """Remember that an event or plan, as it was stored before, loses its place, if that is public."""
    shown = (
        Plan.objects.public().filter(place__isnull=False)
        if isinstance(holder, Plan)
        else Event.objects.public().filter(_HAS_PLACE, session__in=Session.objects.public())
    )
    if shown.filter(pk=holder.pk).exists():
        _note([_place(holder)])


def _note(rows: Iterable[RemovedRecord]) -> None:
    once = {row.pk: row for row in rows}
    RemovedRecord.objects.bulk_create(
        once.values(), update_conflicts=True, unique_fields=["id"], update_fields=["removed_at", "owner"]
    )


def _record(one: Record | DocumentVersion) -> RemovedRecord:
    return RemovedRecord(
        id=one.pk,
        kind=one._meta.model_name or "",  # noqa: SLF001 - documented
        created_at=one.created_at,
        removed_at=timezone.now(),
        owner=one.body_id if isinstance(one, Session) else None,
    )


def _place(holder: Event | Plan) -> RemovedRecord:
    """A place has the id of its event or plan, which are not kept here themselves."""
    return RemovedRecord(id=holder.pk, kind=LOCATION, created_at=holder.created_at, removed_at=timezone.now())


def touch_holders(records: Iterable[Record | DocumentVersion], *, after: Document | None = None) -> None:
    """Mark sessions and agenda items as changed that held documents in public, but not those that hold `after`.

    OParl embeds documents in both: without this, `modified` would fall back to an earlier moment, and clients that ask
    with `modified_since` would keep the document.
    """
    documents, now = [one for one in records if isinstance(one, Document)], timezone.now()
    for rows, name in ((Session.objects, "session_id"), (AgendaItem.objects, "agenda_item_id")):
        left = {getattr(one, name) for one in documents} - {getattr(after, name, None), None}
        rows.filter(pk__in=left).update(changed_at=now)


def with_files(documents: DocumentQuerySet) -> list[Document | DocumentVersion]:
    """Those of the documents that are public, and their files: what `note_removed` takes before they disappear."""
    public = list(documents.public().prefetch_related("versions"))
    return [*public, *(version for document in public for version in document.versions.all())]


def everything_of_body(body: Body) -> list[Record | DocumentVersion]:
    """What disappears with a public body: members, sessions, agendas, documents."""
    sessions = Session.objects.public().filter(body=body)
    return [
        body,
        *body.members.all(),
        *sessions,
        *AgendaItem.objects.filter(session__in=sessions, is_public=True),
        *with_files(Document.objects.of_body(body)),
    ]
