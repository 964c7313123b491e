"""The filter of the heat map: read from the address, written back into addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode

from mapping.aggregation.heatmap import HeatmapQuery
from mapping.geo.grid import Cell
from mapping.models import Campaign, Category, ContributionStatus

SIZES: Final = (100, 200, 500, 1000)
"""Metres; what planners choose from."""

DEFAULT_SIZE: Final = 200

STATUSES: Final = (ContributionStatus.PUBLISHED, ContributionStatus.PENDING, ContributionStatus.REJECTED)

CONTRIBUTIONS: Final = "contributions"
PARTICIPANTS: Final = "participants"
MAP: Final = "map"
TABLE: Final = "table"


@dataclass(frozen=True, slots=True)
class HeatmapFilter:
    """What is counted and how it is shown. `categories` are short names; none of them means all of them."""

    size: int = DEFAULT_SIZE
    categories: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    statuses: tuple[str, ...] = (ContributionStatus.PUBLISHED.value,)
    count: str = CONTRIBUTIONS
    view: str = MAP
    cell: str = ""

    @classmethod
    def of(cls, query: QueryDict, known: Sequence[Category]) -> "HeatmapFilter":
        """Read the address; whatever makes no sense falls back to the default."""
        slugs = {category.slug for category in known}
        wanted = set(query.getlist("category")) & slugs
        statuses = tuple(status.value for status in STATUSES if status.value in query.getlist("status"))
        size = query.get("size", "")
        start, end = _day(query.get("start", "")), _day(query.get("end", ""))
        if start and end and end < start:
            start, end = end, start
        return cls(
            size=int(size) if size in {str(one) for one in SIZES} else DEFAULT_SIZE,
            categories=() if wanted == slugs else tuple(c.slug for c in known if c.slug in wanted),
            start=start,
            end=end,
            statuses=statuses or (ContributionStatus.PUBLISHED.value,),
            count=PARTICIPANTS if query.get("count") == PARTICIPANTS else CONTRIBUTIONS,
            view=TABLE if query.get("view") == TABLE else MAP,
            cell=_cell(query.get("cell", "")),
        )

    def query(self, campaign: Campaign, known: Sequence[Category]) -> HeatmapQuery:
        """What `aggregation` is asked."""
        chosen = tuple(category.pk for category in known if category.slug in self.categories)
        return HeatmapQuery(
            campaign_id=campaign.pk,
            size=self.size,
            category_ids=chosen or None,
            start=self.start,
            end=self.end,
            statuses=self.statuses,
        )

    def address(self, campaign: Campaign, **changes: object) -> str:
        """The page with this filter, some of it changed."""
        changed = replace(self, **changes)  # type: ignore[arg-type]  # names are checked by dataclasses.replace
        values: dict[str, str | tuple[str, ...]] = {
            "size": str(changed.size) if changed.size != DEFAULT_SIZE else "",
            "category": changed.categories,
            "start": str(changed.start or ""),
            "end": str(changed.end or ""),
            "status": changed.statuses if changed.statuses != HeatmapFilter().statuses else (),
            "count": changed.count if changed.count != CONTRIBUTIONS else "",
            "view": changed.view if changed.view != MAP else "",
            "cell": changed.cell,
        }
        path = reverse("planning:heatmap", args=(campaign.slug,))
        query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
        return f"{path}?{query}" if query else path

    def api_parameters(self) -> Mapping[str, str]:
        """The same filter as the API's heat map understands it (`datetime` as in OGC API Features, 7.15.4)."""
        parameters = {"grid": "square", "size": str(self.size)}
        if self.categories:
            parameters["category"] = ",".join(self.categories)
        if self.start or self.end:
            parameters["datetime"] = f"{self.start or '..'}/{self.end or '..'}"
        if self.statuses != HeatmapFilter().statuses:
            parameters["status"] = ",".join(self.statuses)
        return parameters

    def toggled(self, slug: str, known: Sequence[Category]) -> tuple[str, ...]:
        """The categories after a click on one of them: alone where all were shown, else in or out."""
        if not self.categories:
            return (slug,)
        chosen = set(self.categories) ^ {slug}
        ordered = tuple(category.slug for category in known if category.slug in chosen)
        return () if len(ordered) == len(known) else ordered


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _cell(text: str) -> str:
    try:
        return Cell.parse(text).id
    except ValueError:
        return ""
