"""A PostgreSQL of its own that may be stopped, killed and thrown away, configured as the real one (`bin/lib`)."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote

import psycopg

ROLE: Final = "geoparticipation"
_CONFIGURATION: Final = Path(__file__).parents[2] / "bin" / "lib" / "postgresql.conf"
_PATIENCE: Final = 60.0


class Cluster:
    """A server on one unix socket in a directory of its own under /tmp (a socket's path must be short)."""

    def __init__(self, settings: str = "") -> None:
        self._programs = _programs()
        self._user = "postgres" if os.geteuid() == 0 else None
        self.home = Path(tempfile.mkdtemp(prefix="gp-cluster-", dir="/tmp"))
        if self._user is not None:
            os.chown(self.home, pwd.getpwnam(self._user).pw_uid, -1)
        self._data = self.home / "data"
        self._fill()
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(f"\nunix_socket_directories = '{self.home}'\n{settings}\n")

    def _fill(self) -> None:
        self._run(
            "initdb", "--pgdata", self._data, "--username", ROLE, "--auth-local", "trust", "--data-checksums"
        )
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(_CONFIGURATION.read_text())

    def url(self, database: str) -> str:
        """The address of one of its databases, as `DATABASE_URL` takes it."""
        return f"postgis://{ROLE}@{quote(str(self.home), safe='')}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Connect to one of its databases, past any pool."""
        return psycopg.connect(host=str(self.home), dbname=database, user=ROLE, autocommit=True)

    def backends(self, database: str) -> list[int]:
        """The processes that serve a database to others just now."""
        with self.connect() as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [database])
            return [pid for (pid,) in rows]

    def create(self, database: str) -> None:
        """Make an empty database."""
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())

    def start(self) -> None:
        """Start it; right after it was killed, processes of it may still be there, so more than once."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._control("start", "-l", self.home / "log", "-w", "-t", str(int(_PATIENCE)))
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def await_promotion(self) -> None:
        """Wait until a recovery is over and rows may be written."""
        until = time.monotonic() + _PATIENCE
        with self.connect() as connection:
            while connection.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
                if time.monotonic() > until:
                    raise TimeoutError("The recovery did not end.")
                time.sleep(0.05)

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Stop it in one of PostgreSQL's ways."""
        self._control("stop", "-m", mode, "-w", "-t", str(int(_PATIENCE)))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the postmaster."""
        os.kill(self._master(), number)

    def freeze(self) -> None:
        """Stop all its processes where they are; backends would outlive a stopped postmaster."""
        master = self._master()
        os.kill(master, signal.SIGSTOP)  # the first: it starts no others then
        for pid in _children(master):
            _send(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let frozen processes go on."""
        master = self._master()
        for pid in (*_children(master), master):
            _send(pid, signal.SIGCONT)

    def _master(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def throw_away(self) -> None:
        """Stop it, however it is, and delete everything."""
        with suppress(OSError):
            self.thaw()
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.home)

    def _control(self, action: str, *arguments: object) -> None:
        self._run("pg_ctl", action, "-D", self._data, *arguments)

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [self._programs / program, *map(str, arguments)],
            cwd="/",
            user=self._user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


class Replica(Cluster):
    """A hot standby that streams from another cluster, which must be running."""

    def __init__(self, primary: Cluster, settings: str = "") -> None:
        self._primary = primary
        super().__init__(f"hot_standby_feedback = on\n{settings}")

    def _fill(self) -> None:
        source = ("--host", self._primary.home, "--username", ROLE)
        way = ("--wal-method", "stream", "--checkpoint", "fast", "--write-recovery-conf")
        self._run("pg_basebackup", *source, *way, "--pgdata", self._data)

    def promote(self) -> None:
        """Make it a primary; returns when it accepts writes."""
        self._control("promote", "-w", "-t", str(int(_PATIENCE)))


def running_cluster() -> AbstractContextManager[Cluster]:
    """Start a cluster and throw it away at the end."""
    return _running(Cluster())


def running_replica(primary: Cluster, settings: str = "") -> AbstractContextManager[Replica]:
    """Start a replica of a running cluster and throw it away at the end."""
    return _running(Replica(primary, settings))


ClusterT = TypeVar("ClusterT", bound=Cluster)


@contextmanager
def _running(cluster: ClusterT) -> Iterator[ClusterT]:
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.throw_away()


def _children(pid: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The fourth field, after the name in parentheses (proc(5)). `task/*/children` may leave some out.
            if int((place / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(place.name))
    return found


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _programs() -> Path:
    """PostgreSQL's programs: those that `bin/` has chosen, otherwise the newest of Debian's, otherwise the path's."""
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda one: int(one.parts[4]))
    if found:
        return found[-1].parent
    program = shutil.which("postgres")
    if program is None:
        raise RuntimeError("PostgreSQL's programs were not found; name their directory in PG_BIN.")
    return Path(program).parent
