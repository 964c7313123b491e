"""`bin/manage worker`: does the background work (large exports, letters, releases, retention)."""

from argparse import ArgumentParser
from contextlib import closing
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from geoparticipation.backup.unfinished import Unfinished
from geoparticipation.postgis.beside import connection_beside_the_pool
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
        # The queue has connections of its own, and jobs that fail are gone.
        try:
            with closing(connection_beside_the_pool()) as connection:
                connection.ensure_connection()
        except Unfinished as error:
            raise CommandError(str(error)) from error
        except DatabaseError:
            pass  # away: the worker waits for it
        run_worker(once=options["once"])
