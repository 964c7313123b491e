"""What a report holds, gathered once and then written as a page (`page`) or drawn as a picture (`picture`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.aggregation import statistics
from mapping.aggregation.heatmap import heatmap
from mapping.aggregation.publication import PublicRelease
from mapping.aggregation.query import HeatmapQuery
from mapping.geo.crs import to_laea
from mapping.models import Campaign, Category, Question
from mapping.reports.cells import TOLERANCE, Named, ShownCell, cells_of, districts_of_layer, released_cells
from mapping.reports.charts import Bin, bins_of, unit_for
from mapping.reports.classes import HeatClass, classes_of, density_classes_of, mean_classes_of
from mapping.wording import in_words_number

FEW_PARTICIPANTS: Final = 30
"""Below it a pattern on the map may well be chance."""

MOST_MAPS: Final = 8
"""Categories with a map of their own, the fullest; all of them are in the table."""

MOST_CELLS_OF_MAPS: Final = 40_000
"""Cells of all categories' maps together; a browser draws no more in a moment."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What all maps together count; `participants` is None where nobody is known to stand behind contributions."""

    contributions: int
    participants: int | None
    unlocated: int = 0
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class CategoryPart:
    """A category in the report; `cells` are those of its map, none for those that get none."""

    category: Category
    contributions: int
    participants: int
    cells: Sequence[ShownCell] = ()


@dataclass(frozen=True)
class Content:
    """One report: exact counts of a `query`, or a public `release`, which nobody can filter.

    `counted` is what colours stand for. `value_title` names a third number of each cell, where there is one.
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
    value_title: str = ""
    bins: Sequence[Bin] = ()
    area: shapely.Geometry | None = None
    districts: Sequence[Named] = ()

    @property
    def is_confidential(self) -> bool:
        """Whether it holds what the public does not see."""
        if self.query is None:
            return False
        return not self.campaign.publishes_points or self.query.statuses != ("published",)

    @property
    def has_few(self) -> bool:
        """Whether a pattern may well be chance."""
        people = self.totals.participants
        return people is not None and 0 < people < FEW_PARTICIPANTS


def exact_content(campaign: Campaign, query: HeatmapQuery) -> Content:
    """What is counted right now by a query. Raises HeatmapProblem; the caller has asked who may see this."""
    found = heatmap(query)
    cells = cells_of(found, query.measure)
    categories = _categories(campaign, query)
    totals = found.totals
    return Content(
        campaign=campaign,
        made_at=timezone.now(),
        counted=_counted(query),
        cells=cells,
        classes=_classes(query, cells),
        totals=Totals(totals.contributions, totals.participants or None, totals.unlocated),
        query=query,
        categories=categories,
        category_classes=_classes(query, [cell for part in categories for cell in part.cells]),
        value_title=_value_title(query),
        bins=_bins(query),
        area=_area(campaign),
        districts=districts_of(campaign),
    )


def released_content(campaign: Campaign, release: PublicRelease) -> Content:
    """What everyone may know of a campaign that publishes cells: the release and nothing else."""
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
        area=_area(campaign),
        districts=districts_of(campaign),
    )


def _counted(query: HeatmapQuery) -> str:
    what = {
        "contributions": _("Contributions"),
        "participants": _("Participants"),
        "support": _("Support"),
        "mean": _("Mean of “%(question)s”"),
    }[query.measure] % {"question": _question(query)}
    if query.grid == "district":
        return _("%(what)s per district") % {"what": what}
    cell = (
        _("%(what)s per hexagon of %(size)s m")
        if query.grid == "hexagon"
        else _("%(what)s per cell of %(size)s m")
    )
    return cell % {"what": what, "size": in_words_number(query.size)}


def _value_title(query: HeatmapQuery) -> str:
    if query.measure == "support":
        return _("Support")
    return _("Mean") if query.measure == "mean" else ""


def _question(query: HeatmapQuery) -> str:
    found = Question.objects.filter(category__campaign=query.campaign_id, slug=query.question).first()
    return found.title if found is not None else query.question


def _classes(query: HeatmapQuery, cells: Sequence[ShownCell]) -> list[HeatClass]:
    values = [cell.value for cell in cells if cell.value is not None]
    if query.measure == "mean":
        return mean_classes_of(values)
    return classes_of([round(value) for value in values])


def _categories(campaign: Campaign, query: HeatmapQuery) -> list[CategoryPart]:
    """The categories that hold something, fullest first, the first of them with the cells of their maps."""
    known = {category.pk: category for category in campaign.categories.all()}
    counted = sorted(statistics.per_category(query), key=lambda row: (-row[1], row[0]))
    parts = []
    room = MOST_CELLS_OF_MAPS if len(counted) > 1 else 0
    for rank, (pk, contributions) in enumerate(counted):
        one = heatmap(replace(query, category_ids=(pk,)))
        room -= len(one.rows)
        cells = cells_of(one, query.measure) if rank < MOST_MAPS and room >= 0 else []
        parts.append(CategoryPart(known[pk], contributions, one.totals.participants, cells))
    return parts


def _bins(query: HeatmapQuery) -> list[Bin]:
    counts = statistics.timeline(query)
    return bins_of(counts, unit_for(counts[0][0], counts[-1][0])) if counts else []


def _area(campaign: Campaign) -> shapely.Geometry | None:
    if campaign.area is None:
        return None
    return shapely.simplify(to_laea(shapely.from_wkb(bytes(campaign.area.wkb))), TOLERANCE)


def districts_of(campaign: Campaign) -> list[Named]:
    """The districts of a campaign, none where it has no layer."""
    return [] if campaign.district_layer_id is None else districts_of_layer(campaign.district_layer_id)
