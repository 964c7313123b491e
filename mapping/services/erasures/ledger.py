"""The ledger of erasures as a file, which is newer than any backup: written whole, never without what it had before."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from mapping.models import Erasure
from mapping.services.erasures.promises import Promised, current_promises, merged_promises, promise_of

GAP: Final = "gap"
"""The kind of an entry that stands for erasures which the list lacks: a backup was restored without them."""
_HEAD: Final = re.compile(r"geoparticipation erasures 1 (\S+)")
_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\w{1,30}) ([0-9a-f]{64})")
_BATCH: Final = 5000


class BrokenLedger(Exception):
    """A file is no ledger of erasures, or not a whole one."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One erased row: the day (UTC), its kind and its hash (`Erasure`)."""

    day: date
    kind: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Ledger:
    """All erasures known at a moment, and the dates of retention promised then; later ones are not in here."""

    until: datetime
    entries: frozenset[Entry]
    promises: frozenset[Promised] = frozenset()

    def continues(self, earlier: Ledger) -> bool:
        """Whether this list has all entries of an earlier one that are not forgotten yet, and no gap since."""
        oldest = oldest_day()
        known = {one.digest for one in self.entries}
        gaps = {one.digest for one in self.entries if one.kind == GAP}
        before = {one.digest for one in earlier.entries}
        return gaps <= before and all(one.digest in known for one in earlier.entries if one.day >= oldest)


def current_ledger() -> Ledger:
    """The ledger as the database has it now."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Before the rows: what is committed while they are read may be missing, and is after this moment.
        cursor.execute("SELECT clock_timestamp()")
        (until,) = cursor.fetchone()
        rows = Erasure.objects.values_list("day", "kind", "digest")
        entries = frozenset(Entry(day, kind, bytes(digest)) for day, kind, digest in rows.iterator(_BATCH))
        return Ledger(until, entries, current_promises())


def export_ledger(path: Path) -> Ledger:
    """Write the current ledger to a file, with what the file had before and is not too old; atomically.

    Entries stay for `ERASURE_LEDGER_DAYS` days, so that a database that lost them (an older backup was restored) takes
    nothing from the file. Raises BrokenLedger where the file is another one, OSError where it cannot be written.
    """
    ledger = current_ledger()
    if path.exists():
        before = read_ledger(path)
        oldest = oldest_day()
        kept = (entry for entry in before.entries if entry.day >= oldest)
        ledger = Ledger(
            max(ledger.until, before.until),
            merged([*ledger.entries, *kept]),
            merged_promises([*ledger.promises, *(one for one in before.promises if _matters(one, oldest))]),
        )
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
        ) as file:
            file.writelines(lines_of(ledger))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return ledger


def lines_of(ledger: Ledger) -> Iterator[str]:
    """The lines of a file, sorted, so that they tell no order within a day; the last one proves that it is whole."""
    digest = hashlib.sha256()
    head = f"geoparticipation erasures 1 {ledger.until.astimezone(UTC).isoformat()}\n"
    entries = (f"{one.day} {one.kind} {one.digest.hex()}\n" for one in sorted(ledger.entries))
    for line in (head, *entries, *sorted(f"{one.line}\n" for one in ledger.promises)):
        digest.update(line.encode())
        yield line
    yield f"end {len(ledger.entries) + len(ledger.promises)} {digest.hexdigest()}\n"


def read_ledger(path: Path) -> Ledger:
    """Read a file of `export_ledger`. Raises BrokenLedger, OSError."""
    return ledger_of(path.read_bytes(), path.name)


def ledger_of(content: bytes, name: str) -> Ledger:
    """The ledger in the bytes of a file. Raises BrokenLedger with the file's name."""
    body, _newline, last = content.rstrip(b"\n").rpartition(b"\n")
    head, *lines = body.decode("ascii", "replace").split("\n")
    title = _HEAD.fullmatch(head)
    if title is None:
        raise BrokenLedger(f"{name} is no list of erasures.")
    if last.decode("ascii", "replace") != _end_of(body, len(lines)):
        raise BrokenLedger(f"{name} is not whole: it was cut off or changed.")
    try:
        promises = {line: found for line in lines if (found := promise_of(line)) is not None}
        entries = frozenset(_entry_of(line) for line in lines if line not in promises)
        return Ledger(datetime.fromisoformat(title[1]), entries, frozenset(promises.values()))
    except ValueError as error:
        raise BrokenLedger(f"{name} cannot be read: {error}") from error


def merged(entries: Iterable[Entry]) -> frozenset[Entry]:
    """Each erasure once, with the first of its days."""
    first: dict[bytes, Entry] = {}
    for entry in entries:
        known = first.get(entry.digest)
        if known is None or entry < known:
            first[entry.digest] = entry
    return frozenset(first.values())


def note_gap() -> None:
    """Note that erasures are missing in the ledger of this database, so that no later restore relies on it."""
    today = timezone.now().astimezone(UTC).date()
    Erasure.objects.create(digest=secrets.token_bytes(32), kind=GAP, day=today)


def oldest_day() -> date:
    """Erasures before this day are forgotten: no backup may be older."""
    return timezone.now().astimezone(UTC).date() - timedelta(days=settings.ERASURE_LEDGER_DAYS)


def forget_old() -> int:
    """Delete entries that no backup needs any more; returns their number."""
    return Erasure.objects.filter(day__lt=oldest_day()).delete()[0]


def _matters(promised: Promised, oldest: date) -> bool:
    """Whether a backup that is kept may hold what was to be removed at the date."""
    return promised.until is None or promised.until >= oldest


def _entry_of(line: str) -> Entry:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"unexpected line {line[:80]!r}")
    return Entry(date.fromisoformat(found[1]), found[2], bytes.fromhex(found[3]))


def _end_of(body: bytes, number: int) -> str:
    digest = hashlib.sha256(body + b"\n").hexdigest()
    return f"end {number} {digest}"
