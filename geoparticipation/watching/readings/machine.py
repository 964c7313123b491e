"""Versions, disk, backup: read without the database."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from prometheus_client.core import GaugeMetricFamily

from geoparticipation.watching.backups import last_backup
from geoparticipation.watching.readings.registry import Cursor, Reading, gauge, gauges
from geoparticipation.watching.versions import software_version


def free_space() -> dict[str, tuple[int, int]]:
    """Free and total bytes of the folders that grow, by name; without those that do not exist."""
    folders = {"var": Path(settings.VAR_DIR), "media": Path(settings.MEDIA_ROOT)}
    found: dict[str, tuple[int, int]] = {}
    for name, folder in folders.items():
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            continue
        found[name] = usage.free, usage.total
    return found


def _versions(_cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily(
        "geoparticipation_version_info", "Versions, as labels.", labels=["version", "django", "python"]
    )
    family.add_metric([software_version(), django.__version__, platform.python_version()], 1)
    yield family


def _disk(_cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    spaces = free_space()
    yield gauges(
        "disk_free_bytes",
        "Free space of VAR_DIR and its media.",
        "folder",
        {name: float(free) for name, (free, _total) in spaces.items()},
    )
    yield gauges(
        "disk_bytes",
        "Size of the file systems of VAR_DIR and its media.",
        "folder",
        {name: float(total) for name, (_free, total) in spaces.items()},
    )
    yield gauge(
        "disk_least_free_bytes",
        "Free space below which /readyz answers 503.",
        settings.LEAST_FREE_MEGABYTES * 2**20,
    )


def _backup(_cursor: Cursor) -> Iterator[GaugeMetricFamily]:
    backup = last_backup()
    yield gauge(
        "backup_finished_timestamp_seconds",
        "When the last backup ended; 0 where none is known.",
        backup.finished_at.timestamp() if backup else 0,
    )
    yield gauge("backup_bytes", "Size of the last backup.", backup.size if backup else 0)
    yield gauge(
        "backup_verified",
        "1 if the last backup was read back and compared.",
        bool(backup and backup.verified),
    )


READINGS: Final = (
    Reading("versions", _versions, needs_database=False),
    Reading("disk", _disk, needs_database=False),
    Reading("backup", _backup, needs_database=False),
)
