"""Storage of photos: complete files on disk, or none."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

_PROBE: Final = 4096


class WholeFileStorage(FileSystemStorage):
    """Django's file system storage, but a file gets its name only when it is completely written.

    Django's own opens the final name first: a full disk leaves an empty file behind. An acknowledged file must survive
    a power failure, as the database's row does: hence fsync, also of the directory with the name.
    """

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{uuid4().hex}.new")
        try:
            with unfinished.open("xb") as file:
                for piece in content.chunks():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            # Names are random (`services.photos.attachments`): nothing is overwritten.
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _settle(path.parent)
        return name

    def entries(self, folder: str) -> Iterator[tuple[str, int, datetime]]:
        """Name, bytes and moment of writing of all files below a folder."""
        for directory, _folders, names in os.walk(self.path(folder)):
            for name in names:
                path = Path(directory, name)
                try:
                    found = path.stat()
                except FileNotFoundError:
                    continue  # deleted meanwhile
                moment = datetime.fromtimestamp(found.st_mtime, UTC)
                yield path.relative_to(self.location).as_posix(), found.st_size, moment


def storage_state() -> str:
    """Whether files can be stored: "ok", or the problem, without revealing a path or a bucket.

    A file is written, since permissions, quotas and read-only mounts cannot be detected otherwise.
    """
    directories = [("media", Path(settings.MEDIA_ROOT)), ("var", Path(settings.VAR_DIR))]
    storage: Any = default_storage
    if not isinstance(storage, FileSystemStorage):
        bucket = storage.state()
        if bucket != "ok":
            return f"media: {bucket}"
        directories = directories[1:]
    for name, directory in directories:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(directory).free // 2**20
            with tempfile.NamedTemporaryFile(dir=directory, prefix=".probe-") as file:
                file.write(bytes(_PROBE))
        except OSError as error:
            return f"{name}: {'full' if error.errno in {errno.ENOSPC, errno.EDQUOT} else 'not writable'}"
        if free < settings.LEAST_FREE_MEGABYTES:
            return f"{name}: only {free} MB free"
    return "ok"


def _settle(directory: Path) -> None:
    """Flush a directory to disk (fsync)."""
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
