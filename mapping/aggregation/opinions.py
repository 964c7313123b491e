"""Support, opposition and balance of single lines, areas, places and ideas, in the order of their balance."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, Rank

from mapping.filters.contribution_filter import ContributionFilter
from mapping.models import Campaign, Contribution, District, Support
from mapping.models.contribution import ContributionQuerySet

_DIGITS: Final = 6
"""Decimal places of degrees, some 10 cm."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A contribution that people judged, and its rank by balance: equal balances share one, as in 1, 2, 2, 4.

    `geometry` is GeoJSON (EPSG:4326), None without a place. `district` is the first one by code that it touches.
    """

    id: uuid.UUID
    rank: int
    is_tied: bool
    title: str
    text: str
    category_id: int
    district: str
    support: int
    opposition: int
    geometry: Mapping[str, Any] | None

    @property
    def balance(self) -> int:
        """Support less opposition."""
        return self.support - self.opposition

    @property
    def people(self) -> int:
        """How many people judged it: each has one opinion on it."""
        return self.support + self.opposition


@dataclass(frozen=True, slots=True)
class Standing:
    """The judged contributions with the highest balance; `number` of all of them, judged by `people` together."""

    rows: Sequence[Judged]
    number: int
    people: int


def standing(campaign: Campaign, wanted: ContributionFilter, limit: int) -> Standing:
    """Rank the contributions that match a filter and were judged.

    Raises QueryProblem; callers must check permissions first where the filter names statuses.
    """
    found = _judged(campaign, wanted)
    opinions = Support.objects.filter(contribution__in=found)
    counted = opinions.aggregate(
        number=Count("contribution", distinct=True), people=Count("participant", distinct=True)
    )
    return Standing(
        [*_rows(_ranked(found, campaign)[:limit], has_places=True)], counted["number"], counted["people"]
    )


def all_judged(campaign: Campaign, wanted: ContributionFilter) -> Iterator[Judged]:
    """All rows of a standing, without their places, read one by one; as `standing` otherwise."""
    return _rows(_ranked(_judged(campaign, wanted), campaign).iterator(), has_places=False)


def has_opinions(campaign: Campaign) -> bool:
    """Whether anybody judged a published contribution."""
    return _judged(campaign, ContributionFilter()).exists()


def _judged(campaign: Campaign, wanted: ContributionFilter) -> ContributionQuerySet:
    return wanted.contributions(campaign).judged()


def _ranked(found: ContributionQuerySet, campaign: Campaign) -> QuerySet[Contribution, dict[str, Any]]:
    """Equal balances are ordered by support, hence by the number of people, then by age."""
    balance = F("support_count") - F("opposition_count")
    district = (
        District.objects.filter(layer=campaign.district_layer_id, geom__intersects=OuterRef("geom"))
        .order_by("code")
        .values("name")[:1]
    )
    ranked: QuerySet[Contribution, dict[str, Any]] = (
        found.annotate(
            balance=balance,
            rank=Window(Rank(), order_by=balance.desc()),
            alike=Window(Count("pk"), partition_by=[balance]),
            district=Coalesce(Subquery(district), Value("")),
            place=AsGeoJSON("geom", precision=_DIGITS),
        )
        .order_by("-balance", "-support_count", "created_at", "id")
        .values(
            *("id", "rank", "alike", "title", "text", "category_id", "district"),
            *("support_count", "opposition_count", "place"),
        )
    )
    return ranked


def _rows(found: Iterable[Mapping[str, Any]], *, has_places: bool) -> Iterator[Judged]:
    for row in found:
        yield Judged(
            id=row["id"],
            rank=row["rank"],
            is_tied=row["alike"] > 1,
            title=row["title"],
            text=row["text"],
            category_id=row["category_id"],
            district=row["district"],
            support=row["support_count"],
            opposition=row["opposition_count"],
            geometry=json.loads(row["place"]) if has_places and row["place"] else None,
        )
