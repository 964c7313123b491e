"""The process that does background work: stopped, killed, and with a database that is restarted under it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.running.cluster import Cluster
from tests.service.conftest import DATABASE, ROOT, run_python
from tests.service.filling import SLUG

STATE = "SELECT status, attempts FROM mapping_exportjob ORDER BY created_at DESC LIMIT 1"
ORDER = f"""
from django.test import Client
body = {{"format": "package.zip"}}
client = Client(SERVER_NAME="localhost")
answer = client.post("/api/v1/campaigns/{SLUG}/exports/", body, content_type="application/json")
assert answer.status_code == 202, answer.content
"""
Process = subprocess.Popen[bytes]


@pytest.fixture
def start(cluster: Cluster, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Start a worker; all end with the test."""
    environment = {**os.environ, "DATABASE_URL": cluster.url(DATABASE), "VAR_DIR": str(tmp_path)}
    started: list[Process] = []

    def begin() -> Process:
        started.append(subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment))
        return started[-1]

    yield begin
    for process in started:
        process.terminate()
        process.wait(60)


@pytest.fixture(autouse=True)
def ordered(cluster: Cluster) -> None:
    """A large file is waiting."""
    for table in ("mapping_exportjob", "procrastinate_jobs", "procrastinate_workers"):
        execute(cluster, f"DELETE FROM {table}")
    run_python("manage.py", "shell", "-v0", "-c", ORDER, database=cluster.url(DATABASE))


def execute(cluster: Cluster, statement: str) -> None:
    with cluster.connect(DATABASE) as connection:
        connection.execute(statement)


@contextmanager
def held(cluster: Cluster) -> Iterator[None]:
    """Nobody reads contributions meanwhile, so that a file that is begun does not end."""
    with cluster.connect(DATABASE) as connection, connection.transaction():
        connection.execute("LOCK TABLE mapping_contribution IN ACCESS EXCLUSIVE MODE")
        yield


def workers(cluster: Cluster) -> int:
    with cluster.connect(DATABASE) as connection:
        [(number,)] = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchall()
        return int(number)


def wait_for(cluster: Cluster, status: str) -> int:
    """Wait until the newest job has a status; return its attempts."""
    until = time.monotonic() + 60
    with cluster.connect(DATABASE) as connection:
        while time.monotonic() < until:
            [(found, attempts)] = connection.execute(STATE).fetchall()
            if found == status:
                return int(attempts)
            assert found != "failed"
            time.sleep(0.02)
    raise AssertionError(f"The job is {found}, not {status}.")


def test_worker_survives_a_restart_of_the_database_during_a_job(
    cluster: Cluster, start: Callable[[], Process]
) -> None:
    worker = start()
    wait_for(cluster, "running")
    cluster.stop("fast")
    cluster.start()
    assert wait_for(cluster, "done") <= 2
    assert worker.poll() is None


def test_stopped_worker_requeues_its_job(cluster: Cluster, start: Callable[[], Process]) -> None:
    with held(cluster):
        worker = start()
        wait_for(cluster, "running")
        worker.terminate()
        while workers(cluster) > 1:  # the lanes that are idle end at once
            time.sleep(0.02)
    assert worker.wait(60) == 0
    assert wait_for(cluster, "waiting") == 0
    start()
    assert wait_for(cluster, "done") == 1


def test_job_of_a_killed_worker_is_done_by_another(cluster: Cluster, start: Callable[[], Process]) -> None:
    with held(cluster):
        worker = start()
        wait_for(cluster, "running")
        worker.send_signal(signal.SIGKILL)
        worker.wait(60)
    # As if some minutes had passed.
    execute(
        cluster, "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '5 minutes'"
    )
    execute(cluster, "DELETE FROM procrastinate_periodic_defers")
    start()
    assert wait_for(cluster, "done") == 2
