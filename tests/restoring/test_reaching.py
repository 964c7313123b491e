"""Backups and restores use PostgreSQL itself, never a session that PgBouncer hands on."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings

from geoparticipation.backup import making
from geoparticipation.backup.environment import settings_lines
from geoparticipation.backup.reaching import reach_server
from mapping.models import Contribution


@pytest.mark.parametrize(
    "command",
    [
        ("backup", "sets"),
        ("restore", "sets/2026-11-30T02-10-00Z", "--without-erasures"),
        ("restore", "--take-back"),
        ("after_restore", "--moment", "2026-11-30T03:00+01:00", "--without-erasures"),
    ],
    ids=" ".join,
)
def test_address_of_a_pooler_alone_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Before the database is asked anything, which this test may not."""
    settings.DATABASE_PGBOUNCER, settings.BACKUP_DATABASE_URL = True, ""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="set BACKUP_DATABASE_URL to the address of PostgreSQL itself"):
        call_command(*command)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def misled(published: Contribution) -> Iterator[str]:
    """The address of the tests' database, while DATABASE_URL leads to a place where nobody listens."""
    values = connection.settings_dict
    former = dict(values)
    parts = {name: quote(str(values[name] or ""), safe="") for name in ("USER", "PASSWORD", "HOST", "PORT")}
    address = f"postgis://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}"
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # of the backend for PostgreSQL
    options = {name: value for name, value in former["OPTIONS"].items() if name != "pool"}
    values.update(HOST="127.0.0.1", PORT="9", OPTIONS=options)
    yield f"{address}:{parts['PORT']}/{values['NAME']}" if parts["PORT"] else f"{address}/{values['NAME']}"
    connection.close()
    values.clear()
    values.update(former)


@pytest.mark.django_db(transaction=True)
def test_set_is_made_past_the_pooler(misled: str, settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "media"
    (tmp_path / "var" / "media").mkdir(parents=True)
    settings.BACKUP_AGE_RECIPIENT = settings.BACKUP_GPG_RECIPIENT = settings.BACKUP_HOOK = ""
    settings.DATABASE_PGBOUNCER, settings.BACKUP_DATABASE_URL = True, misled
    with pytest.raises(OperationalError):
        connection.ensure_connection()
    made = making.make_set(tmp_path / "sets")
    assert made.manifest.tables["mapping_contribution"] == 1


def test_without_a_pooler_the_address_stays(settings: Settings) -> None:
    settings.DATABASE_PGBOUNCER, settings.BACKUP_DATABASE_URL = False, ""
    before = dict(connection.settings_dict)
    reach_server()
    assert connection.settings_dict == before


def test_its_password_is_in_encrypted_sets_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_DATABASE_URL", "postgis://one:mellon@10.0.0.11/one")
    assert "mellon" not in settings_lines(with_secrets=False)
