"""500 markers of a map's view, ours and DRF-gis's; and how long answers take when many clients want them."""

from __future__ import annotations

import http.client
import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.gis import bbox
from benchmarks.running import load
from benchmarks.running.server import Server

if TYPE_CHECKING:
    from mapping.models import Campaign

CLIENTS: Final = 16
_ALONE: Final = 21
_WARM: Final = 1.0
"""Seconds in which nothing is noted: the service opens its connections."""


@dataclass(frozen=True)
class Answered:
    """Requests a second; milliseconds of one alone; bytes of the answer, plain and compressed (br)."""

    rate: float
    milliseconds: float
    raw: int
    compressed: int


@dataclass(frozen=True)
class Compared:
    """Both answers to the same view of so many markers."""

    number: int
    plain: Answered
    ours: Answered


@dataclass
class Latencies:
    """Seconds of each answer."""

    seconds: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return float(np.percentile(self.seconds, share))


def compare(server: Server, campaign: Campaign, *, rounds: int, seconds: float) -> Compared:
    """Both in turns, over four open connections each; raises RuntimeError where they answer different features."""
    ours, plain, number = bbox.addresses(campaign)
    if bbox.ids(server, ours) != bbox.ids(server, plain):
        raise RuntimeError("The two do not answer the same features.")
    rates: dict[str, list[float]] = {ours: [], plain: []}
    for _ in range(rounds):
        for path, found in rates.items():
            found.append(load.requests_per_second(server, path, seconds=seconds))
    answered = {
        path: Answered(
            statistics.median(found), _alone(server, path), server.get(path)[1], server.get(path, "br")[1]
        )
        for path, found in rates.items()
    }
    return Compared(number, answered[plain], answered[ours])


def _alone(server: Server, path: str) -> float:
    took = []
    for _ in range(_ALONE):
        began = time.perf_counter()
        server.get(path)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def latencies(server: Server, paths: Sequence[str], *, seconds: float, clients: int = CLIENTS) -> Latencies:
    """Clients that ask for the same addresses, each in an order of its own, over connections that stay open."""
    found = Latencies()
    orders = [
        itertools.cycle(np.random.default_rng(number).permutation(list(paths)).tolist())
        for number in range(clients)
    ]
    began = time.perf_counter()

    def turn(connection: http.client.HTTPConnection, number: int) -> None:
        start = time.perf_counter()
        load.ask(connection, next(orders[number]), {"Accept-Encoding": "br"})
        if start >= began + _WARM:
            found.seconds.append(time.perf_counter() - start)

    load.keep_busy(server, clients, _WARM + seconds, turn)
    return found
