"""Media in a set: one archive of all files of the storage, and the list of their checksums.

The only module that knows where media are: it goes through Django's storage.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, BinaryIO, cast

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import FileField

from geoparticipation.backup.errors import RestoreRefused
from geoparticipation.backup.sealing import SealedFile
from mapping.services.photos.sweeping import entries_below


@dataclass(slots=True)
class Copied:
    """What was copied: checksums by name, and how many bytes."""

    checksums: dict[str, str] = field(default_factory=dict)
    bytes: int = 0


def copy_media(target: SealedFile) -> Copied:
    """Write an archive of all media. What is deleted meanwhile is left out."""
    copied = Copied()
    with tarfile.open(fileobj=cast("BinaryIO", target), mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(stored_names()):
            try:
                with default_storage.open(name) as file:
                    content = file.read()
                    changed_at = default_storage.get_modified_time(name)
            except FileNotFoundError:
                continue
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mtime = changed_at.timestamp()
            entry.mode = 0o644
            archive.addfile(entry, io.BytesIO(content))
            copied.checksums[name] = hashlib.sha256(content).hexdigest()
            copied.bytes += len(content)
    return copied


def stored_names() -> Iterator[str]:
    """The names of all files in the folders of media, without those that are being written."""
    for folder in sorted(
        {one.generate_filename(one.model(), "name").partition("/")[0] for one in file_fields()}
    ):
        for entry in entries_below(folder):
            if not entry.name.rpartition("/")[2].startswith("."):
                yield entry.name


def named_files() -> set[str]:
    """The names of all media that rows name."""
    names: set[str] = set()
    for one in file_fields():
        rows = one.model._default_manager.exclude(**{one.name: ""})  # noqa: SLF001 - documented
        names |= {str(name) for name in rows.values_list(one.name, flat=True)}
    return names


def file_fields() -> Iterator[FileField]:
    """The columns that name media."""
    for model in apps.get_models():
        for one in model._meta.concrete_fields:  # noqa: SLF001 - documented
            if isinstance(one, FileField):
                yield one


def put_media(source: IO[bytes], checksums: Mapping[str, str], added: set[str]) -> int:
    """Store the files of an archive, each compared with its checksum; returns how many there are.

    `added` gets the names of those that were not there, also where it ends with an error.

    Files of the same content stay as they are, so that it can be done again. Raises RestoreRefused for an archive that
    is not as its list says; the files before are stored then.
    """
    found: set[str] = set()
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                data = content.read() if content is not None else b""
                if hashlib.sha256(data).hexdigest() != checksums.get(entry.name):
                    raise RestoreRefused(f"{entry.name} in the archive of media is not as its list says.")
                if not default_storage.exists(entry.name):
                    added.add(entry.name)
                _put(entry.name, data)
                found.add(entry.name)
    except tarfile.TarError as error:
        raise RestoreRefused(f"The archive of media cannot be read: {error}.") from error
    if missing := checksums.keys() - found:
        raise RestoreRefused(
            f"{len(missing)} files are missing in the archive of media, {min(missing)} for one."
        )
    return len(found)


def delete_media(names: Iterable[str]) -> None:
    """Delete what `put_media` added, where it is still there."""
    for name in names:
        default_storage.delete(name)


def _put(name: str, data: bytes) -> None:
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            if file.read() == data:
                return
        default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(data))
    if stored != name:
        default_storage.delete(stored)
        raise RestoreRefused(f"The storage keeps {name} under another name.")
