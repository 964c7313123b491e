"""The service behind the nginx that is shipped, over TLS, as visitors reach it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.running.cluster import Cluster
from benchmarks.running.server import Server, running
from benchmarks.site.kill import SLUG, WITHOUT_LIMITS
from benchmarks.site.writers import Writers
from tests.deploy.proxy import HOST, Proxy, running_proxy
from tests.service.conftest import DATABASE


class Connection(http.client.HTTPSConnection):
    """To the proxy of a test, as a browser with an open page of the site; notes every answer."""

    def __init__(self, proxy: Proxy, noted: list[object]) -> None:
        context = ssl.create_default_context(cafile=str(proxy.place / "cert.pem"))
        super().__init__(HOST, timeout=120, context=context)
        self._proxy, self._context, self._noted = proxy, context, noted

    def connect(self) -> None:
        raw = socket.create_connection(("127.0.0.1", self._proxy.port), timeout=120)
        self.sock = self._context.wrap_socket(raw, server_hostname=HOST)

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **named: Any) -> None:
        super().request(method, url, body, {"Origin": f"https://{HOST}", **(headers or {})}, **named)

    def getresponse(self) -> http.client.HTTPResponse:
        try:
            answer = super().getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._noted.append(error)
            raise
        self._noted.append(answer.status)
        return answer


class Site:
    """What writers write to."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.noted: list[object] = []

    def connect(self) -> http.client.HTTPConnection:
        return Connection(self.proxy, self.noted)


@pytest.fixture(scope="module")
def behind(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Site]]:
    environment = {
        "DATABASE_URL": cluster.url(DATABASE),
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "BEHIND_PROXY": "true",
        **WITHOUT_LIMITS,
    }
    with (
        running(environment=environment) as server,
        running_proxy(tmp_path_factory.mktemp("proxy"), server.port) as proxy,
    ):
        yield server, Site(proxy)


def test_cookies_are_secure_and_pages_with_tokens_are_not_compressed(behind: tuple[Server, Site]) -> None:
    proxy = behind[1].proxy
    status, headers = proxy.head("/accounts/login/", "-H", "Accept-Encoding: gzip, br, zstd")
    assert status == 200
    assert "Secure" in headers["set-cookie"]
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "content-encoding" not in headers


def test_built_files_come_compressed_from_the_cache_of_the_proxy(behind: tuple[Server, Site]) -> None:
    proxy = behind[1].proxy
    page = proxy.curl("/").stdout.decode()
    path = re.findall(r'"(/static/built/[^"]+\.css)"', page)[0]
    before = len(proxy.access_log())
    for _ in range(2):
        status, headers = proxy.head(path, "-H", "Accept-Encoding: br")
        assert (status, headers["content-encoding"]) == (200, "br")
        assert "immutable" in headers["cache-control"]
    logged = [one["cache"] for one in proxy.wait_for_log(before + 2)[before:] if one["path"] == path]
    assert logged == ["MISS", "HIT"]


def test_reload_replaces_all_processes_and_loses_nothing(
    behind: tuple[Server, Site], cluster: Cluster
) -> None:
    """A connection that is queued at a process while it ends may be reset where the kernel does not hand it on
    (`deploy/sysctl`): nginx then answers 503, and who wrote tries again.
    """
    server, site = behind
    before = set(server.workers())
    with Writers(site, SLUG, 4) as writers:
        assert writers.wait_for_acknowledgement(time.monotonic()) < 60
        os.kill(server.master, signal.SIGHUP)
        wait_for_others(server, before)
        assert writers.wait_for_acknowledgement(time.monotonic()) < 60
    hands_on = Path("/proc/sys/net/ipv4/tcp_migrate_req").read_text().strip() == "1"
    assert set(site.noted) <= ({200, 201, 303} if hands_on else {200, 201, 303, 503})
    acknowledged = [one.id for one in writers.sent if one.is_acknowledged]
    assert len(acknowledged) > 4
    with cluster.connect(DATABASE) as connection:
        rows = connection.execute(
            "SELECT count(*) FROM mapping_contribution WHERE id = ANY(%s)", [acknowledged]
        )
        [[stored]] = rows.fetchall()
    assert stored == len(acknowledged)


def wait_for_others(server: Server, before: set[int]) -> None:
    """Return when none of these processes serves any longer."""
    until = time.monotonic() + 120
    while before & set(server.workers()):
        assert time.monotonic() < until
        time.sleep(0.1)
