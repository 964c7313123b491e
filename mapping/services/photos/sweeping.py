"""Photos and pictures whose file or whose row is missing: found by comparing the storage with the database.

A file without a row is left by a process that was killed between the two, or by a COMMIT whose result was lost; it may
be a photo that was withdrawn. A row without a file is a photo that was acknowledged and lost.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from mapping.models import Photo, Picture
from mapping.services.photos.attachments import delete_files

_FOLDERS = ("photos", "pictures")
"""Where the files of citizens' photos and of the city's pictures are."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the storage; `size` in bytes."""

    name: str
    size: int
    modified_at: datetime


@dataclass(frozen=True)
class Strays:
    """Files and rows without their counterpart.

    `files` have no row and exceed the given age, `young` counts the newer ones (perhaps being uploaded just now);
    `rows` have no file, or one without content. `whole` counts photos and pictures that have both.
    """

    files: Collection[str]
    size: int
    young: int
    rows: Collection[Photo | Picture]
    whole: int


def find_strays(older_than: datetime) -> Strays:
    """Compare the storage with the database."""
    # Files first: the row of a file written meanwhile then exists already, or the file is young.
    found = [entry for folder in _FOLDERS for entry in entries_below(folder)]
    sizes = {entry.name: entry.size for entry in found}
    photos = _rows()
    known = {str(photo.file.name) for photo in photos}
    strays = [entry for entry in found if entry.name not in known]
    files = sorted(entry.name for entry in strays if entry.modified_at < older_than)
    young = len(strays) - len(files)
    # Some were added after the first listing, some deleted.
    doubtful = [photo for photo in photos if not sizes.get(str(photo.file.name)) and not _has_content(photo)]
    keys = [photo.pk for photo in doubtful]
    standing = {
        pk
        for rows in (Photo.objects, Picture.objects)
        for pk in rows.filter(pk__in=keys).values_list("pk", flat=True)
    }
    rows = [photo for photo in doubtful if photo.pk in standing]
    return Strays(files, sum(sizes[name] for name in files), young, rows, len(photos) - len(doubtful))


def delete_stray_files(strays: Strays) -> None:
    """Delete the files that no row names."""
    delete_files(strays.files)


def delete_stray_rows(strays: Strays) -> None:
    """Delete the rows whose photo is lost, so that no page shows a gap."""
    keys = [photo.pk for photo in strays.rows]
    with transaction.atomic():
        Photo.objects.filter(pk__in=keys).delete()
        Picture.objects.filter(pk__in=keys).delete()


def _rows() -> Sequence[Photo | Picture]:
    photos = Photo.objects.select_related("contribution__campaign").order_by("pk")
    return [*photos, *Picture.objects.select_related("campaign").order_by("pk")]


def entries_below(folder: str) -> Iterator[StoredFile]:
    """All files below a folder of the storage."""
    # Not in Django's interface of storages: ours list name, size and time in one go (`geoparticipation.serving`).
    storage: Any = default_storage
    for name, size, modified_at in storage.entries(folder):
        yield StoredFile(name, size, modified_at)


def _has_content(photo: Photo | Picture) -> bool:
    try:
        return default_storage.size(str(photo.file.name)) > 0
    except FileNotFoundError:
        return False
