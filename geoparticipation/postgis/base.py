"""The backend named in `DATABASES`; Django requires this module name."""

from __future__ import annotations

import logging
import math
import select
import time
from typing import Any, ClassVar, Final

import psycopg
from django.contrib.gis.db.backends.postgis.base import DatabaseWrapper as PostGISWrapper
from django.db.backends.base.base import NO_DB_ALIAS
from psycopg_pool import ConnectionPool
from psycopg_pool.base import AttemptWithBackoff

logger = logging.getLogger(__name__)

_TRUSTED_SECONDS: Final = 5.0
"""So long after an answer a silent connection passes for alive: a host that vanished says nothing."""
_ANSWERED: Final = "_geoparticipation_answered"


class _SteadyAttempt(AttemptWithBackoff):
    """An attempt to connect that is repeated without longer and longer pauses until it is given up.

    `connections` is how many try at once: a full pool of 20 tries as often as one of four.
    """

    DELAY_BACKOFF = 1.0

    def __init__(self, *, timeout: float, connections: int) -> None:
        super().__init__(timeout=timeout)
        self.INITIAL_DELAY = 0.2 * max(1.0, connections / 4)


class Pool(ConnectionPool[psycopg.Connection[Any]]):
    """A pool that connects soon after PostgreSQL has come back.

    psycopg's own tries after 0, 1, 3, 7, ... seconds or, where it gives up early, not again before the next request:
    whoever waits for a connection then waits in vain, also where PostgreSQL has long been back (psycopg issue 438).
    """

    _is_away = False

    def _add_connection(self, attempt: AttemptWithBackoff | None, growing: bool = False) -> None:
        steady = _SteadyAttempt(timeout=self.reconnect_timeout, connections=self._nconns)
        super()._add_connection(attempt or steady, growing)

    def _connect(self, timeout: float | None = None) -> psycopg.Connection[Any]:
        try:
            connected = super()._connect(timeout)
        except (OSError, psycopg.Error) as error:
            # Once, not for each attempt.
            if not self._is_away:
                logger.error("PostgreSQL takes no connection: %s", error)  # noqa: TRY400 - the pool goes on
            self._is_away = True
            raise
        self._is_away = False
        return connected


def has_news(connection: psycopg.Connection[Any]) -> bool:
    """Whether PostgreSQL has sent something that nobody asked for, or closed the connection; raises nothing."""
    if connection.closed:
        return True
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    return bool(asked.poll(0))


def check_or_renew(connection: psycopg.Connection[Any]) -> None:
    """Check a connection before it leaves the pool; if it is dead, so are the other idle ones.

    The pool would try them one after the other and wait 1, 2, 4, ... seconds between them (psycopg issues 438, 1315):
    after a restart of PostgreSQL every page would hang until it gives up.

    A backend that ends says so, and its socket can be read: one that is silent and answered a moment ago is not asked
    again. A question and its answer take as long as all else that PostgreSQL does for a page that is kept.
    """
    now = time.monotonic()
    answered = getattr(connection, _ANSWERED, -math.inf)
    if now - answered < _TRUSTED_SECONDS and not has_news(connection):
        return
    try:
        ConnectionPool.check_connection(connection)
        setattr(connection, _ANSWERED, now)
    except psycopg.OperationalError:
        pool: Pool | None = getattr(connection, "_pool", None)
        if pool is not None:
            pool.drain()
        raise


class DatabaseWrapper(PostGISWrapper):
    """PostGIS with our own check of pooled connections, which Django passes itself and no option can replace."""

    _connection_pools: ClassVar[dict[str, Pool]]  # Django's, by alias

    @classmethod
    def pool_in_use(cls, alias: str) -> Pool | None:
        """The pool of this process where something has used it already; looking makes none."""
        return cls._connection_pools.get(alias)

    @property
    def pool(self) -> Pool | None:
        """The pool of all threads of this process, opened by the first that needs a connection."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            made = Pool(
                # Django sets its mode after getting a connection.
                kwargs={**self.get_connection_params(), "autocommit": True},
                open=False,
                configure=self._configure_connection,  # type: ignore[attr-defined]
                check=check_or_renew,
                **options,
            )
            # Of two concurrent threads the first wins; neither pool is open yet.
            self._connection_pools.setdefault(self.alias, made)
        return self._connection_pools[self.alias]
