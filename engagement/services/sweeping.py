"""Files of documents that no row names: left by a process that was killed in the moment of writing or deleting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.core.files.storage import default_storage
from django.utils import timezone

from engagement.models import DocumentVersion
from mapping.services.photos.attachments import delete_files

OLD_ENOUGH: Final = timedelta(days=1)
"""Younger files may be arriving just now."""
_FOLDER: Final = "documents"


def delete_stray_files() -> int:
    """Delete files without a row that are older than a day; return their number."""
    stored = list(_stored(_FOLDER))
    known = set(DocumentVersion.objects.values_list("file", flat=True))
    strays = [name for name in stored if name not in known and _is_old(name)]
    delete_files(strays)
    return len(strays)


def _stored(folder: str) -> Iterator[str]:
    """The names of all files below a folder."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from _stored(f"{folder}/{inner}")


def _is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) < timezone.now() - OLD_ENOUGH
    except FileNotFoundError:
        return False
