"""System checks of connections: whether PostgreSQL takes as many as the web processes open, and what replicas lack."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any, Final

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, Error

from geoparticipation.postgis.beside import connection_beside_the_pool

_LIMITS: Final[dict[str, Any]] = {"connect_timeout": 2, "tcp_user_timeout": 2000}
_ROOM: Final = (
    "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
)
_REPLICA: Final = "SELECT pg_is_in_recovery(), current_setting('hot_standby_feedback')::bool"


@checks.register(checks.Tags.database, deploy=True)
def pools_fit_the_server(*, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """All pools together must not exceed `max_connections`: a full server refuses everybody, the worker too."""
    found: list[checks.CheckMessage] = []
    processes = settings.WEB_MACHINES * settings.WEB_PROCESSES
    needed = processes * settings.DATABASE_POOL_MAX + settings.DATABASE_CONNECTIONS_LEFT
    # Behind PgBouncer its own pool decides, which nothing here can read (docs/operators/growing.md).
    for alias in [] if settings.DATABASE_PGBOUNCER else _asked(databases):
        answer = _answer(alias, _ROOM)
        if answer is None:
            continue  # the next check names replicas that are gone, every command a primary
        [room] = answer
        if needed > room:
            found.append(
                checks.Warning(
                    f"The pools may open {processes} x {settings.DATABASE_POOL_MAX} connections to '{alias}', and"
                    f" {settings.DATABASE_CONNECTIONS_LEFT} are for others; PostgreSQL takes {room}.",
                    hint="Set WEB_MACHINES, GRANIAN_WORKERS and DATABASE_CONNECTIONS to what there is, or raise"
                    " max_connections (docs/operators/growing.md).",
                    id="geoparticipation.W020",
                )
            )
    return found


@checks.register(checks.Tags.database, deploy=True)
def replicas_follow_the_primary(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Replicas are reachable, are replicas, and tell the primary which rows their queries still need."""
    found: list[checks.CheckMessage] = []
    for alias in _asked(databases):
        if alias == DEFAULT_DB_ALIAS:
            continue
        answer = _answer(alias, _REPLICA)
        if answer is None:
            text, number = f"'{alias}' cannot be reached; the primary serves its reads.", "W021"
        elif not answer[0]:
            text, number = f"'{alias}' is no replica; the primary serves its reads.", "W022"
        elif not answer[1]:
            text = f"'{alias}' has hot_standby_feedback off: vacuum on the primary ends long downloads."
            number = "W023"
        else:
            continue
        found.append(
            checks.Warning(
                text,
                hint="REPLICA_DATABASE_URLS names them in this order (docs/operators/growing.md).",
                id=f"geoparticipation.{number}",
            )
        )
    return found


def _asked(databases: Sequence[str] | None) -> list[str]:
    """With the primary its replicas are checked, too."""
    if not databases or DEFAULT_DB_ALIAS not in databases:
        return []
    return [DEFAULT_DB_ALIAS, *settings.REPLICAS]


def _answer(alias: str, question: str) -> tuple[Any, ...] | None:
    try:
        with (
            closing(connection_beside_the_pool(alias, **_LIMITS)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(question)
            row: tuple[Any, ...] = cursor.fetchone()
            return row
    except Error:
        return None
