"""Lists of erasures that a restore replays, and whether one of them covers what was erased since the set was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from audit.models import Entry
from geoparticipation.backup import database
from geoparticipation.backup.errors import RestoreRefused
from geoparticipation.backup.making import ERASURES
from geoparticipation.backup.manifest import Manifest
from geoparticipation.backup.sealing import opened
from mapping.services.erasures.ledger import (
    GAP,
    BrokenLedger,
    Ledger,
    current_ledger,
    ledger_of,
    oldest_day,
    read_ledger,
)

BESIDE: Final = "erasures.txt"
"""The list that `geoparticipation-erasures.timer` keeps in the directory of the sets."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What is replayed. `unknown_since` is the moment since which erasures may be missing, None where none are."""

    ledgers: tuple[Ledger, ...]
    unknown_since: datetime | None


def lists_of(
    path: Path,
    manifest: Manifest,
    *,
    identity: Path | None,
    erasures: Path | None,
    without_erasures: bool,
    is_filled: bool,
) -> Lists:
    """The set's own list, the one that was named or else lies beside the set, and that of the database.

    `is_filled` says that the database holds data, which are to be replaced. Raises RestoreRefused where the set is
    older than erasures are remembered, where a list is broken, and where data are to be replaced without a list that
    is newer than the set and continues its own.
    """
    if not without_erasures:
        require_remembered(manifest.moment)
    with opened(path / str(manifest.files[ERASURES]["name"]), identity) as file:
        content = file.read()
    own = _read(lambda: ledger_of(content, ERASURES))
    ledgers = [own]
    is_covered = False
    named = erasures or _beside(path, without_erasures=without_erasures)
    if named is not None:
        given = _read(lambda: read_ledger(named))
        ledgers.append(given)
        is_covered = given.until > manifest.moment and given.continues(own)
    if is_filled and "mapping_erasure" in connection.introspection.table_names():
        live = current_ledger()
        # A gap that a former restore left is closed by the list that covers the set.
        ledgers.append(_without_gaps(live, ledgers) if is_covered else live)
        is_covered = is_covered or (live.continues(own) and _is_of_the_site(manifest))
    is_covered = is_covered and _is_remembered(manifest.moment)
    if is_covered or without_erasures or not (is_filled or erasures):
        return Lists(tuple(ledgers), None if is_covered else own.until)
    if erasures:
        raise RestoreRefused(
            f"{erasures} is no list of erasures newer than the set: it ends before it, lacks what the set's own list"
            " names, or is of a database that was restored without one. Name the newest one. Only where there is none:"
            " --without-erasures, which replays this one, too."
        )
    unmarked = (
        "" if manifest.first_migrated_at else " (the set is of an older version, and names no database)"
    )
    raise RestoreRefused(
        f"There is no list of erasures newer than the set{unmarked}: what people erased since would be public again."
        " Name it with --erasures FILE (bin/manage export_erasures writes it; look where BACKUP_HOOK or a timer copies"
        " it). Only where there is none: --without-erasures."
    )


def require_remembered(moment: datetime) -> None:
    """Raise RestoreRefused where entries of lists that are needed for a database of a moment are forgotten already."""
    if not _is_remembered(moment):
        raise RestoreRefused(
            f"The backup is of {moment.astimezone(UTC):%Y-%m-%d}, and erasures are remembered for"
            f" {settings.ERASURE_LEDGER_DAYS} days (ERASURE_LEDGER_DAYS): no list names all that people erased since."
            " Take a newer one. Only where there is none: --without-erasures."
        )


def warning_of(unknown_since: datetime) -> str:
    """What must be read before a site opens whose erasures are not all known."""
    return (
        "WARNING: no list of erasures was replayed that is newer than the backup. What people erased after"
        f" {unknown_since.astimezone(UTC):%Y-%m-%d %H:%M} UTC is public again as soon as the site is started. If there"
        " is such a list (bin/manage export_erasures writes it; look where BACKUP_HOOK or a timer copies it), restore"
        " once more with --into-live --erasures FILE. If there is none, delete what people are known to have erased,"
        " and tell the data-protection officer."
    )


def _without_gaps(live: Ledger, others: Sequence[Ledger]) -> Ledger:
    known = {entry for one in others for entry in one.entries}
    return replace(live, entries=frozenset(one for one in live.entries if one.kind != GAP or one in known))


def _is_remembered(moment: datetime) -> bool:
    return moment.astimezone(UTC).date() >= oldest_day()


def _beside(path: Path, *, without_erasures: bool) -> Path | None:
    found = path.parent / BESIDE
    return found if not without_erasures and found.exists() else None


def _is_of_the_site(manifest: Manifest) -> bool:
    """Whether the database is the one of which the set was made, or a copy of it, and was used after that moment."""
    is_same = manifest.first_migrated_at == database.first_migrated_at()
    return (
        is_same
        and "audit_entry" in connection.introspection.table_names()
        and (Entry.objects.filter(at__gte=manifest.moment).exists())
    )


def _read(read: Callable[[], Ledger]) -> Ledger:
    try:
        return read()
    except (OSError, BrokenLedger) as error:
        raise RestoreRefused(f"{error} Name another list with --erasures FILE.") from error
