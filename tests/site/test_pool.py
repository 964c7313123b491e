"""The pool of connections while PostgreSQL is away for some seconds."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from geoparticipation.postgis.base import Pool

AWAY = 6
"""Attempts that fail: more than psycopg's own pool makes in its three seconds."""


class Interrupted(Pool):
    """A pool whose first attempts meet nobody; the others connect."""

    attempts = 0

    def _connect(self, timeout: float | None = None) -> psycopg.Connection[Any]:
        self.attempts += 1
        if self.attempts <= AWAY:
            raise psycopg.OperationalError("nobody listens")
        return super()._connect(timeout)


@pytest.mark.django_db
def test_whoever_waits_gets_a_connection_once_postgresql_is_back() -> None:
    settings = connection.get_connection_params()
    with Interrupted(kwargs=settings, min_size=0, max_size=2, reconnect_timeout=30, open=True) as pool:
        with pool.connection(timeout=60) as given:
            assert given.execute("SELECT 1").fetchone() == (1,)
        assert pool.attempts == AWAY + 1
