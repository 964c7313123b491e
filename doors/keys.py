"""The key of the day: random, in an unlogged table, deleted together with everything hashed with it.

Within a day equal networks have equal hashes, on every server. On the next day the key is gone, and nobody, not even
the operator, can tell which network a hash stood for.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from doors.models import DayKey, LogInRecord

_KEY_BYTES: Final = 32
_SUBJECT_BYTES: Final = 16
_LOCK: Final = 0x646F6F7273
"""Key of `pg_advisory_xact_lock`: "doors" in ASCII. One process at a time starts a day."""
_LOOK_AGAIN: Final = 60.0
"""Seconds between reloads: after a crash the table is empty, and all processes must agree on a new key."""
_EMPTY: Final = "TRUNCATE doors_daykey, doors_level, doors_usedproof"


@dataclass(frozen=True)
class _Kept:
    day: date
    key: bytes
    read_at: float


class _Keys:
    """This process's cache of today's key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def at(self, moment: datetime) -> bytes:
        day = timezone.localdate(moment)
        kept = self._kept
        if kept is not None and kept.day >= day and time.monotonic() - kept.read_at < _LOOK_AGAIN:
            return kept.key
        found = _stored(day)
        with self._lock:
            self._kept = _Kept(found.day, bytes(found.key), time.monotonic())
        return bytes(found.key)

    def forget(self) -> None:
        """Drop the cached key."""
        self._kept = None


_keys = _Keys()


def subject_of(at: datetime, *parts: bytes | str) -> bytes:
    """A keyed hash of a subject: equal within a day, unrelated on the next."""
    digest = hmac.new(_keys.at(at), digestmod=hashlib.sha256)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()[:_SUBJECT_BYTES]


def forget_past_days(at: datetime | None = None) -> None:
    """Start the day if no request has done so yet, so that yesterday's data are deleted."""
    _keys.forget()
    _keys.at(at or timezone.now())


def forget_key() -> None:
    """Make this process reload the key (tests; another process after a restore)."""
    _keys.forget()


def _stored(day: date) -> DayKey:
    """The key of a day; the first call on a new day deletes everything of the days before."""
    # A server whose clock is a second behind uses the key of the day that others have started.
    found = DayKey.objects.filter(day__gte=day).order_by("-day").first()
    if found is not None:
        return found
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        found = DayKey.objects.filter(day__gte=day).order_by("-day").first()
        if found is None:
            _throw_away()
            found = DayKey.objects.create(day=day, key=secrets.token_bytes(_KEY_BYTES))
            oldest = timezone.now() - timedelta(days=settings.LOG_IN_RECORD_DAYS)
            LogInRecord.objects.filter(last_at__lt=oldest).delete()
    return found


def _throw_away() -> None:
    """Empty the tables so that no page of their files holds a row any more; deleted rows would stay until a vacuum."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # A dump that reads the tables must not block requests until it ends.
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            cursor.execute(_EMPTY)
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError:
        with connection.cursor() as cursor:
            for table in ("doors_daykey", "doors_level", "doors_usedproof"):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this file
