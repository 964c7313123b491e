"""`bin/manage import_addresses`: names for the address search."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from audit.recording import Action, record
from mapping.imports.addresses import AddressFields, import_addresses, read_addresses
from mapping.imports.rejections import ImportReport, drained
from mapping.management.arguments import add_column_options, add_file_options, columns_of, crs_of, opened


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
        lon, lat = columns_of(options)
        report = ImportReport()
        fields = AddressFields(
            name=options["name_field"],
            kind_field=options["kind_field"],
            kind=options["kind"],
            lon=lon,
            lat=lat,
            crs=crs_of(options),
        )
        with opened(options["file"], options) as table:
            found = drained(read_addresses(table, report, fields))
        stored = import_addresses(found, replace=options["replace"])
        record(None, Action.IMPORTED, view="addresses", stored=stored)
        self.stdout.write(f"stored {stored}, known {len(found) - stored}, rejected {len(report.rejected)}")
