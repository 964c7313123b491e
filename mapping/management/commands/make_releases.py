"""`bin/manage make_releases [CAMPAIGN ...] [--now]`: make due releases of protected campaigns."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.models import Campaign, Publication, Release
from mapping.services.releases.making import make_due_releases, make_release


class Command(BaseCommand):
    """Makes due releases; safe at any time, intended to run every hour."""

    help = (
        "Make the releases of campaigns that publish cells whose time has come: every night at three, on Mondays, or "
        "ordered by hand, as each campaign says. Again does nothing. `worker` does the same by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument(
            "campaigns", nargs="*", metavar="CAMPAIGN", help="short names; all where none is given"
        )
        parser.add_argument(
            "--now",
            action="store_true",
            help="make them at once, whatever the clock says: shows when somebody came",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make what is due, and report it."""
        wanted: list[str] = options["campaigns"]
        found = Campaign.objects.defer("area").order_by("slug")
        found = found.filter(slug__in=wanted) if wanted else found.filter(publication=Publication.CELLS)
        if unknown := set(wanted) - {campaign.slug for campaign in found}:
            raise CommandError(f"There is no campaign {', '.join(sorted(unknown))}.")
        for campaign in found:
            if campaign.publishes_points:
                raise CommandError(f"{campaign.slug} publishes every contribution and has no releases.")
        if options["now"]:
            for campaign in found:
                self._report(campaign, make_release(campaign))
            return
        for campaign, release in make_due_releases(found):
            self._report(campaign, release)

    def _report(self, campaign: Campaign, release: Release | None) -> None:
        if release is None:
            self.stdout.write(f"{campaign.slug}: nothing new that may be told")
            return
        self.stdout.write(
            f"{campaign.slug}: release {release.number}, {release.cells.count():,} cells, "
            f"{release.contributions:,} contributions in them"
        )
