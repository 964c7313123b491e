"""Where photos lie: whole files on a disk, or none."""

import os
from pathlib import Path
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's storage on a disk, but a file gets its name only when all of it is on the disk.

    Django's own opens the final name first: a full disk leaves a file of no bytes behind. And what is acknowledged must
    survive a power failure, as the database's row does: hence fsync, also of the directory that holds the name.
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
            # Names are made from random numbers (`services.attachments`): nothing is overwritten.
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _settle(path.parent)
        return name


def _settle(directory: Path) -> None:
    """Wait until the names in a directory are on the disk."""
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
