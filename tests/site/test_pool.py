"""The pool of connections while PostgreSQL is away for some seconds."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from geoparticipation.postgis.base import Pool, check_or_renew, has_news

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


@pytest.mark.django_db
def test_a_connection_that_answered_a_moment_ago_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(ConnectionPool, "check_connection", staticmethod(asked.append))
    with psycopg.connect(**connection.get_connection_params()) as given:
        check_or_renew(given)
        check_or_renew(given)
        assert len(asked) == 1


@pytest.mark.django_db
def test_a_connection_whose_backend_ended_is_asked_at_once() -> None:
    settings = connection.get_connection_params()
    with psycopg.connect(**settings) as given, psycopg.connect(**settings, autocommit=True) as other:
        check_or_renew(given)
        assert not has_news(given)
        # Returns once it has ended (PostgreSQL 14 and later).
        ended = other.execute("SELECT pg_terminate_backend(%s, 60000)", [given.info.backend_pid])
        assert ended.fetchone() == (True,)
        assert has_news(given)
        with pytest.raises(psycopg.OperationalError):
            check_or_renew(given)
