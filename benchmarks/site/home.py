"""The home page as visitors get it, beside a page of static HTML from the same server: `bin/bench home`.

16 clients with connections that stay open. Once nothing is written meanwhile; once something is committed all the time,
so that every page is made anew.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from typing import Final

from benchmarks.running import load, place
from benchmarks.running.server import Server, running
from benchmarks.site import engagement_data
from benchmarks.site.engagement_data import SMALL

CLIENTS: Final = 16
ROUNDS: Final = 3
LEAST: Final = 0.5
MOST_MILLISECONDS: Final = 30
_STATIC: Final = "/help/"
"""A page of the same frame that reads nothing but the city."""
_FILE: Final = "/static/mapping/img/favicon.svg"
_ENVIRONMENT: Final = {"NETWORK_LIMITS": "0"}
_WRITE: Final = "SELECT pg_current_xact_id()"


def milliseconds(server: Server, path: str, runs: int = 41) -> float:
    """The median time of one request, alone."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        server.get(path)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def rate(server: Server, path: str, seconds: float) -> float:
    """Requests per second, the median of several rounds."""
    return statistics.median(
        load.requests_per_second(server, path, seconds=seconds, connections=CLIENTS) for _ in range(ROUNDS)
    )


def rate_while_writing(server: Server, path: str, seconds: float) -> float:
    """Requests per second while ten transactions a second are committed."""
    from django.db import connection

    is_over = threading.Event()

    def write() -> None:
        with connection.cursor() as cursor:
            while not is_over.wait(0.1):
                cursor.execute(_WRITE)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return rate(server, path, seconds)
    finally:
        is_over.set()
        writer.join()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=load.SECONDS, help="of each round")
    options = parser.parse_args()
    place.enter()
    engagement_data.fill(SMALL)
    with running(kept_megabytes=32, environment=_ENVIRONMENT) as server:
        for path in ("/", _STATIC, _FILE):
            for _ in range(8):
                server.get(path)
        alone = milliseconds(server, "/")
        home, still, file = (rate(server, path, options.seconds) for path in ("/", _STATIC, _FILE))
        writing = rate_while_writing(server, "/", options.seconds)
    rows = [
        ("home page alone", f"{alone:.1f} ms", f"≤ {MOST_MILLISECONDS} ms"),
        (f"home page, {CLIENTS} clients", f"{home:.0f} /s", ""),
        ("… while ten transactions a second are committed", f"{writing:.0f} /s", ""),
        ("a static file", f"{file:.0f} /s", ""),
        ("a page without queries of its own", f"{still:.0f} /s", ""),
        ("home page : static file", f"{home / file:.2f}", f"≥ {LEAST}"),
        ("home page : page without queries", f"{home / still:.2f}", ""),
    ]
    place.say(place.machine())
    place.say(place.table(("", "measured", "goal"), rows))


if __name__ == "__main__":
    main()
