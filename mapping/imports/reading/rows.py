"""Rows of a file with their places in longitude and latitude, for all file formats."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.geo.angles import parse_coordinate
from mapping.geo.crs import WGS84
from mapping.geo.errors import GeometryProblem
from mapping.imports.problems import TableProblem
from mapping.imports.reading.shapes import Found, in_lonlat

MOST_FIELDS: Final = 1_000
"""Most columns of a table; one with more is a matrix, not a list of places."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Options for reading a file that does not define them itself.

    `layer` is a layer or sheet, `header` the number of the header line (0: none), `place_field`
    a column with places (WKT, WKB, GeoJSON or both coordinates), `lat_first` the order of both coordinates in it.
    """

    layer: str | None = None
    encoding: str | None = None
    header: int | None = None
    place_field: str | None = None
    lat_first: bool | None = None


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is invalid as a whole, for any kind of import."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (from 1, below the header), its geometry in longitude and latitude or the problem
    with it (both None: no geometry), its fields; `fault` if the row is invalid as a whole, `part` (from 1) if its place
    was split (`parts`).
    """

    number: int
    geometry: BaseGeometry | None
    problem: GeometryProblem | None
    fields: Mapping[str, object]
    fault: RowFault | None = None
    part: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive rows: their numbers, the cells of each column, the places in the file's CRS, faults by index."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[object]]
    places: Sequence[Found]
    faults: Mapping[int, RowFault] = field(default_factory=dict)


class RowSource(Protocol):
    """Reads the rows of one layer from its file."""

    def batches(self, most: int, *, drop_heights: bool) -> Iterator[Batch]:
        """Yield the rows in order, optionally only the first ones."""

    def values(self, index: int, most: int) -> Iterator[object]:
        """The first cells of one column, without the places."""


@dataclass(frozen=True, slots=True)
class Table:
    """A readable layer of a file: its field names, whether it has geometries, its CRS (None if undefined), its number
    of rows; `layers` names all layers with rows.

    Sheets also have the number of their header line (`header`, 0: none), the beginnings of their first lines (`heads`),
    and the column with the places (`place_field`).
    """

    fields: tuple[str, ...]
    has_geometries: bool
    crs: pyproj.CRS | None
    count: int
    layer: str
    layers: tuple[str, ...]
    source: RowSource
    header: int | None = None
    heads: tuple[str, ...] = ()
    place_field: str | None = None
    lat_first: bool | None = None

    def require(self, *names: str | None) -> None:
        """Raise TableProblem for the first name that is not a field."""
        require_fields(self.fields, *names)

    def rows(
        self,
        *,
        crs: pyproj.CRS | None = None,
        lon_field: str | None = None,
        lat_field: str | None = None,
        drop_heights: bool = False,
        most: int | None = None,
    ) -> Iterator[list[Row]]:
        """The rows in batches, geometries transformed to longitude and latitude (EPSG:4326).

        `crs` replaces the CRS of the file; with `lon_field` and `lat_field` points are made from two columns (x and y
        of `crs`, by default EPSG:4326). A row with an unusable geometry has the problem instead, also one with heights
        unless they are to be dropped. `most` limits the rows.
        """
        self.require(lon_field, lat_field)
        axes = (
            [self.fields.index(name) for name in (lon_field, lat_field) if name]
            if lon_field and lat_field
            else []
        )
        wanted = self.count if most is None else min(most, self.count)
        for batch in self.source.batches(wanted, drop_heights=drop_heights):
            if axes:
                points = _points(*(batch.columns[index] for index in axes))
                placed = in_lonlat(points, crs, WGS84)
            else:
                placed = in_lonlat(batch.places, crs, self.crs or WGS84)
            lines = zip(*batch.columns, strict=True) if batch.columns else ((),) * len(placed)
            yield [
                Row(
                    batch.numbers[index],
                    None if isinstance(found, GeometryProblem) else found,
                    found if isinstance(found, GeometryProblem) else None,
                    dict(zip(self.fields, line, strict=True)),
                    batch.faults.get(index),
                )
                for index, (found, line) in enumerate(zip(placed, lines, strict=True))
            ]

    def values(self, name: str, most: int | None = None) -> Iterator[object]:
        """The values of one field, without the places."""
        self.require(name)
        wanted = self.count if most is None else min(most, self.count)
        return self.source.values(self.fields.index(name), wanted)


def require_fields(fields: Sequence[str], *names: str | None) -> None:
    """Raise TableProblem for the first name that is not among the fields."""
    for name in names:
        if name and name not in fields:
            known = ", ".join(fields)[:2_000] or "none"
            raise TableProblem(
                f"There is no field {name}; the file has {known}.", "file_without_field", field=name
            )


def require_few(name: str, number: int) -> None:
    """Raise TableProblem for a table with too many columns."""
    if number > MOST_FIELDS:
        raise TableProblem(
            f"{name} has {number} fields; at most {MOST_FIELDS} can be read.",
            "file_too_many_fields",
            number=number,
            most=MOST_FIELDS,
        )


def chosen_layer(
    name: str, known: Sequence[str], filled: Sequence[str], layer: str | None, *, first: bool
) -> str:
    """Choose a layer: the named one, the only one with rows, or the first one of these."""
    if not known:
        raise TableProblem(f"{name} cannot be read: it has no layer with data.", "file_without_layers")
    if layer is not None:
        if layer not in known:
            raise TableProblem(
                f"{name} cannot be read: it has no layer {layer}, but {', '.join(known)}.",
                "file_without_layer",
            )
        return layer
    filled = filled or known
    if len(filled) > 1 and not first:
        raise TableProblem(
            f"{name} has several layers; choose one with --layer: {', '.join(filled)}.", "file_with_layers"
        )
    return filled[0]


def _points(xs: Sequence[object], ys: Sequence[object]) -> list[Found]:
    """Points from two columns of a table."""
    return [_point(x, y) for x, y in zip(xs, ys, strict=True)]


def _point(x: object, y: object) -> Found:
    blank = _is_blank(x), _is_blank(y)
    if all(blank):
        return None
    if any(blank):
        return GeometryProblem("missing", member="coordinates")
    try:
        return shapely.Point(parse_coordinate(str(x), "lon"), parse_coordinate(str(y), "lat"))
    except GeometryProblem as problem:
        return problem


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
