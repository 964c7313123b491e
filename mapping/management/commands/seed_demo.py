"""`bin/manage seed_demo`: fill an empty site with invented campaigns."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Makes the six campaigns of the demo, unless they exist."""

    help = (
        "Make the demo: six invented campaigns, districts, addresses and three users with a known password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument(
            "--contributions",
            type=int,
            default=0,
            metavar="N",
            help="also make the campaign `lasttest` with N synthetic contributions, to try the service at size",
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="make the users with their known password on an https site, too",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make what is missing."""
        if settings.HTTPS and not options["force"]:
            raise CommandError(
                f"{settings.SITE_URL} is a site for the public, and the demo's users have a password that everyone "
                "knows. Use --force if you mean it."
            )
        # Imported late: a second start has nothing to make and should take no time.
        from mapping.demo import seed

        made = seed.seed(self.stdout.write)
        if made:
            self.stdout.write(
                f"Log in as {seed.PLANNER}, {seed.MODERATOR} or {seed.ANALYST}; the password is {seed.PASSWORD}"
            )
        else:
            self.stdout.write("The demo is there already.")
