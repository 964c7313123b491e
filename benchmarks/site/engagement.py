"""Search, home page and calendar of a city with 500 campaigns and 200,000 texts, beside one with 5 campaigns."""

from __future__ import annotations

import argparse
import gzip
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.running import load, place
from benchmarks.running.server import Server, running
from benchmarks.site import engagement_data
from benchmarks.site.engagement_data import LARGE, SMALL, City

PAGES: Final = {
    "home": "/",
    "all campaigns": "/campaigns/",
    "search, a word": "/search/?q=Fahrradampel",
    "calendar": "/calendar/",
}
FEED: Final = "/calendar.ics"
MOST_BYTES: Final = 60_000
_ENVIRONMENT: Final = {"NETWORK_LIMITS": "0"}


@dataclass(frozen=True)
class Side:
    """What a city's pages do: requests per second, and bytes as gzip sends them; its feed, unchanged."""

    rates: dict[str, float]
    sizes: dict[str, int]
    unchanged: float
    """Milliseconds, median."""


def measure(city: City, seconds: float) -> Side:
    """Fill the database and ask the real server."""
    began = time.perf_counter()
    engagement_data.fill(city)
    place.say(f"{city}: filled in {time.perf_counter() - began:.0f} s")
    with running(environment=_ENVIRONMENT) as server:
        for path in PAGES.values():
            for _ in range(8):
                server.get(path)
        rates = {
            name: load.requests_per_second(server, path, seconds=seconds) for name, path in PAGES.items()
        }
        sizes = {name: _size(server, path) for name, path in PAGES.items()}
        return Side(rates, sizes, _unchanged(server))


def _unchanged(server: Server) -> float:
    """Milliseconds until a reader that has the feed learns that nothing was changed."""
    connection = server.connect()
    try:
        connection.request("GET", FEED)
        response = connection.getresponse()
        response.read()
        known = {"If-None-Match": response.headers["ETag"]}
        took = []
        for _ in range(100):
            start = time.perf_counter()
            load.ask(connection, FEED, known, expected=304)
            took.append(time.perf_counter() - start)
        return statistics.median(took) * 1000
    finally:
        connection.close()


def _size(server: Server, path: str) -> int:
    connection = server.connect()
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        return len(gzip.compress(connection.getresponse().read()))
    finally:
        connection.close()


def searches() -> list[tuple[str, ...]]:
    """How long searches take, without the page: common, rare, several and misspelled words, and beginnings."""
    from mapping.models import SearchText
    from mapping.search.page import Wanted, search
    from mapping.services.search import collect_words

    place.say(f"{SearchText.objects.count():,} texts, {collect_words():,} words")
    words = engagement_data.Words().known
    asked = {
        "the most common words": words[:10],
        "common words": words[20:30],
        "rare words": words[3000:3020],
        "two words": [f"{words[place]} {words[place + 7]}" for place in range(10, 30, 2)],
        "beginnings": [word[:5] for word in words[400:420]],
        "misspelled words": [f"{word[:3]}{word[4:]}" for word in words[5000:5010]],
    }
    rows = []
    everything: list[float] = []
    for what, typed in asked.items():
        took = [_milliseconds(lambda one=one: search(Wanted(one))) for one in typed]
        everything += took
        rows.append((what, f"{statistics.median(took):.0f} ms", f"{max(took):.0f} ms"))
    return [*rows, ("all of them", f"{statistics.median(everything):.0f} ms", f"{max(everything):.0f} ms")]


def _milliseconds(action: object) -> float:
    assert callable(action)
    action()
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def report(small: Side, large: Side) -> Sequence[Sequence[str]]:
    """Rows of both cities."""
    return [
        (
            name,
            f"{small.rates[name]:.0f}/s",
            f"{large.rates[name]:.0f}/s",
            f"{large.rates[name] / small.rates[name]:.2f} ×",
            f"{large.sizes[name] / 1000:.0f} kB" + ("" if large.sizes[name] <= MOST_BYTES else " (missed)"),
        )
        for name in PAGES
    ]


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=load.SECONDS, help="of load on each page (4)")
    options = parser.parse_args()
    place.enter()
    place.say(place.machine())
    small = measure(SMALL, options.seconds)
    large = measure(LARGE, options.seconds)
    place.say(
        place.table(
            ("page", "5 campaigns", "500 campaigns", "ratio (≥ 0.5)", "gzip (≤ 60 kB)"), report(small, large)
        )
    )
    place.say(
        f"{FEED} unchanged, 304: {large.unchanged:.1f} ms (≤ 5 ms); small city {small.unchanged:.1f} ms"
    )
    place.say(place.table(("search over 200,000 texts (≤ 50 ms)", "median", "slowest"), searches()))


if __name__ == "__main__":
    main()
