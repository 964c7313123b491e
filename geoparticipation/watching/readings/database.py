"""The database itself, and the record of log-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from prometheus_client.core import GaugeMetricFamily

from doors.models import Outcome
from geoparticipation.replicas.watch import watch
from geoparticipation.watching.readings.registry import Cursor, Reading, gauge, gauges

_STATE: Final = """
SELECT pg_database_size(current_database()),
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'),
    current_setting('max_connections')::int,
    (SELECT greatest(0, extract(epoch FROM now() - min(xact_start)))::float FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend')
"""
# State and lag are visible to members of pg_monitor only. For them a lag that is NULL means that all was replayed.
_REPLICAS: Final = """
SELECT count(*),
    CASE WHEN bool_and(state IS NOT NULL) THEN extract(epoch FROM coalesce(max(replay_lag), '0'))::float END
FROM pg_stat_replication
"""
# A row counts an hour; `last_at` has the index.
_LOG_INS: Final = """
SELECT outcome, sum(times)::int FROM doors_loginrecord
WHERE last_at > now() - make_interval(hours => %s) GROUP BY outcome
"""


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Size in bytes, connections, and the age of the oldest transaction in seconds."""

    size: int
    connections: int
    most_connections: int
    oldest_transaction: float


@dataclass(frozen=True, slots=True)
class Replicas:
    """Servers that follow this one, and the largest lag in seconds; None without any, and where it is not visible."""

    number: int
    lag: float | None


def read_state(cursor: Cursor) -> DatabaseState:
    """The state of the database."""
    cursor.execute(_STATE)
    size, connections, most, oldest = cursor.fetchone()
    return DatabaseState(size, connections, most, oldest or 0.0)


def read_replicas(cursor: Cursor) -> Replicas:
    """The replicas that are connected to this server."""
    cursor.execute(_REPLICAS)
    number, lag = cursor.fetchone()
    return Replicas(number, lag)


def read_log_ins(cursor: Cursor, hours: int) -> dict[str, int]:
    """Attempts to log in by outcome, in rows that were counted on in the last hours."""
    cursor.execute(_LOG_INS, [hours])
    return dict.fromkeys(Outcome.values, 0) | dict(cursor.fetchall())


def _state(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    state = read_state(cursor)
    yield gauge("database_bytes", "Size of the database.", state.size)
    yield gauge("database_connections", "Connections to the database.", state.connections)
    yield gauge("database_most_connections", "Connections that the server allows.", state.most_connections)
    yield gauge(
        "database_oldest_transaction_seconds", "Age of the oldest transaction.", state.oldest_transaction
    )


def _replicas(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    replicas = read_replicas(cursor)
    yield gauge("replicas", "Servers that follow the primary.", replicas.number)
    yield gauge("replica_lag_seconds", "The largest lag of a replica; needs pg_monitor.", replicas.lag)


def _read_replicas(_cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    yield gauges(
        "read_replica_lag_seconds",
        "How far each replica of REPLICA_DATABASE_URLS is behind, as web processes measure it.",
        "replica",
        watch.lags(),
    )


def _log_ins(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    attempts = {outcome: float(times) for outcome, times in read_log_ins(cursor, 1).items()}
    yield gauges("log_ins_last_hour", "Attempts to log in, by outcome.", "outcome", attempts)


READINGS: Final = (
    Reading("database", _state),
    Reading("replicas", _replicas),
    Reading("read_replicas", _read_replicas, needs_database=False),
    Reading("log_ins", _log_ins),
)
