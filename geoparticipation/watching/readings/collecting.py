"""Collects all readings for /metrics: over a connection of its own, within a time limit, kept for some seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import closing
from threading import Lock
from typing import Any, Final

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from geoparticipation.postgis.beside import connection_beside_the_pool
from geoparticipation.watching.readings.registry import READINGS, Reading, gauge, gauges

logger = logging.getLogger(__name__)

KEPT_FOR: Final = 10.0
"""Seconds for which a process answers with the same readings, however many ask."""
_LIMITS: Final[dict[str, Any]] = {"connect_timeout": 2, "tcp_user_timeout": 2000}
_STATEMENT_MS: Final = 500
_ALTOGETHER: Final = 3.0
"""Seconds after which no further reading is begun; Prometheus waits for ten."""


class Readings(Collector):
    """All readings, as metrics."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: list[GaugeMetricFamily] = []
        self._until = 0.0

    def collect(self) -> Iterator[Metric]:
        """The metrics, some seconds old at most."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = list(read_all())
                self._until = time.monotonic() + KEPT_FOR
            yield from self._kept

    def forget(self) -> None:
        """Read anew at the next request."""
        self._until = 0.0


readings: Final = Readings()
"""The readings of this process."""


def read_all() -> Iterator[GaugeMetricFamily]:
    """Read everything that can be read in time; what failed is named by a metric of its own."""
    failed = dict.fromkeys((one.name for one in READINGS), 0.0)
    for reading in READINGS:
        if not reading.needs_database:
            yield from reading.read(None)
    of_database = [one for one in READINGS if one.needs_database]
    is_up = False
    try:
        with closing(connection_beside_the_pool(**_LIMITS)) as connection:
            connection.ensure_connection()
            is_up = True
            connection.set_autocommit(False)
            yield from _read(connection, of_database, failed)
    except DatabaseError as problem:
        if is_up:
            logger.warning("Readings ended early: %s", problem)
        failed |= dict.fromkeys((one.name for one in of_database), 1.0)
    yield gauge("database_up", "1 if the database answers.", is_up)
    yield gauges("reading_failed", "1 if a reading failed or took too long.", "reading", failed)


def _read(
    connection: BaseDatabaseWrapper, wanted: list[Reading], failed: dict[str, float]
) -> Iterator[GaugeMetricFamily]:
    until = time.monotonic() + _ALTOGETHER
    for reading in wanted:
        if time.monotonic() >= until:
            failed[reading.name] = 1.0
            continue
        try:
            with connection.cursor() as cursor:
                # For this transaction only: a pooler passes the session on to others.
                cursor.execute("SET TRANSACTION READ ONLY")
                cursor.execute(f"SET LOCAL statement_timeout = {_STATEMENT_MS}")
                yield from list(reading.read(cursor))
        except DatabaseError as problem:
            failed[reading.name] = 1.0
            logger.warning("The reading %s failed: %s", reading.name, type(problem).__name__)
        finally:
            connection.rollback()
