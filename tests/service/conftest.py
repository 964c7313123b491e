"""A database server and a web server of the tests' own, which may be stopped and killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.running.cluster import Cluster, running_cluster
from benchmarks.running.server import Server, running
from benchmarks.site.kill import WITHOUT_LIMITS

ROOT = Path(__file__).parent.parent.parent
DATABASE = "filled"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL with one filled database."""
    with running_cluster() as made:
        made.create(DATABASE)
        run_python("-m", "tests.service.filling", database=made.url(DATABASE))
        yield made


@pytest.fixture(scope="session")
def server(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site on that database, as it is served in public."""
    var = str(tmp_path_factory.mktemp("var"))
    environment = {"DATABASE_URL": cluster.url(DATABASE), "VAR_DIR": var, **WITHOUT_LIMITS}
    with running(environment=environment) as started:
        yield started


def run_python(*arguments: str, database: str) -> None:
    """Run a module in a process of its own, which alone may commit."""
    subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, "DATABASE_URL": database}, check=True
    )
