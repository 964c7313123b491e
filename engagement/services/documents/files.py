"""Files of documents: cleaned, stored as versions, deleted, their texts read."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as queue

from accounts.models import User
from engagement.models import Document, DocumentPage, DocumentVersion, Extraction
from engagement.models.common import ONE_SUMMARY
from engagement.papers.problems import PdfProblem
from engagement.papers.reading import LONGEST_PAGE
from engagement.papers.running import CleanPdf, clean_pdf, read_pdf
from engagement.services.documents.editing import locked_document
from engagement.services.removed import note_removed, with_files
from mapping.geo.text import clean_text
from mapping.services.checking.content import checked_text
from mapping.services.errors import Conflict, Invalid, Problem
from mapping.services.photos.attachments import delete_files, transaction_with_files

TASK: Final = "engagement.read_document"
MOST_VERSIONS: Final = 50
LONGEST_NAME: Final = 200
MOST_CHARACTERS: Final = 20_000_000
"""Of the text of one file."""


def add_version(
    actor: User, document: Document, pieces: Iterable[bytes], *, name: str, note: str = ""
) -> DocumentVersion:
    """Store an uploaded PDF, cleaned, as the newest version of a document; its text is read by the queue.

    Raises NotAllowed "not_document_editor", Conflict (gone, document_written, version_exists, too_many_versions),
    Invalid on "file" (as `papers.running.clean_pdf`) and "note", NotStored.
    """
    words = checked_text(note, max_length=ONE_SUMMARY, name="note", multiline=False)
    with transaction.atomic():
        _require_files(locked_document(actor, document))
    # Without a transaction: it takes seconds.
    cleaned = _cleaned(pieces)
    digest = hashlib.sha256(cleaned.data).digest()
    with transaction_with_files() as written:
        stored = locked_document(actor, document)
        _require_files(stored)
        newest = stored.versions.order_by("-number").first()
        if newest is not None and bytes(newest.digest) == digest:
            raise Conflict("version_exists")
        version = DocumentVersion.objects.create(
            document=stored,
            number=1 if newest is None else newest.number + 1,
            note=words,
            file=_write(cleaned.data, written),
            name=_name(name),
            bytes=len(cleaned.data),
            digest=digest,
            pages=cleaned.pages,
        )
        _touch(stored)
        enqueue_reading(version)
    return version


def delete_version(actor: User, version: DocumentVersion) -> None:
    """Delete a version with its file and text; without any, the document becomes a draft.

    Raises NotAllowed "not_document_editor", Conflict "gone".
    """
    with transaction.atomic():
        stored = locked_document(actor, version.document)
        names = [str(name) for name in stored.versions.filter(pk=version.pk).values_list("file", flat=True)]
        if not names:
            raise Conflict("gone")
        shown = with_files(Document.objects.filter(pk=stored.pk))
        stored.versions.filter(pk=version.pk).delete()
        is_empty = not stored.versions.exists()
        note_removed(one for one in shown if is_empty or one.pk == version.pk)
        stored.is_draft = stored.is_draft or is_empty
        _touch(stored)
        transaction.on_commit(lambda: delete_files(names), robust=True)


def enqueue_reading(version: DocumentVersion) -> None:
    """Have the text of a version read; the job is part of the transaction."""
    queue.configure_task(TASK, allow_unknown=False).defer(version=str(version.pk))


def read_version(pk: uuid.UUID) -> None:
    """Read the text of a file and store it page by page; again it replaces what there is."""
    version = DocumentVersion.objects.filter(pk=pk).first()
    if version is None:
        return  # deleted meanwhile
    texts = _texts(str(version.file.name))
    with transaction.atomic():
        if not DocumentVersion.objects.select_for_update().filter(pk=pk).exists():
            return
        version.texts.all().delete()
        DocumentPage.objects.bulk_create(
            DocumentPage(version=version, number=number, text=text) for number, text in enumerate(texts, 1)
        )
        version.extraction = _outcome(texts)
        version.save(update_fields=["extraction"])


def _cleaned(pieces: Iterable[bytes]) -> CleanPdf:
    try:
        return clean_pdf(
            pieces, most_bytes=settings.DOCUMENT_MEGABYTES * 2**20, most_pages=settings.DOCUMENT_PAGES
        )
    except PdfProblem as problem:
        raise Invalid({"file": [Problem(problem.code, problem.params)]}) from None


def _texts(name: str) -> list[str]:
    """The text of each page, of as many as were read; none where the file is lost."""
    texts: list[str] = []
    left = MOST_CHARACTERS
    try:
        with default_storage.open(name) as file, NamedTemporaryFile(suffix=".pdf") as copy:
            for piece in file.chunks():
                copy.write(piece)
            copy.flush()
            for page in read_pdf(Path(copy.name)):
                # In its composed form a text may be longer.
                whole = clean_text(page[:LONGEST_PAGE], max_length=4 * LONGEST_PAGE, multiline=True)
                texts.append(whole[: min(LONGEST_PAGE, left)])
                left -= len(texts[-1])
                if left <= 0:
                    break
    except FileNotFoundError:
        return []
    return texts


def _outcome(texts: list[str]) -> Extraction:
    if not texts:
        return Extraction.FAILED
    return Extraction.DONE if any(texts) else Extraction.NO_TEXT


def _require_files(document: Document) -> None:
    if document.text:
        raise Conflict("document_written")
    if document.versions.count() >= MOST_VERSIONS:
        raise Conflict("too_many_versions", max=MOST_VERSIONS)


def _name(name: str) -> str:
    """The name under which people store the file."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = stem[:-4] if stem.lower().endswith(".pdf") else stem
    found = checked_text(stem[: LONGEST_NAME - 4], max_length=LONGEST_NAME - 4, name="file", multiline=False)
    return f"{found or 'document'}.pdf"


def _write(data: bytes, written: list[str]) -> str:
    # A random name: drafts must not be guessed.
    wanted = DocumentVersion.file.field.generate_filename(DocumentVersion(), f"{uuid.uuid4().hex}.pdf")
    name = default_storage.save(wanted, ContentFile(data))
    written.append(name)
    return name


def _touch(document: Document) -> None:
    document.changed_at = timezone.now()
    document.save(update_fields=["changed_at", "is_draft"])
