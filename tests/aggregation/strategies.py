"""Random contributions around Kaiserslautern, close enough to share cells, and random filters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import shapely
from hypothesis import strategies as st

from mapping.geo.grid import SIZES
from tests.aggregation.brute_force import Asked, Given

CATEGORIES = 3
PEOPLE = 4
STATUSES = ("published", "pending", "rejected")
FIRST = datetime(2026, 3, 27, tzinfo=UTC)
"""Two days before the clocks change."""
DAYS = 5

positions = st.tuples(
    st.floats(7.74, 7.80, allow_nan=False).map(lambda lon: round(lon, 6)),
    st.floats(49.42, 49.46, allow_nan=False).map(lambda lat: round(lat, 6)),
)
points = positions.map(lambda position: f"POINT({position[0]} {position[1]})")


def _line(corners: list[tuple[float, float]]) -> str:
    return shapely.LineString(corners).wkt


def _polygon(corners: list[tuple[float, float]]) -> str:
    """Any corners make a valid polygon: their hull, and a hole where it is large."""
    hull = shapely.MultiPoint(corners).convex_hull
    if not isinstance(hull, shapely.Polygon):
        hull = shapely.Point(corners[0]).buffer(0.002, quad_segs=2)
    return hull.difference(hull.buffer(-0.006)).wkt


lines = st.lists(positions, min_size=2, max_size=5, unique=True).map(_line)
polygons = st.lists(positions, min_size=3, max_size=6, unique=True).map(_polygon)
places = st.one_of(points, points, st.none(), lines, polygons)
moments = st.integers(0, DAYS * 24 * 2).map(lambda halves: FIRST + timedelta(minutes=30 * halves))
contributions = st.lists(
    st.builds(
        Given,
        wkt=places,
        category=st.integers(0, CATEGORIES - 1),
        person=st.none() | st.integers(0, PEOPLE - 1),
        created_at=moments,
        status=st.sampled_from(STATUSES),
    ),
    max_size=12,
)
days = st.none() | st.integers(-1, DAYS + 1).map(lambda number: date(2026, 3, 27) + timedelta(days=number))


def _ordered(asked: Asked) -> Asked:
    if asked.start and asked.end and asked.end < asked.start:
        return Asked(asked.size, asked.categories, asked.end, asked.start, asked.statuses)
    return asked


filters = st.builds(
    Asked,
    size=st.sampled_from(SIZES),
    categories=st.none() | st.lists(st.integers(0, CATEGORIES - 1), unique=True).map(tuple),
    start=days,
    end=days,
    statuses=st.lists(st.sampled_from(STATUSES), min_size=1, unique=True).map(tuple),
).map(_ordered)
