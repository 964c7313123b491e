"""Django's `migrate`, serialised: concurrent runs both succeed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

from django.core.management.commands.migrate import Command as Migrate

from geoparticipation.postgis.beside import connection_beside_the_pool

_LOCK: Final = 0x67656F70
"""The bytes of "geop"; an advisory lock counts within one database only."""


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with self._alone(options["database"]):
            super().handle(*args, **options)

    @contextmanager
    def _alone(self, database: str) -> Iterator[None]:
        """Hold a lock that belongs to a transaction: poolers keep one on one server process, unlike a session."""
        with closing(connection_beside_the_pool(database)) as connection:
            connection.set_autocommit(False)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                if not cursor.fetchone()[0]:
                    self.stderr.write("Another process is migrating this database; waiting for it.")
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            yield  # the lock ends with the connection
