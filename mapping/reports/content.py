"""The content of a report, collected once and then rendered as a page (`page`) or a picture (`picture`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.aggregation.heatmap import counts as heatmap_counts
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.kernel import KERNELS
from mapping.aggregation.heatmap.query import HeatmapQuery, Measure
from mapping.aggregation.heatmap.surface import SIZES_OF_SURFACES, Surface, surface
from mapping.aggregation.releases.publication import PublicRelease
from mapping.aggregation.statistics import totals as statistics
from mapping.aggregation.statistics.change import CellChange, Period, change
from mapping.aggregation.statistics.hotspots import hotspots
from mapping.aggregation.statistics.totals import Opinions
from mapping.filters.interval import Interval
from mapping.filters.places import CATEGORY
from mapping.filters.problems import QueryProblem
from mapping.filters.times import INTERVAL
from mapping.geo.crs import to_laea
from mapping.models import Campaign, Category
from mapping.reports.cells import (
    TOLERANCE,
    Named,
    ShownCell,
    cells_of,
    changed_cells,
    compared_cells,
    districts_of_layer,
    outlines_of,
    released_cells,
)
from mapping.reports.charts import Bin, bins_of, unit_for
from mapping.reports.classes import HeatClass, Ramp, density_classes_of, signed_classes_of
from mapping.reports.differences import Difference, differences, people_of
from mapping.reports.view import View
from mapping.reports.words.explained import too_few_for_change, too_few_for_hotspots
from mapping.reports.words.filters import choices_of, filters_of
from mapping.reports.words.measures import classes_for, counted_of, value_title_of

Look = Literal["up", "down"]
Titles = tuple[tuple[Look, str, str], ...]
"""Outline style, verdict, and its title."""

FEW_PARTICIPANTS: Final = 30
"""Below this number a pattern on the map may well be due to chance."""

MOST_MAPS: Final = 8
"""Most categories with a map of their own, the fullest; all of them are in the table."""

MOST_CELLS_OF_MAPS: Final = 40_000
"""Most cells of all categories' maps together that a browser draws without delay."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of all maps; `participants` is None if no contribution has a participant."""

    contributions: int
    participants: int | None
    unlocated: int = 0
    opinions: Opinions | None = None


@dataclass(frozen=True, slots=True)
class CategoryPart:
    """A category in the report; `cells` are those of its map, empty without a map.

    `participants` is None if no contribution has a participant: the city's own places, imports.
    """

    category: Category
    contributions: int
    participants: int | None
    cells: Sequence[ShownCell] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One of two compared maps."""

    title: str
    words: str
    cells: Sequence[ShownCell]


@dataclass(frozen=True, slots=True)
class SpotOutline:
    """The common outline of significant cells: hot ("up") or cold ("down"), more or fewer."""

    look: Look
    title: str
    outline: shapely.Geometry
    cells: int


_PLAIN: Final = View()


@dataclass(frozen=True)
class Content:
    """One report: exact counts of a `query`, or a public `release`, which cannot be filtered.

    `counted` is the measure of the colours. `value_title` is the title of a third number of each cell, if any. If two
    maps are compared, `sides` hold their cells, and `cells` are those of both with the difference. `columns` are the
    titles of the numbers of a comparison (see `ShownCell.pair`), else empty.
    """

    campaign: Campaign
    made_at: datetime
    counted: str
    cells: Sequence[ShownCell]
    classes: Sequence[HeatClass]
    totals: Totals
    query: HeatmapQuery | None = None
    release: PublicRelease | None = None
    categories: Sequence[CategoryPart] = ()
    category_classes: Sequence[HeatClass] = ()
    view: View = _PLAIN
    sides: Sequence[Side] = ()
    differences: Sequence[Difference] = ()
    columns: Sequence[str] = ()
    outlines: Sequence[SpotOutline] = ()
    surface: Surface | None = None
    notes: Sequence[str] = ()
    value_title: str = ""
    bins: Sequence[Bin] = ()
    area: shapely.Geometry | None = None
    districts: Sequence[Named] = ()

    @property
    def ramp(self) -> Ramp:
        """The colour ramp of the cells: diverging for differences and balances."""
        is_signed = self.query is not None and self.query.measure == "balance"
        return "change" if is_signed or self.view.mode == "change" else "heat"

    @property
    def is_confidential(self) -> bool:
        """Whether the report holds data that are not public."""
        if self.query is None:
            return False
        queries = [self.query] if self.view.other is None else [self.query, self.view.other]
        return not self.campaign.publishes_points or any(
            one.staff_sources or one.statuses != ("published",) for one in queries
        )

    @property
    def has_few(self) -> bool:
        """Whether there are so few people that a pattern may well be due to chance."""
        people = self.totals.participants
        return people is not None and 0 < people < FEW_PARTICIPANTS


def exact_content(campaign: Campaign, query: HeatmapQuery, view: View = _PLAIN) -> Content:
    """Count by a query, for a view.

    Raises QueryProblem; callers must check permissions first.
    """
    if view.mode == "compare" and view.other is not None:
        return _compared(campaign, query, view, view.other)
    if view.mode == "change" and view.before is not None and view.after is not None:
        return _changed(campaign, query, view, view.before, view.after)
    found = heatmap(query)
    cells = cells_of(found, query.measure)
    categories = _categories(campaign, query)
    outlines, too_few = _hotspots(query) if view.hotspots else ([], [])
    return Content(
        campaign=campaign,
        made_at=timezone.now(),
        counted=counted_of(query),
        cells=cells,
        classes=classes_for(query, view, cells),
        totals=replace(_totals(found.totals), opinions=_opinions(campaign, query)),
        query=query,
        categories=categories,
        category_classes=classes_for(query, view, [cell for part in categories for cell in part.cells]),
        view=view,
        outlines=outlines,
        surface=_surface(query, view.bandwidth) if view.bandwidth else None,
        notes=(*view.notes, *too_few),
        value_title=value_title_of(query),
        bins=_bins(query),
        area=_area(campaign),
        districts=districts_of(campaign),
    )


def _compared(campaign: Campaign, query: HeatmapQuery, view: View, other: HeatmapQuery) -> Content:
    first, second = heatmap(query), heatmap(other)
    sides = [
        Side(title, _words(campaign, asked), cells_of(found, query.measure))
        for title, asked, found in ((_("Map A"), query, first), (_("Map B"), other, second))
    ]
    return Content(
        campaign=campaign,
        made_at=timezone.now(),
        counted=counted_of(query),
        cells=compared_cells(sides[0].cells, sides[1].cells),
        classes=classes_for(query, view, [cell for side in sides for cell in side.cells]),
        totals=_totals(min(first.totals, second.totals, key=_people)),
        query=query,
        view=view,
        sides=sides,
        differences=differences((first.totals, second.totals), (len(first.rows), len(second.rows))),
        columns=(_("Map A"), _("Map B"), _("Difference")),
        notes=view.notes,
        area=_area(campaign),
        districts=districts_of(campaign),
    )


def _changed(campaign: Campaign, query: HeatmapQuery, view: View, before: Period, after: Period) -> Content:
    query = replace(query, measure="contributions", question="")
    found = change(query, before, after)
    cells = changed_cells(query.grid, query.size, found.cells)
    spots = [(cell.key, cell.kind) for cell in found.cells]
    titles: Titles = (("up", "more", _("Clearly more")), ("down", "fewer", _("Clearly fewer")))
    held = [sum(bool(number) for number in numbers) for numbers in _both(found.cells)]
    return Content(
        campaign=campaign,
        made_at=timezone.now(),
        counted=counted_of(query, _("Change of contributions")),
        cells=cells,
        classes=signed_classes_of([round(cell.value or 0) for cell in cells]),
        totals=_totals(min(found.before, found.after, key=_people)),
        query=query,
        view=view,
        differences=differences((found.before, found.after), (held[0], held[1]), (before.days, after.days)),
        columns=(_("Earlier"), _("Later"), _("Difference"), *([_("Chance (p)")] if found.is_tested else [])),
        outlines=_outlined(query, spots, titles) if found.is_tested else (),
        notes=view.notes if found.is_tested else (*view.notes, too_few_for_change()),
        bins=_bins(query.having(INTERVAL, _spanning(before, after))),
        area=_area(campaign),
        districts=districts_of(campaign),
    )


def _spanning(before: Period, after: Period) -> Interval:
    """From the first day of both periods to the last one."""
    return Interval.of_days(min(before.first, after.first), max(before.last, after.last))


def _both(cells: Sequence[CellChange]) -> tuple[list[int], list[int]]:
    return [cell.before for cell in cells], [cell.after for cell in cells]


def _people(totals: heatmap_counts.Totals) -> int:
    return totals.participants


def _totals(totals: heatmap_counts.Totals) -> Totals:
    return Totals(totals.contributions, people_of(totals), totals.unlocated)


def _opinions(campaign: Campaign, query: HeatmapQuery) -> Opinions | None:
    """Opinions on these contributions; None if the campaign does not collect opinions and has none."""
    found = statistics.opinions(query)
    return found if campaign.allows_support or found.support or found.opposition else None


def _words(campaign: Campaign, query: HeatmapQuery) -> str:
    filters = "; ".join(f"{one.title}: {one.words}" for one in filters_of(choices_of(campaign, query), query))
    return filters or _("all published contributions")


def _hotspots(query: HeatmapQuery) -> tuple[list[SpotOutline], list[str]]:
    """Outlines of hot and cold spots, or the sentence that explains why there are none."""
    measure: Measure = "participants" if query.measure == "participants" else "contributions"
    try:
        found = hotspots(replace(query, measure=measure, question=""))
    except QueryProblem as problem:
        if problem.code != "too_few_participants":
            raise
        return [], [too_few_for_hotspots()]
    spots = list(zip(found.frame.keys.tolist(), found.spots, strict=True))
    titles: Titles = (("up", "hot", _("Hot spot")), ("down", "cold", _("Cold spot")))
    return _outlined(query, spots, titles), []


def _outlined(
    query: HeatmapQuery,
    spots: Sequence[tuple[int, str]],
    titles: Titles,
) -> list[SpotOutline]:
    """Merge adjacent cells into common outlines; styles without cells are listed in the legend too."""
    outlined = []
    for look, kind, title in titles:
        keys = [key for key, spot in spots if spot == kind]
        known = outlines_of(query.grid, query.size, keys)
        shapes = [known[key].outline for key in keys if key in known]
        outlined.append(SpotOutline(look, title, shapely.union_all(shapes), len(shapes)))
    return outlined


def _surface(query: HeatmapQuery, bandwidth: int) -> Surface:
    plain = replace(query, grid="square", size=SIZES_OF_SURFACES[0], measure="contributions", question="")
    return surface(plain, bandwidth, KERNELS[0])


def released_content(campaign: Campaign, release: PublicRelease, notes: Sequence[str] = ()) -> Content:
    """The public content of a campaign that publishes cells: the release and nothing else."""
    cells = released_cells(release)
    return Content(
        campaign=campaign,
        made_at=release.made_at,
        counted=_("Contributions per km²"),
        cells=cells,
        classes=density_classes_of([cell.value for cell in cells if cell.value is not None]),
        totals=Totals(release.contributions, release.participants_at_least),
        value_title=_("per km²"),
        release=release,
        notes=notes,
        area=_area(campaign),
        districts=districts_of(campaign),
    )


def _categories(campaign: Campaign, query: HeatmapQuery) -> list[CategoryPart]:
    """The non-empty categories, fullest first, the first ones with the cells of their maps."""
    known = {category.pk: category for category in campaign.categories.all()}
    counted = sorted(statistics.per_category(query), key=lambda row: (-row[1], row[0]))
    parts = []
    room = MOST_CELLS_OF_MAPS if len(counted) > 1 else 0
    for rank, (pk, contributions) in enumerate(counted):
        one = heatmap(query.having(CATEGORY, (known[pk].slug,)))
        room -= len(one.rows)
        cells = cells_of(one, query.measure) if rank < MOST_MAPS and room >= 0 else []
        parts.append(CategoryPart(known[pk], contributions, people_of(one.totals), cells))
    return parts


def _bins(query: HeatmapQuery) -> list[Bin]:
    counts = statistics.timeline(query)
    return bins_of(counts, unit_for(counts[0][0], counts[-1][0])) if counts else []


def _area(campaign: Campaign) -> shapely.Geometry | None:
    if campaign.area is None:
        return None
    return shapely.simplify(to_laea(shapely.from_wkb(bytes(campaign.area.wkb))), TOLERANCE)


def districts_of(campaign: Campaign) -> list[Named]:
    """The districts of a campaign, empty without a layer."""
    return [] if campaign.district_layer_id is None else districts_of_layer(campaign.district_layer_id)
