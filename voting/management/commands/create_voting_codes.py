"""`bin/manage create_voting_codes`: a series of new voting codes, as a table or as letters."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mapping.exports.documents.pdf import is_possible
from mapping.http.messages import sentence
from mapping.management.arguments import campaign_of
from mapping.management.filters import reasons_of
from mapping.models import Campaign, District
from mapping.services.errors import Invalid
from voting.services.codes import MOST_CODES, MadeSeries, make_series, next_name
from voting.services.letters import LETTERS_IN_A_FILE, codes_as_csv, letters

_FORMATS: Final = ("csv", "pdf")
_FOR_THE_OWNER: Final = 0o600


class Command(BaseCommand):
    help = (
        "Make voting codes and write them to a file, this once: the database keeps digests only. Whoever has the file "
        "can vote; delete it once the letters are printed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="SLUG")
        parser.add_argument("number", metavar="N", type=int, help=f"how many, at most {MOST_CODES}")
        parser.add_argument("--out", required=True, metavar="FILE", type=Path)
        parser.add_argument("--district", metavar="CODE", help="the district whose people get the letters")
        parser.add_argument(
            "--format",
            choices=_FORMATS,
            help="csv: number, code, link, district; pdf: letters with QR codes, several files from "
            f"{LETTERS_IN_A_FILE} on (default: by the ending of FILE, else csv)",
        )
        parser.add_argument("--name", help="the name of the series (default: the next number)")

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        path: Path = options["out"]
        wanted = options["format"] or ("pdf" if path.suffix.lower() == ".pdf" else "csv")
        if wanted == "pdf" and not is_possible():
            raise CommandError("PDF files need Pango on this machine; --format csv works without.")
        district = _district(campaign, options["district"])
        name = options["name"] or next_name(campaign)
        written: list[Path] = []
        try:
            # Stored only once the file is written: nobody could read the codes again.
            with transaction.atomic():
                made = make_series(campaign, name, options["number"], district=district, actor=None)
                for target, content in _files(path, wanted, made):
                    _write(target, content)
                    written.append(target)
        except BaseException as error:
            for target in written:
                target.unlink(missing_ok=True)
            if isinstance(error, Invalid):
                raise CommandError(reasons_of(error)) from error
            if isinstance(error, FileExistsError):
                raise CommandError(f"{error.filename} exists already.") from error
            if isinstance(error, OSError):
                raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
            raise
        names = ", ".join(str(target) for target in written)
        self.stdout.write(f"{names}: {len(made.codes)} codes, series {made.series.name}.")
        self.stderr.write("Whoever has this file can vote. Delete it once the letters are printed.")


def _files(path: Path, wanted: str, made: MadeSeries) -> Iterator[tuple[Path, bytes]]:
    if wanted == "csv":
        yield path, codes_as_csv(made.series, made.codes)
        return
    is_one = len(made.codes) <= LETTERS_IN_A_FILE
    for number, content in enumerate(letters(made.series, made.codes), start=1):
        yield path if is_one else path.with_name(f"{path.stem}-{number}{path.suffix}"), content


def _write(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read; nothing stays of one that could not be written."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_THE_OWNER), "wb") as file:
        try:
            file.write(content)
            file.flush()
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _district(campaign: Campaign, code: str | None) -> District | None:
    if code is None:
        return None
    found = District.objects.filter(layer=campaign.district_layer_id, code=code).first()
    if found is None:
        known = District.objects.filter(layer=campaign.district_layer_id).values_list("code", flat=True)
        raise CommandError(sentence("unknown_district", {"choices": ", ".join(known) or "-"}))
    return found
