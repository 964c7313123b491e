"""`bin/manage resume_releases CAMPAIGN`: new public numbers again, after a restore."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.models import Campaign, ReleaseHold
from mapping.services.releases.holding import resume_releases


class Command(BaseCommand):
    """Lifts the hold of releases."""

    help = (
        "Let a campaign make releases and results again whose numbers are held since a backup was restored. Only where"
        " nothing newer than the backup was public: docs/operators/restoring.md says how to find out. Without a name:"
        " list what is held."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument("campaigns", nargs="*", metavar="CAMPAIGN", help="short names")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Lift holds, or list them."""
        wanted: list[str] = options["campaigns"]
        if not wanted:
            for hold in ReleaseHold.objects.select_related("campaign").order_by("campaign__slug"):
                self.stdout.write(
                    f"{hold.campaign.slug}: releases after {hold.known_until.isoformat()} are unknown"
                )
        for slug in wanted:
            campaign = Campaign.objects.defer("area").filter(slug=slug).first()
            if campaign is None:
                raise CommandError(f"There is no campaign {slug}.")
            was_held = resume_releases(campaign)
            self.stdout.write(f"{slug}: {'releases are made again' if was_held else 'nothing was held'}")
