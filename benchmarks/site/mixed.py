"""Hours of a busy day in minutes: `bin/bench mixed [SIZE] [--minutes M] [--clients N]`.

Clients read and write side by side in a campaign of a million contributions, as the service is installed (kept answers
on), with a worker beside: how long what they ask for takes, and whether any process goes on growing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from django.conf import settings

from benchmarks.running import data, place, server
from benchmarks.running.meanwhile import looking
from benchmarks.running.people import Asked, Mixed, mixed
from benchmarks.site.kill import WITHOUT_LIMITS

_EVERY: Final = 2.0
"""Seconds between two looks at the memory."""
_WARM_UP: Final = 20.0
MOST_MS, MOST_GROWTH = 500, 0.05
"""The goals: 99th percentile in milliseconds, growth of a process's memory in the second half."""


class Memory:
    """The private memory of processes, looked at meanwhile: bytes, one list for each name.

    Private: what a process shares with others, as PostgreSQL's buffers, is nobody's growth
    (`/proc/PID/smaps_rollup`, proc(5)).
    """

    def __init__(self, processes: Callable[[], dict[str, list[int]]]) -> None:
        self.seen: dict[str, list[int]] = {}
        self._processes = processes

    def look(self) -> None:
        """Note the memory of this moment."""
        for name, pids in self._processes().items():
            self.seen.setdefault(name, []).append(sum(map(private_bytes, pids)))

    def rows(self) -> list[tuple[str, float, float, float]]:
        """Each process: bytes in the middle and at the end, a tenth of the time each, and the growth between."""
        found = []
        for name, seen in self.seen.items():
            tenth = max(len(seen) // 10, 1)
            half = len(seen) // 2
            middle, end = np.mean(seen[half - tenth // 2 : half + tenth]), np.mean(seen[-tenth:])
            found.append((name, float(middle), float(end), float(end / middle - 1)))
        return found


def private_bytes(pid: int) -> int:
    """The memory that no other process shares; 0 where the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def backends() -> list[int]:
    """The processes of PostgreSQL that serve this database to others."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def measure(asked: Asked, clients: int, seconds: float) -> tuple[Mixed, Memory]:
    """Run the load with a server of two processes and a worker."""
    kept = int(settings.KEPT_ANSWERS_MEGABYTES)
    with server.running(kept_megabytes=kept, environment=WITHOUT_LIMITS) as running:
        worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=Path(__file__).parents[2])
        try:
            mixed(running, asked, clients, _WARM_UP)

            def processes() -> dict[str, list[int]]:
                ours = {f"web process {number + 1}": [pid] for number, pid in enumerate(running.workers())}
                return {
                    **ours,
                    "their master": [running.master],
                    "worker": [worker.pid],
                    "PostgreSQL, all backends": backends(),
                }

            memory = Memory(processes)
            with looking(memory.look, _EVERY):
                done = mixed(running, asked, clients, seconds)
        finally:
            worker.terminate()
            worker.wait()
    return done, memory


def report(done: Mixed, memory: Memory, clients: int) -> bool:
    """Print both tables; whether the goals were met."""
    every = [one for times in done.times.values() for one in times]
    rows = [
        [path, len(times), *(f"{np.percentile(times, share) * 1000:.0f} ms" for share in (50, 99))]
        for path, times in (*done.times.items(), ("all", every))
    ]
    place.say(
        f"{clients} clients, {done.took:.0f} s: {done.reads} reads, {done.writes} writes, stale: {done.stale}.\n"
    )
    place.say(place.table(("asked", "number", "median", "p99"), rows))
    grown = memory.rows()
    place.say("")
    place.say(
        place.table(
            ("private memory", "middle", "end", "growth"),
            [
                [name, f"{middle / 2**20:.0f} MB", f"{end / 2**20:.0f} MB", f"{growth:+.1%}"]
                for name, middle, end, growth in grown
            ],
        )
    )
    p99 = float(np.percentile(every, 99)) * 1000
    place.say(f"\np99 {p99:.0f} ms (goal: {MOST_MS}); growth at most {MOST_GROWTH:.0%} wanted.")
    return p99 <= MOST_MS and all(growth <= MOST_GROWTH for *_, growth in grown) and not done.stale


def main() -> None:
    """Measure and report; the exit status tells whether a goal was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", nargs="?", default="1m", choices=place.SIZES)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    place.enter()
    campaign = data.ensure(options.size)
    # Everything taken home is 350 MB of a million: `bin/bench gis` measures that.
    asked = Asked(campaign.slug, "kind-0", data.CENTRE, is_downloaded=False)
    done, memory = measure(asked, options.clients, options.minutes * 60)
    sys.exit(not report(done, memory, options.clients))


if __name__ == "__main__":
    main()
