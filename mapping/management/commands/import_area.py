"""`bin/manage import_area`: replace the area of a campaign."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from audit.recording import Action, record
from mapping.management.arguments import add_file_options, campaign_of, outline_of, refusals_as_sentences
from mapping.services.campaigns import set_area


class Command(BaseCommand):
    help = "Replace a campaign's area by the union of the polygons in a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="the campaign's short name")
        parser.add_argument("file")
        add_file_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        with refusals_as_sentences():
            outside = set_area(campaign, outline_of(options["file"], options))
        record(None, Action.IMPORTED, campaign=campaign, view="area")
        self.stdout.write(f"{campaign.slug} has a new area.")
        if outside:
            self.stdout.write(self.style.WARNING(f"{outside} contributions lie outside of it; they stay."))
