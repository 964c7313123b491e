"""How far each replica is: one thread per server and process asks four times a second, so that no request has to.

A replica's lag is measured by one clock, that of this process: the watch of the primary notes when which position of
the write-ahead log had been flushed, the watch of a replica which position has been replayed. The lag is the time since
the newest note that the replica has passed. So a replica that receives nothing is known to lag (its own
`pg_last_xact_replay_timestamp` cannot tell that from a quiet primary), and where the primary does not answer, replicas
serve on until the bound is reached.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error
from django.db.backends.base.base import BaseDatabaseWrapper

from geoparticipation.postgis.beside import connection_beside_the_pool
from geoparticipation.replicas.positions import parse_position

TICK: Final = 0.25
"""Seconds between two questions to the same server."""
_REMEMBERED: Final = 400
"""Notes of the primary: longer than the largest bound."""
_PATIENCE: Final = 2.0
"""Seconds without an answer after which a replica is not used: it is gone, or hangs."""
_REST: Final = 3.0
"""Seconds in which a replica is not used after it failed a request."""
_LIMITS: Final[dict[str, Any]] = {"connect_timeout": 2, "tcp_user_timeout": 2000}
_FLUSHED: Final = "SELECT pg_current_wal_flush_lsn()::text"
_REPLAYED: Final = "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text"


class PrimaryNotes:
    """When which position had been flushed by the primary, the newest last; thread-safe."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, int]] = deque(maxlen=_REMEMBERED)

    def add(self, at: float, position: int) -> None:
        """Note that everything that was committed before `at` (monotonic seconds) lies before a position.

        After a failover positions may go backwards: older notes then say nothing.
        """
        if self._notes and position < self._notes[-1][1]:
            self._notes.clear()
        self._notes.append((at, position))

    def passed_by(self, replayed: int) -> float | None:
        """Until when a server that has replayed a position knows all that was committed; None: too far behind."""
        return next((at for at, position in reversed(tuple(self._notes)) if position <= replayed), None)

    def oldest(self) -> float | None:
        """The time of the oldest note; None without any."""
        notes = tuple(self._notes)
        return notes[0][0] if notes else None


@dataclass
class Replica:
    """What is known of one replica; written by its watch, read by all threads."""

    alias: str
    replayed: int = 0
    is_standby: bool = True
    answered_at: float = -math.inf
    rests_until: float = -math.inf

    def is_reached(self, now: float) -> bool:
        """Whether it has answered a moment ago."""
        return now - self.answered_at <= _PATIENCE

    def lag(self, notes: PrimaryNotes, now: float) -> float | None:
        """Seconds of which nothing is known on this replica, at most; None: unknown, or longer than is remembered."""
        known_until = notes.passed_by(self.replayed)
        return None if known_until is None else max(0.0, now - known_until)


class Watch:
    """The replicas of this process."""

    def __init__(self, aliases: Sequence[str], bound: float) -> None:
        self.replicas = {alias: Replica(alias) for alias in aliases}
        self.notes = PrimaryNotes()
        self._bound = bound
        self._turn = count()
        self._lock = threading.Lock()
        self._process = 0

    def usable(self, needed: int = 0) -> str | None:
        """The alias of a replica that lags less than the bound and has replayed `needed`; None: read the primary.

        Waits for nothing: the first request of a process begins the watch and reads the primary.
        """
        self._begin()
        now = time.monotonic()
        fit = [one.alias for one in self.replicas.values() if self._fits(one, needed, now)]
        return fit[next(self._turn) % len(fit)] if fit else None

    def distrust(self, alias: str) -> None:
        """Use a replica no more for some seconds, after it failed a request."""
        replica = self.replicas.get(alias)
        if replica is not None:
            replica.rests_until = time.monotonic() + _REST

    def states(self) -> dict[str, str]:
        """Each replica in words for operators: `ok`, `lags`, `failed`, `unreachable`, `no replica`."""
        self._begin()
        now = time.monotonic()
        return {one.alias: self._state(one, now) for one in self.replicas.values()}

    def lags(self) -> dict[str, float]:
        """How far each replica is behind in seconds, those that are gone as well; beyond what is remembered: at least.

        Empty while this process knows nothing of the primary.
        """
        self._begin()
        now = time.monotonic()
        oldest = self.notes.oldest()
        if oldest is None:
            return {}
        known = {one.alias: one.lag(self.notes, now) for one in self.replicas.values()}
        return {alias: now - oldest if lag is None else lag for alias, lag in known.items()}

    def _state(self, replica: Replica, now: float) -> str:
        if not replica.is_reached(now):
            return "unreachable"
        if not replica.is_standby:
            return "no replica"  # promoted: it goes its own way
        if now < replica.rests_until:
            return "failed"
        lag = replica.lag(self.notes, now)
        if lag is None:
            return "lags"
        return "ok" if lag <= self._bound else f"lags {lag:.0f} s"

    def _fits(self, replica: Replica, needed: int, now: float) -> bool:
        if not replica.is_reached(now) or not replica.is_standby or now < replica.rests_until:
            return False
        lag = replica.lag(self.notes, now)
        return lag is not None and lag <= self._bound and replica.replayed >= needed

    def _begin(self) -> None:
        """Start the threads, in this process too where it was forked."""
        if not self.replicas or self._process == os.getpid():
            return
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
        _start(DEFAULT_DB_ALIAS, _FLUSHED, self._note_primary, lambda: None)
        for replica in self.replicas.values():
            _start(replica.alias, _REPLAYED, *_reports_of(replica))

    def _note_primary(self, asked_at: float, row: Sequence[Any]) -> None:
        self.notes.add(asked_at, parse_position(row[0]))


def _reports_of(replica: Replica) -> tuple[Callable[[float, Sequence[Any]], None], Callable[[], None]]:
    def answered(_asked_at: float, row: Sequence[Any]) -> None:
        is_standby, position = row
        replica.replayed = parse_position(position) if is_standby and position else 0
        replica.is_standby = bool(is_standby)
        replica.answered_at = time.monotonic()

    def failed() -> None:
        replica.answered_at = -math.inf

    return answered, failed


def _start(
    alias: str,
    question: str,
    answered: Callable[[float, Sequence[Any]], None],
    failed: Callable[[], None],
) -> None:
    def look() -> None:
        connection = connection_beside_the_pool(alias, **_LIMITS)
        while True:
            try:
                _ask(connection, question, answered)
            except Error:
                failed()
                with suppress(Error):
                    connection.close()
            time.sleep(TICK)

    threading.Thread(target=look, daemon=True, name=f"watch-{alias}").start()


def _ask(
    connection: BaseDatabaseWrapper, question: str, answered: Callable[[float, Sequence[Any]], None]
) -> None:
    asked_at = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(question)
        answered(asked_at, cursor.fetchone())


watch: Final = Watch(settings.REPLICAS, settings.REPLICA_LAG_SECONDS)
"""The watch of this process; without replicas it starts nothing."""
