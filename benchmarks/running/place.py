"""The place where benchmarks run: their own database, next to the one that `DATABASE_URL` names."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg

NAME: Final = "geoparticipation_bench"
SIZES: Final = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
LARGEST: Final = {"3m": 3_000_000, "10m": 10_000_000}
"""Made only where they are named: ten million take some 12 GB and half an hour of a quiet machine."""


def enter() -> None:
    """Start Django on the benchmarks' database, which is made and migrated where it is missing.

    `bin/bench` has chosen one already (by its name or in `BENCH_DATABASE_URL`).
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoparticipation.settings")
    url = urlsplit(os.environ["DATABASE_URL"])
    if url.path != f"/{NAME}" and "BENCH_DATABASE_URL" not in os.environ:
        _make_database(url.geturl())
        os.environ["DATABASE_URL"] = urlunsplit(url._replace(path=f"/{NAME}"))

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)


def _make_database(url: str) -> None:
    import dj_database_url

    given = dj_database_url.parse(url)
    with psycopg.connect(
        dbname=given["NAME"],
        host=given["HOST"] or None,
        port=given["PORT"] or None,
        user=given["USER"] or None,
        password=given["PASSWORD"] or None,
        autocommit=True,
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f'CREATE DATABASE "{NAME}"')


def seconds(action: Callable[[], object], *, runs: int = 5, patience: float = 20.0) -> float:
    """Return the median duration of an action after one warm-up; slow actions run less often."""
    began = time.perf_counter()
    action()
    durations: list[float] = []
    while len(durations) < runs and (not durations or time.perf_counter() - began < patience):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def in_turns(actions: Mapping[str, Callable[[], object]], *, rounds: int = 4) -> dict[str, float]:
    """Run actions in turns, short ones several times in each, and return the shortest duration of each.

    On a machine with other work the shortest is what the action takes; in turns, so that noise meets all alike.
    """
    best = {name: float("inf") for name in actions}
    for _ in range(rounds + 1):
        for name, action in actions.items():
            spent = 0.0
            for _repeated in range(10):
                start = time.perf_counter()
                action()
                took = time.perf_counter() - start
                best[name] = min(best[name], took)
                spent += took
                if spent > 0.5:
                    break
    return best


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write a Markdown table; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    lines += ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def machine() -> str:
    """Name the machine as far as a reader of figures needs it."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip()
            for line in cpuinfo.read_text().splitlines()
            if "model name" in line
        ]
        model = names[0] if names else model
    memory = ""
    if hasattr(os, "sysconf"):
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        memory = f", {size:.0f} GB"
    return f"{os.cpu_count()} × {model}{memory}, Python {platform.python_version()}"


def say(text: str) -> None:
    """Print one line now, also when the output goes into a file."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
