"""Health checks for operators: `/healthz` (this process is alive) and `/readyz` (ready for visitors)."""

from __future__ import annotations

import pkgutil
import queue
import threading
import time
from collections.abc import Iterable
from contextlib import closing
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

from geoparticipation.postgis.beside import connection_beside_the_pool
from geoparticipation.replicas.watch import watch
from geoparticipation.serving.storage import storage_state

_PATIENCE: Final = 0.8
"""Timeout in seconds; monitoring expects a response within one."""
_LIMITS: Final[dict[str, Any]] = {"connect_timeout": 2, "tcp_user_timeout": 2000}
_looking = threading.BoundedSemaphore(4)
"""Limits concurrent checks, which end late if the database hangs."""


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 if the process responds; nothing else is checked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 if the database responds, every migration is applied and files can be stored, else 503 with the reason.

    Responds within a second.
    """
    checks = _database_checks() | {"storage": storage_state()}
    ready = set(checks.values()) == {"ok"}
    # Without a replica the primary serves everything: named, but no reason to take this machine out of service.
    replicas = {"replicas": watch.states()} if watch.replicas else {}
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", **checks, **replicas}, status=200 if ready else 503
    )


def _database_checks() -> dict[str, str]:
    """What was found in time: first whether there is a connection, then the state of the migrations."""
    checks = {"database": "no answer", "migrations": "unknown"}
    found: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()

    def look() -> None:
        try:
            with closing(connection_beside_the_pool(**_LIMITS)) as connection:
                _look(connection, found)
        finally:
            _looking.release()

    if not _looking.acquire(blocking=False):
        return checks
    threading.Thread(target=look, daemon=True).start()
    deadline = time.monotonic() + _PATIENCE
    try:
        while checks["database"] != "unreachable" and checks["migrations"] == "unknown":
            checks |= found.get(timeout=max(0, deadline - time.monotonic()))
    except queue.Empty:
        pass
    return checks


def _look(connection: BaseDatabaseWrapper, found: queue.SimpleQueue[dict[str, str]]) -> None:
    try:
        connection.ensure_connection()
        found.put({"database": "ok"})
        missing = _migrations() - _applied(connection)
    except DatabaseError:
        # The exception's text contains hosts and users: it must not be part of a public response.
        found.put({"database": "unreachable", "migrations": "unknown"})
    else:
        found.put({"migrations": f"{len(missing)} not applied" if missing else "ok"})


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
def _migrations() -> frozenset[tuple[str, str]]:
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
