"""`bin/manage create_campaign`: a campaign without the web pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.management.arguments import add_file_options, moment_of, outline_of, refusals_as_sentences
from mapping.models import DistrictLayer, Moderation, Publication
from mapping.services.campaigns import NewCampaign, create_campaign


class Command(BaseCommand):
    help = "Create a campaign. Its categories come with import_contributions --create-categories or in the admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the short name in addresses, e.g. fear-spaces")
        parser.add_argument("--title", required=True)
        parser.add_argument(
            "--area", metavar="FILE", help="polygons that make up the area; without it, no limits"
        )
        parser.add_argument("--publication", choices=Publication.values, default=Publication.POINTS.value)
        parser.add_argument("--k", type=int, default=5, help="participants behind a published cell, at least")
        parser.add_argument(
            "--opens", metavar="DATE", help="first day (2026-05-01) or moment (2026-05-01T18:00)"
        )
        parser.add_argument("--closes", metavar="DATE", help="last day, or the moment at which it ends")
        parser.add_argument("--moderation", choices=Moderation.values, default=Moderation.PRE.value)
        parser.add_argument("--summary", default="")
        parser.add_argument("--attribution", default="", help="the source of the data, shown on the map")
        parser.add_argument("--districts", metavar="LAYER", help="the district layer to count by")
        parser.add_argument("--draft", action="store_true", help="visible to members only")
        add_file_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        layer = None
        if options["districts"]:
            layer = DistrictLayer.objects.filter(slug=options["districts"]).first()
            if layer is None:
                raise CommandError(f"There is no district layer {options['districts']}.")
        new = NewCampaign(
            slug=options["slug"],
            title=options["title"],
            summary=options["summary"],
            attribution=options["attribution"],
            is_draft=options["draft"],
            area=outline_of(options["area"], options) if options["area"] else None,
            district_layer=layer,
            opens_at=moment_of("--opens", options["opens"]),
            closes_at=moment_of("--closes", options["closes"], at_end=True),
            publication=options["publication"],
            k=options["k"],
            moderation=options["moderation"],
        )
        with refusals_as_sentences():
            campaign = create_campaign(new)
        self.stdout.write(f"Created {campaign.get_absolute_url()}")
