"""The method note of the heat map's page: counting, filter, colours and outlines."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mapping.aggregation.heatmap.query import OPINIONS, HeatmapQuery
from mapping.filters.choices import Choices
from mapping.filters.questions import owner_of
from mapping.models import Campaign
from mapping.reports.state import HeatmapFilter
from mapping.reports.words import explained
from mapping.reports.words.filters import Statement, filters_of
from mapping.wording import in_words_moment, in_words_number


def method_of(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> list[Statement]:
    """Make the method note of the shown heat map."""
    return [Statement(title, words) for title, words in _statements(campaign, chosen, choices, query)]


def _statements(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> Iterator[tuple[str, str]]:
    yield _("Cells"), _grid(chosen)
    filters = filters_of(choices, query)
    if chosen.mode == "change":
        filters = [one for one in filters if one.title != _("Period")]
    yield (
        _("Filter"),
        "; ".join(f"{one.title}: {one.words}" for one in filters) or _("all published contributions"),
    )
    yield _("Counting"), _counting(chosen, choices)
    if chosen.mode == "change":
        before, after = chosen.before.whole(), chosen.after.whole()
        yield pgettext("between two periods", "Change"), explained.change_in_words(before, after)
    elif chosen.bandwidth:
        yield _("Surface"), explained.surface_in_words(chosen.bandwidth)
    else:
        yield _("Colours"), explained.classes_in_words(chosen.classes)
    if chosen.hotspots:
        yield _("Hot spots"), explained.hotspots_in_words(chosen.grid)
    yield from explained.sources_in_words(chosen.staff_sources)
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
        "A contribution counts once in every cell that its place touches, a contributor once in every cell with a "
        "contribution of theirs; in the totals both count once."
    )
    if chosen.measure in OPINIONS:
        words = _(
            "Support is the sum of the votes in favour of these contributions, opposition that of the votes against "
            "them, the balance is support less opposition."
        )
        return f"{rule} {words}"
    if chosen.measure == "mean":
        title = dict(choices.measured)[chosen.question]
        words = _("The mean is that of all answers to “%(question)s” in the cell.") % {"question": title}
        if owner_of(chosen.question) == "responses":
            words = f"{words} {explained.people_in_words()}"
        return f"{rule} {words}"
    return rule


def _protection(k: int) -> str:
    return _(
        "You see exact data, and that is recorded. The public sees releases only, in which every cell stands for at "
        "least %(k)s contributors."
    ) % {"k": k}
