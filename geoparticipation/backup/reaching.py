"""The way to PostgreSQL itself: `pg_dump` and `pg_restore` change settings of their session.

PgBouncer in transaction mode hands such a session on as it is: with the empty search path of `pg_dump`, the site's next
statements would find no table.
"""

from __future__ import annotations

import dj_database_url
from django.conf import settings
from django.db import connection

from geoparticipation.backup.errors import BackupFailed, RestoreRefused


class PoolerInBetween(BackupFailed, RestoreRefused):
    """The database is reached through PgBouncer only; nothing was made or changed."""


def reach_server() -> None:
    """Connect this process to PostgreSQL itself from now on: to BACKUP_DATABASE_URL, where it is set.

    Raises PoolerInBetween where only the address of PgBouncer is known.
    """
    if not settings.BACKUP_DATABASE_URL:
        if settings.DATABASE_PGBOUNCER:
            raise PoolerInBetween(
                "DATABASE_URL leads to PgBouncer (DATABASE_PGBOUNCER): set BACKUP_DATABASE_URL to the address of"
                " PostgreSQL itself."
            )
        return
    address = dj_database_url.parse(settings.BACKUP_DATABASE_URL)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # of the backend for PostgreSQL
    # The same object as settings.DATABASES["default"]: connections of other threads follow.
    connection.settings_dict.update(
        {name: address[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")},
        OPTIONS=address.get("OPTIONS", {}),
        DISABLE_SERVER_SIDE_CURSORS=False,
    )
