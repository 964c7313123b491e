"""`bin/manage seed_demo`: fill an empty site with invented campaigns."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mapping.demo import DEMO_PARTS, SLUGS
from mapping.models import Campaign, GroundSource


class Command(BaseCommand):
    """Creates the seven campaigns of the demo, unless they exist."""

    help = (
        "Make the demo: seven invented campaigns, districts, addresses and three users with a known password."
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
        """Create missing campaigns."""
        if settings.HTTPS and not options["force"]:
            raise CommandError(
                f"{settings.SITE_URL} is a site for the public, and the demo's users have a password that everyone "
                "knows. Use --force if you mean it."
            )
        if options["contributions"] < 0:
            raise CommandError("--contributions must not be negative.")
        if Campaign.objects.filter(slug__in=SLUGS).count() == len(SLUGS):
            self.stdout.write("The demo is there already.")
        else:
            self._seed()
        if not GroundSource.objects.exists():
            self._draw_ground()
        for part in DEMO_PARTS:
            part.fill(self.stdout.write)
        if options["contributions"]:
            self._fill(options["contributions"])

    # The rest of the demo is imported late: a second start has nothing to create and should be fast.

    def _seed(self) -> None:
        from mapping.demo import seed

        seed.seed(self.stdout.write)
        users = f"{seed.PLANNER}, {seed.MODERATOR} or {seed.ANALYST}"
        self.stdout.write(f"Log in as {users}; the password is {seed.PASSWORD}.")

    def _draw_ground(self) -> None:
        from mapping.demo.ground import fill_ground

        fill_ground()

    def _fill(self, count: int) -> None:
        from tqdm import tqdm

        from mapping.demo import load

        with tqdm(total=count, unit="contributions", disable=None) as bar:
            added = load.fill(count, bar.update)
        self.stdout.write(f"{load.SLUG}: {added} contributions added")
