"""Import of names for the address search."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyproj
import shapely
from django.contrib.gis.geos import Point
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import to_laea, to_lonlat
from mapping.geo.errors import GeometryProblem, TextProblem
from mapping.geo.geojson import parse_point
from mapping.geo.text import cell_text, clean_text
from mapping.imports.problems import TableProblem
from mapping.imports.reading.rows import Row, Table
from mapping.imports.rejections import ImportReport
from mapping.models import Address

NEIGHBOURS: Final = 250
"""Metres: pieces of a street with the same name at most twice this apart are one street."""

_BATCH = 5_000
_Named = dict[tuple[str, str], list[BaseGeometry]]


@dataclass(frozen=True)
class NewAddress:
    """A name with one position (longitude and latitude in degrees, EPSG:4326)."""

    name: str
    kind: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class AddressFields:
    """The fields of a file for name, kind and position."""

    name: str
    kind_field: str | None = None
    kind: str = ""
    lon: str | None = None
    lat: str | None = None
    crs: pyproj.CRS | None = None


def read_addresses(
    table: Table, report: ImportReport, fields: AddressFields
) -> Generator[int, None, list[NewAddress]]:
    """Read the addresses of a file: points as they are, lines and areas with one name as one position. Yields the rows
    of each batch; rows without a name or a position are added to the report.

    Raises TableProblem where no row has both.
    """
    table.require(fields.name, fields.kind_field)
    points: list[NewAddress] = []
    shapes: _Named = {}
    rows = table.rows(crs=fields.crs, lon_field=fields.lon, lat_field=fields.lat, drop_heights=True)
    for batch in rows:
        for row in report.sound(batch):
            try:
                _sort_in(row, fields, points, shapes)
            except (GeometryProblem, TextProblem) as problem:
                field = "geometry" if isinstance(problem, GeometryProblem) else "name"
                report.reject(row, field, problem.code, str(problem), problem.params)
        yield len(batch)
    found = [*points, *_positions(shapes)]
    if not found:
        raise TableProblem("The file holds no name with a position.", "file_without_names")
    return found


def _sort_in(row: Row, fields: AddressFields, points: list[NewAddress], shapes: _Named) -> None:
    name = clean_text(cell_text(row.fields[fields.name]), max_length=200, multiline=False)
    kind = cell_text(row.fields[fields.kind_field]) if fields.kind_field else fields.kind
    kind = clean_text(kind, max_length=40, multiline=False)
    if row.problem is not None:
        raise row.problem
    if row.geometry is None:
        raise GeometryProblem("geometry_required")
    if not name:
        raise TextProblem("required")
    if isinstance(row.geometry, shapely.Point):
        point = parse_point(row.geometry.x, row.geometry.y)
        points.append(NewAddress(name, kind, point.x, point.y))
    else:
        shapes.setdefault((name, kind), []).append(to_laea(row.geometry))


def _positions(shapes: _Named) -> Iterator[NewAddress]:
    """One position on each street or area; equal names that are far apart are different places."""
    for (name, kind), parts in shapes.items():
        together = shapely.union_all(parts)
        for reach in shapely.get_parts(shapely.union_all(shapely.buffer(parts, NEIGHBOURS))).tolist():
            here = shapely.intersection(together, reach)
            middle = shapely.shortest_line(here, shapely.centroid(here))
            position = to_lonlat(shapely.Point(shapely.get_coordinates(middle)[0]))
            yield NewAddress(name, kind, position.x, position.y)


def import_addresses(addresses: Iterable[NewAddress], *, replace: bool = False) -> int:
    """Add addresses that are new by name, kind and position; return their number.

    With `replace` all others are deleted first. Atomic.
    """
    with transaction.atomic():
        if replace:
            Address.objects.all().delete()
        fresh = _unknown(addresses, _all_known())
        stored = 0
        while batch := list(islice(fresh, _BATCH)):
            Address.objects.bulk_create(batch)
            stored += len(batch)
    return stored


def _all_known() -> set[tuple[str, str, float, float]]:
    rows = Address.objects.values_list("name", "kind", "geom").iterator()
    return {_key(name, kind, geom.x, geom.y) for name, kind, geom in rows}


def _unknown(addresses: Iterable[NewAddress], known: set[tuple[str, str, float, float]]) -> Iterator[Address]:
    for address in addresses:
        key = _key(address.name, address.kind, address.lon, address.lat)
        if key not in known:
            known.add(key)
            yield Address(name=address.name, kind=address.kind, geom=Point(key[2], key[3], srid=4326))


def _key(name: str, kind: str, lon: float, lat: float) -> tuple[str, str, float, float]:
    """The key of duplicate addresses: five decimals of a degree are about a metre."""
    return name, kind, round(lon, 5), round(lat, 5)
