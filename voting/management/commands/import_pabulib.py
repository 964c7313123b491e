"""`bin/manage import_pabulib`: a vote with its options and ballots from a `.pb` file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.management.arguments import campaign_of, require_short_name
from mapping.management.filters import reasons_of
from mapping.services.errors import Invalid
from voting.counting.pabulib import PabulibError, PabulibFile
from voting.counting.pabulib.reading import read_pabulib
from voting.services.pabulib.importing import import_pabulib, shortened


class Command(BaseCommand):
    help = (
        "Import a vote with its projects and ballots, a file of Pabulib (.pb), as a category of a campaign."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="SLUG")
        parser.add_argument("file")
        parser.add_argument(
            "--category", default="pabulib", metavar="SLUG", help="the short name of the new category"
        )
        parser.add_argument("--title", default="", help="its title; without it, the file's description")
        parser.add_argument("--dry-run", action="store_true", help="check everything, store nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        require_short_name(options["category"])
        file = _read(options["file"])
        title = options["title"] or file.meta.get("description") or options["category"]
        for key in file.unknown:
            self.stderr.write(f"The key {key} is not known and is left out.")
        for name in shortened(file.projects):
            self.stderr.write(f"The name is shortened: {name[:200]}")
        if options["dry_run"]:
            self.stdout.write(_summary(file, "would be stored. Nothing was stored."))
            return
        try:
            import_pabulib(campaign, file, slug=options["category"], title=" ".join(title.split())[:120])
        except Invalid as error:
            raise CommandError(reasons_of(error)) from error
        self.stdout.write(_summary(file, f"are stored in the category {options['category']}."))


def _read(path: str) -> PabulibFile:
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            return read_pabulib(lines)
    except PabulibError as error:
        raise CommandError(str(error)) from error
    except UnicodeDecodeError as error:
        raise CommandError("The file is not UTF-8.") from error
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error}") from error


def _summary(file: PabulibFile, words: str) -> str:
    return f"{len(file.projects)} projects and {len(file.ballots)} ballots ({file.kind}) {words}"
