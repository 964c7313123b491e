"""Rate limiter: one row and one statement per event, exact to the microsecond, for any number of servers.

The generic cell rate algorithm (ITU-T I.371, annex A): a level rises by one with each event and sinks by one every so
many seconds; events that would raise it above `most` are refused. The only state is the time at which the level will be
zero again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection

from doors.keys import subject_of

# Concurrent requests wait for a shared row only; a refused one changes nothing and returns no row.
_TAKE: Final = """
INSERT INTO doors_level AS level (subject, empty_at) VALUES (%(subject)s, %(at)s + %(cost)s)
ON CONFLICT (subject) DO UPDATE SET empty_at = greatest(level.empty_at, %(at)s) + %(cost)s
WHERE greatest(level.empty_at, %(at)s) + %(cost)s <= %(at)s + %(most)s
RETURNING empty_at
"""
_LOOK: Final = "SELECT empty_at FROM doors_level WHERE subject = %(subject)s"
_GIVE_BACK: Final = "UPDATE doors_level SET empty_at = empty_at - %(cost)s WHERE subject = %(subject)s"
_CLEAR: Final = "DELETE FROM doors_level WHERE subject = %(subject)s"


@dataclass(frozen=True)
class Limit:
    """`most` at once, and one more every `every` seconds."""

    name: str
    most: int
    every: float


class Full(Exception):
    """The limit is reached; the next event is allowed after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Counter:
    """One limit for one subject, whose parts are stored as keyed hash only."""

    limit: Limit
    parts: tuple[bytes | str, ...]

    def take(self, at: datetime) -> float:
        """Count one event and return the new level; raises Full without counting."""
        factor: float = settings.NETWORK_LIMITS
        if factor <= 0:
            return 0.0
        values = self._values(at)
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, values)
            row = cursor.fetchone()
            if row is not None:
                return self._level(row[0], at)
            cursor.execute(_LOOK, values)
            row = cursor.fetchone()
        # Emptied between the two statements: by the next second the request passes.
        empty_at = row[0] if row is not None else at
        raise Full(self._wait(empty_at, at))

    def level(self, at: datetime) -> float:
        """The current level."""
        with connection.cursor() as cursor:
            cursor.execute(_LOOK, self._values(at))
            row = cursor.fetchone()
        return 0.0 if row is None else self._level(row[0], at)

    def give_back(self, at: datetime) -> None:
        """Uncount one event."""
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, self._values(at))

    def clear(self, at: datetime) -> None:
        """Reset the level."""
        with connection.cursor() as cursor:
            cursor.execute(_CLEAR, self._values(at))

    def _values(self, at: datetime) -> dict[str, Any]:
        cost = timedelta(seconds=self.limit.every)
        most = cost * max(1.0, self.limit.most * settings.NETWORK_LIMITS)
        return {"subject": subject_of(at, self.limit.name, *self.parts), "at": at, "cost": cost, "most": most}

    def _level(self, empty_at: datetime, at: datetime) -> float:
        return max(0.0, (empty_at - at).total_seconds() / self.limit.every)

    def _wait(self, empty_at: datetime, at: datetime) -> int:
        most = max(1.0, self.limit.most * settings.NETWORK_LIMITS)
        needed = (empty_at - at).total_seconds() + self.limit.every * (1 - most)
        return max(1, math.ceil(needed))
