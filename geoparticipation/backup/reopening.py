"""What must happen between a restored database and its first visitor, however it was restored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from doors.models import OpenSession
from engagement.services.sweeping import delete_stray_files as delete_stray_files_of_papers
from mapping.models import Change
from mapping.services.erasures.ledger import Ledger
from mapping.services.erasures.replaying import replay
from mapping.services.photos.sweeping import delete_stray_files, find_strays
from mapping.services.releases.holding import hold_releases


@dataclass(frozen=True, slots=True)
class Reopened:
    """What was erased once more, by kind; campaigns whose releases are held; files without a row that were deleted,
    and rows whose file is missing.
    """

    erased: Counter[str]
    held: tuple[str, ...]
    stray_files: int
    rows_without_file: int


def reopen(ledgers: Iterable[Ledger], *, known_until: datetime) -> Reopened:
    """Erase what was erased since, begin new revisions, hold releases, end sessions, and delete files without a row.

    `known_until` is the moment of which the database is. Callers must see that nobody uses the site meanwhile.
    """
    erased: Counter[str] = Counter()
    for ledger in ledgers:
        erased += replay(ledger)
    Change.objects.begin_epoch()
    held = hold_releases(known_until)
    # Whoever logged out since would be logged in again.
    Session.objects.all().delete()
    OpenSession.objects.all().delete()
    strays = find_strays(timezone.now() + timedelta(seconds=1))
    delete_stray_files(strays)
    deleted = len(strays.files) + delete_stray_files_of_papers(older_than=timedelta(seconds=-1))
    return Reopened(erased, tuple(one.slug for one in held), deleted, len(strays.rows))
