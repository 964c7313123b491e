"""`bin/manage import_population`: a population grid, for rates."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from audit.recording import Action, record
from mapping.imports.population import import_population, read_population
from mapping.imports.rejections import ImportReport, drained
from mapping.management.arguments import add_file_options, opened, require_short_name


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
        require_short_name(options["grid"])
        with opened(options["file"], options) as table:
            size, cells = drained(
                read_population(
                    table, ImportReport(), id_field=options["id_field"], count_fields=options["count_field"]
                )
            )
        grid = import_population(
            options["grid"],
            cells,
            size=size,
            title=options["title"],
            attribution=options["attribution"],
        )
        record(None, Action.IMPORTED, target=grid, view="population", stored=len(cells))
        self.stdout.write(
            f"{grid.slug} has {len(cells)} cells of {size} m with {sum(cells.values())} inhabitants."
        )
