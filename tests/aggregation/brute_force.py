"""Counting the slow way: every cell of the bounding box is tried with shapely, every set is a Python set.

Shares nothing with what it tests but the sizes. A geometry within a micrometre of touching one more cell is
`AmbiguousError`: PostGIS and pyproj may place it on different sides.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

BERLIN = ZoneInfo("Europe/Berlin")
CLOSE = 1e-6
_to_laea = pyproj.Transformer.from_crs(4326, 3035, always_xy=True)


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

    @property
    def day(self) -> date:
        return self.created_at.astimezone(BERLIN).date()


@dataclass(frozen=True)
class Asked:
    """A filter as the test chose it."""

    size: int
    categories: tuple[int, ...] | None
    start: date | None
    end: date | None
    statuses: tuple[str, ...]

    def matches(self, given: Given) -> bool:
        return (
            given.status in self.statuses
            and (self.categories is None or given.category in self.categories)
            and (self.start is None or given.day >= self.start)
            and (self.end is None or given.day <= self.end)
        )


Cells = dict[tuple[int, int], tuple[int, int]]
"""South-west corner (east, north) in metres: contributions, participants."""


def touched(wkt: str, size: int) -> Iterator[tuple[int, int]]:
    """Yield the south-west corners of all cells that a geometry (longitude, latitude) touches."""
    geom = shapely.transform(shapely.from_wkt(wkt), _laea)
    west, south, east, north = geom.bounds
    corners = [
        (x, y)
        for x in range(int(west // size) * size, int(east) + 1, size)
        for y in range(int(south // size) * size, int(north) + 1, size)
    ]
    shapely.prepare(geom)
    inner, outer = (shapely.intersects(geom, _squares(corners, size, by)) for by in (-CLOSE, CLOSE))
    if (inner != outer).any():
        raise AmbiguousError
    yield from itertools.compress(corners, inner)


def _laea(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.column_stack(_to_laea.transform(lonlat[:, 0], lonlat[:, 1]))


def _squares(corners: list[tuple[int, int]], size: int, by: float) -> npt.NDArray[np.object_]:
    west, south = np.array(corners, dtype=float).T
    squares: npt.NDArray[np.object_] = shapely.box(west - by, south - by, west + size + by, south + size + by)
    return squares


def count(everything: Iterable[Given], asked: Asked) -> tuple[Cells, tuple[int, int, int]]:
    """Return the cells and (contributions, participants, unlocated)."""
    contributions: dict[tuple[int, int], int] = defaultdict(int)
    people: dict[tuple[int, int], set[int]] = defaultdict(set)
    everyone: set[int] = set()
    total = unlocated = 0
    for given in filter(asked.matches, everything):
        total += 1
        unlocated += given.wkt is None
        persons = set() if given.person is None else {given.person}
        everyone |= persons
        for cell in touched(given.wkt, asked.size) if given.wkt else ():
            contributions[cell] += 1
            people[cell] |= persons
    cells = {cell: (number, len(people[cell])) for cell, number in contributions.items()}
    return cells, (total, len(everyone), unlocated)
