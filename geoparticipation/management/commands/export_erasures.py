"""`bin/manage export_erasures FILE`: the list of what was erased, to be kept apart from backups."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.services.erasures.ledger import BrokenLedger, export_ledger


class Command(BaseCommand):
    """Writes the ledger of erasures."""

    help = (
        "Write hashes of what was erased to a file, with what the file has already: for bin/restore --erasures. Run it"
        " every few minutes, and copy the file to another machine. It names nobody."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file."""
        try:
            ledger = export_ledger(options["file"])
        except (BrokenLedger, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(ledger.entries):,} erasures until {ledger.until.isoformat()}")
