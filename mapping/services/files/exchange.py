"""Files that pass from one process to another: exports, and uploads between the steps of an import.

They lie below `EXCHANGE_DIR`, which machines share, or below `VAR_DIR` where there is one machine. Where media are in a
bucket (`STORAGES["exchange"]`), so are they, and the folder of each machine holds working copies. Paths are those of
that folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages


def home(name: str) -> Path:
    """The folder of one kind of files; it need not exist."""
    return _root() / name


def share(path: Path) -> None:
    """Hand a written file to the other machines; raises OSError."""
    bucket = _bucket()
    if bucket is None:
        return
    name = _name(path)
    with path.open("rb") as file:
        bucket.save(name, File(file))
    _mark(path, bucket.get_modified_time(name))


def hand_over(path: Path) -> None:
    """Share a file that this machine needs no longer; raises OSError."""
    share(path)
    if _bucket() is not None:
        path.unlink(missing_ok=True)


def opened(path: Path) -> IO[bytes]:
    """Open a file that any machine has shared; raises FileNotFoundError."""
    bucket = _bucket()
    return path.open("rb") if bucket is None else cast("IO[bytes]", bucket.open(_name(path), "rb"))


def exists(path: Path) -> bool:
    """Whether it was shared and not removed."""
    bucket = _bucket()
    return path.is_file() if bucket is None else bucket.exists(_name(path))


def remove(path: Path) -> None:
    """Remove a file here and for the other machines."""
    path.unlink(missing_ok=True)
    bucket = _bucket()
    if bucket is not None:
        bucket.delete(_name(path))


def fetch(folder: Path) -> None:
    """Bring the working copies of a folder up to date with what other machines have shared."""
    for name, size, moment in shared_below(folder):
        path = _root() / name
        if path.is_file() and path.stat().st_size == size and path.stat().st_mtime == moment.timestamp():
            continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_name(f".{os.getpid()}-{path.name}.new")
        with opened(path) as source, unfinished.open("wb") as target:
            shutil.copyfileobj(source, target)
        _mark(unfinished, moment)
        unfinished.rename(path)


def remove_below(folder: Path) -> None:
    """Remove a folder with everything in it, here and for the other machines."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, _size, _moment in shared_below(folder):
        remove(_root() / name)


def shared_below(folder: Path) -> Iterator[tuple[str, int, datetime]]:
    """Name, bytes and moment of the files in the bucket; nothing where there is none."""
    bucket = _bucket()
    if bucket is not None:
        yield from bucket.entries(_name(folder))


def _root() -> Path:
    return Path(settings.EXCHANGE_DIR or settings.VAR_DIR)


def _name(path: Path) -> str:
    return path.relative_to(_root()).as_posix()


def _mark(path: Path, moment: datetime) -> None:
    """Give a working copy the time of its original, by which `fetch` knows it."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def _bucket() -> Any | None:
    found: Storage | None = storages["exchange"] if "exchange" in storages.backends else None
    return found
