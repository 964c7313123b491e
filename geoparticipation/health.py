"""Health checks for operators: `/healthz` (this process is alive) and `/readyz` (ready for visitors)."""

from __future__ import annotations

import pkgutil
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Final

from django.apps import apps
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geoparticipation.backup.unfinished import Unfinished
from geoparticipation.deployment.probe import report
from geoparticipation.postgis.beside import connection_beside_the_pool
from geoparticipation.replicas.watch import watch
from geoparticipation.serving.storage import storage_state
from geoparticipation.worker import DEAD_AFTER
from mapping.registry import Registry

_PATIENCE: Final = 0.8
"""Timeout in seconds; monitoring expects a response within one."""
_LIMITS: Final[dict[str, Any]] = {"connect_timeout": 2, "tcp_user_timeout": 2000}
_AT_ONCE: Final = 4
"""Most runs of one check at the same time; they end late if something hangs."""
_OK: Final = "ok"
_HEARTBEAT: Final = """
SELECT extract(epoch FROM now() - max(last_heartbeat))::int FROM procrastinate_workers
"""


@dataclass(frozen=True, eq=False)
class ReadyCheck:
    """One check of /readyz, which runs in a thread of its own.

    `look` yields what it found as pairs of name and state, `ok` if nothing is wrong; it may hang, and must not reveal
    hosts, users or paths. `found_late` stands for what it did not yield in time. Where `is_needed` is false, what is
    wrong is a warning: the site stays up.
    """

    name: str
    look: Callable[[], Iterable[tuple[str, str]]]
    found_late: tuple[tuple[str, str], ...]
    is_needed: bool = True
    running: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE))


READY_CHECKS: Final[Registry[ReadyCheck]] = Registry("check of /readyz")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if the process responds; nothing else is checked. `bin/deploy-check` also learns what the proxy passes on."""
    return JsonResponse({"status": "ok", **report(request)})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 if the database responds, every migration is applied and files can be stored, else 503 with the reason.

    Responds within a second. `warnings` name what is wrong without taking the site down, such as a missing worker.
    """
    deadline = time.monotonic() + _PATIENCE
    begun = [(check, _begin(check)) for check in READY_CHECKS]
    needed: dict[str, str] = {}
    others: dict[str, str] = {}
    for check, found in begun:
        (needed if check.is_needed else others).update(_collect(check, found, deadline))
    ready = set(needed.values()) == {_OK}
    warnings = {name: state for name, state in others.items() if state != _OK}
    # Without a replica the primary serves everything: named, but no reason to take this machine out of service.
    replicas = {"replicas": watch.states()} if watch.replicas else {}
    return JsonResponse(
        {
            "status": "ok" if ready else "unavailable",
            **needed,
            **replicas,
            **({"warnings": warnings} if warnings else {}),
        },
        status=200 if ready else 503,
    )


_Found = queue.SimpleQueue[tuple[str, str] | None]


def _begin(check: ReadyCheck) -> _Found:
    """Begin a check; what it finds comes through the queue, at last None."""
    found: _Found = queue.SimpleQueue()

    def run() -> None:
        try:
            for pair in check.look():
                found.put(pair)
        finally:
            check.running.release()
            found.put(None)

    if check.running.acquire(blocking=False):
        threading.Thread(target=run, daemon=True, name=f"readyz-{check.name}").start()
    else:
        found.put(None)
    return found


def _collect(check: ReadyCheck, found: _Found, deadline: float) -> dict[str, str]:
    """What a check found in time."""
    states = dict(check.found_late)
    try:
        while (pair := found.get(timeout=max(0, deadline - time.monotonic()))) is not None:
            states |= [pair]
    except queue.Empty:
        pass
    return states


def _look_at_database() -> Iterator[tuple[str, str]]:
    """First whether there is a connection, then the state of the migrations."""
    try:
        with closing(connection_beside_the_pool(**_LIMITS)) as connection:
            connection.ensure_connection()
            yield "database", _OK
            missing = known_migrations() - _applied(connection)
    except Unfinished:
        yield from (("database", "being restored"), ("migrations", "unknown"))
    except DatabaseError:
        # The exception's text contains hosts and users: it must not be part of a public response.
        yield from (("database", "unreachable"), ("migrations", "unknown"))
    else:
        yield "migrations", f"{len(missing)} not applied" if missing else _OK


def _look_at_storage() -> Iterator[tuple[str, str]]:
    yield "storage", storage_state()


def _look_at_workers() -> Iterator[tuple[str, str]]:
    try:
        with closing(connection_beside_the_pool(**_LIMITS)) as connection:
            yield "worker", _state_of_workers(connection)
    except DatabaseError:
        yield "worker", "unknown"


def _state_of_workers(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_HEARTBEAT)
        [since] = cursor.fetchone()
    if since is None:
        return "none"
    return _OK if since < DEAD_AFTER else f"no heartbeat for {since} s"


OWN_CHECKS: Final = (
    ReadyCheck("database", _look_at_database, (("database", "no answer"), ("migrations", "unknown"))),
    ReadyCheck("storage", _look_at_storage, (("storage", "no answer"),)),
    ReadyCheck("worker", _look_at_workers, (("worker", "unknown"),), is_needed=False),
)


def _applied(connection: BaseDatabaseWrapper) -> frozenset[tuple[str, str]]:
    """The migrations that the database has, by app and name.

    Django's `MigrationRecorder` takes a second connection from the pool, which a thread that ends never returns.
    """
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return frozenset()
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset(cursor.fetchall())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this version of the code, by app and name.

    Only the names of the files are read: importing all migrations takes a busy new process longer than its patience.
    """
    return frozenset(
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in pkgutil.iter_modules(_folder_of_migrations(app.label))
        if not module.ispkg and module.name[0] not in "_~"
    )


def _folder_of_migrations(label: str) -> Iterable[str]:
    name, _explicit = MigrationLoader.migrations_module(label)
    try:
        return import_module(name).__path__ if name else ()
    except ModuleNotFoundError:
        return ()
