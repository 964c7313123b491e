"""Files: the versions of a document, or the page of one that was written here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from engagement.models import Document, DocumentVersion
from engagement.oparl.values import Json, id_of, moment, site_address, written

_PDF: Final = "application/pdf"
_HTML: Final = "text/html"


def files_of(document: Any) -> list[Json]:
    """The files of a document of `rows`, the newest version first; one if it was written here."""
    found = [
        _version(one, document, max(one.created_at, document.modified)) for one in document.versions.all()
    ]
    if not found and document.text:
        found.append(_page(document))
    return found


def version_alone(version: Any) -> Json:
    """A version by itself, with its text and with what it belongs to."""
    pages = version.texts.order_by("number").values_list("text", flat=True)
    text = "\n\n".join(pages)
    document = version.document
    return (
        _version(version, document, version.modified) | ({"text": text} if text else {}) | _owners(document)
    )


def page_alone(document: Any) -> Json:
    """The page of a document by itself."""
    return _page(document) | {"text": document.text} | _owners(document)


def page_listed(document: Any) -> Json:
    """The page of a document in the list of files, without its text."""
    return _page(document) | _owners(document)


def version_listed(version: Any) -> Json:
    """A version in the list of files, without its text."""
    return _version(version, version.document, version.modified) | _owners(version.document)


def _version(version: DocumentVersion, document: Document, modified: datetime) -> Json:
    address = site_address("document-file", document.pk, version.number)
    return written(
        "file",
        "File",
        version.pk,
        version.created_at,
        modified,
        name=_name(document, version.note),
        fileName=version.name,
        mimeType=_PDF,
        date=moment(version.created_at),
        size=version.bytes,
        accessUrl=address,
        downloadUrl=f"{address}?download=1",
        fileLicense=_address(document.licence),
        web=site_address("document", document.pk),
    )


def _page(document: Any) -> Json:
    address = site_address("document", document.pk)
    return written(
        "file",
        "File",
        document.pk,
        document.created_at,
        document.modified,
        name=document.title,
        mimeType=_HTML,
        date=moment(document.created_at),
        accessUrl=address,
        fileLicense=_address(document.licence),
        web=address,
    )


def _owners(document: Document) -> Json:
    """Back references, which embedded files do without."""
    owners: Json = {"paper": [id_of("paper", document.pk)]}
    if document.session_id is not None:
        owners["meeting"] = [id_of("meeting", document.session_id)]
    if document.agenda_item_id is not None:
        owners["agendaItem"] = [id_of("agendaitem", document.agenda_item_id)]
    return owners


def _name(document: Document, note: str) -> str:
    return f"{document.title} ({note})" if note else document.title


def _address(licence: str) -> str:
    """A licence that is named by its address; OParl wants no other names."""
    return licence if urlsplit(licence).scheme in ("http", "https") else ""
