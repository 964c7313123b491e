"""`bin/manage after_restore`: the steps of bin/restore for a database that another program restored (pgBackRest)."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from geoparticipation.backup.errors import RestoreRefused
from geoparticipation.backup.lists import require_remembered, warning_of
from geoparticipation.backup.reaching import reach_server
from geoparticipation.backup.reopening import delete_strays, reopen
from geoparticipation.management.reports import report_reopened
from mapping.services.erasures.ledger import BrokenLedger, Ledger, current_ledger, read_ledger
from mapping.services.erasures.replaying import NotErased
from mapping.services.retained.removing import NotRemoved


class Command(BaseCommand):
    """Prepares a database that was restored by other means."""

    help = (
        "After a database was restored by other means than bin/restore (to a moment, by pgBackRest): erase what was"
        " erased after that moment, hold releases that may follow unknown ones, end sessions. Before the site opens."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument(
            "--moment",
            required=True,
            help="the moment the database is of, with its offset: 2026-11-30T03:00+01:00",
        )
        found = parser.add_mutually_exclusive_group(required=True)
        found.add_argument("--erasures", type=Path, help="the newest list of erasures, newer than the moment")
        found.add_argument("--without-erasures", action="store_true", help="what was erased since comes back")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, and report."""
        try:
            moment = datetime.fromisoformat(options["moment"])
            ledgers = [] if options["erasures"] is None else [read_ledger(options["erasures"])]
        except (ValueError, BrokenLedger, OSError) as error:
            raise CommandError(str(error)) from error
        if moment.tzinfo is None:
            raise CommandError("The moment needs its offset, e.g. +01:00.")
        unknown_since = moment if options["without_erasures"] else None
        try:
            reach_server()
            if unknown_since is None:
                require_remembered(moment)
                _require_newer(ledgers, moment)
            done = reopen(ledgers, known_until=moment, unknown_since=unknown_since)
            report_reopened(delete_strays(done), self.stdout.write)
        except (RestoreRefused, NotErased, NotRemoved) as error:
            raise CommandError(str(error)) from error
        if unknown_since is not None:
            self.stderr.write(warning_of(unknown_since))


def _require_newer(ledgers: Sequence[Ledger], moment: datetime) -> None:
    if any(one.until <= moment for one in ledgers):
        raise RestoreRefused(f"The list of erasures ends before {moment.astimezone(UTC).isoformat()}.")
    own = current_ledger()
    if not all(one.continues(own) for one in ledgers):
        raise RestoreRefused(
            "The list of erasures lacks what the database itself names: it is another site's, or not the newest."
        )
