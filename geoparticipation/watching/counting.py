"""Metrics that processes count themselves: requests, the pool of connections, memory.

Labels hold names of views and classes of statuses only: their number is bounded by the number of routes.
"""

from __future__ import annotations

import resource
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.db import DEFAULT_DB_ALIAS
from prometheus_client import Counter, Gauge, Histogram

from geoparticipation.postgis.base import DatabaseWrapper

REQUESTS: Final = Counter(
    "geoparticipation_requests", "Answered requests, by view and class of the status.", ["view", "status"]
)
SECONDS: Final = Histogram(
    "geoparticipation_request_seconds",
    "Seconds from a request to its answer, of streams to their first byte.",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_POOL: Final = Gauge(
    "geoparticipation_database_pool_connections",
    "Connections of the pools of all web processes of this server, by state.",
    ["state"],
    multiprocess_mode="livesum",
)
_WAITING: Final = Gauge(
    "geoparticipation_database_pool_waiting",
    "Threads that wait for a connection of a pool.",
    multiprocess_mode="livesum",
)
_PROCESSES: Final = Gauge(
    "geoparticipation_web_processes", "Web processes of this server.", multiprocess_mode="livesum"
)
_MEMORY: Final = Gauge(
    "geoparticipation_web_resident_bytes",
    "Memory of all web processes of this server.",
    multiprocess_mode="livesum",
)


def count_request(view: str, status: int, seconds: float) -> None:
    """Count an answered request; called for each one."""
    _counter(view, status // 100).inc()
    _clock(view).observe(seconds)


@lru_cache(maxsize=4096)
def _counter(view: str, status: int) -> Counter:
    return REQUESTS.labels(view, f"{status}xx")


@lru_cache(maxsize=2048)
def _clock(view: str) -> Histogram:
    return SECONDS.labels(view)


def look_at_process() -> None:
    """Set the gauges of this process."""
    pool = DatabaseWrapper.pool_in_use(DEFAULT_DB_ALIAS)
    stats = pool.get_stats() if pool is not None and not pool.closed else {}
    idle = stats.get("pool_available", 0)
    _POOL.labels("idle").set(idle)
    _POOL.labels("used").set(stats.get("pool_size", 0) - idle)
    _WAITING.set(stats.get("requests_waiting", 0))
    _PROCESSES.set(1)
    _MEMORY.set(_resident_bytes())


def _resident_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # macOS: the most so far, in bytes
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * resource.getpagesize()
