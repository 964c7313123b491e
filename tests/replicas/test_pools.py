"""Sizes of pools by the number of machines and processes, what PgBouncer needs, and the checks of both."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from geoparticipation.replicas.checks import pools_fit_the_server, replicas_follow_the_primary

READ = """
import json
from geoparticipation.settings import database
print(json.dumps([database.DATABASES, database.DATABASE_ROUTERS]))
"""


def databases(**environment: str) -> tuple[dict[str, Any], list[str]]:
    """The databases of a process with these settings, and the routers."""
    surroundings = os.environ | {"DATABASE_URL": "postgis://one@db/site"} | environment
    done = subprocess.run(
        [sys.executable, "-c", READ], env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found, routers = json.loads(done.stdout)
    return found, routers


@pytest.mark.parametrize(
    ("environment", "size"),
    [
        ({}, 20),
        ({"WEB_MACHINES": "2"}, 10),
        ({"WEB_MACHINES": "2", "DATABASE_CONNECTIONS": "200"}, 20),
        ({"WEB_MACHINES": "4", "GRANIAN_WORKERS": "4", "DATABASE_CONNECTIONS": "200"}, 11),
        ({"WEB_MACHINES": "50"}, 2),
        ({"WEB_MACHINES": "4", "DATABASE_POOL_MAX": "7"}, 7),
    ],
)
def test_pools_share_the_connections_of_the_server(environment: dict[str, str], size: int) -> None:
    found, _routers = databases(**environment)
    assert found["default"]["OPTIONS"]["pool"]["max_size"] == size


def test_without_replicas_there_is_one_database_and_no_router() -> None:
    found, routers = databases()
    assert ([*found], routers) == (["default"], [])
    assert not found["default"]["DISABLE_SERVER_SIDE_CURSORS"]


def test_each_replica_is_a_database_of_its_own() -> None:
    found, routers = databases(REPLICA_DATABASE_URLS="postgis://one@first/site,postgis://one@second/site")
    assert [found[alias]["HOST"] for alias in found] == ["db", "first", "second"]
    assert found["replica1"]["OPTIONS"]["pool"]["timeout"] < 1
    assert found["default"]["OPTIONS"]["pool"]["timeout"] == 3
    assert len(routers) == 1


def test_pgbouncer_gets_no_cursor_that_outlives_a_transaction() -> None:
    found, _routers = databases(DATABASE_PGBOUNCER="true", REPLICA_DATABASE_URLS="postgis://one@first/site")
    assert {one["DISABLE_SERVER_SIDE_CURSORS"] for one in found.values()} == {True}


@pytest.mark.django_db
def test_pools_that_exceed_the_server_are_named(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        most = int(cursor.fetchone()[0])
    settings.WEB_MACHINES, settings.WEB_PROCESSES = 1, 1
    settings.DATABASE_POOL_MAX = most - settings.DATABASE_CONNECTIONS_LEFT - 3  # three are the superusers'
    assert pools_fit_the_server(databases=["default"]) == []
    settings.DATABASE_POOL_MAX += 1
    [warning] = pools_fit_the_server(databases=["default"])
    assert warning.id == "geoparticipation.W020"
    assert pools_fit_the_server(databases=None) == []
    settings.DATABASE_PGBOUNCER = True
    assert pools_fit_the_server(databases=["default"]) == []


@pytest.mark.django_db
def test_check_without_replicas_finds_nothing_to_say() -> None:
    assert replicas_follow_the_primary(databases=["default"]) == []
    call_command("check", databases=["default"])
