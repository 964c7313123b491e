"""`bin/manage heatmap_report`: a campaign's heat map as one file that opens offline, and as a picture for slides."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import translation
from django.utils.http import urlencode

from mapping.aggregation.heatmap.query import GRIDS, PLAIN_MEASURES, Measure
from mapping.aggregation.releases.publication import current_release
from mapping.filters.answers import parameters_for_staff
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import PUBLISHED_ONLY, STATUSES, ContributionFilter
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import SIZES
from mapping.http.parameters.heatmap import known_names
from mapping.http.parameters.reading import Parameters
from mapping.management.arguments import campaign_of, day_of
from mapping.management.filters import add_filter_options, filter_query, reasons_of
from mapping.models import Campaign
from mapping.reports.content import Content, exact_content, released_content
from mapping.reports.display import BANDWIDTHS, CLASS_METHODS
from mapping.reports.page import html_of
from mapping.reports.picture import png_of
from mapping.reports.state import (
    GROWING,
    MODES,
    HeatmapFilter,
    Period,
    combinations_left_out,
    limits_of,
    with_periods,
)
from mapping.reports.words.explained import not_understood
from mapping.services.errors import Invalid
from mapping.services.messages import sentence

_MEAN: Final = "mean:"
_USUAL: Final = {
    "grid": "square",
    "measure": "contributions",
    "mode": "cells",
    "hotspots": False,
    "bandwidth": 0,
    "classes": GROWING,
}
_BELONG_TO: Final = {"change": ("before", "after"), "compare": ("other",)}


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
            help=f"{', '.join(PLAIN_MEASURES)} or mean:QUESTION (a scale or number)",
        )
        parser.add_argument("--start", metavar="DATE", help="from this day on, e.g. 2026-05-01")
        parser.add_argument("--end", metavar="DATE", help="up to this day, included")
        add_filter_options(parser, for_staff=True)
        parser.add_argument(
            "--mode", default="cells", choices=MODES, help="one distribution, two side by side, or a change"
        )
        parser.add_argument("--before", metavar="DATE/DATE", help="the earlier period of --mode change")
        parser.add_argument("--after", metavar="DATE/DATE", help="the later one")
        parser.add_argument(
            "--other",
            metavar="FILTER",
            help="the second map's filter of --mode compare, as in the page's address: category=street&source=paper",
        )
        parser.add_argument("--hotspots", action="store_true", help="outline hot and cold spots")
        parser.add_argument(
            "--bandwidth", type=int, default=0, choices=BANDWIDTHS, help="a smooth surface, in metres"
        )
        parser.add_argument("--classes", default=GROWING, choices=[one for one, _title in CLASS_METHODS])
        parser.add_argument("--limits", metavar="NUMBERS", help="highest values of --classes manual: 1,3,10")
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
        if options["start"] or options["end"] or filter_query(options) or _asks_for_more(options):
            raise CommandError(
                f"{campaign.slug} publishes cells, and a release knows no filter. With --exact the report holds exact "
                "numbers, for the work inside the city only."
            )
        release = current_release(campaign)
        if release is None:
            raise CommandError(f"{campaign.slug} has no release yet: too few people contributed so far.")
        return released_content(campaign, release)
    choices = Choices(campaign, for_staff=True)
    try:
        shown = _filter(campaign, choices, options)
        if shown.mode == "change":
            shown = with_periods(campaign, shown)
        return exact_content(campaign, shown.query(campaign), shown.shown_as(campaign))
    except QueryProblem as problem:
        raise CommandError(sentence(problem.code, problem.params)) from problem


def _asks_for_more(options: dict[str, Any]) -> bool:
    return any(options[name] != usual for name, usual in _USUAL.items())


def _filter(campaign: Campaign, choices: Choices, options: dict[str, Any]) -> HeatmapFilter:
    """The state of the planners' page with the same options; unknown values end the command."""
    measure, question = _measure(campaign, choices, options["measure"])
    selection = _selection(choices, options)
    mode = options["mode"]
    _check_together(options, measure)
    return HeatmapFilter(
        mode=mode,
        selection=selection,
        other=_other(options["other"], choices),
        before=_period("--before", options["before"]),
        after=_period("--after", options["after"]),
        grid=options["grid"],
        size=options["size"],
        measure=measure,
        question=question,
        classes=options["classes"],
        limits=limits_of(options["limits"] or ""),
        hotspots=options["hotspots"],
        bandwidth=options["bandwidth"],
        for_staff=choices.for_staff,
    )


def _selection(choices: Choices, options: dict[str, Any]) -> ContributionFilter:
    """The filter of the first map; errors end the command."""
    query = filter_query(options).copy()
    start, end = day_of("--start", options["start"]), day_of("--end", options["end"])
    if start or end:
        if "datetime" in query:
            raise CommandError("Give the days with --datetime or with --start and --end.")
        query["datetime"] = f"{start or '..'}/{end or '..'}"
    parameters = Parameters(query, known_names(query))
    parameters.accept(*parameters_for_staff(query))
    statuses = parameters.choices("status", STATUSES)
    found = ContributionFilter.read(parameters, choices).with_statuses(statuses or PUBLISHED_ONLY)
    try:
        parameters.done()
    except Invalid as error:
        raise CommandError(reasons_of(error)) from error
    return found


def _check_together(options: dict[str, Any], measure: Measure) -> None:
    """Raise CommandError for options that cannot be combined."""
    mode = options["mode"]
    refused = combinations_left_out(
        mode, measure, hotspots=options["hotspots"], bandwidth=bool(options["bandwidth"])
    )
    if refused:
        raise CommandError(" ".join(refused))
    for wanted, names in _BELONG_TO.items():
        for name in names:
            if options[name] and mode != wanted:
                raise CommandError(f"--{name} belongs to --mode {wanted}.")
    if mode == "compare" and not options["other"]:
        raise CommandError("--mode compare needs the filter of the second map: --other FILTER.")
    if mode == "change" and (options["start"] or options["end"]):
        raise CommandError("--mode change has its periods in --before and --after, not in --start and --end.")
    if bool(options["limits"]) != (options["classes"] == "manual"):
        raise CommandError("--classes manual and --limits belong together.")
    if options["limits"] and not limits_of(options["limits"]):
        raise CommandError(f"--limits {options['limits']} holds no number; write 1,3,10.")


def _period(option: str, text: str | None) -> Period:
    if not text:
        return Period()
    first, slash, last = text.partition("/")
    if not slash:
        raise CommandError(f"{option} {text} is no period; write 2026-05-01/2026-05-31.")
    period = Period(day_of(option, first), day_of(option, last))
    if period.start and period.end and period.end < period.start:
        raise CommandError(f"{option} {text} ends before it begins.")
    return period


def _other(text: str | None, choices: Choices) -> ContributionFilter:
    """The second map's filter; invalid parts end the command."""
    query = QueryDict(text or "")
    selection = ContributionFilter.find(query, choices)
    understood = QueryDict(urlencode(selection.pairs()))
    for name, values in query.lists():
        if set(values) - set(understood.getlist(name)):
            raise CommandError(f"--other: {not_understood(name, ', '.join(map(str, values)))}")
    return selection


def _measure(campaign: Campaign, choices: Choices, text: str) -> tuple[Measure, str]:
    for plain in PLAIN_MEASURES:
        if text == plain:
            return plain, ""
    if not text.startswith(_MEAN):
        raise CommandError(
            f"--measure {text} is unknown; write {', '.join(PLAIN_MEASURES)} or mean:QUESTION."
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
