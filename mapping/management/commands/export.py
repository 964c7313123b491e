"""`bin/manage export`: contributions as a file of any format, with the filters of the API; or responses to a survey."""

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from audit.recording import Action
from mapping.exports.errors import TooLargeForFormat
from mapping.exports.files import CAMPAIGN_FILES, CampaignFile, FileOrder
from mapping.exports.labels import LABELS, Labels
from mapping.exports.registry import CRS, EXTRAS, Origin, format_named, formats
from mapping.exports.responses.formats import (
    RESPONSES_FORMATS,
    Order,
    responses_format,
    write_responses,
)
from mapping.exports.responses.reading import has_survey
from mapping.exports.streams.files import write_file
from mapping.filters.problems import QueryProblem
from mapping.http.messages import sentence
from mapping.http.parameters.export import read_export
from mapping.http.views import photos_path
from mapping.management.arguments import campaign_of
from mapping.management.filters import add_filter_options, filter_query, reasons_of
from mapping.models import Campaign
from mapping.services.errors import DomainError, Invalid
from mapping.services.record import record_access

_BETWEEN: Final = 0.5
_NOT_PUBLIC: Final = "This file holds data that the public does not see."


class Command(BaseCommand):
    help = (
        "Write what the public may take home of a campaign. With --status or --exact: what the staff reads, for the "
        "work inside the city only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument(
            "--what",
            choices=("contributions", "responses", *(one.name for one in CAMPAIGN_FILES)),
            default="contributions",
            help="; ".join(
                (
                    "contributions (default), or the responses to the survey, for the staff only",
                    *(f"{one.name}: {one.help}" for one in CAMPAIGN_FILES),
                )
            ),
        )
        names = sorted(
            {one.name for one in formats()}
            | {one.name for one in RESPONSES_FORMATS}
            | {name for one in CAMPAIGN_FILES for name in one.formats}
        )
        parser.add_argument("--format", choices=names, help="needed for contributions and responses")
        parser.add_argument(
            "--out",
            metavar="FILE",
            type=Path,
            help="needed for contributions and responses (else: the terminal)",
        )
        parser.add_argument("--force", action="store_true", help="replace the file where it exists")
        parser.add_argument("--crs", choices=[str(code) for code in CRS], help="EPSG code (default: 4326)")
        parser.add_argument("--include", metavar="LIST", help=f"a comma list of {', '.join(EXTRAS)}")
        parser.add_argument(
            "--labels", choices=LABELS, help="what stands for choices (default: codes; titles in --language)"
        )
        add_filter_options(parser)
        parser.add_argument(
            "--exact",
            action="store_true",
            help="single contributions of a campaign that publishes cells, or of a draft",
        )
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _name in settings.LANGUAGES]
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        path: Path | None = options["out"]
        if path is not None and path.exists() and not options["force"]:
            raise CommandError(f"{path} exists already; --force replaces it.")
        further = CAMPAIGN_FILES.named(options["what"])
        if further is not None:
            self._write_further(further, campaign, path, options)
            return
        missing = [f"--{name}" for name in ("format", "out") if options[name] is None]
        if path is None or missing:
            raise CommandError(f"Please give {' and '.join(missing)}.")
        if options["what"] == "responses":
            self._write_responses(campaign, path, options)
            return
        self._write_contributions(campaign, path, options)

    def _write_contributions(self, campaign: Campaign, path: Path, options: Mapping[str, Any]) -> None:
        wanted = format_named(options["format"])
        if wanted is None:
            raise CommandError(f"{options['format']} is a format of --what responses.")
        query = _query(options)
        address = reverse("api:download", args=(campaign.slug, wanted.name))
        origin = Origin(
            f"{settings.SITE_URL}{address}?{query.urlencode()}", f"{settings.SITE_URL}{photos_path()}"
        )
        unfinished = path.with_name(f".{os.getpid()}-{path.stem}.{wanted.name}")
        with translation.override(options["language"]):
            try:
                # Operators can read the database anyway: permissions are those of the public, or of an administrator.
                user = (
                    User(is_superuser=True)
                    if options["status"] or options["exact"]
                    else User(is_active=False)
                )
                asked = read_export(query, user, campaign, wanted, "export-command")
                write_file(
                    wanted,
                    asked.content,
                    origin,
                    unfinished,
                    asked.options.crs,
                    self._progress(),
                    include=asked.options.include,
                    labels=asked.options.labels,
                )
                unfinished.replace(path)
            except Invalid as error:
                raise CommandError(reasons_of(error)) from error
            except (DomainError, QueryProblem) as error:
                raise CommandError(sentence(error.code, error.params)) from error
            except TooLargeForFormat as error:
                raise CommandError(sentence(error.code, {"format": error.name})) from error
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
            finally:
                unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
        if not asked.is_public:
            self.stderr.write(_NOT_PUBLIC)

    def _write_responses(self, campaign: Campaign, path: Path, options: Mapping[str, Any]) -> None:
        wanted = responses_format(options["format"])
        if wanted is None:
            names = ", ".join(known.name for known in RESPONSES_FORMATS)
            raise CommandError(f"Responses are written as one of: {names}.")
        labels: Labels = options["labels"] or "codes"
        unusable = [*_query({**options, "labels": None}), *(["exact"] if options["exact"] else [])]
        unusable += [] if labels in wanted.labels else ["labels"]
        if unusable:
            named = ", ".join(f"--{name}" for name in unusable)
            raise CommandError(f"This is not possible with responses as {wanted.name}: {named}")
        if not has_survey(campaign):
            raise CommandError(sentence("no_survey", {}))
        unfinished = path.with_name(f".{os.getpid()}-{path.stem}.{wanted.name}")
        address = reverse("api:responses-download", args=(campaign.slug, wanted.name))
        record_access(None, campaign, "export-command", Action.DOWNLOADED, format=wanted.name)
        with translation.override(options["language"]):
            try:
                order = Order(campaign, labels, f"{settings.SITE_URL}{address}", self._progress())
                write_responses(wanted, order, unfinished)
                unfinished.replace(path)
            except TooLargeForFormat as error:
                raise CommandError(sentence(error.code, {"format": error.name})) from error
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
            finally:
                unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
        self.stderr.write(_NOT_PUBLIC)

    def _write_further(
        self, wanted: CampaignFile, campaign: Campaign, path: Path | None, options: Mapping[str, Any]
    ) -> None:
        form: str = options["format"] or wanted.formats[0]
        if form not in wanted.formats:
            raise CommandError(f"{wanted.name} are written as one of: {', '.join(wanted.formats)}.")
        labels: Labels = options["labels"] or "codes"
        unusable = [*_query({**options, "labels": None, "category": None})]
        unusable += ["exact"] if options["exact"] else []
        unusable += [] if labels in wanted.labels else ["labels"]
        if unusable:
            named = ", ".join(f"--{name}" for name in unusable)
            raise CommandError(f"This is not possible with {wanted.name}: {named}")
        order = FileOrder(campaign, form, labels, ",".join(options["category"] or ()))
        with translation.override(options["language"]):
            try:
                content = wanted.write(order)
                if path is None:
                    self.stdout.write(b"".join(content.pieces).decode(), ending="")
                else:
                    _write_pieces(content.pieces, path)
            except Invalid as error:
                raise CommandError(reasons_of(error)) from error
            except DomainError as error:
                raise CommandError(sentence(error.code, error.params)) from error
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from error
        if path is not None:
            self.stdout.write(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
        if not content.is_public:
            self.stderr.write(_NOT_PUBLIC)

    def _progress(self) -> Callable[[int, int], None]:
        told_at = 0.0
        is_terminal = sys.stderr.isatty()

        def tell(done: int, total: int) -> None:
            nonlocal told_at
            now = time.monotonic()
            if total and (now - told_at >= _BETWEEN or done == total):
                told_at = now
                text = f"{done:,} of {total:,} ({done * 100 // total} %)"
                self.stderr.write(text, ending="\r" if is_terminal and done < total else "\n")

        return tell


def _write_pieces(pieces: Iterable[bytes], path: Path) -> None:
    """Write a file that is never seen unfinished."""
    unfinished = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        with unfinished.open("xb") as file:
            for piece in pieces:
                file.write(piece)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _query(options: Mapping[str, Any]) -> QueryDict:
    query = filter_query(options).copy()
    for name in ("crs", "include", "labels"):
        if options.get(name):
            query[name] = options[name]
    return query
