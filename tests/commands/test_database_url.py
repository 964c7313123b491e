"""Which database the commands in `bin/` use."""

from pathlib import Path

import pytest

from tests.commands.shell import printed, run

USUAL = "$LOCAL_URL_BASE/$CLUSTER_DATABASE"


def test_without_an_address_the_usual_database_is_used(tmp_path: Path) -> None:
    said = printed(f'export_environment; echo "$DATABASE_URL" "{USUAL}"', tmp_path)
    chosen, usual = said.split()
    assert chosen == usual


@pytest.mark.parametrize("name", ["restored", "geoparticipation_old", "restored?connect_timeout=5"])
def test_another_database_of_the_local_cluster_is_used_as_it_is(tmp_path: Path, name: str) -> None:
    script = (
        'export DATABASE_URL="$LOCAL_URL_BASE/%s"; export_environment; echo "$DATABASE_URL" "$LOCAL_URL_BASE"'
    )
    chosen, base = printed(script % name, tmp_path).split()
    assert chosen == f"{base}/{name}"


@pytest.mark.parametrize(
    "address", ["postgis://geo@db.example.org/live", "postgis://geoparticipation@%2Ftmp%2Fgp-other/live"]
)
def test_a_database_elsewhere_is_used_as_it_is(tmp_path: Path, address: str) -> None:
    assert printed('export_environment; echo "$DATABASE_URL"', tmp_path, DATABASE_URL=address) == address


def test_another_database_of_the_local_cluster_is_never_made(tmp_path: Path) -> None:
    script = """
        local_psql() { if [[ "$*" == *CREATE* ]]; then echo made; fi; }
        DATABASE_URL="$LOCAL_URL_BASE/misspelt"
        ensure_local_database
    """
    done = run(script, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "'misspelt'" in done.stderr


def test_stamps_speak_of_the_usual_database_only(tmp_path: Path) -> None:
    script = """
        run_logged() { echo migrated; }
        migrations_key() { echo key; }
        export DATABASE_URL="$LOCAL_URL_BASE/%s"
        ensure_migrations
        ensure_migrations
    """
    assert printed(script % "restored", tmp_path).split() == ["migrated", "migrated"]
    assert printed(script % "$CLUSTER_DATABASE", tmp_path).split() == ["migrated"]
