"""Random contributions around Kaiserslautern, close enough to share cells, and random filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import shapely
from hypothesis import strategies as st

from mapping.geo.grid import SIZES
from tests.aggregation.brute_force import DISTRICTS, Answer, Asked, Given

PEOPLE = 4
STATUSES = ("published", "pending", "rejected")
SOURCES = ("online", "paper", "import", "city")
FIRST = datetime(2026, 3, 27, tzinfo=UTC)
"""Two days before the clocks change."""
DAYS = 5
LIGHT = ("none", "some", "good")
SAFE = ("1", "2", "3", "4", "5")

positions = st.tuples(
    st.floats(7.74, 7.80, allow_nan=False).map(lambda lon: round(lon, 6)),
    st.floats(49.42, 49.46, allow_nan=False).map(lambda lat: round(lat, 6)),
)
on_borders = st.tuples(
    st.sampled_from([edge for box in DISTRICTS.values() for edge in box[::2]]),
    st.floats(49.42, 49.46, allow_nan=False).map(lambda lat: round(lat, 6)),
)
points = st.one_of(positions, positions, on_borders).map(lambda place: f"POINT({place[0]} {place[1]})")


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

# The questions of the three categories (see `world`): "light" is one choice in the first and several in the second.
answers: tuple[st.SearchStrategy[Mapping[str, Answer]], ...] = (
    st.fixed_dictionaries(
        {},
        optional={"light": st.sampled_from(LIGHT), "safe": st.integers(1, 5), "seen": st.booleans()},
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "light": st.lists(st.sampled_from(LIGHT), min_size=1, unique=True),
            "width": st.one_of(st.integers(-5, 5), st.floats(-10, 10).map(lambda width: round(width, 2))),
        },
    ),
    st.fixed_dictionaries({}, optional={"safe": st.integers(1, 5)}),
)
CATEGORIES = len(answers)


@st.composite
def _contribution(draw: st.DrawFn) -> Given:
    category = draw(st.integers(0, CATEGORIES - 1))
    return Given(
        wkt=draw(places),
        category=category,
        person=draw(st.none() | st.integers(0, PEOPLE - 1)),
        created_at=draw(moments),
        status=draw(st.sampled_from(STATUSES)),
        source=draw(st.sampled_from(SOURCES)),
        answers=draw(answers[category]),
        support=draw(st.integers(0, 3)),
    )


contributions = st.lists(_contribution(), max_size=12)
days = st.none() | st.integers(-1, DAYS + 1).map(lambda number: date(2026, 3, 27) + timedelta(days=number))
hours = st.tuples(st.integers(0, 23), st.integers(0, 24)).filter(lambda pair: pair[0] != pair[1])


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Any of the values, also none of them."""
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


asked_answers = st.fixed_dictionaries(
    {}, optional={"light": some(LIGHT), "safe": some(SAFE), "seen": some(("true", "false"))}
).map(lambda asked: tuple(asked.items()))


def ordered(asked: Asked) -> Asked:
    """Dates the right way round."""
    if asked.start and asked.end and asked.end < asked.start:
        return replace(asked, start=asked.end, end=asked.start)
    return asked


basic_filters = st.builds(
    Asked,
    size=st.sampled_from(SIZES),
    categories=st.none() | st.lists(st.integers(0, CATEGORIES - 1), unique=True).map(tuple),
    start=days,
    end=days,
    statuses=st.lists(st.sampled_from(STATUSES), min_size=1, unique=True).map(tuple),
)
"""By category, date and status, in squares."""

_rarely = st.booleans().flatmap(lambda first: st.booleans().map(lambda second: first and second))


@st.composite
def _filter(draw: st.DrawFn) -> Asked:
    """Few of many filters at once: all of them together match nothing."""
    asked = replace(
        draw(basic_filters),
        grid=draw(st.sampled_from(("square", "hexagon", "district"))),
        measure=draw(st.sampled_from(("contributions", "participants", "support", "mean"))),
        statuses=draw(st.sampled_from((("published",), STATUSES))),
    )
    narrowing: dict[str, st.SearchStrategy[object]] = {
        "weekdays": st.lists(st.integers(1, 7), unique=True).map(tuple),
        "hours": hours,
        "sources": some(SOURCES),
        "districts": some(tuple(DISTRICTS)),
        "answers": asked_answers,
    }
    changes: dict[str, Any] = {name: None for name in ("categories", "start", "end") if not draw(_rarely)}
    changes |= {name: draw(values) for name, values in narrowing.items() if draw(_rarely)}
    return replace(asked, **changes, question=draw(st.sampled_from(("safe", "width"))))


filters = st.one_of(basic_filters, _filter(), _filter(), _filter()).map(ordered)
