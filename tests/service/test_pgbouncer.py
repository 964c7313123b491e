"""The site behind PgBouncer in transaction mode: few connections of PostgreSQL, each lent for one transaction."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.running.cluster import Cluster
from benchmarks.running.pooler import Pooler, running_pooler
from benchmarks.running.server import Server, running
from benchmarks.site.kill import SLUG as WRITTEN
from benchmarks.site.kill import WITHOUT_LIMITS
from benchmarks.site.writers import Browser, Writers
from tests.service.conftest import DATABASE, ROOT
from tests.service.filling import ROWS, SLUG

SIZE = 6
"""Connections of PostgreSQL; far fewer than clients, so that each client meets the sessions of others."""
CAMPAIGN = f"/api/v1/campaigns/{SLUG}"
READ = (
    f"{CAMPAIGN}/heatmap",
    f"{CAMPAIGN}/centres",
    f"{CAMPAIGN}/download.csv",
    f"/ogc/collections/{SLUG}-contributions/items?filter=category%20IS%20NOT%20NULL",
    f"/ogc/collections/{SLUG}-contributions/tiles/WebMercatorQuad/0/0/0",
    f"/dcat/campaigns/{SLUG}.ttl",
    "/search/?q=placed",
    "/",
)


@pytest.fixture(scope="module")
def pooler(cluster: Cluster) -> Iterator[Pooler]:
    """PgBouncer in front of the filled cluster."""
    with running_pooler(cluster, SIZE) as started:
        yield started


@pytest.fixture(scope="module")
def environment(pooler: Pooler, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What web server, worker and commands are started with."""
    return {
        "DATABASE_URL": pooler.url(DATABASE),
        "DATABASE_PGBOUNCER": "true",
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "DOWNLOADS_DIVIDED_AT_ONCE": "1",
        **WITHOUT_LIMITS,
    }


@pytest.fixture(scope="module")
def site(environment: dict[str, str]) -> Iterator[Server]:
    """The site behind the pooler."""
    with running(environment=environment) as started:
        yield started


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a command behind the pooler."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_people_write_and_read_side_by_side(pooler: Pooler, site: Server) -> None:
    def read(path: str) -> tuple[str, int]:
        return path, Browser(site).ask("GET", path).status

    with Writers(site, WRITTEN, 4) as people, ThreadPoolExecutor(8) as readers:
        answers = set(readers.map(read, READ * 6))
        people.wait_for_acknowledgement(0)
    assert {answer for answer in answers if answer[1] != http.client.OK} == set()
    acknowledged = [sent for sent in people.sent if sent.is_acknowledged]
    assert acknowledged
    # Once the contribution, once (through the interface) its photo.
    assert {sent.attempts for sent in acknowledged} <= {1, 2}
    [ours] = [row for row in pooler.ask("SHOW POOLS") if row["database"] == DATABASE]
    assert ours["pool_mode"] == "transaction"
    assert len([row for row in pooler.ask("SHOW SERVERS") if row["database"] == DATABASE]) <= SIZE


def test_downloads_over_two_connections_are_whole(site: Server) -> None:
    def rows(_number: int) -> int:
        answer = Browser(site).ask("GET", f"{CAMPAIGN}/download.geojson")
        assert answer.status == http.client.OK
        return len(json.loads(answer.body)["features"])

    # Two at a time need no more than all connections.
    with ThreadPoolExecutor(2) as people:
        assert set(people.map(rows, range(4))) == {ROWS + 1}


def test_worker_writes_an_export(site: Server, environment: dict[str, str]) -> None:
    browser = Browser(site)
    order = json.dumps({"format": "package.zip"}).encode()
    answer = browser.ask("POST", f"{CAMPAIGN}/exports/", order, Content_Type="application/json")
    assert answer.status == http.client.ACCEPTED, answer.body
    manage(environment, "worker", "--once")
    job = json.loads(answer.body)["id"]
    state = json.loads(browser.ask("GET", f"{CAMPAIGN}/exports/{job}/").body)
    assert state["status"] == "done", state
    file = browser.ask("GET", f"{CAMPAIGN}/exports/{job}/file")
    assert file.body[:2] == b"PK"


def test_commands_work(environment: dict[str, str]) -> None:
    manage(environment, "migrate", "-v", "0")
    manage(environment, "rebuild_aggregates")
    manage(environment, "rebuild_search")


def test_backup_goes_past_the_pooler(
    site: Server, environment: dict[str, str], cluster: Cluster, tmp_path: Path
) -> None:
    """`pg_dump` empties the search path of its session; handed on, no statement of the site would find a table."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        manage(environment, "backup", str(tmp_path))
    assert "BACKUP_DATABASE_URL" in refused.value.stderr
    past = {"BACKUP_DATABASE_URL": cluster.url(DATABASE), "BACKUP_AGE_RECIPIENT": "", "BACKUP_HOOK": ""}
    assert "verified" in manage(environment | past, "backup", str(tmp_path))
    statuses = {Browser(site).ask("GET", READ[0]).status for _ in range(2 * SIZE)}
    assert statuses == {http.client.OK}
