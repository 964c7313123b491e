"""What the shipped nginx does with requests and answers (docs/operators/running.md, "What the proxy must do")."""

from __future__ import annotations

import os
import ssl
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.running.proxy import HOST, Proxy, free_port, running_proxy
from tests.deploy.stand_in import Noted, StandIn

MEGABYTE = 2**20


def fresh(path: str = "/") -> str:
    """An address that no other test has used."""
    return f"{path}{uuid.uuid4().hex}"


def arrived(stand_in: StandIn, path: str) -> Noted:
    (noted,) = stand_in.of(path)
    return noted


def test_forged_headers_are_replaced(proxy: Proxy, stand_in: StandIn) -> None:
    path = fresh()
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X-Request-ID": "forged",
    }
    proxy.curl(path, *(part for name, value in forged.items() for part in ("-H", f"{name}: {value}")))
    headers = arrived(stand_in, path).headers
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"] == HOST
    assert headers["x-request-id"] not in {"", "forged"}
    assert headers.keys().isdisjoint({"x-forwarded-host", "x-real-ip", "forwarded"})


def test_http2_is_spoken_to_visitors_and_http1_to_the_service(proxy: Proxy) -> None:
    done = proxy.curl("/", "--http2", "--output", os.devnull, "--write-out", "%{http_version}")
    assert done.stdout == b"2"


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    done = proxy.curl(
        "/help/?a=b", "--output", os.devnull, "--write-out", "%{http_code} %{redirect_url}", origin="http"
    )
    assert done.stdout.decode() == f"301 https://{HOST}/help/?a=b"


def test_requests_for_other_names_lead_to_the_site_and_log_no_address(
    stand_in: StandIn, tmp_path: Path
) -> None:
    arguments = ("-H", "Host: scanner.example", "--output", os.devnull, "--write-out", "%{redirect_url}")
    with running_proxy(tmp_path, stand_in.port) as proxy:
        assert proxy.curl("/x", *arguments, origin="http").stdout.decode() == f"https://{HOST}/x"
        (logged,) = proxy.wait_for_log(1)
        assert (logged["path"], logged["status"]) == ("/x", 301)
        assert "127.0.0.1" not in proxy.logged()


@pytest.mark.parametrize(("path", "status"), [("/", 413), ("/api/v1/x/", 413), ("/planning/x/", 100)])
def test_only_planners_pages_take_bodies_above_64_megabytes(proxy: Proxy, path: str, status: int) -> None:
    assert first_line_for_body(proxy, path, 64 * MEGABYTE + 1) == status
    assert first_line_for_body(proxy, path, 64 * MEGABYTE) == 100
    assert first_line_for_body(proxy, path, 402 * MEGABYTE + 1) == 413


def first_line_for_body(proxy: Proxy, path: str, size: int) -> int:
    """The status with which a body is refused or (100) awaited that is announced and not sent."""
    with proxy.connect() as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        return int(connection.recv(1000).split()[1])


def test_stalled_bodies_never_reach_the_service_and_are_dropped(stand_in: StandIn, tmp_path: Path) -> None:
    with running_proxy(
        tmp_path, stand_in.port, {("service", "client_body_timeout 10s"): "client_body_timeout 1s"}
    ) as proxy:
        begun = stand_in.begun
        stalled = [proxy.connect() for _ in range(40)]
        for one in stalled:
            one.sendall(f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nhalf".encode())
        assert proxy.head(fresh())[0] == 200
        for one in stalled:
            wait_for_end(one)
        assert stand_in.begun == begun + 1


def wait_for_end(connection: ssl.SSLSocket) -> None:
    """Return when the other side has closed a connection, or reset it; raises TimeoutError when it does not."""
    with connection, suppress(ConnectionResetError, ssl.SSLError):
        while connection.recv(4096):
            pass


def test_body_arrives_whole(proxy: Proxy, stand_in: StandIn, tmp_path: Path) -> None:
    path = fresh("/planning/")
    file = tmp_path / "file"
    file.write_bytes(os.urandom(3 * MEGABYTE))
    assert proxy.head(path, "--data-binary", f"@{file}", "-H", "Transfer-Encoding: chunked")[0] == 200
    assert arrived(stand_in, path).body == file.read_bytes()


def test_slow_client_holds_no_thread_of_the_service(proxy: Proxy, stand_in: StandIn) -> None:
    """The answer lies with the proxy before the client has read any of it."""
    path = fresh("/api/v1/campaigns/")
    finished = stand_in.finished
    with proxy.connect() as slow:
        slow.sendall(f"GET {path}?bytes={20 * MEGABYTE} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        until_finished(stand_in, finished + 1)


def until_finished(stand_in: StandIn, number: int) -> None:
    until = time.monotonic() + 30
    while stand_in.finished < number:
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_broken_answers_stay_broken(proxy: Proxy, version: str) -> None:
    """Nobody takes half a file for a whole one."""
    done = proxy.curl(f"{fresh()}?bytes={MEGABYTE}&lacking=10", version, "--output", os.devnull)
    assert done.returncode in {18, 92}, done.stderr


def test_nothing_is_compressed_that_the_service_left_alone(proxy: Proxy) -> None:
    accept = "Accept-Encoding: gzip, br, zstd"
    for kind in ("text/html", "text/plain", "application/json"):
        _, headers = proxy.head(f"{fresh()}?bytes=50000&Content-Type={kind}", "-H", accept)
        assert "content-encoding" not in headers
    _, headers = proxy.head(f"{fresh()}?Content-Encoding=br", "-H", accept)
    assert headers["content-encoding"] == "br"


def test_metrics_are_not_public(proxy: Proxy, stand_in: StandIn) -> None:
    for path in ("/metrics", "/metrics/", "/metrics?x", "//metrics", "/%6detrics", "/help/../metrics"):
        assert proxy.head(path)[0] == 404
    assert not [one for one in stand_in.requests if "metrics" in one.path]


@pytest.mark.slow
def test_absent_service_is_reported_in_words_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    with running_proxy(tmp_path, free_port()) as proxy:
        done = proxy.curl("/", "--dump-header", "-", "--data", "a=b")
        head, body = done.stdout.decode().split("\r\n\r\n")
        assert head.startswith("HTTP/2 503")
        assert "retry-after: 5" in head
        assert "gleich wieder da" in body
        (logged,) = proxy.wait_for_log(1)
        assert logged["upstream_status"] == "502"


# --- cache -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("room", ["/static/", "/tiles/colour/", "/ground/"])
def test_public_files_are_fetched_once(proxy: Proxy, stand_in: StandIn, room: str) -> None:
    path = fresh(room)
    for _ in range(3):
        assert proxy.head(f"{path}?Cache-Control=public,max-age=60&ETag=x")[0] == 200
    assert len(stand_in.of(path)) == 1
    status, _ = proxy.head(f"{path}?Cache-Control=public,max-age=60&ETag=x", "-H", "If-None-Match: x")
    assert status == 304


@pytest.mark.parametrize(
    "headers",
    [
        "",
        "Cache-Control=private,max-age=60",
        "Cache-Control=no-store",
        "Cache-Control=no-cache",
        "Cache-Control=public,max-age=60&Set-Cookie=a%3Db",
        "Cache-Control=public,max-age=60&Vary=*",
    ],
)
def test_what_the_service_does_not_allow_is_never_kept(proxy: Proxy, stand_in: StandIn, headers: str) -> None:
    path = fresh("/static/")
    for _ in range(2):
        proxy.head(f"{path}?{headers}")
    assert len(stand_in.of(path)) == 2


def test_pages_are_never_kept(proxy: Proxy, stand_in: StandIn) -> None:
    for room in ("/", "/api/v1/campaigns/", "/photos/", "/planning/", "/ogc/"):
        path = fresh(room)
        for _ in range(2):
            proxy.head(f"{path}?Cache-Control=public,max-age=60")
        assert len(stand_in.of(path)) == 2


def test_answers_by_coding_are_kept_apart(proxy: Proxy, stand_in: StandIn) -> None:
    path = fresh("/static/")
    for coding in ("br", "gzip", "br", "gzip"):
        proxy.head(
            f"{path}?Cache-Control=public,max-age=60&Vary=Accept-Encoding", "-H", f"Accept-Encoding: {coding}"
        )
    assert [one.headers["accept-encoding"] for one in stand_in.of(path)] == ["br", "gzip"]


def test_public_files_are_fetched_as_nobody(proxy: Proxy, stand_in: StandIn) -> None:
    path = fresh("/static/")
    proxy.head(path, "-H", "Cookie: sessionid=1", "-H", "Authorization: Bearer x")
    assert arrived(stand_in, path).headers.keys().isdisjoint({"cookie", "authorization"})
    page = fresh("/")
    proxy.head(page, "-H", "Cookie: sessionid=1", "-H", "Authorization: Bearer x")
    assert arrived(stand_in, page).headers["cookie"] == "sessionid=1"
    assert arrived(stand_in, page).headers["authorization"] == "Bearer x"


# --- limits ------------------------------------------------------------------------------------------------------
def test_requests_are_limited_by_network(stand_in: StandIn, tmp_path: Path) -> None:
    """127.0.1.5 and 127.0.1.9 share the first 24 bits."""
    changes = {("service", "burst=1500"): "burst=3", ("limits", "rate=50r/s"): "rate=1r/m"}
    with running_proxy(tmp_path, stand_in.port, changes) as proxy:
        answers = [proxy.head("/", "--interface", f"127.0.1.{5 + number % 2}")[0] for number in range(6)]
        assert answers == [200, 200, 200, 200, 429, 429]
        assert proxy.head("/", "--interface", "127.0.2.5")[0] == 200
        assert proxy.head("/static/x", "--interface", "127.0.1.5")[0] == 200
        status, headers = proxy.head("/", "--interface", "127.0.1.5")
        assert (status, headers["retry-after"]) == (429, "10")
        assert "127.0" not in proxy.logged()
