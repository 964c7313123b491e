"""Error reports: received by a server here, and searched for what people wrote and who they are."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli
import pytest
import sentry_sdk
from django.conf import settings as site
from pytest_django.fixtures import Settings

from geoparticipation.watching.checks import error_reports_are_encrypted, metrics_are_closed
from geoparticipation.watching.error_reports import only_what_is_known, start_error_reports

UNPACKED: dict[str | None, Callable[[bytes], bytes]] = {
    None: bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


@pytest.fixture
def received() -> Iterator[tuple[str, list[str]]]:
    """The address of a server for reports, and what it was sent."""
    bodies: list[str] = []

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(UNPACKED[self.headers.get("Content-Encoding")](body).decode())
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiving)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_address[1]}/1", bodies
    server.shutdown()
    server.server_close()


def test_a_report_says_where_and_nothing_of_people(received: tuple[str, list[str]]) -> None:
    address, bodies = received
    done = subprocess.run(
        [sys.executable, "-m", "tests.watching.reporting"],
        cwd=site.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "geoparticipation.settings",
            "SENTRY_DSN": address,
            "TRUSTED_PROXIES": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    status, request_id = done.stdout.rsplit(" ", 1)
    assert status == "500 Internal Server Error"
    events = [
        json.loads(line)
        for body in bodies
        for line in body.splitlines()
        if '"event_id"' in line and '"level"' in line
    ]
    of_page = next(one for one in events if "exception" in one)
    [raised] = of_page["exception"]["values"]
    assert (raised["type"], raised["value"]) == ("ValueError", "")
    assert raised["stacktrace"]["frames"][-1]["function"] == "fail"
    assert of_page["tags"] == {"request_id": request_id}
    assert of_page["request"] == {"method": "POST"}
    assert "A letter to %s failed." in [one.get("logentry", {}).get("message") for one in events]
    everything = "\n".join(bodies)
    # The line of code that raised stands in the report; what it was filled with does not.
    everything = everything.replace("of planted-mail@example.org from 203.0.113.77", "")
    for planted in ("planted", "203.0.113.77", "example.org"):
        assert planted not in everything


def test_parts_that_nobody_named_do_not_leave() -> None:
    event: Any = {
        "event_id": "1",
        "level": "error",
        "user": {"ip_address": "203.0.113.9"},
        "extra": {"text": "dark"},
        "breadcrumbs": {"values": [{"message": "dark"}]},
        "contexts": {"x": {"text": "dark"}},
        "server_name": "host",
        "transaction": "/mine/tok-en/",
        "request": {"method": "GET", "url": "/mine/tok-en/", "headers": {}, "data": "dark"},
        "logentry": {"message": "for %s", "params": ["dark"], "formatted": "for dark"},
        "exception": {
            "values": [
                {
                    "type": "E",
                    "value": "dark",
                    "stacktrace": {"frames": [{"vars": {"a": "dark"}, "lineno": 1}]},
                }
            ]
        },
    }
    report: Any = only_what_is_known(event, {})
    report.pop("tags", None)
    assert report == {
        "event_id": "1",
        "level": "error",
        "transaction": "/mine/…/",
        "request": {"method": "GET"},
        "logentry": {"message": "for %s"},
        "exception": {
            "values": [{"type": "E", "module": None, "value": "", "stacktrace": {"frames": [{"lineno": 1}]}}]
        },
    }


def test_no_reports_by_default(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentry_sdk, "init", lambda **_: pytest.fail("started"))
    start_error_reports()
    assert settings.SENTRY_DSN == ""


@pytest.mark.parametrize(
    ("address", "faults"),
    [
        ("", 0),
        ("https://key@errors.example.org/1", 0),
        ("http://key@127.0.0.1:9000/1", 0),
        ("http://key@errors.example.org/1", 1),
    ],
)
def test_reports_leave_encrypted(settings: Settings, address: str, faults: int) -> None:
    settings.SENTRY_DSN = address
    assert len(error_reports_are_encrypted()) == faults


@pytest.mark.parametrize(("token", "faults"), [("", 0), ("short", 1), ("x" * 20, 0)])
def test_token_of_metrics_is_long(settings: Settings, token: str, faults: int) -> None:
    settings.METRICS_TOKEN = token
    assert len(metrics_are_closed()) == faults
