"""What was public and is not any more: the address of what is deleted answers 410, and OParl names both as deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from engagement.models import AgendaItem, Body, Document, DocumentVersion, RemovedRecord, Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagement.models.common import Record
    from engagement.models.document import DocumentQuerySet


def note_removed(records: Iterable[Record | DocumentVersion]) -> None:
    """Remember ids, kinds and moments of public records that are deleted or hidden in the same transaction.

    Sessions and agenda items that held a document of them have changed. What is public again keeps its row, which OParl
    leaves out. The records must be as they were stored before.
    """
    removed, now = list(records), timezone.now()
    RemovedRecord.objects.bulk_create(
        [
            RemovedRecord(
                id=one.pk,
                kind=one._meta.model_name or "",  # noqa: SLF001 - documented
                created_at=one.created_at,
                removed_at=now,
            )
            for one in removed
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["removed_at"],
    )
    touch_holders(removed)


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
