"""The drill: a site is backed up, lost and restored; rows and photos are as before, without what was erased since."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.restoring.conftest import ROOT, Look, Site
from tests.restoring.site import KEPT, TAKEN

HOLDS_TEXTS = {
    "engagement_document",
    "engagement_registration",
    "engagement_update",
    "mapping_comment",
    "mapping_contribution",
    "mapping_flag",
    "mapping_response",
}


RESTORED = {"audit_entry", "mapping_change", "mapping_releasehold"}
"""Tables that every restore changes: it is recorded, revisions begin anew, releases are held."""
WITHOUT_LIST = RESTORED | {"mapping_erasure"}
"""Without a list of erasures it is noted that some are missing."""
MADE_ANEW = RESTORED | {"mapping_surveytally", "procrastinate_jobs", "procrastinate_events"}
"""Tables that differ after the same things were erased at another moment: revisions, shards of sums, the queue."""


@pytest.fixture(scope="module")
def backed_up(filled_site: Site, age_key: tuple[Path, str]) -> tuple[Site, Look, Path]:
    """The site, what was in it, and its encrypted set."""
    before = filled_site.look()
    sets = filled_site.var.parent / "sets"
    said = filled_site.manage("backup", sets, BACKUP_AGE_RECIPIENT=age_key[1])
    assert "verified" in said
    (made,) = sets.glob("2*")
    assert json.loads((filled_site.var / "backup.json").read_text())["set"] == str(made)
    return filled_site, before, made


def weight_of(made: Path) -> int:
    return sum(path.stat().st_size for path in made.iterdir())


def test_nothing_in_an_encrypted_set_can_be_read(backed_up: tuple[Site, Look, Path]) -> None:
    _site, _before, made = backed_up
    sealed = [path for path in made.iterdir() if not path.name.startswith("manifest.json")]
    assert {path.suffix for path in sealed} == {".age"}
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1") for path in sealed)
    manifest = (made / "manifest.json").read_text()
    assert KEPT not in manifest
    assert "photos/" not in manifest


def test_what_is_restored_equals_what_was_lost_and_stays_erased(
    backed_up: tuple[Site, Look, Path], age_key: tuple[Path, str], tmp_path: Path
) -> None:
    site, before, made = backed_up
    key = age_key[0]
    assert before.naming(TAKEN) == HOLDS_TEXTS
    assert len(before.files) == 2

    plain = site.another("plain", tmp_path / "plain")
    said = plain.manage("restore", made, "--identity", key, "--without-erasures")
    assert "WARNING: no list of erasures was replayed" in said
    found = plain.look()
    assert found.differing(before) == WITHOUT_LIST
    anew = ("audit_entry_id_seq", "mapping_change_id_seq")
    assert found.sequences == before.sequences | {name: found.sequences[name] for name in anew}
    assert site.recorded("backup_made") == [{"set": made.name, "bytes": weight_of(made)}]
    assert [set(one) for one in plain.recorded("backup_restored")] == [{"moment", "erased"}]
    assert found.files == before.files

    site.act("erase")
    erasures = tmp_path / "erasures.txt"
    site.manage("export_erasures", erasures)
    erased = site.look()
    assert erased.naming(TAKEN) == set()
    assert len(erased.files) == 1

    site.destroy()
    said = site.manage("restore", made, "--identity", key, "--erasures", erasures)
    assert "Erased once more: " in said
    found = site.look()
    assert found.naming(TAKEN) == set()
    assert found.naming(KEPT) == HOLDS_TEXTS
    assert found.differing(erased, but="updated_at") <= MADE_ANEW
    assert found.files == erased.files

    # Once more into the live site: its own ledger is the newest.
    with site.cluster.connect(site.name):
        said = site.refuses("restore", made, "--identity", key, "--into-live")
        assert "1 connections use the database" in said
    site.manage("restore", made, "--identity", key, "--into-live")
    assert site.look().naming(TAKEN) == set()
    assert site.look().differing(erased, but="updated_at") <= MADE_ANEW


def test_failed_restore_leaves_the_former_database(
    backed_up: tuple[Site, Look, Path], age_key: tuple[Path, str], tmp_path: Path
) -> None:
    """PostgreSQL ends in the middle of loading: a table that stands in the way of the dump's."""
    site, _before, made = backed_up
    other = replace(site, name="obstructed", var=tmp_path / "obstructed")
    other.var.mkdir()
    site.cluster.create("obstructed")
    with site.cluster.connect("obstructed") as connection:
        connection.execute("CREATE TABLE keepsake (words text)")
        connection.execute("INSERT INTO keepsake VALUES ('still here')")
        # Extensions of the dump cannot be made below a schema that may not be written.
        connection.execute("CREATE EXTENSION citext")
        connection.execute("CREATE EXTENSION pg_trgm VERSION '1.5'")
        connection.execute(
            "CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF"
            " tg_tag = 'CREATE INDEX' THEN RAISE EXCEPTION 'disk full'; END IF; END $$"
        )
        connection.execute("CREATE EVENT TRIGGER no ON ddl_command_start EXECUTE FUNCTION no()")
    said = other.refuses("restore", made, "--identity", age_key[0], "--without-erasures", "--into-live")
    assert "The former database is back" in said
    assert "disk full" in said
    with site.cluster.connect("obstructed") as connection:
        assert connection.execute("SELECT words FROM keepsake").fetchall() == [("still here",)]
        assert connection.execute(
            "SELECT count(*) FROM pg_class WHERE relname = 'mapping_contribution'"
        ).fetchone() == (0,)
    assert list(other.var.glob("restoring-*")) == []


def test_interrupted_restore_is_not_used_and_nothing_is_dropped_unasked(
    backed_up: tuple[Site, Look, Path], age_key: tuple[Path, str], tmp_path: Path
) -> None:
    site, _before, made = backed_up
    other = site.another("interrupted", tmp_path / "interrupted")
    with site.cluster.connect("interrupted") as connection:
        connection.execute("CREATE SCHEMA before_restore")
        connection.execute("CREATE TABLE before_restore.former (words text)")
        connection.execute("CREATE TABLE newer AS SELECT 'sent since' AS words")
    said = other.refuses("restore", made, "--identity", age_key[0], "--without-erasures", "--into-live")
    assert "--take-back" in said
    with site.cluster.connect("interrupted") as connection:
        assert connection.execute("SELECT words FROM newer").fetchall() == [("sent since",)]
    assert "a restore was interrupted" in other.refuses("worker", "--once")
    done = other.run("manage.py", "showmigrations")
    assert done.returncode == 1
    assert "a restore was interrupted" in done.stderr
    assert "The former database is back" in other.manage("restore", "--take-back")
    with site.cluster.connect("interrupted") as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("former",)]
    assert "nothing to take back" in other.refuses("restore", "--take-back")


def test_role_that_does_not_own_the_extensions_restores(
    backed_up: tuple[Site, Look, Path], age_key: tuple[Path, str], tmp_path: Path
) -> None:
    """As installing.md has it: `postgres` makes the extensions, the service owns the database."""
    site, before, made = backed_up
    with site.cluster.connect() as connection:
        connection.execute("CREATE ROLE service LOGIN NOSUPERUSER")
        connection.execute("CREATE DATABASE served OWNER service")
    with site.cluster.connect("served") as connection:
        for extension in ("postgis", "pg_trgm", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}".encode())
    address = site.cluster.url("served").replace("geoparticipation@", "service@")
    other = Site(site.cluster, "served", tmp_path / "served", {"DATABASE_URL": address})
    other.var.mkdir()
    other.manage("restore", made, "--identity", age_key[0], "--without-erasures")
    assert other.look().differing(before) == WITHOUT_LIST
    assert other.look().files == before.files


def test_set_that_was_moved_is_restored_by_its_name_alone(
    backed_up: tuple[Site, Look, Path], age_key: tuple[Path, str], tmp_path: Path
) -> None:
    """`bin/restore SET` on another machine, from a folder with blanks and umlauts, named from the working directory."""
    site, before, made = backed_up
    folder = tmp_path / "Sicherungen für März"
    shutil.copytree(made, folder / made.name)
    named = f"{os.path.relpath(folder / made.name, ROOT)}/"
    bare = site.another("bare", tmp_path / "bare")
    said = bare.manage("restore", named, "--identity", age_key[0])
    assert "WARNING: no list of erasures was replayed" in said
    assert bare.look().differing(before) == WITHOUT_LIST
    assert "no list of erasures newer" in bare.refuses(
        "restore", named, "--identity", age_key[0], "--into-live"
    )

    site.manage("export_erasures", folder / "erasures.txt")
    complete = site.another("complete", tmp_path / "complete")
    said = complete.manage("restore", named, "--identity", age_key[0])
    assert "WARNING" not in said
    assert "The site may be started" in said
