"""Two processes answer on one port: their metrics are one, also when one of them is killed and replaced."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import requests

from benchmarks.running.cluster import Cluster
from benchmarks.running.server import HOST, running
from tests.service.conftest import DATABASE
from tests.service.test_processes import wait_until_gone

TOKEN = "a-token-for-prometheus"


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_counters_are_those_of_all_processes(cluster: Cluster, tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": cluster.url(DATABASE),
        "VAR_DIR": str(tmp_path),
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }
    with running(environment=environment) as server:
        base = f"http://{HOST}:{server.port}"

        def counted() -> float:
            answer = requests.get(f"{base}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
            start = 'geoparticipation_requests_total{status="2xx",view="help"} '
            [line] = [one for one in answer.text.splitlines() if one.startswith(start)] or ["0 0"]
            return float(line.split()[-1])

        def sharing() -> set[str]:
            return {file.stem.rpartition("_")[2] for file in tmp_path.glob("metrics/*/counter_*.db")}

        wait_until(lambda: sharing() == {str(pid) for pid in server.workers()})
        # Connections of their own: the kernel gives them to both processes.
        for _ in range(40):
            requests.get(f"{base}/help/", headers={"Connection": "close"}, timeout=30)
        assert [counted() for _ in range(10)] == [40] * 10
        killed, *_ = server.workers()
        os.kill(killed, signal.SIGKILL)
        wait_until_gone([killed])
        server.wait()
        assert counted() == 40
        assert not list(tmp_path.glob(f"metrics/*/gauge_live*_{killed}.db"))
