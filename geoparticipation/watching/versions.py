"""Versions of the software and of what it stands on."""

from __future__ import annotations

import platform
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.db import connection


@dataclass(frozen=True, slots=True)
class Versions:
    """What is running here."""

    software: str
    django: str
    python: str
    postgresql: str
    postgis: str


@cache
def software_version() -> str:
    """The version of this software, of pyproject.toml."""
    project = tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text())
    return str(project["project"]["version"])


def read_versions() -> Versions:
    """All versions, those of the database from the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), postgis_lib_version()")
        postgresql, postgis = cursor.fetchone()
    return Versions(
        software=software_version(),
        django=django.__version__,
        python=platform.python_version(),
        postgresql=postgresql.split()[0],
        postgis=postgis,
    )
