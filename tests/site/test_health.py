import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from geoparticipation import health
from geoparticipation.health import ReadyCheck, _applied, known_migrations
from mapping.registry import Registry

PATIENCE = health._PATIENCE


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found counts here, not how fast a busy machine finds it."""
    monkeypatch.setattr(health, "_PATIENCE", 30.0)


def test_healthz_touches_no_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_is_fine_when_database_and_migrations_are(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    said = response.json()
    assert said.pop("warnings") == {"worker": "none"}
    assert said == {"status": "ok", "database": "ok", "migrations": "ok", "storage": "ok"}


@pytest.mark.django_db
def test_readyz_tells_of_missing_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = frozenset(sorted(_applied(connection))[2:])
    monkeypatch.setattr(health, "_applied", lambda _connection: applied)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "2 not applied")


@pytest.mark.django_db
def test_readyz_tells_of_a_lost_database_without_its_secrets(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise OperationalError("could not connect to host db.internal as user geo")

    monkeypatch.setattr(health, "_applied", lost)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "unreachable")
    assert b"db.internal" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["home.cards_of", "kept._state"])
@pytest.mark.parametrize(
    "error", [OperationalError("the database system is starting up"), InterfaceError("closed")]
)
def test_pages_are_unavailable_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch, error: Exception, place: str
) -> None:
    def away(*_: object) -> None:
        raise error

    monkeypatch.setattr(f"mapping.web.overview.{place}", away)
    response = Client(raise_request_exception=False).get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")


@pytest.mark.django_db
def test_other_errors_of_pages_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("mapping.web.overview.home.cards_of", broken)
    response = Client(raise_request_exception=False).get("/")
    assert (response.status_code, response.has_header("Retry-After")) == (500, False)


def test_migrations_of_the_files_are_those_that_django_knows() -> None:
    assert known_migrations() == frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def warnings(client: Client) -> object:
    response = client.get("/readyz")
    assert response.status_code == 200
    return response.json().get("warnings")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seconds", "expected"), [(5, None), (300, {"worker": "no heartbeat for 300 s"})])
def test_readyz_warns_of_workers_that_are_gone(
    client: Client, seconds: int, expected: dict[str, str] | None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds],
        )
    said = warnings(client)
    assert said == expected or (expected and str(said).startswith("{'worker': 'no heartbeat for 3"))


@pytest.mark.django_db
def test_readyz_waits_for_nothing_that_hangs(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a disk nor a replica keeps it from answering; a replica does not take the site down."""
    assert PATIENCE < 1
    monkeypatch.setattr(health, "_PATIENCE", 3.0)
    hangs = threading.Event()
    checks: Registry[ReadyCheck] = Registry("check")

    def look() -> Iterator[tuple[str, str]]:
        hangs.wait()
        yield "never", "ok"

    for check in health.OWN_CHECKS:
        checks.register(check if check.name != "storage" else replace(check, look=look))
    checks.register(ReadyCheck("replicas", look, (("replicas", "no answer"),), is_needed=False))
    monkeypatch.setattr(health, "READY_CHECKS", checks)
    try:
        response = client.get("/readyz")
    finally:
        hangs.set()
    told = response.json()
    assert (response.status_code, told["storage"]) == (503, "no answer")
    assert told["warnings"]["replicas"] == "no answer"
