"""A PostgreSQL of the tests' own, sites on it, and the commands that people type."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from benchmarks.running.cluster import Cluster, running_cluster
from geoparticipation.backup.making import make_set
from mapping.models import Contribution

ROOT = Path(__file__).parents[2]
PHOTO = "photos/2026/11/one.jpg"
"""The photo of `a_set`."""


_TABLES = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'
"""


@dataclass
class Look:
    """What is in a site."""

    tables: dict[str, list[str]]
    sequences: dict[str, int | None]
    files: dict[str, bytes]

    def differing(self, other: "Look", *, but: str = "") -> set[str]:
        """The tables whose rows differ, in other columns than one."""
        names = self.tables.keys() | other.tables.keys()
        return {name for name in names if self._rows(name, but) != other._rows(name, but)}

    def _rows(self, table: str, but: str) -> list[str]:
        rows = [json.loads(text) for text in self.tables.get(table, ())]
        return sorted(json.dumps({key: value for key, value in row.items() if key != but}) for row in rows)

    def naming(self, text: str) -> set[str]:
        """The tables in which a text stands."""
        return {name for name, rows in self.tables.items() if any(text in row for row in rows)}


@dataclass
class Site:
    """A database and a directory of files, used by processes of their own."""

    cluster: Cluster
    name: str
    var: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python on it."""
        environment = {"DATABASE_URL": self.cluster.url(self.name), "VAR_DIR": str(self.var)}
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, **environment, **self.settings, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def manage(self, *arguments: str | Path, **more: str) -> str:
        """Run a command that must succeed; returns what it printed."""
        done = self.run("manage.py", *arguments, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def refuses(self, *arguments: str | Path, **more: str) -> str:
        """Run a command that must fail in words; returns them."""
        done = self.run("manage.py", *arguments, **more)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def act(self, action: str) -> str:
        """Run an action of `tests.restoring.site`."""
        done = self.run("-m", "tests.restoring.site", action)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def look(self) -> "Look":
        """All rows of all tables that backups hold, the state of the sequences, and all files."""
        with self.cluster.connect(self.name) as connection:
            tables = {
                name: sorted(
                    text
                    for (text,) in connection.execute(
                        f'SELECT to_jsonb(row)::text FROM "{name}" AS row'.encode()
                    )
                )
                for (name,) in connection.execute(_TABLES).fetchall()
            }
            sequences = dict(
                connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
            )
        media = self.var / "media"
        files = {
            str(path.relative_to(media)): path.read_bytes() for path in media.rglob("*") if path.is_file()
        }
        return Look(tables, sequences, files)

    def recorded(self, action: str) -> list[dict[str, object]]:
        """The details of entries of the audit log."""
        with self.cluster.connect(self.name) as connection:
            found = "SELECT details FROM audit_entry WHERE action = %s ORDER BY id"
            return [details for (details,) in connection.execute(found, [action])]

    def destroy(self) -> None:
        """Lose the database and all files; an empty database remains."""
        with self.cluster.connect() as connection:
            connection.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)'.encode())
        self.cluster.create(self.name)
        shutil.rmtree(self.var)
        self.var.mkdir()

    def another(self, name: str, var: Path) -> "Site":
        """An empty site beside it."""
        self.cluster.create(name)
        var.mkdir(exist_ok=True)
        return Site(self.cluster, name, var, self.settings)


@pytest.fixture
def place(settings: Settings, tmp_path: Path) -> Path:
    """Where sets of the database of the tests lie; they are not encrypted."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "media"
    (tmp_path / "var" / "media").mkdir(parents=True)
    settings.BACKUP_AGE_RECIPIENT = settings.BACKUP_GPG_RECIPIENT = settings.BACKUP_HOOK = ""
    return tmp_path / "sets"


@pytest.fixture
def a_set(published: Contribution, place: Path) -> Path:
    """A set that is not encrypted, with one photo."""
    default_storage.save(PHOTO, ContentFile(b"a photo"))
    return make_set(place).path


@pytest.fixture(scope="session")
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL without any database of ours."""
    with running_cluster() as made:
        yield made


@pytest.fixture(scope="session")
def age_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A private key of age, and whom to encrypt for."""
    path = tmp_path_factory.mktemp("age") / "key.txt"
    subprocess.run(["age-keygen", "-o", str(path)], check=True, capture_output=True)  # noqa: S607 - Debian's
    public = next(line for line in path.read_text().splitlines() if "public key" in line)
    return path, public.rpartition(" ")[2]


@pytest.fixture(scope="session")
def filled_site(own_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with data, of which a set is in `var/../sets`."""
    own_cluster.create("site")
    site = Site(own_cluster, "site", tmp_path_factory.mktemp("site") / "var")
    site.var.mkdir()
    site.act("fill")
    return site
