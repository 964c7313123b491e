"""A set is made: below a name of its own that no one takes for a set, verified, and only then renamed.

In this order: the database of one moment, then media, then erasures. A photo is on the disk before its row is committed
and deleted after its row is, so that each row of the snapshot has its file when the copy begins. A file that is deleted
before the copy reaches it belongs to a row that was erased after the snapshot: the list of erasures, written last,
names it. Files that came after the snapshot have no row in the set, and are swept after a restore.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import Error as DatabaseFault
from django.utils import timezone

from audit.recording import Action, record
from geoparticipation.backup import database
from geoparticipation.backup.environment import key_mark, settings_lines
from geoparticipation.backup.errors import BackupFailed, RestoreRefused
from geoparticipation.backup.manifest import (
    FORMAT,
    Manifest,
    read_manifest,
    require_whole,
    sets_below,
    write_manifest,
)
from geoparticipation.backup.media import copy_media, named_files, stored_names
from geoparticipation.backup.reaching import reach_server
from geoparticipation.backup.sealing import Seal, SealedFile, configured_seal
from mapping.services.erasures.ledger import current_ledger, lines_of

DATABASE: Final = "database.dump"
MEDIA: Final = "media.tar"
CHECKSUMS: Final = "media.sha256"
ERASURES: Final = "erasures.txt"
SETTINGS: Final = "settings.env"
_UNFINISHED: Final = ".unfinished-"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished set, its manifest, and the older sets that were deleted for it."""

    path: Path
    manifest: Manifest
    bytes: int
    deleted: tuple[Path, ...]


def make_set(directory: Path) -> Made:
    """Make one verified set below a directory, delete old ones, and call the hook.

    Raises BackupFailed. Its sentence says so where the set is there all the same; otherwise no set is left of this run,
    and older ones stay.
    """
    reach_server()
    directory = directory.absolute()  # the hook and pages get its name, too
    try:
        with _alone(directory):
            path, manifest, size = _make(directory)
            problems: list[str] = []
            deleted = _follow_up(path, size, problems)
    except OSError as error:
        raise BackupFailed(f"The set was not made: {error}") from error
    problems += _call_hook(path)
    if problems:
        raise BackupFailed(f"The set {path} is there, but {'; '.join(problems)}.")
    return Made(path, manifest, size, deleted)


def _make(directory: Path) -> tuple[Path, Manifest, int]:
    """Make the set; returns it with its bytes."""
    for left in directory.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)
    name = _name_of_now()
    while (directory / name).exists():
        time.sleep(0.1)  # names count seconds, and nobody else makes sets here meanwhile
        name = _name_of_now()
    draft = directory / f"{_UNFINISHED}{name}"
    draft.mkdir(mode=0o700)
    try:
        manifest = _write(draft, configured_seal())
        # What the disk gives back is compared with what was written.
        require_whole(draft)
        size = sum(file.stat().st_size for file in draft.iterdir())
        draft.rename(directory / name)
    except (DatabaseFault, RestoreRefused) as error:
        raise BackupFailed(f"The set was not made: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return directory / name, manifest, size


def _follow_up(path: Path, size: int, problems: list[str]) -> tuple[Path, ...]:
    """What follows once the set is there: leave word of it and delete old ones. What fails is added to `problems`."""
    deleted: list[Path] = []
    try:
        _sync(path.parent)
        deleted.extend(_delete_old(path.parent))
    except OSError as error:
        problems.append(f"older ones cannot be deleted ({error})")
    try:
        _note(path, size)
    except OSError as error:
        problems.append(f"VAR_DIR cannot be written, so that pages and checks do not know of it ({error})")
    _record(path.name, size)
    return tuple(deleted)


def _name_of_now() -> str:
    return timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")


def _write(draft: Path, seal: Seal | None) -> Manifest:
    files: dict[str, dict[str, Any]] = {}

    @contextmanager
    def part(name: str) -> Iterator[SealedFile]:
        with SealedFile(draft / name, seal) as file:
            yield file
        files[name] = {"name": file.path.name, "bytes": file.bytes, "sha256": file.sha256}

    with database.snapshot() as snapshot:
        made_at = database.moment_of_snapshot()
        with part(DATABASE) as file:
            database.dump(snapshot, file.write)
        tables, named = database.counts(), named_files()
        versions, migrations = database.versions(), dict(database.migrations())
        first_migrated_at = database.first_migrated_at()
    with part(MEDIA) as file:
        copied = copy_media(file)
    # Gone before they were reached, or lost long ago: `sweep_photos` names the latter.
    missing = sorted(named - copied.checksums.keys())
    with part(CHECKSUMS) as file:
        for name, digest in sorted(copied.checksums.items()):
            file.write(f"{digest}  {name}\n".encode())
    with part(SETTINGS) as file:
        file.write(settings_lines(with_secrets=seal is not None).encode())
    with part(ERASURES) as file:
        for line in lines_of(current_ledger()):
            file.write(line.encode())
    manifest = Manifest(
        format=FORMAT,
        made_at=made_at,
        encryption="" if seal is None else seal.suffix.removeprefix("."),
        versions=versions,
        migrations=migrations,
        key_mark=key_mark(),
        tables=tables,
        media_files=len(copied.checksums),
        media_bytes=copied.bytes,
        missing_media=missing,
        files=files,
        first_migrated_at=first_migrated_at,
    )
    write_manifest(draft, manifest)
    return manifest


def _note(path: Path, size: int) -> None:
    """Leave word of the newest set for pages, metrics and checks."""
    note = Path(settings.VAR_DIR) / "backup.json"
    draft = note.with_name(f".{note.name}.{os.getpid()}")
    values = {
        "finished_at": datetime.now(UTC).isoformat(),
        "set": str(path),
        "bytes": size,
        "verified": True,
    }
    draft.write_text(json.dumps(values, indent=2) + "\n")
    draft.rename(note)


def _record(name: str, size: int) -> None:
    """The set is whole, also where the database has gone meanwhile."""
    try:
        record(None, Action.BACKUP_MADE, set=name, bytes=size)
    except DatabaseFault:
        logger.warning("The set %s was made, but the audit log does not say so.", name, exc_info=True)


def _delete_old(directory: Path) -> Iterator[Path]:
    """Delete sets beyond `BACKUP_KEEP`, the oldest; the newest, which was verified just now, always stays."""
    for path in sets_below(directory)[max(settings.BACKUP_KEEP, 1) :]:
        # Renamed first, so that an interrupted deletion leaves no half set.
        doomed = path.with_name(f"{_UNFINISHED}{path.name}")
        path.rename(doomed)
        shutil.rmtree(doomed)
        yield path


def oldest_moment(directory: Path) -> datetime | None:
    """The moment of the oldest set in a directory."""
    found = sets_below(directory)
    return read_manifest(found[-1]).moment if found else None


def has_media() -> bool:
    """Whether the storage holds any file."""
    return next(stored_names(), None) is not None


def _call_hook(path: Path) -> list[str]:
    """Call the operator's program; returns what went wrong."""
    if not settings.BACKUP_HOOK:
        return []
    try:
        done = subprocess.run([settings.BACKUP_HOOK, str(path)], check=False)  # noqa: S603 - the operator's own
    except OSError as error:
        return [f"BACKUP_HOOK cannot be started: {error}"]
    return [f"BACKUP_HOOK ended with {done.returncode}"] if done.returncode else []


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One backup at a time; the lock ends with the process, however it ends."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed(f"Another backup is being made in {directory}.") from None
        yield


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
