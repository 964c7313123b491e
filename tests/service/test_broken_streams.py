"""Downloads whose database goes away: real clients see a broken transfer, in every format and coding."""

import http.client
import socket
import subprocess
import time

import pytest

from benchmarks.running.cluster import Cluster
from benchmarks.running.server import HOST, Server
from mapping.exports.registry import formats
from tests.service.conftest import DATABASE
from tests.service.filling import ROWS, SLUG

GEOJSON = f"/api/v1/campaigns/{SLUG}/download.geojson"
PATHS = [f"/api/v1/campaigns/{SLUG}/download.{known.name}" for known in formats() if known.is_streamed]
PDS = f"/dipas-pds/projects/{SLUG}/contributions"
CODINGS = ("identity", "gzip", "br", "zstd")
COPYING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = %s AND state = 'active' AND query LIKE 'COPY%%' ORDER BY query_start
"""


def backends(cluster: Cluster, at_least: int = 1) -> list[int]:
    """The processes that write a download just now."""
    until = time.monotonic() + 30
    with cluster.connect() as connection:
        while time.monotonic() < until:
            found = [pid for (pid,) in connection.execute(COPYING, [DATABASE])]
            if len(found) >= at_least:
                return found
            time.sleep(0.02)
    raise AssertionError("Nothing is being downloaded.")


@pytest.fixture(autouse=True)
def nothing_is_downloaded(cluster: Cluster) -> None:
    """The second connection of the download before ends a moment after the first was broken."""
    until = time.monotonic() + 30
    with cluster.connect() as connection:
        while connection.execute(COPYING, [DATABASE]).fetchall():
            assert time.monotonic() < until, "A download of the test before goes on."
            time.sleep(0.02)


def terminate(cluster: Cluster, *pids: int) -> None:
    with cluster.connect() as connection:
        for pid in pids:
            connection.execute("SELECT pg_terminate_backend(%s)", [pid])


def begin(server: Server, path: str, coding: str = "identity") -> http.client.HTTPResponse:
    """Ask for a download and read little of it, through a socket that holds little."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sock.settimeout(60)
    connection.sock.connect((HOST, server.port))
    connection.request("GET", path, headers={"Accept-Encoding": coding})
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["Content-Encoding"] == (None if coding == "identity" else coding)
    response.read(1000)
    return response


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("path", [*PATHS, PDS])
def test_download_whose_backend_is_ended_is_a_broken_transfer(
    cluster: Cluster, server: Server, path: str, coding: str
) -> None:
    response = begin(server, path, coding)
    terminate(cluster, *backends(cluster))
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        response.read()


@pytest.mark.parametrize("which", [0, 1])
def test_either_of_two_connections_that_read_a_campaign_breaks_the_download(
    cluster: Cluster, server: Server, which: int
) -> None:
    response = begin(server, GEOJSON)
    terminate(cluster, backends(cluster, at_least=2)[which])
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        response.read()


@pytest.mark.parametrize("version", ["--http1.0", "--http1.1"])
def test_curl_reports_a_broken_download(cluster: Cluster, server: Server, version: str) -> None:
    command = ["curl", "--silent", version, "--limit-rate", "1M", "--output", "/dev/null"]
    curl = subprocess.Popen([*command, f"http://{HOST}:{server.port}{GEOJSON}"])
    terminate(cluster, *backends(cluster))
    assert curl.wait(60) in {18, 56}  # a partial file, a reset connection


def test_other_downloads_of_the_same_client_go_on(cluster: Cluster, server: Server) -> None:
    broken = begin(server, GEOJSON)
    first = set(backends(cluster))
    whole = begin(server, GEOJSON)
    terminate(cluster, *first)
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        broken.read()
    assert whole.read().count(b'"type":"Feature"') > ROWS * 0.9


@pytest.mark.parametrize("path", [*PATHS, PDS])
def test_whole_downloads_end_as_such(server: Server, path: str) -> None:
    status, size = server.get(path)
    assert (status, size > ROWS) == (200, True)


def test_restart_of_the_database_breaks_downloads(cluster: Cluster, server: Server) -> None:
    response = begin(server, GEOJSON)
    backends(cluster)
    cluster.stop("fast")
    cluster.start()
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        response.read()
