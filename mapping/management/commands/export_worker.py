"""`bin/manage export_worker`: runs queued export jobs, one after the other."""

import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from mapping.http.export_jobs import DATABASE_IS_AWAY, run
from mapping.services import export_jobs
from mapping.services.releases import make_due_releases
from mapping.services.retention import remove_expired

_PAUSE: Final = 1.0
_BETWEEN_REMOVALS: Final = 60.0


class Command(BaseCommand):
    help = (
        "Write exports that run in the background, remove those whose time is up and make the releases of protected "
        "areas whose time has come, until a signal ends it. A file that is being written then goes back into the "
        "queue. Several workers may run, on several machines with one VAR_DIR."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing is waiting any more")

    def handle(self, *_args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        removed_at = float("-inf")
        while True:
            close_old_connections()
            try:
                if time.monotonic() - removed_at > _BETWEEN_REMOVALS:
                    removed_at = time.monotonic()  # a file that cannot be removed must not stop the queue
                    remove_expired("minute")
                    for campaign, release in make_due_releases():
                        self.stdout.write(f"{campaign.slug}: {'release' if release else 'nothing new'}")
                job = export_jobs.take_up()
            except (*DATABASE_IS_AWAY, OSError) as error:  # or the disk is full, or unwritable
                self.stderr.write(f"No export can be taken up: {error}")
                time.sleep(_PAUSE)
                continue
            if job is not None:
                self.stdout.write(f"{job.pk}: {job.ending}, attempt {job.attempts}")
                run(job)
            elif options["once"]:
                return
            else:
                time.sleep(_PAUSE)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
