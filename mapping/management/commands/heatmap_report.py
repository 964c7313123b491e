"""`bin/manage heatmap_report`: a campaign's heat map as one file that opens offline, and as a picture for slides."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from mapping.aggregation.publication import current_release
from mapping.aggregation.query import (
    GRIDS,
    SOURCES,
    HeatmapProblem,
    HeatmapQuery,
    Measure,
    hours_of,
    weekdays_of,
)
from mapping.geo.grid import SIZES
from mapping.management.arguments import campaign_of, day_of
from mapping.models import Campaign
from mapping.planning.heatmap_choices import Choices
from mapping.planning.heatmap_filter import HeatmapFilter
from mapping.planning.heatmap_selection import Selection
from mapping.reports.content import Content, exact_content, released_content
from mapping.reports.page import html_of
from mapping.reports.picture import png_of
from mapping.services.messages import sentence

_PLAIN_MEASURES: Final[tuple[Measure, ...]] = ("contributions", "participants", "support")
_MEAN: Final = "mean:"
_FILTERS: Final = ("category", "start", "end", "weekday", "hours", "source", "district")


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
            "--grid", default="square", choices=GRIDS, help="what is counted in (default: square)"
        )
        parser.add_argument(
            "--size",
            type=int,
            default=200,
            choices=SIZES,
            help="edge of squares or hexagons in metres (default: 200)",
        )
        parser.add_argument(
            "--measure",
            default="contributions",
            metavar="MEASURE",
            help=f"{', '.join(_PLAIN_MEASURES)} or mean:QUESTION (a scale or number)",
        )
        parser.add_argument("--category", action="append", metavar="SLUG", help="only this one (repeatable)")
        parser.add_argument("--start", metavar="DATE", help="from this day on, e.g. 2026-05-01")
        parser.add_argument("--end", metavar="DATE", help="up to this day, included")
        parser.add_argument("--weekday", metavar="DAYS", help="1 (Monday) to 7, e.g. 6,7")
        parser.add_argument(
            "--hours", metavar="FROM-TO", help="the last hour excluded: 20-6 is 20:00 to 05:59"
        )
        parser.add_argument("--source", action="append", choices=SOURCES, help="how it came in (repeatable)")
        parser.add_argument(
            "--district", action="append", metavar="CODE", help="only in this one (repeatable)"
        )
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
    if not campaign.publishes_points and not options["exact"]:
        if any(options[name] for name in _FILTERS) or _asks_for_more(options):
            raise CommandError(
                f"{campaign.slug} publishes cells, and a release knows no filter. With --exact the report holds exact "
                "numbers, for the work inside the city only."
            )
        release = current_release(campaign)
        if release is None:
            raise CommandError(f"{campaign.slug} has no release yet: too few people took part so far.")
        return released_content(campaign, release)
    try:
        return exact_content(campaign, _query(campaign, options))
    except HeatmapProblem as problem:
        raise CommandError(sentence(problem.code, problem.params)) from problem


def _asks_for_more(options: dict[str, Any]) -> bool:
    return (options["grid"], options["measure"]) != ("square", "contributions")


def _query(campaign: Campaign, options: dict[str, Any]) -> HeatmapQuery:
    """The query of the planners' page with the same choices; what the campaign does not have ends the command."""
    choices = Choices.of(campaign)
    categories = [one.slug for one in choices.categories]
    districts = [one.code for one in choices.districts]
    measure, question = _measure(campaign, choices, options["measure"])
    selection = Selection(
        categories=_some(campaign, "category", options["category"], categories),
        start=day_of("--start", options["start"]),
        end=day_of("--end", options["end"]),
        weekdays=weekdays_of(options["weekday"]) if options["weekday"] else (),
        hours=hours_of(options["hours"]) if options["hours"] else None,
        sources=tuple(options["source"] or ()),
        districts=_some(campaign, "district", options["district"], districts),
    )
    shown = HeatmapFilter(
        selection=selection, grid=options["grid"], size=options["size"], measure=measure, question=question
    )
    return shown.query(campaign, choices)


def _measure(campaign: Campaign, choices: Choices, text: str) -> tuple[Measure, str]:
    for plain in _PLAIN_MEASURES:
        if text == plain:
            return plain, ""
    if not text.startswith(_MEAN):
        raise CommandError(
            f"--measure {text} is unknown; write {', '.join(_PLAIN_MEASURES)} or mean:QUESTION."
        )
    measured = [slug for slug, _title in choices.measured]
    [question] = _some(campaign, "scale or number", [text.removeprefix(_MEAN)], measured)
    return "mean", question


def _some(campaign: Campaign, what: str, given: list[str] | None, known: list[str]) -> tuple[str, ...]:
    for name in given or ():
        if name not in known:
            has = ", ".join(sorted(known)) or "none"
            raise CommandError(f"{campaign.slug} has no {what} {name}; it has: {has}.")
    return tuple(given or ())
