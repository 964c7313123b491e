"""`bin/manage import_contributions`: contributions from a file."""

import csv
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override
from tqdm import tqdm

from audit.recording import Action, record
from mapping.geo.formulas import guarded
from mapping.imports.contributions import ImportOptions, import_contributions
from mapping.imports.messages import note_sentence
from mapping.imports.parts import Parts
from mapping.imports.reading.columns import guessed_crs
from mapping.imports.reading.dates import DateForm
from mapping.imports.reading.rows import Table
from mapping.imports.rejections import ImportReport, by_reason, drained
from mapping.management.arguments import (
    add_column_options,
    add_file_options,
    campaign_of,
    columns_of,
    crs_of,
    opened,
)
from mapping.models import Campaign, ContributionStatus, Source


class Command(BaseCommand):
    help = (
        "Import contributions from CSV, XLSX, GeoJSON, GeoPackage, Shapefile, KML and other files (also .gz and .zip). "
        "Rows that fail a check are left out and listed in a report. Running it again stores nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="the campaign's short name")
        parser.add_argument("file")
        add_column_options(parser)
        add_file_options(parser)
        parser.add_argument(
            "--drop-heights", action="store_true", help="take 3-D geometries without their heights"
        )
        parser.add_argument(
            "--parts",
            choices=[one.value for one in Parts],
            default=Parts.WHOLE.value,
            help="places of several parts: refuse them, split them into single places, or join lines and touching "
            "areas first",
        )
        parser.add_argument("--without-place", action="store_true", help="take rows without a geometry")
        parser.add_argument(
            "--id-field", metavar="FIELD", help="unique in the file; without it, all of a row is its id"
        )
        parser.add_argument("--category-field", metavar="FIELD", help="titles or short names of categories")
        parser.add_argument("--category", help="one category for all rows")
        parser.add_argument(
            "--create-categories",
            action="store_true",
            help="make categories that are missing, and open them for the kinds of places in the file",
        )
        parser.add_argument("--time-field", metavar="FIELD", help="when it was made")
        parser.add_argument(
            "--dates",
            choices=[form.value for form in DateForm],
            default=DateForm.ANY.value,
            help="how dates are written; without it, they decide themselves",
        )
        parser.add_argument(
            "--time-zone", metavar="NAME", help="of times without one, e.g. UTC; without it, the site's"
        )
        parser.add_argument("--text-field", metavar="FIELD")
        parser.add_argument(
            "--participant-field", metavar="FIELD", help="tells people apart; only a keyed hash is kept"
        )
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="QUESTION=FIELD",
            help="the field that answers a question (its short name); may be repeated",
        )
        statuses = list(ContributionStatus.values)
        parser.add_argument("--status", choices=statuses, default=ContributionStatus.PUBLISHED.value)
        parser.add_argument("--source", choices=Source.values, default=Source.IMPORT.value)
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")
        parser.add_argument("--report", metavar="FILE", help="where to list rejected rows (CSV)")

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        wanted = _import_options(options)
        report = ImportReport()
        try:
            with (
                opened(options["file"], options) as table,
                tqdm(total=table.count, unit="rows", disable=None) as bar,
            ):
                looks_like = _other_crs(table, wanted)
                drained(
                    import_contributions(campaign, table, wanted, report, dry_run=options["dry_run"]),
                    bar.update,
                )
        except ValueError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self._tell(campaign, report, options["report"])
            raise CommandError("Interrupted. The same command goes on where this one stopped.") from None
        self._tell(campaign, report, options["report"])
        if report.rejected and not report.stored and not report.known:
            hint = f" The coordinates look like {looks_like}: try --crs {looks_like}." if looks_like else ""
            raise CommandError(f"No row could be stored.{hint}")

    def _tell(self, campaign: Campaign, report: ImportReport, path: str | None) -> None:
        if report.stored:
            record(None, Action.IMPORTED, campaign=campaign, view="contributions", stored=report.stored)
        self.stdout.write(f"stored {report.stored}, known {report.known}, rejected {len(report.rejected)}")
        for code, count in report.notes.items():
            with override("en"):
                self.stdout.write(f"  {count} × {note_sentence(code)}")
        if not report.rejected:
            return
        for name, code, count in by_reason(report.rejected):
            self.stdout.write(f"  {count} × {name}: {code}")
        written = _write(report, Path(path) if path else _default_path(campaign))
        self.stdout.write(f"Each rejected row with its reason: {written}")


def _import_options(options: Mapping[str, Any]) -> ImportOptions:
    lon, lat = columns_of(options)
    if options["category"] and options["category_field"]:
        raise CommandError("Give --category or --category-field, not both.")
    answers = {}
    for pair in options["answer"]:
        question, equals, field = pair.partition("=")
        if not (question and equals and field):
            raise CommandError(f"--answer {pair} is not of the form QUESTION=FIELD.")
        answers[question] = field
    return ImportOptions(
        lon_field=lon,
        lat_field=lat,
        crs=crs_of(options),
        drop_heights=options["drop_heights"],
        parts=Parts(options["parts"]),
        without_place=options["without_place"],
        id_field=options["id_field"],
        category_field=options["category_field"],
        category=options["category"],
        create_categories=options["create_categories"],
        time_field=options["time_field"],
        date_form=DateForm(options["dates"]),
        time_zone=options["time_zone"],
        text_field=options["text_field"],
        participant_field=options["participant_field"],
        answer_fields=answers,
        status=options["status"],
        source=options["source"],
    )


def _other_crs(table: Table, options: ImportOptions) -> str | None:
    """Guess the CRS by the range of coordinates that cannot be degrees, if none is given."""
    if options.crs or not (options.lon_field and options.lat_field):
        return None
    table.require(options.lon_field, options.lat_field)
    guess = guessed_crs(table.values(options.lon_field, 200), table.values(options.lat_field, 200))
    return None if guess == "EPSG:4326" else guess


def _default_path(campaign: Campaign) -> Path:
    moment = timezone.localtime().strftime("%Y-%m-%d-%H%M%S")
    return Path(settings.VAR_DIR) / "reports" / f"import-{campaign.slug}-{moment}.csv"


def _write(report: ImportReport, path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("row", "field", "reason", "detail"))
            writer.writerows(
                (row.number, guarded(row.field), row.code, guarded(row.detail)) for row in report.rejected
            )
    except OSError as error:
        raise CommandError(f"The rows were imported, but the report cannot be written: {error}") from error
    return path
