"""A PgBouncer of its own before a cluster, configured as the shipped one (`deploy/pgbouncer`)."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from benchmarks.running.cluster import ROLE, Cluster

_SHIPPED: Final = Path(__file__).parents[2] / "deploy" / "pgbouncer" / "pgbouncer.ini"
_PATIENCE: Final = 60.0


class Pooler:
    """A running PgBouncer on one unix socket; ends by `stop`."""

    def __init__(self, cluster: Cluster, size: int) -> None:
        program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
        if program is None:
            raise RuntimeError("PgBouncer is not installed.")
        self.home = Path(tempfile.mkdtemp(prefix="gp-pooler-", dir="/tmp"))
        own = self.home / "pgbouncer.ini"
        with own.open("w") as file:
            self._settings(cluster, size).write(file)
        user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        if user is not None:
            for place in (self.home, *self.home.iterdir()):
                os.chown(place, pwd.getpwnam(user).pw_uid, -1)
        self._process = subprocess.Popen([program, "-q", own], cwd="/", user=user)

    def _settings(self, cluster: Cluster, size: int) -> ConfigParser:
        """The shipped settings with another place, and with fewer connections."""
        settings = ConfigParser(interpolation=None)
        settings.read(_SHIPPED)
        settings["databases"] = {"*": f"host={cluster.home} user={ROLE}"}
        settings["pgbouncer"].update(
            {
                "listen_addr": "",
                "unix_socket_dir": str(self.home),
                "logfile": str(self.home / "log"),
                "auth_type": "any",
                "auth_file": "",
                "admin_users": ROLE,
                "default_pool_size": str(size),
                "reserve_pool_size": "0",
            }
        )
        return settings

    def url(self, database: str) -> str:
        """The address of a database through it, as `DATABASE_URL` takes it."""
        return f"postgis://{ROLE}@{quote(str(self.home), safe='')}:6432/{database}"

    def ask(self, statement: str) -> list[dict[str, object]]:
        """What its console answers, such as `SHOW POOLS`."""
        with psycopg.connect(
            host=str(self.home),
            port=6432,
            dbname="pgbouncer",
            user=ROLE,
            autocommit=True,
            cursor_factory=psycopg.ClientCursor,
        ) as console:
            cursor = console.execute(statement.encode())
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def wait(self) -> None:
        """Return as soon as it answers."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self.ask("SHOW VERSION")
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """End it and delete its files."""
        self._process.terminate()
        self._process.wait(_PATIENCE)
        shutil.rmtree(self.home)


@contextmanager
def running_pooler(cluster: Cluster, size: int) -> Iterator[Pooler]:
    """Start a pooler with so many connections to each database of a cluster, and stop it at the end."""
    pooler = Pooler(cluster, size)
    try:
        pooler.wait()
        yield pooler
    finally:
        pooler.stop()
