"""`bin/manage make_releases [CAMPAIGN ...]`: bring the public numbers of protected campaigns up to date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.models import Campaign, Publication
from mapping.services.releases import make_release


class Command(BaseCommand):
    """Makes releases where enough people are new or the campaign has ended; safe at any time, meant for every night."""

    help = (
        "Make the next release of campaigns that publish cells: where at least k participants are new, or where the"
        " campaign has ended. A release never differs from an earlier one by fewer than k people."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument(
            "campaigns", nargs="*", metavar="CAMPAIGN", help="short names; all where none is given"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make what is due, and say what."""
        wanted: list[str] = options["campaigns"]
        found = Campaign.objects.defer("area").order_by("slug")
        found = found.filter(slug__in=wanted) if wanted else found.filter(publication=Publication.CELLS)
        if unknown := set(wanted) - {campaign.slug for campaign in found}:
            raise CommandError(f"There is no campaign {', '.join(sorted(unknown))}.")
        for campaign in found:
            if campaign.publishes_points:
                raise CommandError(f"{campaign.slug} publishes every contribution and has no releases.")
            release = make_release(campaign)
            if release is None:
                self.stdout.write(f"{campaign.slug}: nothing new that may be told")
                continue
            self.stdout.write(
                f"{campaign.slug}: release {release.number}, {release.cells.count():,} cells, "
                f"{release.contributions:,} contributions in them"
            )
