"""Reloads, and clients that stall, behind the shipped nginx: `bin/bench deploy [--minutes M] [--writers W]`.

First people write, by the API and by the form with photos, while the server is told again and again to replace its
processes: every answer counts. Then others ask for pages while clients stall: bodies, headers and downloads that never
go on. A PostgreSQL, a server and an nginx of its own on 127.0.0.1; nothing else is touched.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.running import place
from benchmarks.running.cluster import running_cluster
from benchmarks.running.meanwhile import looking
from benchmarks.running.proxy import HOST, Proxy, running_proxy, trusting
from benchmarks.running.server import Server, running
from benchmarks.site.kill import SLUG, WITHOUT_LIMITS
from benchmarks.site.writers import Writers

DATABASE: Final = "filled"
GOOD: Final = frozenset({200, 201, 303})
REPLACING: Final = ("--respawn-interval", "60", "--workers-kill-timeout", "30")
"""How the shipped unit replaces processes: seconds for the new one to start, for the old one to finish."""
BODIES, HEADERS, DOWNLOADS = 60, 60, 30
PATHS: Final = ("/", f"/campaigns/{SLUG}/", "/help/")
_CLIENTS: Final = 4
_RENEWAL: Final = 10.0
"""Seconds after which stalled clients come again: nginx has dropped them by then."""


class Connection(http.client.HTTPSConnection):
    """To a proxy of this machine, as a browser with an open page of the site; notes every answer."""

    def __init__(self, proxy: Proxy, noted: list[object]) -> None:
        context = trusting(proxy.place / "cert.pem")
        super().__init__(HOST, timeout=120, context=context)
        self._proxy, self._context, self._noted = proxy, context, noted

    def connect(self) -> None:
        """Connect to the proxy's port, under its host name."""
        raw = socket.create_connection(("127.0.0.1", self._proxy.port), timeout=120)
        self.sock = self._context.wrap_socket(raw, server_hostname=HOST)

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **named: Any) -> None:
        """Send a request with the origin that browsers send with forms."""
        super().request(method, url, body, {"Origin": f"https://{HOST}", **(headers or {})}, **named)

    def getresponse(self) -> http.client.HTTPResponse:
        """The answer, or its failure, noted."""
        try:
            answer = super().getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._noted.append(type(error).__name__)
            raise
        self._noted.append(answer.status)
        return answer


class Site:
    """What writers write to."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.noted: list[object] = []

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection of one client."""
        return Connection(self.proxy, self.noted)


@contextlib.contextmanager
def running_site(
    database: str, var: Path, options: Sequence[str] = REPLACING
) -> Iterator[tuple[Server, Site]]:
    """The service behind nginx, on a database that is filled; `options` are more of granian's."""
    environment = {
        "DATABASE_URL": database,
        "VAR_DIR": str(var),
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "BEHIND_PROXY": "true",
        **WITHOUT_LIMITS,
    }
    # All clients of a measurement share one network.
    open_wide = {
        ("limits", "rate=50r/s"): "rate=10000r/s",
        ("service", "limit_conn connections 300"): "limit_conn connections 5000",
        ("service", "limit_conn downloads 4"): "limit_conn downloads 100",
    }
    with (
        running(environment=environment, options=options) as server,
        running_proxy(var / "proxy", server.port, open_wide) as proxy,
    ):
        yield server, Site(proxy)


def reload_under_writers(server: Server, site: Site, writers: int, minutes: float) -> int:
    """Write for so long while processes are replaced without a pause; return how often all of them were."""
    until, rounds = time.monotonic() + minutes * 60, 0
    with Writers(site, SLUG, writers):
        while time.monotonic() < until:
            before = set(server.workers())
            os.kill(server.master, signal.SIGHUP)
            while before & set(server.workers()):
                time.sleep(0.2)
            rounds += 1
    return rounds


def percentile(site: Site, seconds: float) -> tuple[float, int]:
    """The 99th percentile in milliseconds of requests of several clients for so long, and their number."""
    times: list[float] = []

    def ask(number: int) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.closing(site.connect()) as connection:
                began = time.perf_counter()
                connection.request("GET", PATHS[number % len(PATHS)])
                connection.getresponse().read()
                times.append(time.perf_counter() - began)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return float(np.percentile(times, 99)) * 1000, len(times)


@contextlib.contextmanager
def stalling(proxy: Proxy) -> Iterator[None]:
    """Clients that stall, and come again when they were dropped."""
    head = f" HTTP/1.1\r\nHost: {HOST}\r\n"
    body = f"POST /campaigns/{SLUG}/contribute/{head}Content-Length: 100000\r\n\r\nhalf".encode()
    download = f"GET /api/v1/campaigns/long-answers/download.geojson{head}\r\n".encode()
    kinds = [body] * BODIES + [f"GET /{head}X-Slow: ".encode()] * HEADERS + [download] * DOWNLOADS
    opened: list[ssl.SSLSocket] = []
    renew(opened, kinds, proxy)
    try:
        with looking(lambda: renew(opened, kinds[: BODIES + HEADERS], proxy), _RENEWAL):
            yield
    finally:
        for one in opened:
            one.close()


def renew(opened: list[ssl.SSLSocket], kinds: list[bytes], proxy: Proxy) -> None:
    """Open one connection for each beginning of a request."""
    for kind in kinds:
        with contextlib.suppress(OSError):
            one = proxy.connect()
            one.sendall(kind)
            opened.append(one)


def main() -> None:
    """Measure and report; the exit status tells whether any request failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="how long people write during reloads")
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each measurement of others' requests")
    options = parser.parse_args()
    with running_cluster() as cluster, tempfile.TemporaryDirectory(prefix="gp-deploy-") as var:
        cluster.create(DATABASE)
        url = cluster.url(DATABASE)
        root = Path(__file__).parents[2]
        fill = [sys.executable, "-m", "tests.service.filling"]
        subprocess.run(fill, cwd=root, env={**os.environ, "DATABASE_URL": url}, check=True)
        with running_site(url, Path(var)) as (server, site):
            rounds = reload_under_writers(server, site, options.writers, options.minutes)
            written = Counter(site.noted)
            percentile(site, 3.0)  # warms up
            quiet, number = percentile(site, options.seconds)
            with stalling(site.proxy):
                busy, other = percentile(site, options.seconds)
    report(
        rounds, written, options, [("undisturbed", number, quiet), ("with clients that stall", other, busy)]
    )
    sys.exit(bool(written.keys() - GOOD))


def report(
    rounds: int, written: Counter[object], options: argparse.Namespace, rows: list[tuple[str, int, float]]
) -> None:
    """Print both parts."""
    failed = {str(what): count for what, count in written.items() if what not in GOOD}
    place.say(
        f"{options.writers} writers, {options.minutes:g} minutes, all processes replaced {rounds} times:"
        f" {written.total()} requests, {sum(failed.values())} failed {failed or ''}\n"
    )
    lines = [[name, number, f"{time_:.0f} ms"] for name, number, time_ in rows]
    place.say(place.table(("others' requests", "number", "p99"), lines))
    place.say(
        f"\n{BODIES} stalled bodies, {HEADERS} slow headers, {DOWNLOADS} stalled downloads:"
        f" p99 {rows[1][2] / rows[0][2]:.2f} times that of an undisturbed site (goal: at most 2)."
    )


if __name__ == "__main__":
    main()
