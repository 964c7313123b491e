"""`bin/manage import_districts`: a district layer for counting."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from audit.recording import Action, record
from mapping.imports.districts import import_districts, read_districts
from mapping.imports.rejections import ImportReport, drained
from mapping.management.arguments import (
    add_file_options,
    campaign_of,
    crs_of,
    opened,
    require_short_name,
)


class Command(BaseCommand):
    help = "Import a layer of districts; the districts that it had before are replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("district_layer", metavar="LAYER", help="the layer's short name, e.g. wards")
        parser.add_argument("file")
        parser.add_argument("--name-field", required=True, metavar="FIELD")
        parser.add_argument("--code-field", metavar="FIELD", help="without it, the name is the code")
        parser.add_argument("--title", default="")
        parser.add_argument("--attribution", default="", help="the source of the data, shown on the map")
        parser.add_argument(
            "--campaign", nargs="+", default=[], metavar="SLUG", help="let these campaigns use it"
        )
        parser.add_argument(
            "--leave-out",
            action="store_true",
            help="leave out rows without a name or an area; they are listed",
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, store nothing")
        add_file_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        require_short_name(options["district_layer"])
        campaigns = [campaign_of(slug) for slug in options["campaign"]]
        report = ImportReport()
        with opened(options["file"], options) as table:
            districts = drained(
                read_districts(
                    table,
                    report,
                    name_field=options["name_field"],
                    code_field=options["code_field"],
                    crs=crs_of(options),
                    leave_out=options["leave_out"],
                )
            )
        for row in report.rejected:
            self.stderr.write(f"Row {row.number} is left out: {row.detail}")
        if options["dry_run"]:
            self.stdout.write(f"{len(districts)} districts would be stored. Nothing was stored.")
            return
        layer = import_districts(
            options["district_layer"],
            districts,
            title=options["title"],
            attribution=options["attribution"],
            campaigns=campaigns,
        )
        record(None, Action.IMPORTED, target=layer, view="districts", stored=len(districts))
        self.stdout.write(f"{layer.slug} has {len(districts)} districts.")
