"""Storage of photos: complete files on disk, or none."""

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage

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


def storage_state() -> str:
    """Whether files can be stored: "ok", or the problem, without revealing a path.

    A file is written, since permissions, quotas and read-only mounts cannot be detected otherwise.
    """
    for name, directory in (("media", Path(settings.MEDIA_ROOT)), ("var", Path(settings.VAR_DIR))):
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
