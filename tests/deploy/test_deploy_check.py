"""Each thing that a site can lack is found and told in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from geoparticipation.deployment import configured, probe, served, surroundings
from geoparticipation.deployment.findings import Finding, error


def levels(check: Callable[[], Iterator[Finding]]) -> dict[str, str]:
    """What a check found, by subject."""
    return {one.subject: one.level for one in check()}


def only(check: Callable[[], Iterator[Finding]]) -> Finding:
    (found,) = check()
    return found


# --- settings ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("check", "bad", "good", "level"),
    [
        ("debug", {"DEBUG": True}, {"DEBUG": False}, "error"),
        ("secret_key", {"SECRET_KEY": "x" * 60}, {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyz" * 2}, "error"),
        ("secret_key", {"SECRET_KEY": "abcdefghijklm"}, {"SECRET_KEY": "0123456789" * 5}, "error"),
        ("hosts", {"ALLOWED_HOSTS": ["*"]}, {"ALLOWED_HOSTS": ["a.example"]}, "error"),
        ("hosts", {"ALLOWED_HOSTS": ["b.example"]}, {"ALLOWED_HOSTS": [".example"]}, "error"),
        ("encryption", {"HTTPS": False}, {"HTTPS": True, "BEHIND_PROXY": True}, "error"),
        ("encryption", {"BEHIND_PROXY": False, "HTTPS": True}, {"BEHIND_PROXY": True}, "error"),
        ("time_zone", {"TIME_ZONE": "UTC"}, {"TIME_ZONE": "Europe/Berlin"}, "warning"),
        ("second_factor", {"SECOND_FACTOR_ROLES": []}, {"SECOND_FACTOR_ROLES": ["superuser"]}, "warning"),
        ("mail", {"SENDS_MAIL": False}, None, "warning"),
    ],
)
def test_settings(
    settings: Settings, check: str, bad: dict[str, Any], good: dict[str, Any] | None, level: str
) -> None:
    settings.SITE_URL = "https://a.example"
    for name, value in bad.items():
        setattr(settings, name, value)
    assert only(getattr(configured, check)).level == level
    for name, value in (good or {}).items():
        setattr(settings, name, value)
    assert good is None or only(getattr(configured, check)).level == "ok"


def test_mail_server_that_refuses_is_an_error(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SENDS_MAIL, settings.EMAIL_HOST = True, "127.0.0.1"
    settings.EMAIL_PORT = 9  # nobody listens on "discard"
    settings.EMAIL_HOST_PASSWORD = "confidential"
    found = only(configured.mail)
    assert found.level == "error"
    assert "ConnectionRefusedError" in found.sentence
    assert "confidential" not in found.sentence
    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.open", lambda _self: True)
    assert only(configured.mail).level == "ok"


def test_system_checks_are_told_once(settings: Settings) -> None:
    settings.DEBUG, settings.DATA_LICENCE = True, "no licence"
    found = levels(configured.system_checks)
    assert found["geoparticipation.E003"] == "error"
    assert "security.W018" not in found


# --- surroundings ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_database_of_this_version_is_fine() -> None:
    found = levels(surroundings.migrations)
    assert found["migrations"] == "ok"
    assert found["mapping.W001"] == "warning"  # an empty page of the city


@pytest.mark.django_db
def test_unapplied_migrations_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *_: [("one", False)]
    )
    found = only(surroundings.migrations)
    assert found == error("migrations", "1 migrations are not applied: bin/as-service bin/manage migrate")


@pytest.mark.django_db
def test_unsafe_database_is_an_error() -> None:
    assert only(surroundings.durability).level == "ok"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    found = only(surroundings.durability)
    assert found.level == "error"
    assert "synchronous_commit is off" in found.sentence


@pytest.mark.django_db
def test_clocks_that_differ_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(surroundings.clocks).level == "ok"

    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) - timedelta(minutes=2)

    monkeypatch.setattr(surroundings, "datetime", Late)
    assert only(surroundings.clocks).level == "warning"


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "level"), [(None, "error"), (5, "ok"), (300, "error")])
def test_worker_is_known_by_its_heartbeat(seconds: int | None, level: str) -> None:
    if seconds is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
                [seconds],
            )
    assert only(surroundings.worker).level == level


def test_full_disk_is_an_error_and_a_nearly_full_one_a_warning(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path
    settings.LEAST_FREE_MEGABYTES = 0
    assert only(surroundings.disk).level == "ok"
    free = only(surroundings.disk).sentence.split()[0]
    settings.LEAST_FREE_MEGABYTES = int(free) // 5
    assert only(surroundings.disk).level == "warning"
    settings.LEAST_FREE_MEGABYTES = int(free) * 2
    assert only(surroundings.disk).level == "error"


def test_folder_that_is_missing_is_a_full_report(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    settings.VAR_DIR = settings.MEDIA_ROOT = file / "var"  # cannot be made
    assert only(surroundings.disk).level == "error"


@pytest.mark.parametrize(
    ("state", "level"),
    [
        (None, "warning"),
        ({"hours": 1, "verified": True}, "ok"),
        ({"hours": 1, "verified": False}, "error"),
        ({"hours": 50, "verified": True}, "error"),
        ("no JSON", "error"),
        ("{}", "error"),
        ('{"finished_at": "2026-01-01T00:00:00"}', "error"),
    ],
)
def test_backup_is_known_by_its_file(settings: Settings, tmp_path: Path, state: Any, level: str) -> None:
    settings.VAR_DIR = tmp_path
    if isinstance(state, dict):
        finished = datetime.now(UTC) - timedelta(hours=state.pop("hours"))
        state = json.dumps({"finished_at": finished.isoformat(), "set": "a", "bytes": 1, **state})
    if state is not None:
        (tmp_path / "backup.json").write_text(state)
    assert only(surroundings.backup).level == level


# --- through the proxy ---------------------------------------------------------------------------------------------
def seen(**headers: str) -> dict[str, object]:
    request = RequestFactory().get("/healthz")
    request.META |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return probe.report(request)


def test_only_holders_of_the_key_learn_what_arrived(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/healthz", headers={probe.HEADER: "a:b:c"}).json() == {"status": "ok"}
    assert client.get("/healthz", headers={probe.HEADER: probe.signed_probe()}).json() == {
        "status": "ok",
        "scheme": "http",
        "is_forwarded": False,
        "believes_forged": False,
    }


def test_forged_addresses_are_noticed_where_they_are_believed(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    signed = probe.signed_probe()
    for forwarded, expected in {
        "192.0.2.1": (True, False),
        f"{probe.FORGED}, 192.0.2.1": (True, False),
        probe.FORGED: (False, True),
    }.items():
        found = seen(x_deploy_check=signed, x_forwarded_for=forwarded)
        assert (found["is_forwarded"], found["believes_forged"]) == expected
    settings.TRUSTED_PROXIES = 2
    assert seen(x_deploy_check=signed, x_forwarded_for=f"{probe.FORGED}, 192.0.2.1")["believes_forged"]


GOOD = {"status": "ok", "scheme": "https", "is_forwarded": True, "believes_forged": False}


@pytest.fixture
def site(settings: Settings) -> Iterator[dict[str, tuple[int, dict[str, str], bytes]]]:
    """A site whose answers the test chooses, by path: status, headers, body."""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        settings.SITE_URL, settings.HTTPS = f"http://127.0.0.1:{server.server_address[1]}", True
        yield answers
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"proxy": "ok", "compression": "ok", "metrics": "ok"}),
        ({"scheme": "http"}, {"X-Forwarded-Proto": "error", "compression": "ok", "metrics": "ok"}),
        ({"is_forwarded": False}, {"X-Forwarded-For": "error", "compression": "ok", "metrics": "ok"}),
        ({"believes_forged": True}, {"X-Forwarded-For": "error", "compression": "ok", "metrics": "ok"}),
    ],
)
def test_headers_of_the_proxy(
    site: dict[str, tuple[int, dict[str, str], bytes]], changes: dict[str, Any], expected: dict[str, str]
) -> None:
    site["/healthz"] = 200, {}, json.dumps(GOOD | changes).encode()
    assert levels(served.proxy) == expected


def test_faults_of_the_proxy_are_errors(site: dict[str, tuple[int, dict[str, str], bytes]]) -> None:
    assert levels(served.proxy) == {"proxy": "error"}  # 404
    site["/healthz"] = 200, {}, b'{"status": "ok"}'
    assert levels(served.proxy)["proxy"] == "error"  # another installation
    site["/healthz"] = 200, {}, json.dumps(GOOD).encode()
    site["/accounts/login/"] = 200, {"Content-Encoding": "gzip"}, b""
    site["/metrics"] = 200, {}, b""
    assert levels(served.proxy) == {"proxy": "ok", "compression": "error", "metrics": "error"}


def test_unreachable_site_is_a_warning_and_a_bad_certificate_an_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    assert only(served.proxy).level == "warning"

    def refused(*_: Any, **__: Any) -> None:
        raise requests.exceptions.SSLError

    monkeypatch.setattr(requests, "get", refused)
    assert only(served.proxy) == error(
        "tls", "The certificate of http://127.0.0.1:9 is not trusted or has expired."
    )


@pytest.mark.parametrize("broken", ["_compression", "_metrics"])
def test_proxy_that_stops_to_answer_costs_one_check_only(
    site: dict[str, tuple[int, dict[str, str], bytes]], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    site["/healthz"] = 200, {}, json.dumps(GOOD).encode()

    def hangs() -> Iterator[Finding]:
        raise requests.ReadTimeout
        yield

    hangs.__name__ = broken
    monkeypatch.setattr(served, broken, hangs)
    expected = {"proxy": "ok", "compression": "ok", "metrics": "ok"} | {broken.strip("_"): "warning"}
    assert levels(served.proxy) == expected


READY = {"status": "ok", "database": "ok", "migrations": "ok", "storage": "ok"}


def test_service_itself_is_asked_whether_it_can_write(
    site: dict[str, tuple[int, dict[str, str], bytes]], settings: Settings
) -> None:
    assert levels(served.service) == {"service": "warning"}  # 404: another page than /readyz
    site["/readyz"] = 200, {}, json.dumps(READY).encode()
    assert levels(served.service) == {"service": "ok"}
    site["/readyz"] = 503, {}, json.dumps(READY | {"storage": "media: not writable"}).encode()
    found = only(served.service)
    assert found.level == "error"
    assert "storage: media: not writable" in found.sentence
    assert "ReadWritePaths=" in found.sentence
    settings.SITE_URL = "http://127.0.0.1:9"
    assert list(served.service()) == []  # another check reports that
