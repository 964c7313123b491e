"""A campaign of its own for the exactness tests, and short ways to fill and to ask it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from mapping.aggregation.heatmap import Heatmap, heatmap
from mapping.aggregation.query import HeatmapQuery
from mapping.models import Campaign, Category, Contribution, Participant
from tests.aggregation.brute_force import Asked, Cells, Given
from tests.aggregation.strategies import CATEGORIES, PEOPLE


@dataclass(frozen=True)
class World:
    """A campaign with its categories and people in the order of their numbers in `Given`."""

    campaign: Campaign
    categories: Sequence[Category]
    people: Sequence[Participant]

    @classmethod
    def make(cls, slug: str = "counted") -> World:
        campaign = Campaign.objects.create(slug=slug, title=slug)
        return cls(
            campaign,
            [
                Category.objects.create(
                    campaign=campaign, slug=f"kind-{number}", title="Kind", geometry_types=["point"]
                )
                for number in range(CATEGORIES)
            ],
            [
                Participant.objects.create(campaign=campaign, key=bytes([number]) * 32)
                for number in range(PEOPLE)
            ],
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
        )

    def query(self, asked: Asked) -> HeatmapQuery:
        chosen = asked.categories
        return HeatmapQuery(
            campaign_id=self.campaign.pk,
            size=asked.size,
            category_ids=None if chosen is None else tuple(self.categories[number].pk for number in chosen),
            start=asked.start,
            end=asked.end,
            statuses=asked.statuses,
        )

    def heatmap(self, asked: Asked) -> Heatmap:
        return heatmap(self.query(asked))


def plain(heatmap: Heatmap) -> tuple[Cells, tuple[int, int, int]]:
    """A heat map in the form of `brute_force.count`."""
    cells = {(one.cell.east, one.cell.north): (one.contributions, one.participants) for one in heatmap.cells}
    totals = heatmap.totals
    return cells, (totals.contributions, totals.participants, totals.unlocated)


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
