"""`bin/manage heatmap_report`: a campaign's heat map as one file that opens offline, and as a picture for slides."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from mapping.aggregation.publication import current_release
from mapping.aggregation.query import HeatmapProblem, HeatmapQuery
from mapping.geo.grid import SIZES
from mapping.management.arguments import campaign_of, day_of
from mapping.models import Campaign
from mapping.reports.content import Content, exact_content, released_content
from mapping.reports.page import html_of
from mapping.reports.picture import png_of
from mapping.services.messages import sentence


class Command(BaseCommand):
    help = (
        "Write a campaign's heat map into one HTML file that opens without any network, and as a PNG for slides."
        " Of a campaign that publishes cells the current release is shown, unless --exact is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("--out", metavar="FILE.html", type=Path)
        parser.add_argument("--png", metavar="FILE.png", type=Path, help="1920 x 1080 pixels")
        parser.add_argument(
            "--size", type=int, default=200, choices=SIZES, help="edge of the cells in metres (default: 200)"
        )
        parser.add_argument("--category", action="append", metavar="SLUG", help="only this one (repeatable)")
        parser.add_argument("--start", metavar="DATE", help="from this day on, e.g. 2026-05-01")
        parser.add_argument("--end", metavar="DATE", help="up to this day, included")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _name in settings.LANGUAGES]
        )
        parser.add_argument(
            "--exact",
            action="store_true",
            help="exact numbers of a campaign that publishes cells: for the work inside the city only",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["out"] and not options["png"]:
            raise CommandError("Say where to write: --out FILE.html, --png FILE.png or both.")
        campaign = campaign_of(options["campaign"])
        with translation.override(options["language"]):
            content = _content(campaign, options)
            written = []
            if options["out"]:
                written.append((options["out"], html_of(content).encode()))
            if options["png"]:
                written.append((options["png"], png_of(content)))
        for path, data in written:
            try:
                path.write_bytes(data)
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
            self.stdout.write(f"{path}: {len(data) / 1e6:.1f} MB")
        if content.is_confidential:
            self.stderr.write("This report holds exact numbers that the public does not see.")


def _content(campaign: Campaign, options: dict[str, Any]) -> Content:
    is_filtered = any(options[name] for name in ("category", "start", "end"))
    if not campaign.publishes_points and not options["exact"]:
        if is_filtered:
            raise CommandError(
                f"{campaign.slug} publishes cells, and a release knows no filter. With --exact the report holds exact "
                "numbers, for the work inside the city only."
            )
        release = current_release(campaign)
        if release is None:
            raise CommandError(f"{campaign.slug} has no release yet: too few people took part so far.")
        return released_content(campaign, release)
    query = HeatmapQuery(
        campaign_id=campaign.pk,
        size=options["size"],
        category_ids=_categories(campaign, options["category"]),
        start=day_of("--start", options["start"]),
        end=day_of("--end", options["end"]),
    )
    try:
        return exact_content(campaign, query)
    except HeatmapProblem as problem:
        raise CommandError(sentence(problem.code, problem.params)) from problem


def _categories(campaign: Campaign, slugs: list[str] | None) -> tuple[int, ...] | None:
    if not slugs:
        return None
    known = dict(campaign.categories.values_list("slug", "pk"))
    for slug in slugs:
        if slug not in known:
            raise CommandError(f"{campaign.slug} has no category {slug}; it has: {', '.join(sorted(known))}.")
    return tuple(known[slug] for slug in slugs)
