"""The service behind the nginx that is shipped, over TLS, as visitors reach it."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator

import pytest

from benchmarks.running.cluster import Cluster
from benchmarks.running.server import Server
from benchmarks.site.deploy import GOOD, Site, running_site
from benchmarks.site.kill import SLUG
from benchmarks.site.writers import Writers
from tests.service.conftest import DATABASE


@pytest.fixture(scope="module")
def behind(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Site]]:
    soon = ("--respawn-interval", "5", "--workers-kill-timeout", "30")
    with running_site(cluster.url(DATABASE), tmp_path_factory.mktemp("var"), soon) as site:
        yield site


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
    """Nothing acknowledged is lost; whoever gets 503 tries again.

    503 is what nginx answers while no process listens, as on a machine so busy that new ones need longer than the
    interval, or where a queued connection is reset (`deploy/sysctl`).
    """
    server, site = behind
    before = set(server.workers())
    with Writers(site, SLUG, 4) as writers:
        assert writers.wait_for_acknowledgement(time.monotonic()) < 60
        os.kill(server.master, signal.SIGHUP)
        wait_for_others(server, before)
        assert writers.wait_for_acknowledgement(time.monotonic()) < 60
    assert set(site.noted) <= GOOD | {503}
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
