"""Rebuild footprints and tallies from the contributions, and report differences."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from mapping.aggregation import footprint
from mapping.models import Campaign


class Command(BaseCommand):
    """`bin/manage rebuild_aggregates [CAMPAIGN ...]`: safe at any time, writers of a campaign wait meanwhile."""

    help = (
        "Compute the footprints and tallies behind heat maps anew from the contributions, change what differs, and"
        " report the number of differences (there must be none)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "campaigns", nargs="*", metavar="CAMPAIGN", help="short names; all where none is given"
        )
        parser.add_argument("--no-progress", action="store_true", help="no progress bar")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted: list[str] = options["campaigns"]
        found = Campaign.objects.order_by("slug")
        if wanted:
            found = found.filter(slug__in=wanted)
            if unknown := set(wanted) - {campaign.slug for campaign in found}:
                raise CommandError(f"There is no campaign {', '.join(sorted(unknown))}.")
        footprints = tallies = differences = 0
        steps = len(found) * footprint.STEPS
        disabled = options["no_progress"] or None
        with tqdm(total=steps, unit="step", disable=disabled, file=self.stderr) as bar:
            for campaign in found:
                bar.set_description(campaign.slug)
                result = footprint.rebuild(campaign, bar.update)
                footprints += result.footprints
                tallies += result.tallies
                differences += result.differences
                if result.differences:
                    bar.write(f"{campaign.slug}: {result.differences:,} differences", file=self.stderr)
        footprint.settle()
        self.stdout.write(
            f"{len(found):,} campaigns, {footprints:,} footprints, {tallies:,} tallies: {differences:,} differences"
        )
