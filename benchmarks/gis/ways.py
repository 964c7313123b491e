"""Ways along streets as the service answers them: `/api/v1/campaigns/<slug>/follow` across the whole ground."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.running import place, server

NUMBER: Final = 120
NEAREST: Final = 500.0
FARTHEST: Final = 2_000.0
"""Metres between both ends, as the crow flies."""
MOST_P95: Final = 150.0
"""Milliseconds."""
_ENVIRONMENT: Final = {"NETWORK_LIMITS": "0"}
_SLUG: Final = "bench-ways"
_EARTH: Final = 6_371_008.8
_PLACES: Final = """
    SELECT ST_X(middle), ST_Y(middle) FROM (
        SELECT ST_Transform(ST_LineInterpolatePoint(geom, 0.5), 4326) AS middle
        FROM mapping_groundfeature
        WHERE layer = 'line' AND kind = 'street' AND GeometryType(geom) = 'LINESTRING'
        ORDER BY md5(ST_AsBinary(geom)) LIMIT 600
    ) AS placed
"""

Position = tuple[float, float]


@dataclass(frozen=True)
class Answers:
    """Milliseconds of each answer, and how many of them are ways."""

    milliseconds: Sequence[float]
    followed: int

    def row(self) -> tuple[str, ...]:
        p50, p95 = np.percentile(self.milliseconds, (50, 95))
        goal = f"≤ {MOST_P95:.0f} ms" + ("" if p95 <= MOST_P95 else " (missed)")
        share = f"{self.followed} of {len(self.milliseconds)}"
        return share, f"{p50:.0f} ms", f"{p95:.0f} ms", goal


def pairs() -> list[tuple[Position, Position]]:
    """Places on streets, always the same ones for one ground."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_PLACES)
        places = np.radians(np.array(cursor.fetchall(), dtype=float).reshape(-1, 2))
    found: list[tuple[Position, Position]] = []
    for start in places:
        east = (places[:, 0] - start[0]) * np.cos(start[1])
        metres = np.hypot(east, places[:, 1] - start[1]) * _EARTH
        reachable = np.flatnonzero((metres >= NEAREST) & (metres <= FARTHEST))
        if len(reachable) == 0 or len(found) == NUMBER:
            continue
        end = places[reachable[len(found) % len(reachable)]]
        found.append((_degrees(start), _degrees(end)))
    return found


def measure() -> Answers:
    """Each pair once, one after the other, from a service of its own; the first three answers are not counted."""
    from mapping.models import Campaign, Category

    campaign, _is_new = Campaign.objects.get_or_create(slug=_SLUG, defaults={"title": "Ways"})
    Category.objects.get_or_create(
        campaign=campaign, slug="way", defaults={"title": "Way", "geometry_types": ["line"]}
    )
    looked_for = pairs()
    took: list[float] = []
    followed = 0
    with server.running(environment=_ENVIRONMENT) as running:
        connection = running.connect()
        for start, end in looked_for[:3]:
            _ask(connection, start, end)
        for start, end in looked_for:
            began = time.perf_counter()
            followed += _ask(connection, start, end)
            took.append((time.perf_counter() - began) * 1000)
        connection.close()
    return Answers(took, followed)


def table() -> str:
    """Print-ready."""
    heads = ("ways through the service", "p50", "p95", "goal")
    return place.table(heads, [measure().row()])


def _ask(connection: http.client.HTTPConnection, start: Position, end: Position) -> bool:
    ends = f"from={start[0]},{start[1]}&to={end[0]},{end[1]}"
    connection.request("GET", f"/api/v1/campaigns/{_SLUG}/follow?{ends}")
    response = connection.getresponse()
    body = response.read()
    if response.status != http.client.OK:
        raise RuntimeError(f"A way answers {response.status}")
    return bool(json.loads(body)["followed"])


def _degrees(position: np.ndarray) -> Position:
    lon, lat = np.degrees(position).round(7).tolist()
    return lon, lat
