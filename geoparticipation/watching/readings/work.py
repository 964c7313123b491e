"""Background work: queues, failed jobs, letters, exports, releases, workers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from django.utils import timezone
from procrastinate.contrib.django import app as queue
from prometheus_client.core import GaugeMetricFamily

from geoparticipation.watching.readings.registry import Cursor, Reading, gauge, gauges
from geoparticipation.worker import DEAD_AFTER, LANES
from mapping.services.releases.making import due_releases

OTHERS: Final = "other"
"""The label of queues and tasks that this version does not know."""
LATE_AFTER: Final = timedelta(hours=1)
"""How long after its fixed time a release counts as late: it is made within minutes."""

# The oldest job has the smallest number; its age is read once per queue. Retries wait for their time.
_QUEUES: Final = """
WITH jobs AS (
    SELECT queue_name, task_name,
        count(*) FILTER (WHERE status = 'todo') AS waiting,
        count(*) FILTER (WHERE status = 'doing') AS running,
        min(id) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at <= now(), true)) AS oldest
    FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY queue_name, task_name
)
SELECT queue_name, task_name, waiting, running, greatest(0, extract(epoch FROM now() - coalesce(
    (SELECT scheduled_at FROM procrastinate_jobs WHERE id = oldest),
    (SELECT min(at) FROM procrastinate_events WHERE job_id = oldest)
)))::float FROM jobs ORDER BY queue_name, task_name
"""
_FAILED: Final = """
SELECT task, sum(times)::int, max(last_at) FROM watching_failedjob
WHERE hour > now() - make_interval(hours => %s) GROUP BY task ORDER BY max(last_at) DESC
"""
_WORKERS: Final = """
SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)),
    extract(epoch FROM now() - max(last_heartbeat))::float
FROM procrastinate_workers
"""
_LETTERS: Final = """
SELECT count(*) FILTER (WHERE due_at <= now()), count(*) FILTER (WHERE state = 'sending'),
    greatest(0, extract(epoch FROM now() - min(due_at)))::float
FROM engagement_letter WHERE state IN ('waiting', 'sending')
"""
_EXPORTS: Final = """
SELECT status, count(*), extract(epoch FROM now() - min(created_at))::float
FROM mapping_exportjob WHERE status IN ('waiting', 'running', 'failed') GROUP BY status
"""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs of one task in one queue; `age` is that of the oldest one that could run, in seconds."""

    queue: str
    task: str
    waiting: int
    running: int
    age: float


@dataclass(frozen=True, slots=True)
class Failures:
    """How often a task failed for good, and when last."""

    task: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Workers:
    """Lanes of workers with a heartbeat, and seconds since the last one; None without any worker."""

    alive: int
    since: float | None


@dataclass(frozen=True, slots=True)
class Letters:
    """Mails that are due, those that are being sent, and the age of the oldest one in seconds."""

    waiting: int
    sending: int
    age: float


@dataclass(frozen=True, slots=True)
class Exports:
    """Files that are written in the background: how many, and the age of the oldest that waits, in seconds."""

    waiting: int
    running: int
    failed: int
    age: float


def read_jobs(cursor: Cursor) -> list[Jobs]:
    """Jobs that wait or run, by queue and task."""
    cursor.execute(_QUEUES)
    return [
        Jobs(queue_name, task, waiting, running, age or 0.0)
        for queue_name, task, waiting, running, age in cursor.fetchall()
    ]


def read_failures(cursor: Cursor, hours: int = 24) -> list[Failures]:
    """Jobs that failed for good in the last hours, the latest first."""
    cursor.execute(_FAILED, [hours])
    return [Failures(*row) for row in cursor.fetchall()]


def read_workers(cursor: Cursor) -> Workers:
    """The workers of all machines."""
    cursor.execute(_WORKERS, [DEAD_AFTER])
    return Workers(*cursor.fetchone())


def read_letters(cursor: Cursor) -> Letters:
    """Mails that are not sent yet."""
    cursor.execute(_LETTERS)
    waiting, sending, age = cursor.fetchone()
    return Letters(waiting, sending, age or 0.0)


def read_exports(cursor: Cursor) -> Exports:
    """Files that are ordered."""
    cursor.execute(_EXPORTS)
    rows = {status: (number, age) for status, number, age in cursor.fetchall()}
    numbers = {status: rows.get(status, (0, 0.0)) for status in ("waiting", "running", "failed")}
    return Exports(
        numbers["waiting"][0], numbers["running"][0], numbers["failed"][0], numbers["waiting"][1] or 0.0
    )


def read_releases(cursor: Cursor) -> tuple[int, int]:
    """Releases that are due, and those of them that are late."""
    now = timezone.now()
    due, late = (_count_due(cursor, at) for at in (now, now - LATE_AFTER))
    return due, late


def _count_due(cursor: Cursor, at: datetime) -> int:
    statement, parameters = due_releases(at).values("pk").query.sql_with_params()
    cursor.execute(f"SELECT count(*) FROM ({statement}) AS due", parameters)  # noqa: S608 - Django's own statement
    return int(cursor.fetchone()[0])


def _queues(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    known = set(chain.from_iterable(LANES))
    waiting, running, ages = (dict.fromkeys([*sorted(known), OTHERS], 0.0) for _ in range(3))
    for one in read_jobs(cursor):
        name = one.queue if one.queue in known else OTHERS
        waiting[name] += one.waiting
        running[name] += one.running
        ages[name] = max(ages[name], one.age)
    yield gauges("queue_waiting_jobs", "Jobs that wait, by queue.", "queue", waiting)
    yield gauges("queue_running_jobs", "Jobs that a worker has begun, by queue.", "queue", running)
    yield gauges("queue_age_seconds", "Age of the oldest job that could run, by queue.", "queue", ages)


def _failures(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    times = dict.fromkeys([*sorted(queue.tasks), OTHERS], 0.0)
    for one in read_failures(cursor):
        times[one.task if one.task in times else OTHERS] += one.times
    yield gauges("failed_jobs_last_day", "Jobs that failed for good within a day, by task.", "task", times)


def _workers(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    workers = read_workers(cursor)
    yield gauge("worker_lanes", "Lanes of workers with a heartbeat, on all machines.", workers.alive)


def _letters(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    letters = read_letters(cursor)
    yield gauge("letters_waiting", "Mails that are due and not sent.", letters.waiting)
    yield gauge("letters_age_seconds", "How long the oldest mail has been due.", letters.age)


def _exports(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    exports = read_exports(cursor)
    yield gauges(
        "exports",
        "Files that are written in the background, by state; failed ones until their links expire.",
        "state",
        {"waiting": exports.waiting, "running": exports.running, "failed": exports.failed},
    )
    yield gauge("exports_age_seconds", "How long the oldest ordered file has waited.", exports.age)


def _releases(cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    due, late = read_releases(cursor)
    yield gauge("releases_due", "Protected campaigns whose release is due.", due)
    yield gauge("releases_late", "Those whose release has been due for an hour.", late)


READINGS: Final = (
    Reading("queues", _queues),
    Reading("failures", _failures),
    Reading("workers", _workers),
    Reading("letters", _letters),
    Reading("exports", _exports),
    Reading("releases", _releases),
)
