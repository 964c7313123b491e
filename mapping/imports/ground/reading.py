"""Files as features of the ground: extracts of OpenStreetMap, and every layer of all other files that imports read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyproj
from shapely.geometry.base import BaseGeometry

from mapping.geo.bbox import Box
from mapping.geo.errors import GeometryProblem
from mapping.imports.ground.columns import classify_row
from mapping.imports.ground.kinds import Unknown
from mapping.imports.ground.osm import is_extract, read_extract
from mapping.imports.ground.shaping import NewFeature, NotDrawn, is_within, on_map, shape_of, shaped
from mapping.imports.reading.tables import Row, Table, open_table

NOT_SAID: Final = "no field says what it is"

_Found = tuple[BaseGeometry | GeometryProblem | None, Mapping[str, object]]


@dataclass(slots=True)
class GroundReport:
    """What came of the rows of files: how many were read, lie outside of the box, are too small; what is drawn by layer
    and class, what is not by its kind (`amenity=bench`) or problem.
    """

    rows: int = 0
    outside: int = 0
    too_small: int = 0
    drawn: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class GroundReading:
    """How to read files that do not say it themselves: `crs` replaces theirs, `box` (degrees) is what is kept."""

    crs: pyproj.CRS | None = None
    encoding: str | None = None
    box: Box | None = None


def read_ground(path: Path, reading: GroundReading, report: GroundReport) -> Iterator[list[NewFeature]]:
    """The features of a file in batches; rows that are none are counted in the report. Raises TableProblem."""
    for rows in _extract(path, reading) if is_extract(path) else _tables(path, reading):
        yield _features(rows, reading, report)


def _extract(path: Path, reading: GroundReading) -> Iterator[Iterable[_Found]]:
    yield from read_extract(path, reading.box)


def _tables(path: Path, reading: GroundReading) -> Iterator[Iterable[_Found]]:
    """All layers of a file, each opened by itself."""
    layers: list[str | None] = [None]
    for layer in layers:
        with open_table(path, layer=layer, encoding=reading.encoding, first_layer=True) as table:
            if layer is None:
                layers.extend(one for one in table.layers if one != table.layer)
            yield from _rows(table, reading)


def _rows(table: Table, reading: GroundReading) -> Iterator[Iterable[_Found]]:
    for batch in table.rows(crs=reading.crs, drop_heights=True):
        yield [(_place(row), row.fields) for row in batch]


def _place(row: Row) -> BaseGeometry | GeometryProblem | None:
    return row.problem if row.problem is not None else row.geometry


def _features(rows: Iterable[_Found], reading: GroundReading, report: GroundReport) -> list[NewFeature]:
    found: list[NewFeature] = []
    for place, fields in rows:
        report.rows += 1
        if place is None or isinstance(place, GeometryProblem) or place.is_empty:
            report.problems["no shape" if not isinstance(place, GeometryProblem) else str(place)] += 1
            continue
        if not is_within(place, reading.box):
            report.outside += 1
            continue
        try:
            kind = classify_row(fields, shape_of(place))
            if isinstance(kind, Unknown):
                report.unknown[kind.words or NOT_SAID] += 1
                continue
            made = list(shaped(kind, on_map(place)))
        except NotDrawn as problem:
            report.problems[str(problem)] += 1
            continue
        report.too_small += not made
        report.drawn.update((one.layer, one.kind) for one in made)
        found += made
    return found
