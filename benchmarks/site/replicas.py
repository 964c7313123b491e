"""Reads moved to a replica, and one's own writes read back: `bin/bench replicas [--seconds N] [--own N] [--rows N]`.

A primary, a replica that streams from it, and a server with two processes, all of their own on this machine. First
clients read and write side by side as a city's people do; then people write and at once read what they wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.running import place
from benchmarks.running.cluster import Cluster, running_cluster, running_replica
from benchmarks.running.load import Serving
from benchmarks.running.meanwhile import looking
from benchmarks.running.people import Asked, mixed
from benchmarks.running.server import Server, running
from benchmarks.site.kill import SLUG, WITHOUT_LIMITS
from benchmarks.site.writers import Browser

DATABASE: Final = "followed"
ROOT: Final = Path(__file__).parents[2]
ASKED: Final = Asked(SLUG, "spot", (7.7689, 49.4447))
_COPIES: Final = """
    INSERT INTO mapping_contribution (id, campaign_id, category_id, geom, text, answers, status, source, fingerprint,
        created_at, updated_at, support_count, opposition_count, comment_count)
    SELECT gen_random_uuid(), g.id, c.id,
        ST_SetSRID(ST_MakePoint(7.7 + 0.14 * random(), 49.4 + 0.09 * random()), 4326), 'A bench is missing ' || n, '{}',
        'published', 'online', '', now() - n * interval '1 minute', now(), 0, 0, 0
    FROM mapping_campaign g JOIN mapping_category c ON c.campaign_id = g.id, generate_series(1, %s) AS many (n)
    WHERE g.slug = %s
"""
_WORK: Final = "SELECT xact_commit, active_time FROM pg_stat_database WHERE datname = %s"
_LAG: Final = "SELECT extract(epoch FROM replay_lag) * 1000 FROM pg_stat_replication"
_PREPARE: Final = "import django; django.setup(); from benchmarks.site.kill import prepare; prepare()"


@dataclass
class Work:
    """What one database has done: transactions, and milliseconds of its statements."""

    transactions: float
    milliseconds: float

    def since(self, before: Work) -> Work:
        """The difference."""
        return Work(self.transactions - before.transactions, self.milliseconds - before.milliseconds)


def _work(cluster: Cluster) -> Work:
    with cluster.connect() as connection:
        [row] = connection.execute(_WORK, [DATABASE]).fetchall()
        return Work(*map(float, row))


def _stale(server: Serving, clients: int, number: int) -> int:
    """How many of so many own writes were not there when their author read them."""

    def some(_client: int) -> int:
        browser = Browser(server)
        return sum(not ASKED.write(browser) for _ in range(number // clients))

    with ThreadPoolExecutor(clients) as people:
        return sum(people.map(some, range(clients)))


@contextmanager
def _lags(cluster: Cluster) -> Iterator[list[float]]:
    """The lag of the replica, looked at ten times a second meanwhile: milliseconds."""
    seen: list[float] = []
    with cluster.connect() as connection:

        def look() -> None:
            seen.extend(float(lag) for (lag,) in connection.execute(_LAG) if lag is not None)

        with looking(look, 0.1):
            yield seen


def _wait_for_replica(server: Server) -> None:
    until = time.monotonic() + 60
    in_a_row = 0
    while in_a_row < 10:  # of both processes
        if time.monotonic() > until:
            raise RuntimeError("The replica is not used.")
        state = json.loads(Browser(server).ask("GET", "/readyz").body)["replicas"]
        in_a_row = in_a_row + 1 if set(state.values()) == {"ok"} else 0
        time.sleep(0.1)


def main() -> None:
    """Run and report; the exit status tells whether anything of one's own was stale."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--own", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with running_cluster() as primary, tempfile.TemporaryDirectory(prefix="gp-replicas-") as var:
        primary.create(DATABASE)
        environment = {"DATABASE_URL": primary.url(DATABASE), "VAR_DIR": var, **WITHOUT_LIMITS}
        for script in (("manage.py", "migrate", "-v", "0"), ("-c", _PREPARE)):
            subprocess.run([sys.executable, *script], cwd=ROOT, env={**os.environ, **environment}, check=True)
        with primary.connect(DATABASE) as connection:
            connection.execute(_COPIES, [options.rows, SLUG])
        command = [sys.executable, "manage.py", "rebuild_aggregates", "-v", "0"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)
        with primary.connect(DATABASE) as connection:
            connection.execute("VACUUM ANALYZE")
        with running_replica(primary) as replica:
            environment["REPLICA_DATABASE_URLS"] = replica.url(DATABASE)
            with running(environment=environment) as server:
                _wait_for_replica(server)
                before = _work(primary), _work(replica)
                with _lags(primary) as lags:
                    done = mixed(server, ASKED, options.clients, options.seconds)
                time.sleep(2)  # until both have written down their statistics
                here, there = _work(primary).since(before[0]), _work(replica).since(before[1])
                stale = _stale(server, options.clients, options.own)
    place.say(f"{done.reads} reads and {done.writes} writes (each read back) in {done.took:.0f} s.\n")
    _report(here, there, sorted(lags))
    place.say(f"Own writes read back at once: {options.own}, stale: {stale}.")
    sys.exit(stale > 0)


def _report(here: Work, there: Work, lags: list[float]) -> None:
    rows: list[list[object]] = [
        [what, f"{one:,.0f}", f"{other:,.0f}", f"{100 * other / (one + other):.0f} %"]
        for what, one, other in (
            ("transactions", here.transactions, there.transactions),
            ("ms of statements", here.milliseconds, there.milliseconds),
        )
    ]
    place.say(place.table(("", "primary", "replica", "moved"), rows))
    if lags:
        place.say(f"\nLag: median {lags[len(lags) // 2]:.0f} ms, longest {lags[-1]:.0f} ms.")


if __name__ == "__main__":
    main()
