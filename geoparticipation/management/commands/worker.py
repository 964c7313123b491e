"""`bin/manage worker`: does the background work (large exports, letters, releases, retention)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from geoparticipation.worker import run_worker


class Command(BaseCommand):
    help = (
        "Do background work until a signal ends it: large exports, letters, releases of protected areas, and the"
        " removal of what has expired. An export that is being written then goes back into the queue. Several workers"
        " may run, on several machines with one VAR_DIR. LOG_LEVEL=INFO shows each job."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and waiting, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        run_worker(once=options["once"])
