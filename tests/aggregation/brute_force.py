"""Counting the slow way: every zone of the bounding box is tried with shapely, every set is a Python set.

Shares nothing with what it tests but the sizes. A geometry within a micrometre of touching one more zone is
`AmbiguousError`: PostGIS and pyproj may place it on different sides.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

BERLIN = ZoneInfo("Europe/Berlin")
CLOSE = 1e-6
_to_laea = pyproj.Transformer.from_crs(4326, 3035, always_xy=True)

DISTRICTS = {
    "10": (7.745, 49.425, 7.765, 49.455),
    "2": (7.765, 49.425, 7.785, 49.455),
    "A": (7.750, 49.440, 7.790, 49.458),
}
"""Boxes by code, in the order of their codes; the first two share a border, the third lies over both and beyond."""

Answer = str | int | float | bool | list[str]
Cells = dict[object, tuple[float | None, ...]]
"""By south-west corner (east, north) of a square, column and row of a hexagon, code of a district: contributions,
participants, and the value where there is one."""


class AmbiguousError(Exception):
    """The example is too close to an edge to be a fair test."""


@dataclass(frozen=True)
class Given:
    """A contribution as the test made it."""

    wkt: str | None
    category: int
    person: int | None
    created_at: datetime
    status: str
    source: str = "online"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    support: int = 0

    @property
    def local(self) -> datetime:
        return self.created_at.astimezone(BERLIN)

    @property
    def day(self) -> date:
        return self.local.date()

    def answers_with(self, slug: str, values: Iterable[str]) -> bool:
        """Whether one of the values is the answer or among it."""
        answer = self.answers.get(slug)
        given = answer if isinstance(answer, list) else [] if answer is None else [answer]
        written = {str(one).lower() if isinstance(one, bool) else str(one) for one in given}
        return not written.isdisjoint(values)


@dataclass(frozen=True)
class Asked:
    """A filter as the test chose it."""

    size: int
    categories: tuple[int, ...] | None = None
    start: date | None = None
    end: date | None = None
    statuses: tuple[str, ...] = ("published",)
    grid: str = "square"
    weekdays: tuple[int, ...] | None = None
    hours: tuple[int, int] | None = None
    sources: tuple[str, ...] | None = None
    districts: tuple[str, ...] | None = None
    answers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    measure: str = "contributions"
    question: str = ""

    def matches(self, given: Given) -> bool:
        return (
            given.status in self.statuses
            and (self.categories is None or given.category in self.categories)
            and (self.start is None or given.day >= self.start)
            and (self.end is None or given.day <= self.end)
            and (self.weekdays is None or given.local.isoweekday() in self.weekdays)
            and (self.hours is None or given.local.hour in self._hours())
            and (self.sources is None or given.source in self.sources)
            and all(given.answers_with(slug, values) for slug, values in self.answers)
            and (self.districts is None or not set(districts(given.wkt)).isdisjoint(self.districts))
        )

    def _hours(self) -> set[int]:
        assert self.hours is not None
        first, last = self.hours
        return {hour % 24 for hour in range(first, last if first < last else last + 24)}

    def value(self, given: Given) -> float | None:
        if self.measure == "support":
            return given.support
        answer = given.answers.get(self.question)
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        return float(answer) if is_number else None  # type: ignore[arg-type]


def zones(wkt: str | None, asked: Asked) -> Iterator[object]:
    """Yield the zones that a geometry (longitude, latitude) touches."""
    if wkt is None:
        return
    if asked.grid == "district":
        yield from districts(wkt)
    elif asked.grid == "hexagon":
        yield from hexagons(wkt, asked.size)
    else:
        yield from squares(wkt, asked.size)


def districts(wkt: str | None) -> list[str]:
    """A point lies in the first district of all that hold it, borders included; lines and areas in all."""
    if wkt is None:
        return []
    geom = shapely.from_wkt(wkt)
    if isinstance(geom, shapely.Point):
        holding = (c for c, (w, s, e, n) in DISTRICTS.items() if w <= geom.x <= e and s <= geom.y <= n)
        return [*holding][:1]
    return [code for code, box in DISTRICTS.items() if shapely.intersects(geom, shapely.box(*box))]


def squares(wkt: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield the south-west corners of all squares that a geometry touches."""
    geom = shapely.transform(shapely.from_wkt(wkt), _laea)
    west, south, east, north = geom.bounds
    corners = [
        (x, y)
        for x in range(int(west // size) * size, int(east) + 1, size)
        for y in range(int(south // size) * size, int(north) + 1, size)
    ]
    inner, outer = (_intersects(geom, _squares(corners, size, by)) for by in (-CLOSE, CLOSE))
    if (inner != outer).any():
        raise AmbiguousError
    yield from itertools.compress(corners, inner)


def hexagons(wkt: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield column and row of all hexagons that a geometry touches."""
    geom = shapely.transform(shapely.from_wkt(wkt), _laea)
    west, south, east, north = geom.bounds
    height = math.sqrt(3) * size
    places = [
        (column, row)
        for column in range(int(west / (1.5 * size)) - 1, int(east / (1.5 * size)) + 3)
        for row in range(int(south / height) - 1, int(north / height) + 3)
    ]
    inner, outer = (_intersects(geom, _hexagons(places, size, by)) for by in (-2 * CLOSE, 2 * CLOSE))
    if (inner != outer).any():
        raise AmbiguousError
    yield from itertools.compress(places, inner)


def _laea(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.column_stack(_to_laea.transform(lonlat[:, 0], lonlat[:, 1]))


def _intersects(geom: shapely.Geometry, areas: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    shapely.prepare(geom)
    return np.asarray(shapely.intersects(geom, areas))


def _squares(corners: list[tuple[int, int]], size: int, by: float) -> npt.NDArray[np.object_]:
    west, south = np.array(corners, dtype=float).T
    return np.asarray(shapely.box(west - by, south - by, west + size + by, south + size + by))


def _hexagons(places: list[tuple[int, int]], size: int, by: float) -> npt.NDArray[np.object_]:
    column, row = np.array(places, dtype=float).T
    centre = np.stack([1.5 * size * column, math.sqrt(3) * size * (row + column % 2 / 2)], axis=-1)
    angles = np.arange(6) * math.pi / 3
    corners = (size + by) * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return np.asarray(shapely.polygons(centre[:, None, :] + corners))


def count(everything: Iterable[Given], asked: Asked) -> tuple[Cells, tuple[int, int, int, int]]:
    """Return the cells and (contributions, participants, unlocated, unnamed)."""
    found: dict[object, list[Given]] = defaultdict(list)
    matching = [given for given in everything if asked.matches(given)]
    for given in matching:
        for zone in zones(given.wkt, asked):
            found[zone].append(given)
    cells = {zone: _row(inside, asked) for zone, inside in found.items()}
    return cells, (
        len(matching),
        len(_people(matching)),
        sum(given.wkt is None for given in matching),
        sum(given.person is None for given in matching),
    )


def _people(given: Iterable[Given]) -> set[int]:
    return {one.person for one in given if one.person is not None}


def _row(inside: list[Given], asked: Asked) -> tuple[float | None, ...]:
    row = (len(inside), len(_people(inside)))
    values = [value for one in inside if (value := asked.value(one)) is not None]
    if asked.measure == "support":
        return (*row, sum(values))
    if asked.measure == "mean":
        return (*row, round(math.fsum(values) / len(values), 9) if values else None)
    return row
