"""A real replica under the site: what reads it, what does not, and what happens when it lags, dies or is promoted."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from benchmarks.running.cluster import ROLE, Cluster, Replica, running_replica
from benchmarks.running.server import HOST, Server, running
from benchmarks.site.kill import SLUG as WRITTEN
from benchmarks.site.kill import WITHOUT_LIMITS
from benchmarks.site.writers import Browser
from tests.service.conftest import DATABASE, ROOT
from tests.service.filling import SLUG

BEHIND = 0.4
"""Seconds by which the replica applies each commit late: what has just been written is never there in time."""
BOUND = 50
CONTRIBUTIONS = f"/api/v1/campaigns/{WRITTEN}/contributions/"
FROM_THE_REPLICA = (
    f"/api/v1/campaigns/{SLUG}/heatmap",
    f"/api/v1/campaigns/{SLUG}/centres",
    f"/api/v1/campaigns/{SLUG}/download.geojson",
    f"/api/v1/campaigns/{SLUG}/download.csv",
    f"/api/v1/campaigns/{SLUG}/contributions/?limit=5",
    f"/ogc/collections/{SLUG}-contributions/items?limit=5",
    f"/ogc/collections/{SLUG}-contributions/items?filter=category%20IS%20NOT%20NULL&limit=5",
    f"/ogc/collections/{SLUG}-contributions/tiles/WebMercatorQuad/0/0/0",
    f"/dipas-pds/projects/{SLUG}/contributions",
    f"/dcat/campaigns/{SLUG}.ttl",
    f"/campaigns/{SLUG}/",
    f"/campaigns/{SLUG}/heatmap/",
)


@pytest.fixture(scope="module")
def replica(cluster: Cluster) -> Iterator[Replica]:
    """A replica of the filled cluster that is always a little behind."""
    with running_replica(cluster, f"recovery_min_apply_delay = '{BEHIND}s'") as made:
        yield made


@pytest.fixture(scope="module")
def site(cluster: Cluster, replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site with the replica: one process, so that it has one opinion of the replica."""
    environment = {
        "DATABASE_URL": cluster.url(DATABASE),
        "REPLICA_DATABASE_URLS": replica.url(DATABASE),
        "REPLICA_LAG_SECONDS": str(BOUND),
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        **WITHOUT_LIMITS,
    }
    with running(environment=environment, workers=1) as started:
        yield started


@pytest.fixture
def following(site: Server) -> Server:
    """The site, as soon as it uses the replica."""
    wait_for_state(site, "ok")
    return site


def get(server: Server, path: str) -> tuple[int, bytes]:
    """What an anonymous visitor gets."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def wait_for_state(server: Server, *states: str) -> None:
    """Wait until `/readyz` gives the replica one of these states."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        state = json.loads(get(server, "/readyz")[1])["replicas"]["replica1"]
        if state in states:
            return
        time.sleep(0.05)
    raise AssertionError(f"The replica is {state}, not {states}.")


def send(browser: Browser) -> str:
    """Place a contribution; return its id."""
    pk = str(uuid.uuid4())
    feature = {
        "type": "Feature",
        "id": pk,
        "geometry": {"type": "Point", "coordinates": [7.7689, 49.4447]},
        "properties": {"category": "spot", "text": "A bench"},
    }
    answer = browser.ask("POST", CONTRIBUTIONS, json.dumps(feature).encode(), Content_Type="application/json")
    assert answer.status == 201, answer.body
    return pk


def status_of(browser: Browser, pk: str) -> int:
    """How the interface answers a browser that asks for a contribution."""
    return browser.ask("GET", f"{CONTRIBUTIONS}{pk}/").status


@contextmanager
def hanging(cluster: Cluster) -> Iterator[None]:
    """While no process of a cluster does anything: whoever asks it waits."""
    cluster.freeze()
    try:
        yield
    finally:
        cluster.thaw()


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something is true."""
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "It never became true."
        time.sleep(0.05)


def test_public_reads_need_the_replica_alone(cluster: Cluster, following: Server) -> None:
    before = {path: get(following, path) for path in FROM_THE_REPLICA}
    assert {path: status for path, (status, _body) in before.items() if status != 200} == {}
    with hanging(cluster):
        assert [path for path in FROM_THE_REPLICA if get(following, path)[0] != 200] == []


def test_one_s_own_writes_are_seen_at_once_and_others_read_the_replica(following: Server) -> None:
    stale, replica_was_read = 0, 0
    for _number in range(20):
        author = Browser(following)
        pk = send(author)
        stale += status_of(author, pk) != 200
        replica_was_read += status_of(Browser(following), pk) == 404
    assert stale == 0
    assert replica_was_read > 0


def test_lagging_replica_is_not_read(
    cluster: Cluster, replica: Replica, site: Server, tmp_path: object
) -> None:
    environment = {
        "DATABASE_URL": cluster.url(DATABASE),
        "REPLICA_DATABASE_URLS": replica.url(DATABASE),
        "REPLICA_LAG_SECONDS": "2",
        "VAR_DIR": str(tmp_path),
        **WITHOUT_LIMITS,
    }
    with running(environment=environment, workers=1) as strict, replica.connect() as connection:
        wait_for_state(strict, "ok")
        connection.execute("SELECT pg_wal_replay_pause()")
        try:
            pk = send(Browser(strict))
            eventually(lambda: status_of(Browser(strict), pk) == 200)
            # The one with the large bound goes on reading it.
            assert status_of(Browser(site), pk) == 404
        finally:
            connection.execute("SELECT pg_wal_replay_resume()")
        wait_for_state(strict, "ok")


def test_killed_replica_costs_no_error(cluster: Cluster, replica: Replica, following: Server) -> None:
    def read(_number: int) -> int:
        return get(following, CONTRIBUTIONS)[0]

    with ThreadPoolExecutor(8) as people:
        answers = people.map(read, range(200))
        replica.signal(signal.SIGKILL)
        assert set(answers) == {200}
    wait_for_state(following, "unreachable")
    assert get(following, FROM_THE_REPLICA[0])[0] == 200
    replica.start()
    wait_for_state(following, "ok")
    with hanging(cluster):
        assert get(following, FROM_THE_REPLICA[0])[0] == 200


def test_hanging_replica_is_left(replica: Replica, following: Server) -> None:
    with hanging(replica):
        wait_for_state(following, "unreachable")
        assert get(following, FROM_THE_REPLICA[0])[0] == 200
    wait_for_state(following, "ok")


def test_check_names_replicas_that_are_none(cluster: Cluster, replica: Replica) -> None:
    nowhere = replica.url(DATABASE).replace(quote(str(replica.home), safe=""), quote("/nowhere", safe=""))
    environment = {
        "DATABASE_URL": cluster.url(DATABASE),
        "REPLICA_DATABASE_URLS": ",".join([replica.url(DATABASE), nowhere, cluster.url(DATABASE)]),
    }
    # Browser stories of the same process set it; the check refuses it.
    environment |= {"DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    command = [sys.executable, "manage.py", "check", "--deploy", "--database", "default"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = sorted(re.findall(r"geoparticipation\.(W02\d)\) '(\w+)'", done.stderr))
    assert found == [("W021", "replica2"), ("W022", "replica3")]


def test_promoted_replica_takes_over(cluster: Cluster, tmp_path: object) -> None:
    with running_replica(cluster) as heir:
        hosts = quote(f"{cluster.home},{heir.home}", safe="")
        options = f"host={hosts}&target_session_attrs=read-write"
        environment = {
            "DATABASE_URL": f"postgis://{ROLE}@/{DATABASE}?{options}",
            "REPLICA_DATABASE_URLS": heir.url(DATABASE),
            "VAR_DIR": str(tmp_path),
            **WITHOUT_LIMITS,
        }
        with running(environment=environment, workers=1) as moving:
            wait_for_state(moving, "ok")
            first = send(Browser(moving))
            eventually(lambda: _has(heir, first))
            cluster.stop("immediate")
            try:
                heir.promote()
                wait_for_state(moving, "no replica")
                second = send(Browser(moving))
                assert {status_of(Browser(moving), pk) for pk in (first, second)} == {200}
                # The old machine comes back, filled anew from the one that took over.
                with running_replica(heir) as returned:
                    environment["REPLICA_DATABASE_URLS"] = returned.url(DATABASE)
                    with running(environment=environment, workers=1) as whole:
                        wait_for_state(whole, "ok")
                        third = send(Browser(whole))
                        eventually(lambda: all(_has(returned, pk) for pk in (first, second, third)))
                        assert {status_of(Browser(whole), pk) for pk in (first, second, third)} == {200}
            finally:
                cluster.start()


def _has(cluster: Cluster, pk: str) -> bool:
    with cluster.connect(DATABASE) as connection:
        found = connection.execute("SELECT 1 FROM mapping_contribution WHERE id = %s", [pk])
        return found.fetchone() is not None
