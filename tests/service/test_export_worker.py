"""The process that writes exports, and a database that is restarted under it."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.cluster import Cluster
from benchmarks.server import Server
from benchmarks.writers import Browser
from tests.service.conftest import DATABASE, ROOT
from tests.service.filling import SLUG

STATE = "SELECT status, attempts FROM mapping_exportjob ORDER BY created_at DESC LIMIT 1"
ORDER = b'{"format": "package.zip"}'


def wait_for(cluster: Cluster, status: str) -> int:
    """Wait until the newest job has a status; return its attempts."""
    until = time.monotonic() + 120
    with cluster.connect(DATABASE) as connection:
        while time.monotonic() < until:
            [(found, attempts)] = connection.execute(STATE).fetchall()
            if found == status:
                return int(attempts)
            assert found != "failed"
            time.sleep(0.02)
    raise AssertionError(f"The job is not {status}.")


def test_worker_survives_a_restart_of_the_database_during_a_job(
    cluster: Cluster, server: Server, tmp_path: Path
) -> None:
    environment = {**os.environ, "DATABASE_URL": cluster.url(DATABASE), "VAR_DIR": str(tmp_path)}
    answer = Browser(server).ask(
        "POST", f"/api/v1/campaigns/{SLUG}/exports/", ORDER, Content_Type="application/json"
    )
    assert answer.status == 202
    worker = subprocess.Popen([sys.executable, "manage.py", "export_worker"], cwd=ROOT, env=environment)
    try:
        wait_for(cluster, "running")
        cluster.stop("fast")
        cluster.start()
        assert wait_for(cluster, "done") == 2
        assert worker.poll() is None
    finally:
        worker.terminate()
        worker.wait(60)
