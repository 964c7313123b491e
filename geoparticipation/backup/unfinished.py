"""A restore that was interrupted: what lies in `public` then has not lost what people erased, so nobody may use it.

Every connection of Django is refused while the schema of the former database exists: pages answer 503, commands and the
worker end. Only what restores is let through.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

ASIDE: Final = "before_restore"
"""The schema in which the former database lies until the restored one is whole; the site is not served meanwhile."""
_SECONDS: Final = 5.0
"""A process looks once in so long: with a pool, each request makes a connection."""


class Unfinished(OperationalError):
    """The database is being restored, or a restore was interrupted."""


class _Looks:
    """When this process looked, and whether it is the one that restores."""

    next_at: float = 0.0
    is_restoring: bool = False


@contextmanager
def restoring() -> Iterator[None]:
    """Let this process use a database that is being restored."""
    _Looks.is_restoring = True
    try:
        yield
    finally:
        _Looks.is_restoring = False
        _Looks.next_at = 0.0


def refuse_unfinished(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Close a new connection and raise Unfinished where a restore is not over."""
    now = time.monotonic()
    if _Looks.is_restoring or now < _Looks.next_at:
        return
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [ASIDE])
        (is_unfinished,) = cursor.fetchone()
    if is_unfinished:
        connection.close()
        raise Unfinished(
            f"The database is being restored, or a restore was interrupted (schema {ASIDE}): see restoring.md."
        )
    _Looks.next_at = now + _SECONDS


def watch_connections() -> None:
    """Look at each new connection of this process."""
    connection_created.connect(refuse_unfinished, dispatch_uid="geoparticipation.backup.unfinished")
