"""`bin/manage import_population`: a grid of inhabitants, for rates."""

import re
from argparse import ArgumentParser
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug

from mapping.geo.grid import Cell
from mapping.management.arguments import add_file_options, opened
from mapping.services.population import import_population
from mapping.services.tables import Row, Table
from mapping.services.values import text_of

MOST_INHABITANTS: Final = 2_000_000_000
"""What a column of the database holds."""

_NOTHING: Final = frozenset({"", "-", "–", ".", "-1"})
"""How statistical offices write that nobody lives in a cell, or that they keep it secret."""
# The short codes of older tables (1kmN2916E4150, 100mN28567E43327) leave out the zeros of the corner.
_SHORT: Final = re.compile(r"([1-9][0-9]{0,3})(k?m)N([0-9]{1,6})E([0-9]{1,6})")
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,20})?")


class Command(BaseCommand):
    help = (
        "Import inhabitants per cell of the European grid (EPSG:3035), such as a census publishes them; the cells"
        " that the grid had before are replaced."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("grid", metavar="GRID", help="the grid's short name, e.g. census-2022")
        parser.add_argument("file")
        parser.add_argument(
            "--id-field", required=True, metavar="FIELD", help="ids such as CRS3035RES1000mN2916000E4150000"
        )
        parser.add_argument(
            "--count-field",
            required=True,
            action="append",
            metavar="FIELD",
            help="inhabitants; several are added up, e.g. age groups",
        )
        parser.add_argument("--title", default="")
        parser.add_argument("--attribution", default="", help="the source of the data, shown beside rates")
        add_file_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            validate_slug(options["grid"])
        except ValidationError as error:
            raise CommandError(f"{options['grid']} is no short name: letters, digits and hyphens.") from error
        with opened(options["file"], options) as table:
            table.require(options["id_field"], *options["count_field"])
            size, cells = _cells(table, options["id_field"], options["count_field"])
        grid = import_population(
            options["grid"],
            cells,
            size=size,
            title=options["title"],
            attribution=options["attribution"],
        )
        self.stdout.write(
            f"{grid.slug} has {len(cells)} cells of {size} m with {sum(cells.values())} inhabitants."
        )


def _cells(table: Table, id_field: str, count_fields: list[str]) -> tuple[int, dict[int, int]]:
    """The size of the cells and inhabitants by key; every row must be right, or nothing is stored."""
    cells: dict[int, int] = {}
    sizes: set[int] = set()
    for batch in table.rows():
        for row in batch:
            cell = _cell(row, id_field)
            sizes.add(cell.size)
            if len(sizes) > 1:
                raise CommandError(f"Row {row.number} has a cell of another size than the rows before.")
            if cell.key in cells:
                raise CommandError(f"Row {row.number} repeats the cell {cell.id}.")
            inhabitants = sum(_count(row, field) for field in count_fields)
            if inhabitants > MOST_INHABITANTS:
                raise CommandError(f"Row {row.number} has more inhabitants than there can be.")
            cells[cell.key] = round(inhabitants)
    if not cells:
        raise CommandError("The file has no rows.")
    return sizes.pop(), cells


def _cell(row: Row, field: str) -> Cell:
    text = text_of(row.fields[field])
    short = _SHORT.fullmatch(text)
    try:
        if short:
            size = int(short[1]) * (1000 if short[2] == "km" else 1)
            return Cell(size, int(short[4]) * size, int(short[3]) * size)
        return Cell.parse(text)
    except ValueError as error:
        raise CommandError(
            f"Row {row.number}: {text[:60] or 'nothing'} is not the id of a cell such as"
            " CRS3035RES1000mN2916000E4150000."
        ) from error


def _count(row: Row, field: str) -> float:
    text = text_of(row.fields[field])
    if text in _NOTHING:
        return 0
    if not _NUMBER.fullmatch(text):
        raise CommandError(f"Row {row.number}: {text[:60]} in {field} is not a number of inhabitants.")
    return float(text.replace(",", "."))
