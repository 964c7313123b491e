"""Processes that are killed, and processes that begin at the same time."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.running.cluster import Cluster
from benchmarks.running.server import Server, running
from tests.service.conftest import DATABASE, ROOT


def wait_until_gone(pids: list[int]) -> None:
    until = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < until, f"{pids} live on."
        time.sleep(0.05)


def test_workers_end_with_a_killed_master(cluster: Cluster, tmp_path: Path) -> None:
    with running(environment={"DATABASE_URL": cluster.url(DATABASE), "VAR_DIR": str(tmp_path)}) as server:
        workers = server.workers()
        assert len(workers) >= 2
        os.kill(server.master, signal.SIGKILL)
        wait_until_gone(workers)


def test_killed_worker_is_replaced(server: Server) -> None:
    killed, *_ = server.workers()
    os.kill(killed, signal.SIGKILL)
    wait_until_gone([killed])
    server.wait()
    assert server.get("/")[0] == 200


def test_two_migrations_of_an_empty_database_both_end_well(cluster: Cluster) -> None:
    cluster.create("empty")
    command = [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0"]
    environment = {**os.environ, "DATABASE_URL": cluster.url("empty")}
    both = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(2)]
    assert [one.wait(600) for one in both] == [0, 0]
    with cluster.connect("empty") as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT (app, name)) FROM django_migrations")
        [(applied, different)] = rows.fetchall()
    assert applied == different
