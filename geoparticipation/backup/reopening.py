"""What must happen between a restored database and its first visitor, however it was restored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import get_args

from django.contrib.sessions.models import Session
from django.utils import timezone

from audit.recording import Action, record
from doors.models import OpenSession
from engagement.services.sweeping import delete_stray_files as delete_stray_files_of_papers
from mapping.models import Change
from mapping.services.erasures.ledger import Ledger, note_gap
from mapping.services.erasures.promises import keep_promises
from mapping.services.erasures.replaying import replay
from mapping.services.photos.sweeping import delete_stray_files, find_strays
from mapping.services.releases.holding import hold_releases
from mapping.services.retained.removing import require_removed
from mapping.services.retention import Every, remove_expired


@dataclass(frozen=True, slots=True)
class Reopened:
    """What was erased once more, by kind; campaigns whose releases are held; files without a row that were deleted,
    and rows whose file is missing.

    `unknown_since` is the moment since which erasures may be missing, `shortened` the number of dates of retention that
    the backup knew as later ones.
    """

    erased: Counter[str]
    held: tuple[str, ...]
    unknown_since: datetime | None = None
    shortened: int = 0
    stray_files: int = 0
    rows_without_file: int = 0


def reopen(
    ledgers: Sequence[Ledger], *, known_until: datetime, unknown_since: datetime | None = None
) -> Reopened:
    """Erase what was erased since, begin new revisions, hold releases, end sessions, and remove what is due.

    `known_until` is the moment of which the database is, `unknown_since` the one since which no list names erasures.
    Callers must see that nobody uses the site meanwhile. Raises NotErased, NotRemoved.
    """
    erased: Counter[str] = Counter()
    for ledger in ledgers:
        erased += replay(ledger)
    shortened = keep_promises(one for ledger in ledgers for one in ledger.promises)
    if unknown_since is not None:
        note_gap()
    Change.objects.begin_epoch()
    held = hold_releases(known_until)
    # Whoever logged out since would be logged in again.
    Session.objects.all().delete()
    OpenSession.objects.all().delete()
    # What was due since the backup was removed once; nobody shall see it again until the next night.
    for every in get_args(Every):
        remove_expired(every)
    require_removed()
    record(None, Action.BACKUP_RESTORED, moment=known_until.isoformat(), erased=erased.total())
    return Reopened(erased, tuple(one.slug for one in held), unknown_since, shortened)


def delete_strays(done: Reopened) -> Reopened:
    """Delete files without a row, once no other database may come back that names them."""
    strays = find_strays(timezone.now() + timedelta(seconds=1))
    delete_stray_files(strays)
    deleted = len(strays.files) + delete_stray_files_of_papers(older_than=timedelta(seconds=-1))
    return replace(done, stray_files=deleted, rows_without_file=len(strays.rows))
