"""What people of a city ask for side by side: maps, lists, tiles, searches, pages, and a contribution now and then."""

from __future__ import annotations

import http.client
import itertools
import json
import math
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from benchmarks.running.load import Serving, keep_busy
from benchmarks.site.writers import Browser

WRITE: Final = "POST"
"""A turn that places a contribution and reads it."""
READ_AGAIN: Final = "its contribution, read by its author"


@dataclass(frozen=True)
class Asked:
    """The campaign that people look at, and what they add to it."""

    slug: str
    category: str
    position: tuple[float, float]
    """Longitude and latitude in degrees."""
    is_downloaded: bool = True
    """Whether one turn takes everything home."""

    def turns(self) -> tuple[str, ...]:
        """What a client does one after the other: addresses, and `WRITE` once."""
        api, items = f"/api/v1/campaigns/{self.slug}", f"/ogc/collections/{self.slug}-contributions"
        tiles = (f"{items}/tiles/WebMercatorQuad/{self._tile(zoom)}" for zoom in (0, 5, 9))
        return (
            *(f"{api}/heatmap", f"{api}/centres", f"{api}/hotspots"),
            *tiles,
            *(f"{items}/items?limit=100", f"{items}/items?limit=10&filter=category%20IS%20NOT%20NULL"),
            f"{api}/contributions/?limit=50",
            *((f"{api}/download.geojson",) if self.is_downloaded else ()),
            *("/api/v1/search/?q=bench", "/search/?q=bench"),
            *(f"/campaigns/{self.slug}/", f"/campaigns/{self.slug}/heatmap/"),
            *("/", "/campaigns/"),
            WRITE,
        )

    def _tile(self, zoom: int) -> str:
        """The tile at the place as OGC API - Tiles counts them: zoom/row/column."""
        lon, lat = self.position
        column = (lon + 180) / 360 * 2**zoom
        row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
        return f"{zoom}/{int(row)}/{int(column)}"

    def write(self, browser: Browser) -> tuple[bool, float]:
        """Place a contribution and read it; whether it was there, and when that was asked.

        Raises RuntimeError where it was not taken.
        """
        pk = str(uuid.uuid4())
        feature = {
            "type": "Feature",
            "id": pk,
            "geometry": {"type": "Point", "coordinates": self.position},
            "properties": {"category": self.category, "text": "A bench"},
        }
        path = f"/api/v1/campaigns/{self.slug}/contributions/"
        answer = browser.ask("POST", path, json.dumps(feature).encode(), Content_Type="application/json")
        if answer.status != http.client.CREATED:
            raise RuntimeError(f"POST: {answer.status} {answer.body[:200]!r}")
        placed = time.perf_counter()
        return browser.ask("GET", f"{path}{pk}/").status == http.client.OK, placed


@dataclass
class Mixed:
    """How long each turn took, in seconds, by what was asked."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stale: int = 0
    """Own contributions that were not there when their author read them."""
    took: float = 0.0

    @property
    def writes(self) -> int:
        """How many contributions were placed."""
        return len(self.times.get(WRITE, ()))

    @property
    def reads(self) -> int:
        """How many addresses were asked for."""
        return sum(map(len, self.times.values())) - self.writes


def mixed(server: Serving, asked: Asked, clients: int, seconds: float) -> Mixed:
    """Let clients take their turns for so long, each beginning with another; RuntimeError for a failed request."""
    done = Mixed()
    every = asked.turns()
    turns: list[Iterator[str]] = [
        itertools.cycle(every[number % len(every) :] + every[: number % len(every)])
        for number in range(clients)
    ]

    def turn(connection: http.client.HTTPConnection, number: int) -> None:
        path = next(turns[number])
        began = time.perf_counter()
        if path == WRITE:
            is_there, placed = asked.write(Browser(server))
            done.stale += not is_there
            done.times[READ_AGAIN].append(time.perf_counter() - placed)
            done.times[WRITE].append(placed - began)
        else:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            if response.status != http.client.OK:
                raise RuntimeError(f"{path}: {response.status}")
            done.times[path].append(time.perf_counter() - began)

    done.took = keep_busy(server, clients, seconds, turn)
    return done
