"""`bin/restore SET`: the database and media of a set, without what was erased since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from geoparticipation.backup.errors import RestoreFailed, RestoreRefused
from geoparticipation.backup.lists import warning_of
from geoparticipation.backup.restoring import Wish, restore, take_back
from geoparticipation.management.reports import report_reopened


class Command(BaseCommand):
    """Restores a set."""

    help = (
        "Restore a set of bin/backup into the database and the media of the settings, and erase what was erased since"
        " (--erasures). Nothing is changed unless the whole set is there and can be read. Stop the site before."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument("set", type=Path, nargs="?", help="the directory of one set")
        parser.add_argument(
            "--erasures",
            type=Path,
            help="the newest list of erasures (bin/manage export_erasures FILE); SET/../erasures.txt where it is there",
        )
        parser.add_argument(
            "--without-erasures",
            action="store_true",
            help="there is no newer list: what was erased since the set was made comes back, and is known as missing",
        )
        parser.add_argument("--identity", type=Path, help="the private key of age")
        parser.add_argument("--into-live", action="store_true", help="replace the data that are there")
        parser.add_argument(
            "--take-back",
            action="store_true",
            help="drop what an interrupted restore loaded, and take the former database back; without SET nothing else",
        )
        parser.add_argument("--jobs", type=int, default=2, help="connections that load the database (2)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore, and report what is left to do."""
        if options["set"] is None:
            self._take_back(is_wanted=options["take_back"])
            return
        wish = Wish(
            path=options["set"],
            identity=options["identity"],
            erasures=options["erasures"],
            without_erasures=options["without_erasures"],
            into_live=options["into_live"],
            take_back=options["take_back"],
            jobs=options["jobs"],
        )
        try:
            done = restore(wish, self.stdout.write)
        except (RestoreRefused, RestoreFailed) as error:
            raise CommandError(str(error)) from error
        report_reopened(done, self.stdout.write)
        if done.unknown_since is None:
            self.stdout.write("Restored. The site may be started.")
        else:
            self.stdout.write("Restored. Read the warning before the site is started.")
            self.stderr.write(warning_of(done.unknown_since))

    def _take_back(self, *, is_wanted: bool) -> None:
        if not is_wanted:
            raise CommandError("Name the directory of a set.")
        try:
            take_back(self.stdout.write)
        except RestoreRefused as error:
            raise CommandError(str(error)) from error
