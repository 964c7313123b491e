"""The real server for a measurement: granian as `bin/demo` starts it, on a free port of 127.0.0.1."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings as site

HOST: Final = "127.0.0.1"
_READ: Final = 1024 * 1024


class Server:
    """A running server with two workers, or another number; the database is the one in `DATABASE_URL`.

    It keeps up to so many MB of answers; 0, so that measurements are of the making and not of the keeping.
    `environment` goes before the one of this process.
    """

    def __init__(
        self,
        settings: str,
        kept_megabytes: int = 0,
        environment: Mapping[str, str] | None = None,
        workers: int = 2,
        options: Sequence[str] = (),
    ) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port: int = free.getsockname()[1]
        surroundings = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "SITE_URL": f"http://{HOST}:{self.port}",
            "KEPT_ANSWERS_MEGABYTES": str(kept_megabytes),
            **(environment or {}),
        }
        if environment and "VAR_DIR" in environment:
            _link_built(Path(environment["VAR_DIR"]))
        command = [
            sys.executable,
            "-m",
            "granian",
            "geoparticipation.wsgi:application",
            "--interface",
            "wsgi",
        ]
        command += [
            "--http",
            "1",
            "--host",
            HOST,
            "--port",
            str(self.port),
            "--workers",
            str(workers),
            "--blocking-threads",
            "16",
        ]
        command += ["--backpressure", "256", "--no-ws", "--respawn-failed-workers", "--log-level", "error"]
        command += options
        self._command, self._surroundings = command, surroundings
        self.start()

    def start(self) -> None:
        """Start it, again where it has ended; on the same port."""
        self._process = subprocess.Popen(self._command, env=self._surroundings, cwd=Path(__file__).parents[2])

    @property
    def is_running(self) -> bool:
        """Whether its master has not ended."""
        return self._process.poll() is None

    def wait_for_end(self) -> None:
        """Return when its master, which somebody has killed, has ended."""
        self._process.wait()

    def wait(self) -> None:
        """Return as soon as it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("The server does not answer.")

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection that stays open between requests."""
        return http.client.HTTPConnection(HOST, self.port, timeout=120)

    def get(self, path: str, accept_encoding: str = "identity") -> tuple[int, int]:
        """Read an answer and throw it away; return status and bytes of the body as they came."""
        connection = self.connect()
        try:
            connection.request("GET", path, headers={"Accept-Encoding": accept_encoding})
            response = connection.getresponse()
            size = 0
            buffer = bytearray(_READ)
            while count := response.readinto(buffer):
                size += count
            return response.status, size
        finally:
            connection.close()

    def memory(self) -> int:
        """Return the resident memory of the largest process of the server, in bytes."""
        return max((_resident(pid) for pid in [self.master, *self.workers()]), default=0)

    @property
    def master(self) -> int:
        """The process that starts the others."""
        return self._process.pid

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children")
        return [int(pid) for pid in children.read_text().split()]

    def stop(self) -> None:
        """Stop it and wait for its end."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _link_built(var: Path) -> None:
    """A folder `var` of a server's own holds no scripts and style sheets: those of this process serve it."""
    link = var / "built"
    if not link.exists():
        link.symlink_to(site.BUILT_DIR, target_is_directory=True)


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def running(
    settings: str = "geoparticipation.settings",
    *,
    kept_megabytes: int = 0,
    environment: Mapping[str, str] | None = None,
    workers: int = 2,
    options: Sequence[str] = (),
) -> Iterator[Server]:
    """Start a server and stop it at the end; `options` are more of granian's."""
    server = Server(settings, kept_megabytes, environment, workers, options)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
