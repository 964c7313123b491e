"""`bin/manage import_addresses`: names for the address search."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

import shapely
from django.core.management.base import BaseCommand, CommandError
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import to_laea, to_lonlat
from mapping.geo.errors import GeometryProblem, TextProblem
from mapping.geo.geojson import parse_point
from mapping.geo.text import clean_text
from mapping.management.arguments import add_column_options, add_file_options, columns_of, crs_of, opened
from mapping.services.addresses import NewAddress, import_addresses
from mapping.services.tables import Table
from mapping.services.values import text_of

_Named = dict[tuple[str, str], list[BaseGeometry]]
NEIGHBOURS = 250
"""Metres: pieces of a street with one name that are no further apart than twice this are one street."""


class Command(BaseCommand):
    help = (
        "Import addresses, streets or places for the search. Points stay as they are; lines and areas with one name "
        "become one position. Running it again adds nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--name-field", required=True, metavar="FIELD")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--kind-field", metavar="FIELD", help="the field that says what it is, e.g. street")
        kind.add_argument("--kind", default="", help="what all of them are")
        parser.add_argument("--replace", action="store_true", help="forget all addresses known so far")
        add_column_options(parser)
        add_file_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        with opened(options["file"], options) as table:
            table.require(options["name_field"], options["kind_field"])
            self._skipped = 0
            points, shapes = self._read(table, options)
        found = [*points, *_positions(shapes)]
        if not found:
            raise CommandError("The file holds no name with a position.")
        stored = import_addresses(found, replace=options["replace"])
        self.stdout.write(f"stored {stored}, known {len(found) - stored}, rejected {self._skipped}")

    def _read(self, table: Table, options: dict[str, Any]) -> tuple[list[NewAddress], _Named]:
        points: list[NewAddress] = []
        shapes: _Named = {}
        lon, lat = columns_of(options)
        for batch in table.rows(crs=crs_of(options), lon_field=lon, lat_field=lat, drop_heights=True):
            for row in batch:
                try:
                    name = clean_text(
                        text_of(row.fields[options["name_field"]]), max_length=200, multiline=False
                    )
                    kind = (
                        text_of(row.fields[options["kind_field"]])
                        if options["kind_field"]
                        else options["kind"]
                    )
                    kind = clean_text(kind, max_length=40, multiline=False)
                    if not name or row.geometry is None:
                        self._skipped += 1
                    elif isinstance(row.geometry, shapely.Point):
                        point = parse_point(row.geometry.x, row.geometry.y)
                        points.append(NewAddress(name, kind, point.x, point.y))
                    else:
                        shapes.setdefault((name, kind), []).append(to_laea(row.geometry))
                except (GeometryProblem, TextProblem):
                    self._skipped += 1
        return points, shapes


def _positions(shapes: _Named) -> Iterator[NewAddress]:
    """One position on each street or area; far away from each other, equal names are different places."""
    for (name, kind), parts in shapes.items():
        together = shapely.union_all(parts)
        for reach in shapely.get_parts(shapely.union_all(shapely.buffer(parts, NEIGHBOURS))).tolist():
            here = shapely.intersection(together, reach)
            middle = shapely.shortest_line(here, shapely.centroid(here))
            position = to_lonlat(shapely.Point(shapely.get_coordinates(middle)[0]))
            yield NewAddress(name, kind, position.x, position.y)
