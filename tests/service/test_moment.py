"""Point-in-time recovery as the documents have it: base backup, log, a moment chosen, compared byte by byte."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.running.cluster import Cluster, running_cluster

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "pgbackrest" / "pgbackrest.conf"
STANZA = "geoparticipation"
ROWS = "SELECT n, words FROM kept ORDER BY n"


class Archive:
    """pgBackRest with the shipped configuration, in a directory of its own."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.home = cluster.home / "archive"
        shipped = CONFIGURATION.read_text()
        placed = shipped.replace("/var/lib/pgbackrest", str(self.home / "repo"))
        placed = placed.replace("/var/lib/postgresql/15/main", str(cluster.home / "data"))
        placed = placed.replace("REPLACE", "for this test only")
        assert placed.count(str(cluster.home)) == 2
        own = f"log-path={self.home / 'log'}\nlock-path={self.home / 'lock'}"
        placed = placed.replace("[global]", f"[global]\n{own}", 1)
        self.home.mkdir()
        self.configuration = self.home / "pgbackrest.conf"
        self.configuration.write_text(
            f"{placed}\npg1-socket-path={cluster.home}\npg1-user=geoparticipation\npg1-database=postgres\n"
            f"\n[global:archive-push]\nlog-level-console=off\n"
        )
        for name in ("log", "lock", "repo"):
            (self.home / name).mkdir()
        if os.geteuid() == 0:
            for path in (self.home, *self.home.iterdir()):
                shutil.chown(path, "postgres")

    @property
    def program(self) -> list[str]:
        """The program with what places it."""
        return ["pgbackrest", f"--config={self.configuration}", f"--stanza={STANZA}"]

    def run(self, *arguments: str) -> str:
        """Run a command of it as the user of PostgreSQL."""
        done = subprocess.run(
            [*self.program, *arguments],
            cwd="/",
            user="postgres" if os.geteuid() == 0 else None,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def archived() -> Iterator[Archive]:
    """A cluster that archives its log."""
    if shutil.which("pgbackrest") is None:
        pytest.skip("pgbackrest is not installed")
    with running_cluster() as cluster:
        archive = Archive(cluster)
        command = " ".join([*archive.program, "archive-push", "%p"])
        with cluster.connect() as connection:
            assert connection.execute("SHOW wal_level").fetchone() == ("replica",)
            assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
            connection.execute("ALTER SYSTEM SET archive_mode = 'on'")
            connection.execute(f"ALTER SYSTEM SET archive_command = '{command}'".encode())
        cluster.stop()
        cluster.start()
        archive.run("stanza-create")
        archive.run("check")
        yield archive


def test_database_comes_back_as_it_was_before_a_mistake(archived: Archive) -> None:
    cluster = archived.cluster
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE kept (n serial PRIMARY KEY, words text)")
        connection.execute("INSERT INTO kept (words) SELECT md5(n::text) FROM generate_series(1, 5000) AS n")
        archived.run("--type=full", "backup")
        # After the base backup, so that it comes from the log alone.
        connection.execute(
            "INSERT INTO kept (words) SELECT repeat(md5(n::text), 40) FROM generate_series(1, 500) AS n"
        )
        before = connection.execute(ROWS).fetchall()
        (moment,) = connection.execute("SELECT clock_timestamp()").fetchone() or ("",)
        connection.execute("DELETE FROM kept WHERE n % 2 = 0")
        connection.execute("UPDATE kept SET words = 'a mistake'")
        connection.execute("SELECT pg_switch_wal()")
    archived.run("check")
    archived.run("verify")
    label = json.loads(archived.run("--output=json", "info"))[0]["backup"][-1]["label"]
    cluster.stop()

    archived.run(
        f"--set={label}",
        "--delta",
        "--type=time",
        f"--target={moment.isoformat(' ')}",
        "--target-action=promote",
        "restore",
    )
    cluster.start()
    cluster.await_promotion()
    with cluster.connect() as connection:
        assert connection.execute(ROWS).fetchall() == before
        assert len(before) == 5500
        # It goes on from there.
        connection.execute("INSERT INTO kept (words) VALUES ('later')")
    repository = archived.home / "repo"
    stored = [path for path in repository.rglob("*") if path.is_file()]
    assert not any(
        b"a mistake" in path.read_bytes() for path in stored
    )  # encrypted, as the configuration says
