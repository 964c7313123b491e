"""The database with its pool and replicas, and the background work that it queues."""

from typing import Any

import dj_database_url
from environs import validate

from geoparticipation.settings.environment import env

# --- pool ------------------------------------------------------------------------------------------------------
# How many machines serve the site, and how many processes each of them runs (granian reads the same key).
WEB_MACHINES: int = env.int("WEB_MACHINES", 1, validate=validate.Range(min=1))
WEB_PROCESSES: int = env.int("GRANIAN_WORKERS", 2, validate=validate.Range(min=1))
# Reads that a process answers at once, while others wait for their turn; 0 for any number.
READS_AT_ONCE: int = env.int("READS_AT_ONCE", 2, validate=validate.Range(min=0))
# `max_connections` of PostgreSQL; `check --deploy --database default` compares it with what the server has.
DATABASE_CONNECTIONS: int = env.int("DATABASE_CONNECTIONS", 60, validate=validate.Range(min=10))
# Connections that pools leave to the worker, to health checks, to replicas and to people.
DATABASE_CONNECTIONS_LEFT = 20
# A process with 16 threads needs no more: one for each, and some for downloads that read over two.
_LARGEST_POOL = 20
_share = (DATABASE_CONNECTIONS - DATABASE_CONNECTIONS_LEFT) // (WEB_MACHINES * WEB_PROCESSES)
DATABASE_POOL_MAX: int = env.int("DATABASE_POOL_MAX", max(2, min(_LARGEST_POOL, _share)))
_POOL: dict[str, Any] = {
    "min_size": min(DATABASE_POOL_MAX, env.int("DATABASE_POOL_MIN", 1)),
    "max_size": DATABASE_POOL_MAX,
    # Seconds for getting a connection, and in which the pool goes on trying to connect: for longer than anybody waits,
    # so that whoever comes while it gives up is not left without an attempt.
    "timeout": 3,
    "reconnect_timeout": 60,
}
# Through PgBouncer in transaction mode nothing may be kept in a session from one transaction to the next.
DATABASE_PGBOUNCER: bool = env.bool("DATABASE_PGBOUNCER", False)


def _database(address: str) -> dict[str, Any]:
    return {
        **dj_database_url.parse(
            address, engine="geoparticipation.postgis", conn_max_age=0, conn_health_checks=True
        ),
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_PGBOUNCER,
    }


# --- primary ---------------------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {"default": _database(env.str("DATABASE_URL"))}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = _POOL
# Concurrent runs on one machine use a test database each.
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DB_NAME", None)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- replicas --------------------------------------------------------------------------------------------------
REPLICA_DATABASE_URLS: list[str] = env.addresses("REPLICA_DATABASE_URLS")
# Seconds by which a replica may be behind.
REPLICA_LAG_SECONDS: float = env.float("REPLICA_LAG_SECONDS", 5.0, validate=validate.Range(min=1, max=50))
POSITION_COOKIE_NAME = "position"
REPLICAS = tuple(f"replica{number}" for number in range(1, len(REPLICA_DATABASE_URLS) + 1))
for _alias, _address in zip(REPLICAS, REPLICA_DATABASE_URLS, strict=True):
    _replica = _database(_address)
    _replica["OPTIONS"] = {
        "connect_timeout": 1,
        # Milliseconds after which a machine that has vanished is given up.
        "tcp_user_timeout": 2000,
        **_replica.get("OPTIONS", {}),
        # The primary is there for whoever gets none.
        "pool": {**_POOL, "timeout": 0.5},
    }
    _replica["TEST"] = {"MIRROR": "default"}
    DATABASES[_alias] = _replica
DATABASE_ROUTERS = ["geoparticipation.replicas.router.ReplicaRouter"] if REPLICAS else []

# --- background work -------------------------------------------------------------------------------------------
# A worker that starts makes up for periodic tasks that none has begun since so long: seconds.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}
