"""A restore that is not over: nobody is served, and what ends it early leaves things as they were."""

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from geoparticipation.backup import database, restoring, unfinished
from geoparticipation.backup.errors import RestoreFailed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def interrupted() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before_restore")
    connection.close()
    unfinished._Looks.next_at = 0.0
    yield
    with unfinished.restoring(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA before_restore")


@pytest.mark.usefixtures("interrupted")
def test_no_page_is_served_while_a_restore_is_not_over(client: Client) -> None:
    client.raise_request_exception = False
    assert client.get("/").status_code == 503
    assert client.get("/").status_code == 503  # not only the first one
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["database"] == "being restored"


@pytest.mark.parametrize("ending", [KeyboardInterrupt(), ValueError("a table is odd")])
def test_whatever_ends_a_restore_takes_the_former_database_back(
    monkeypatch: pytest.MonkeyPatch, ending: BaseException
) -> None:
    done: list[str] = []
    monkeypatch.setattr(database, "take_back", lambda: done.append("back"))
    name = default_storage.save("photos/2026/11/restored.jpg", ContentFile(b"a photo"))
    expected = RestoreFailed if isinstance(ending, Exception) else KeyboardInterrupt
    with pytest.raises(expected), restoring._taken_back({name}):
        raise ending
    assert done == ["back"]
    assert not default_storage.exists(name)


def test_options_of_the_address_reach_the_programs_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", "/run/secrets/pgpass")
    values = connection.settings_dict
    monkeypatch.setitem(values, "HOST", "one,two")
    monkeypatch.setitem(values, "PORT", "5432,5433")
    monkeypatch.setitem(values, "PASSWORD", "mellon & more")
    options = {"target_session_attrs": "read-write", "sslmode": "verify-full", "keepalives_idle": "30"}
    monkeypatch.setitem(values, "OPTIONS", options)
    known, argument = database.connection_environment(), database.connection_argument()
    assert known["PGPASSFILE"] == "/run/secrets/pgpass"
    assert known["PGHOST"] == "one,two"
    assert known["PGPORT"] == "5432,5433"
    assert known["PGSSLMODE"] == "verify-full"
    assert known["PGTARGETSESSIONATTRS"] == "read-write"
    assert known["PGPASSWORD"] == "mellon & more"
    assert "keepalives_idle=30" in argument
    assert "mellon" not in argument
