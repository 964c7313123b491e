"""`bin/manage read_oparl`: reads the allowed bodies of other council information systems now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from engagement.services.council import reading
from engagement.services.council.fetching import SourceProblem


class Command(BaseCommand):
    """What the worker does every night."""

    help = "Read the bodies named in OPARL_SOURCES with their sessions, agendas, invitations and minutes."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Read one after the other; one that cannot be read does not keep the others."""
        actor = reading.reader()
        if actor is None:
            raise CommandError("OPARL_READS_AS is no account that may edit dates and papers.")
        failed = False
        for address in settings.OPARL_SOURCES:
            try:
                report = reading.read_body(actor, address)
            except SourceProblem as problem:
                failed = True
                self.stderr.write(f"{address}: {problem}.")
            else:
                self.stdout.write(f"{address}: {report.sessions} sessions, {report.skipped} objects skipped.")
        if failed:
            raise CommandError("Not everything could be read.")
