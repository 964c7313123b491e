"""Documents: their facts and texts stored, published, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import Document
from engagement.models.common import ONE_SUMMARY
from engagement.rules import may_edit_document
from engagement.services.bodies.editing import locked
from engagement.services.checked import checked_texts
from engagement.services.removed import note_consultations_removed, note_removed, touch_holders, with_files
from mapping.services.campaigns import validate
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.photos.attachments import delete_files

LONGEST: Final[Mapping[str, int]] = {
    "title": 200,
    "summary": ONE_SUMMARY,
    "reference": 60,
    "licence": 120,
    "author": 160,
    "text": 100_000,
}
"""Characters of each text."""
HOLDERS: Final = ("body", "session", "agenda_item", "event", "plan", "campaign")
"""What a document can belong to."""


def save_document(
    actor: User, document: Document | None, values: Mapping[str, object], *, expected: str = ""
) -> Document:
    """Store a new document as a draft, or the changes of one.

    `values`: texts of `LONGEST`, kind, topic, dated, language, `HOLDERS`.
    Raises NotAllowed "not_document_editor", Conflict (gone, step_changed with its version), Invalid by the names of the
    values, on "text" document_has_files, on "agenda_item" agenda_item_elsewhere.
    """
    cleaned = checked_texts(values, LONGEST, needed={"title"}, multiline={"text"})
    with transaction.atomic():
        stored = Document() if document is None else locked_document(actor, document, expected)
        for name, value in cleaned.items():
            setattr(stored, name, value)
        _require_editor(actor, stored)
        shown = with_files(Document.objects.filter(pk=stored.pk))
        if stored.text and document is not None and stored.versions.exists():
            raise invalid("text", "document_has_files")
        if stored.agenda_item is not None:
            if stored.session_id not in {None, stored.agenda_item.session_id}:
                raise invalid("agenda_item", "agenda_item_elsewhere")
            stored.session_id = stored.agenda_item.session_id
        if not stored.is_draft and not stored.text and not stored.versions.exists():
            raise invalid("text", "document_empty")
        stored.changed_at = timezone.now()
        validate(stored)
        stored.save()
        if Document.objects.public().filter(pk=stored.pk).exists():
            touch_holders(shown, after=stored)
            if stored.agenda_item_id is None:
                note_consultations_removed(
                    one for one in shown if isinstance(one, Document) and one.agenda_item_id
                )
        else:
            note_removed(shown)
    return stored


def set_public(actor: User, document: Document, *, is_public: bool) -> Document:
    """Show a document to everybody, or hide it. Raises NotAllowed, Conflict (gone, document_empty)."""
    with transaction.atomic():
        stored = locked_document(actor, document)
        if is_public and not stored.text and not stored.versions.exists():
            raise Conflict("document_empty")
        if not is_public:
            note_removed(with_files(Document.objects.filter(pk=stored.pk)))
        stored.is_draft = not is_public
        stored.changed_at = timezone.now()
        stored.save(update_fields=["is_draft", "changed_at"])
    return stored


def delete_document(actor: User, document: Document) -> None:
    """Delete a document with all its files; of a public one its id stays. Raises NotAllowed, Conflict "gone"."""
    with transaction.atomic():
        stored = locked_document(actor, document)
        note_removed(with_files(Document.objects.filter(pk=stored.pk)))
        names = [str(name) for name in stored.versions.values_list("file", flat=True)]
        stored.delete()
        transaction.on_commit(lambda: delete_files(names), robust=True)


def locked_document(actor: User, document: Document, expected: str = "") -> Document:
    """The stored document, locked, for those who may edit it.

    Raises NotAllowed "not_document_editor", Conflict (gone, step_changed with its version).
    """
    stored = locked(Document.objects.select_related("campaign"), document, expected)
    _require_editor(actor, stored)
    return stored


def _require_editor(actor: User, document: Document) -> None:
    if not may_edit_document(actor, document):
        raise NotAllowed("not_document_editor")
