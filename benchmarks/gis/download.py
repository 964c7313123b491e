"""download.geojson against `psql COPY` of the same JSON texts: `bin/bench download [SIZE ...]`.

Both send their bytes through a pipe or a socket of this machine to a reader that throws them away. Memory is the
growth of the largest server process (or of this process) over its state after a small download, at its peak.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, Self

from benchmarks.running import data, place, server

if TYPE_CHECKING:
    from mapping.models import Campaign

CODINGS: Final = ("identity", "zstd", "br", "gzip")
ROUNDS: Final = 2
_READ: Final = 1024 * 1024
_MEGABYTE: Final = 2**20


def psql_copy(campaign: Campaign) -> Callable[[], int]:
    """The plain way: psql copies the same query to its standard output."""
    from django.conf import settings
    from django.db import connection

    from mapping.exports.flat import FlatFeatureText
    from mapping.exports.selection import Selection
    from mapping.exports.sources import contributions_source

    source = contributions_source(Selection(campaign), "/photos/", is_whole=True)
    sql, params = source.in_order().values_list(FlatFeatureText(source)).query.sql_with_params()
    with connection.cursor() as cursor:
        query = cursor.mogrify(sql, params)
    statement = f"COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')"
    database = settings.DATABASES["default"]
    command = ["psql", "-X", "-q", "-d", database["NAME"], "-c", statement]
    for option, key in (("-h", "HOST"), ("-p", "PORT"), ("-U", "USER")):
        if database[key]:
            command += [option, str(database[key])]

    def run() -> int:
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        size = 0
        buffer = bytearray(_READ)
        while count := process.stdout.readinto(buffer):  # type: ignore[attr-defined]
            size += count
        if process.wait():
            raise RuntimeError("psql failed.")
        return size

    return run


def in_process(campaign: Campaign, coding: str | None) -> Callable[[], int]:
    """The stream itself, without a server."""

    def run() -> int:
        from mapping.exports.formats.geojson import write
        from mapping.exports.registry import Origin
        from mapping.exports.selection import Selection
        from mapping.http.compression import compressed_stream

        pieces = write(Selection(campaign), Origin("http://127.0.0.1/", "/photos/"))
        return sum(map(len, compressed_stream(pieces, coding)))

    return run


class Watch:
    """The growth of a server's memory while something happens."""

    def __init__(self, watched: server.Server) -> None:
        self._server = watched
        self._before = watched.memory()
        self._peak = self._before
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.05):
            self._peak = max(self._peak, self._server.memory())

    @property
    def growth(self) -> int:
        return self._peak - self._before


def measure(campaign: Campaign, running: server.Server) -> list[tuple[str, ...]]:
    """Return rows of the table: every way in every round, the best of each, because the machine is not ours alone."""
    path = f"/api/v1/campaigns/{campaign.slug}/download.geojson"
    ways: dict[str, Callable[[], int]] = {"`psql COPY`": psql_copy(campaign)}
    for coding in CODINGS:
        ways[f"server, {coding}"] = partial(_fetch, running, path, coding)
    ways["in process, identity"] = in_process(campaign, None)
    _warm(campaign, running)
    took = dict.fromkeys(ways, float("inf"))
    growth = dict.fromkeys(ways, "")
    size = dict.fromkeys(ways, 0)
    own_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(ROUNDS):
        for name, way in ways.items():
            with Watch(running) as watch:
                start = time.perf_counter()
                size[name] = way()
                took[name] = min(took[name], time.perf_counter() - start)
            if name.startswith("server"):
                growth[name] = f"{watch.growth / _MEGABYTE:.0f} MB"
    own_growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own_memory) / 1024
    growth["in process, identity"] = f"{own_growth:.0f} MB"
    plain = took["`psql COPY`"]
    return [(name, *_figures(took[name], plain, size[name]), growth[name]) for name in ways]


def _fetch(running: server.Server, path: str, coding: str) -> int:
    status, size = running.get(path, coding)
    if status != 200:
        raise RuntimeError(f"{path} answers {status}")
    return size


def _warm(campaign: Campaign, running: server.Server) -> None:
    """Small downloads: all workers have imported everything and made their first buffers."""
    small = campaign.__class__.objects.get(slug=data.slug("10k"))
    in_process(small, None)()
    for coding in CODINGS:
        for _ in range(6):
            _fetch(running, f"/api/v1/campaigns/{small.slug}/download.geojson", coding)


def _figures(took: float, plain: float, size: int) -> tuple[str, str, str]:
    return f"{took:.2f} s", f"{took / plain:.2f} ×", f"{size / _MEGABYTE:.0f} MB"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=f"{', '.join(place.SIZES)} (all by default)")
    options = parser.parse_args()
    place.enter()
    data.ensure("10k")
    rows: list[tuple[str, ...]] = []
    with server.running() as running:
        for size in options.sizes or place.SIZES:
            rows += [(size, *row) for row in measure(data.ensure(size), running)]
    place.say(place.machine())
    place.say(place.table(("contributions", "way", "time", "of psql", "sent", "memory growth"), rows))


if __name__ == "__main__":
    main()
