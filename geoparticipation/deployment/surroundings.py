"""Checks of what the service stands on: database, worker, disk, backups."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor

from geoparticipation.backup.sealing import configured_seal, trial_complaint
from geoparticipation.deployment.configured import as_findings
from geoparticipation.deployment.findings import Finding, error, ok, warning
from geoparticipation.serving.storage import storage_state
from geoparticipation.worker import DEAD_AFTER

_OLDEST_BACKUP: Final = timedelta(hours=30)
"""One a day, and time to make it."""
_PLENTY: Final = 10
"""Times LEAST_FREE_MEGABYTES below which the disk is worth a warning."""
_MOST_SKEW: Final = 5.0
"""Seconds between the clocks of this machine and of the database."""
_SAFE: Final = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_apply"}}
"""Settings of PostgreSQL without which an acknowledged contribution can be lost."""


def migrations() -> Iterator[Finding]:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield error(
            "migrations", f"{len(missing)} migrations are not applied: bin/as-service bin/manage migrate"
        )
    else:
        yield ok("migrations", "All migrations are applied.")
        found = checks.run_checks(
            tags=[checks.Tags.database], include_deployment_checks=True, databases=[DEFAULT_DB_ALIAS]
        )
        yield from as_findings(found)


def durability() -> Iterator[Finding]:
    """PostgreSQL keeps what it has acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [list(_SAFE)]
        )
        unsafe = [f"{name} is {value}" for name, value in cursor.fetchall() if value not in _SAFE[name]]
    if unsafe:
        sentence = f"PostgreSQL may lose what it has acknowledged: {', '.join(unsafe)}."
        yield error("durability", sentence)
    else:
        yield ok("durability", "PostgreSQL keeps what it acknowledges.")


def clocks() -> Iterator[Finding]:
    """The machines agree on the time, by which periods, links and releases end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    if skew > _MOST_SKEW:
        yield warning("clocks", f"The clocks of this machine and of the database differ by {skew:.0f} s.")
    else:
        yield ok("clocks", "The clocks of this machine and of the database agree.")


def worker() -> Iterator[Finding]:
    """Some worker has sent a sign of life."""
    if "procrastinate_workers" not in connection.introspection.table_names():
        return  # nothing is migrated yet
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [DEAD_AFTER],
        )
        [alive] = cursor.fetchone()
    if alive:
        yield ok("worker", "A worker is alive.")
    else:
        yield error(
            "worker",
            f"No worker has been heard of for {DEAD_AFTER:.0f} s: exports and letters wait."
            " systemctl enable --now geoparticipation-worker",
        )


def disk() -> Iterator[Finding]:
    """Photos can be stored, today and for some time."""
    state = storage_state()
    if state != "ok":
        yield error("disk", f"Files cannot be stored ({state}).")
        return
    free = shutil.disk_usage(settings.VAR_DIR).free // 2**20
    if free < _PLENTY * settings.LEAST_FREE_MEGABYTES:
        yield warning("disk", f"Only {free} MB are free for photos, exports and tiles.")
    else:
        yield ok("disk", f"{free} MB are free.")


def backup() -> Iterator[Finding]:
    """The last backup is of the last day and was verified (`VAR_DIR/backup.json`)."""
    try:
        state: Any = json.loads((Path(settings.VAR_DIR) / "backup.json").read_text(encoding="utf-8"))
        age = datetime.now(UTC) - datetime.fromisoformat(state["finished_at"])
    except FileNotFoundError:
        yield warning(
            "backup", "bin/backup has not made a backup yet. Does something else back this site up?"
        )
        return
    except (OSError, ValueError, KeyError, TypeError):
        yield error(
            "backup", "backup.json below VAR_DIR cannot be read: nobody knows when the last backup was."
        )
        return
    hours = age.total_seconds() / 3600
    if age > _OLDEST_BACKUP:
        yield error("backup", f"The last backup is {hours:.0f} hours old.")
    elif not state.get("verified"):
        yield error("backup", "The last backup was not verified.")
    else:
        yield ok("backup", f"The last backup is {hours:.0f} hours old and was verified.")


def backup_encryption() -> Iterator[Finding]:
    """Backups can be encrypted for the key that the settings name."""
    seal = configured_seal()
    if seal is None:
        yield warning(
            "backup encryption", "Backups are not encrypted: BACKUP_AGE_RECIPIENT, BACKUP_GPG_RECIPIENT."
        )
    elif complaint := trial_complaint(seal):
        yield error("backup encryption", f"Backups cannot be encrypted, so that none is made: {complaint}")
    else:
        yield ok("backup encryption", f"Backups are encrypted by {seal.command[0]}.")
