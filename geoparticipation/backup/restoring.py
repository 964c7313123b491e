"""A set is restored: checked as a whole first, loaded beside the former database, which goes only at the end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from geoparticipation.backup import database
from geoparticipation.backup.environment import has_same_key
from geoparticipation.backup.errors import RestoreFailed, RestoreRefused
from geoparticipation.backup.lists import lists_of
from geoparticipation.backup.making import CHECKSUMS, DATABASE, MEDIA, has_media
from geoparticipation.backup.manifest import Manifest, require_whole
from geoparticipation.backup.media import delete_media, put_media
from geoparticipation.backup.reaching import reach_server
from geoparticipation.backup.reopening import Reopened, delete_strays, reopen
from geoparticipation.backup.sealing import opened
from geoparticipation.backup.unfinished import ASIDE, restoring

Say = Callable[[str], None]
_PIECE: Final = 1024 * 1024
_ROOM: Final = 3
"""A database takes about so many times its compressed dump, with indexes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to restore, and what whoever sits at the machine has said about it."""

    path: Path
    identity: Path | None = None
    erasures: Path | None = None
    without_erasures: bool = False
    into_live: bool = False
    take_back: bool = False
    jobs: int = 2


def verify(path: Path, identity: Path | None, say: Say) -> Manifest:
    """Check all of a set without touching anything else; raises RestoreRefused. Without a key, what can be."""
    manifest = require_whole(path)
    say(f"{len(manifest.files)} files have the sizes and checksums of the manifest.")
    if manifest.encryption == "age" and identity is None:
        say("Encrypted: with --identity FILE the content is read, too.")
        return manifest
    with _scratch(manifest) as scratch:
        dump = _unsealed(path, manifest, DATABASE, identity, scratch)
        say(f"pg_restore lists {len(database.contents(dump))} entries.")
    return manifest


def restore(wish: Wish, say: Say) -> Reopened:
    """Restore a set into the database and the storage of the settings, and erase what was erased since.

    Raises RestoreRefused before anything was changed, RestoreFailed after; then the former database is back, except
    where its sentence says otherwise.
    """
    reach_server()
    with restoring():
        return _restore(replace(wish, path=wish.path.resolve()), say)


def take_back(say: Say) -> None:
    """Take the former database back that an interrupted restore left aside. Raises RestoreRefused."""
    reach_server()
    with restoring():
        database.leave_pool()
        try:
            _refuse_others()
            if not database.has_schema(ASIDE):
                raise RestoreRefused("No restore was interrupted: there is nothing to take back.")
            database.take_back()
        except DatabaseError as error:
            raise RestoreRefused(f"The database refuses: {error}") from error
    say("The former database is back.")


def _restore(wish: Wish, say: Say) -> Reopened:
    manifest = require_whole(wish.path)
    database.leave_pool()
    say(f"The set is whole. It is of {manifest.made_at}.")
    if not has_same_key(manifest.key_mark):
        say(
            "WARNING: SECRET_KEY is another one than that of the set. Nobody will find what is theirs, and private"
        )
        say(
            "links are void, until the site runs with the old one (settings.env in the set, where it is encrypted)."
        )
    try:
        _require_known(manifest)
        is_filled = _refuse_live(wish)
        with _scratch(manifest) as scratch:
            dump = _unsealed(wish.path, manifest, DATABASE, wish.identity, scratch)
            checksums = _checksums(wish, manifest)
            lists = lists_of(
                wish.path,
                manifest,
                identity=wish.identity,
                erasures=wish.erasures,
                without_erasures=wish.without_erasures,
                is_filled=is_filled,
            )
            say("Loading the database.")
            _load(dump, scratch, manifest, wish.jobs)
    except DatabaseError as error:
        raise RestoreRefused(f"The database refuses: {error}") from error
    except OSError as error:
        raise RestoreRefused(f"Nothing was changed: {error}") from error
    say(f"{sum(manifest.tables.values()):,} rows in {len(manifest.tables)} tables, as in the manifest.")
    added: set[str] = set()
    with _taken_back(added):
        with opened(wish.path / str(manifest.files[MEDIA]["name"]), wish.identity) as archive:
            put_media(archive, checksums, added)
        say(f"{manifest.media_files:,} media files, each with its checksum.")
        call_command("migrate", interactive=False, verbosity=0)
        done = reopen(lists.ledgers, known_until=manifest.moment, unknown_since=lists.unknown_since)
        database.replace_aside()
    try:
        database.drop_replaced()
        database.analyze()
        return delete_strays(done)
    except (DatabaseError, OSError) as error:
        raise RestoreFailed(
            f"The database is restored, what is left of the former one is not: {error}"
        ) from error


@contextmanager
def _taken_back(added: set[str]) -> Iterator[None]:
    """Take the former database back, and delete what was added to the media, whatever ends the block before its end."""
    try:
        yield
    except BaseException as error:
        connection.close()
        database.take_back()
        delete_media(added)
        if isinstance(error, Exception):
            raise RestoreFailed(f"The former database is back. {error}") from error
        raise


def _require_known(manifest: Manifest) -> None:
    """A set of a newer version cannot be read by this one; one of an older version is migrated."""
    known = MigrationLoader(None).disk_migrations or {}
    newer = [f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known]
    if newer:
        raise RestoreRefused(
            f"The set is of a newer version of the service ({newer[0]} is not known here): install that version first."
        )
    server = database.versions()["postgresql"]
    if int(manifest.versions["postgresql"]) > int(server):
        raise RestoreRefused(
            f"The set is of PostgreSQL {manifest.versions['postgresql']}, and this is {server}: install the newer one."
        )


def _refuse_live(wish: Wish) -> bool:
    """Whether the database holds data, which may be replaced."""
    _refuse_others()
    if database.has_schema(ASIDE):
        if not wish.take_back:
            raise RestoreRefused(
                f"An earlier restore was interrupted: the schema {ASIDE} holds the database before it, and public what"
                " was loaded of its set. --take-back drops what is in public and takes the former database back."
            )
        database.take_back()
    filled = database.holds_data()
    if filled and not wish.into_live:
        raise RestoreRefused(
            f"The database holds data ({', '.join(filled[:3])}, ...). Is it the right one? --into-live replaces it."
        )
    if has_media() and not wish.into_live:
        raise RestoreRefused(
            "VAR_DIR/media holds files. Is it the right place? --into-live restores into it."
        )
    return bool(filled)


def _refuse_others() -> None:
    if others := database.others_connected():
        pooler = " PgBouncer," if settings.DATABASE_PGBOUNCER else ""
        raise RestoreRefused(
            f"{others} connections use the database: stop the server, the workers,{pooler} and whatever else reads it."
        )


def _load(dump: Path, scratch: Path, manifest: Manifest, jobs: int) -> None:
    database.drop_replaced()
    database.put_aside()
    with _taken_back(set()):
        database.load(dump, scratch, jobs=jobs)
        _require_all_rows(manifest)


def _require_all_rows(manifest: Manifest) -> None:
    found = database.counts()
    differing = sorted(name for name, rows in manifest.tables.items() if found.get(name) != rows)
    if differing:
        raise RestoreFailed(
            f"Tables have other numbers of rows than the manifest says: {', '.join(differing)}"
        )


def _checksums(wish: Wish, manifest: Manifest) -> dict[str, str]:
    with opened(wish.path / str(manifest.files[CHECKSUMS]["name"]), wish.identity) as file:
        lines = file.read().decode().splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _unsealed(path: Path, manifest: Manifest, name: str, identity: Path | None, scratch: Path) -> Path:
    """A file of the set that programs can read by its name."""
    stored = path / str(manifest.files[name]["name"])
    if not manifest.encryption:
        return stored
    target = scratch / name
    try:
        with opened(stored, identity) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _PIECE)
    except OSError as error:
        raise RestoreRefused(f"{name} cannot be written to {scratch}: {error}") from error
    return target


@contextmanager
def _scratch(manifest: Manifest) -> Iterator[Path]:
    """A private directory below VAR_DIR, with room for the set; raises RestoreRefused."""
    var = Path(settings.VAR_DIR)
    var.mkdir(parents=True, exist_ok=True)
    dump = int(manifest.files[DATABASE]["bytes"])
    needed = manifest.media_bytes + (dump if manifest.encryption else 0)
    if not settings.DATABASES["default"]["HOST"] or settings.DATABASES["default"]["HOST"].startswith("/"):
        needed += dump * _ROOM
    free = shutil.disk_usage(var).free
    if free < needed:
        raise RestoreRefused(
            f"{needed / 1e6:,.0f} MB are needed, and {free / 1e6:,.0f} MB are free below {var}."
        )
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=var, ignore_cleanup_errors=True) as name:
        yield Path(name)
