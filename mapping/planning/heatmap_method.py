"""What the heat map's page states about itself: how it counts, by which filter, how its colours and outlines come."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mapping.aggregation.query import HeatmapQuery
from mapping.aggregation.significance import FEWEST_PEOPLE, FEWEST_VOICES
from mapping.models import Campaign
from mapping.planning.heatmap_choices import Choices
from mapping.planning.heatmap_filter import HeatmapFilter
from mapping.reports.method import Statement, filters_of
from mapping.wording import in_words_day, in_words_moment, in_words_number


def method_of(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> list[Statement]:
    """The method note of what is shown."""
    return [Statement(title, words) for title, words in _statements(campaign, chosen, choices, query)]


def _statements(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> Iterator[tuple[str, str]]:
    yield _("Cells"), _grid(chosen)
    filters = filters_of(campaign, query)
    if chosen.mode == "change":
        filters = [one for one in filters if one.title != _("Period")]
    yield (
        _("Filter"),
        "; ".join(f"{one.title}: {one.words}" for one in filters) or _("all published contributions"),
    )
    yield _("Counting"), _counting(chosen, choices)
    if chosen.mode == "change":
        yield pgettext("between two periods", "Change"), _change(chosen)
    elif chosen.bandwidth:
        yield _("Surface"), _surface(chosen.bandwidth)
    else:
        yield _("Colours"), _colours(chosen)
    if chosen.hotspots:
        yield _("Hot spots"), _hotspots(chosen)
    if not campaign.publishes_points:
        yield _("Protection"), _protection(campaign.k)
    yield _("As of"), in_words_moment(timezone.now())


def _grid(chosen: HeatmapFilter) -> str:
    size = in_words_number(chosen.size)
    if chosen.grid == "district":
        return _("Districts of the city. A point on a common border counts in the first one by its code.")
    if chosen.grid == "hexagon":
        return _(
            "Hexagons with an edge of %(size)s m in ETRS89-LAEA (EPSG:3035), the same as those of PostGIS's "
            "ST_HexagonGrid."
        ) % {"size": size}
    return _(
        "Squares of %(size)s m on the official European grid (EPSG:3035) with the names of GeoGitter, so that census "
        "numbers can be joined."
    ) % {"size": size}


def _counting(chosen: HeatmapFilter, choices: Choices) -> str:
    rule = _(
        "A contribution counts once in every cell that its place touches, a participant once in every cell with a "
        "contribution of theirs; in the totals both count once."
    )
    if chosen.measure == "support":
        words = _("Support is the sum of the votes in favour of these contributions.")
        return f"{rule} {words}"
    if chosen.measure == "mean":
        title = dict(choices.measured)[chosen.question]
        words = _("The mean is that of all answers to “%(question)s” in the cell.") % {"question": title}
        return f"{rule} {words}"
    return rule


def _change(chosen: HeatmapFilter) -> str:
    days = {
        f"{name}_{side}": in_words_day(day)
        for name, period in (("before", chosen.before), ("after", chosen.after))
        for side, day in (("start", period.start), ("end", period.end))
        if day is not None
    }
    return _(
        "Contributions from %(after_start)s to %(after_end)s less those from %(before_start)s to %(before_end)s. "
        "Outlined are cells whose numbers per day differ more than chance explains: conditional Poisson test of each "
        "cell, corrected for the number of cells by Benjamini and Hochberg at 5 %%, and at least %(people)s people "
        "behind the busier period. Not told below %(few)s people."
    ) % {**days, "people": FEWEST_PEOPLE, "few": FEWEST_VOICES}


def _surface(bandwidth: int) -> str:
    return _(
        "Kernel density with the quartic kernel and a bandwidth of %(bandwidth)s m, computed from cells of 100 m. It "
        "spreads each contribution over its surroundings: read it as a picture, not as a count."
    ) % {"bandwidth": in_words_number(bandwidth)}


def _colours(chosen: HeatmapFilter) -> str:
    words = {
        "growing": _("Five classes, each about the same factor wider than the one before."),
        "quantile": _("Up to five classes with about equally many cells (quantiles)."),
        "equal": _("Up to five classes of equal width."),
        "manual": _("Classes with limits of your own."),
    }
    return words[chosen.classes]


def _hotspots(chosen: HeatmapFilter) -> str:
    around = {
        "square": _("a cell and its eight neighbours"),
        "hexagon": _("a cell and its six neighbours"),
        "district": _("a district and those that touch it"),
    }
    return _(
        "Getis-Ord Gi* over %(around)s, all cells of the area included, empty ones as zero; two-sided, corrected for "
        "the number of cells by Benjamini and Hochberg at 5 %%. A line or an area enters once, shared out over its "
        "cells. A hot spot holds something itself, and at least %(people)s people stand behind it and its neighbours, "
        "none of them for more than half. Not told below %(few)s people."
    ) % {"around": around[chosen.grid], "people": FEWEST_PEOPLE, "few": FEWEST_VOICES}


def _protection(k: int) -> str:
    return _(
        "You see exact data, and that is recorded. The public sees releases only, in which every cell stands for at "
        "least %(k)s participants."
    ) % {"k": k}
