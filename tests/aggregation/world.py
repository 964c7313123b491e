"""A campaign of its own for the exactness tests, and short ways to fill and to ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction

from mapping.aggregation.heatmap.counts import Heatmap, Row, heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.geo.grid import Cell, unpack
from mapping.models import Campaign, Category, Contribution, District, DistrictLayer, Participant, Question
from tests.aggregation.brute_force import DISTRICTS, Asked, Cells, Given
from tests.aggregation.strategies import LIGHT, PEOPLE
from tests.filtering import filtered

_CHOICES = {"choices": [{"value": value, "title": value} for value in LIGHT]}
_SCALE = {"minimum": 1, "maximum": 5}
QUESTIONS: Sequence[Mapping[str, tuple[str, Mapping[str, Any]]]] = (
    {"light": ("single_choice", _CHOICES), "safe": ("scale", _SCALE), "seen": ("yes_no", {})},
    {"light": ("multiple_choice", _CHOICES), "width": ("number", {})},
    {"safe": ("scale", _SCALE), "why": ("text", {})},
)


@dataclass(frozen=True)
class World:
    """A campaign with its categories and people in the order of their numbers in `Given`, districts by code."""

    campaign: Campaign
    categories: Sequence[Category]
    people: Sequence[Participant]
    districts: Mapping[str, District]

    @classmethod
    def make(cls, slug: str = "counted") -> World:
        layer = DistrictLayer.objects.create(slug=slug, title=slug)
        campaign = Campaign.objects.create(slug=slug, title=slug, district_layer=layer)
        return cls(
            campaign,
            [_category(campaign, number, questions) for number, questions in enumerate(QUESTIONS)],
            [
                Participant.objects.create(campaign=campaign, key=bytes([number]) * 32)
                for number in range(PEOPLE)
            ],
            {
                code: District.objects.create(
                    layer=layer, code=code, name=f"District {code}", geom=MultiPolygon(Polygon.from_bbox(box))
                )
                for code, box in reversed(DISTRICTS.items())
            },
        )

    def store(self, given: Given) -> Contribution:
        """Store a contribution without its footprint."""
        return Contribution.objects.create(
            campaign=self.campaign,
            category=self.categories[given.category],
            participant=None if given.person is None else self.people[given.person],
            geom=None if given.wkt is None else GEOSGeometry(given.wkt, srid=4326),
            created_at=given.created_at,
            status=given.status,
            source=given.source,
            answers=dict(given.answers),
            support_count=given.support,
        )

    def query(self, asked: Asked) -> HeatmapQuery:
        chosen = asked.categories
        return HeatmapQuery(
            campaign_id=self.campaign.pk,
            size=asked.size,
            filter=filtered(
                asked.statuses,
                start=asked.start,
                end=asked.end,
                categories=None
                if chosen is None
                else tuple(self.categories[number].slug for number in chosen),
                weekdays=asked.weekdays,
                hours=asked.hours,
                sources=asked.sources,
                districts=asked.districts,
                answers=asked.answers or None,
            ),
            grid=asked.grid,  # type: ignore[arg-type]
            measure=asked.measure,  # type: ignore[arg-type]
            question=asked.question,
        )

    def heatmap(self, asked: Asked) -> Heatmap:
        return heatmap(self.query(asked))

    def plain(self, found: Heatmap) -> tuple[Cells, tuple[int, int, int, int]]:
        """A heat map in the form of `brute_force.count`."""
        codes = {district.pk: code for code, district in self.districts.items()}

        def zone(key: int) -> object:
            if found.grid == "district":
                return codes[key]
            if found.grid == "hexagon":
                return unpack(key)
            cell = Cell.from_key(key, found.size)
            return cell.east, cell.north

        totals = found.totals
        return {zone(row[0]): _rounded(row) for row in found.rows}, (
            totals.contributions,
            totals.participants,
            totals.unlocated,
            totals.unnamed,
        )


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _category(
    campaign: Campaign, number: int, questions: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> Category:
    category = Category.objects.create(
        campaign=campaign, slug=f"kind-{number}", title="Kind", geometry_types=["point"], position=number
    )
    for slug, (kind, options) in questions.items():
        Question.objects.create(category=category, slug=slug, title=slug, kind=kind, options=dict(options))
    return category


def _rounded(row: Row) -> tuple[float | None, ...]:
    if len(row) == 4 and isinstance(row[3], float):
        return (row[1], row[2], round(row[3], 9))
    return tuple(row[1:])
