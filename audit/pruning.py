"""Removes entries that are older than `AUDIT_MONTHS`, and records that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from audit.actions import Action
from audit.recording import record

_MONTH: Final = timedelta(days=31)


def kept_since(at: datetime) -> datetime:
    """The moment before which entries are removed: at least `AUDIT_MONTHS` months, of 31 days each, ago."""
    return at - _MONTH * settings.AUDIT_MONTHS


def prune(at: datetime | None = None) -> int:
    """Remove old entries by the one function of the database that may; return their number."""
    before = kept_since(at or timezone.now())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_prune(%s)", [before])
            number: int = cursor.fetchone()[0]
        if number:
            record(None, Action.LOG_PRUNED, number=number, before=before.date().isoformat())
    return number
