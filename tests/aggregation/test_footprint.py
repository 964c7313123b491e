"""Footprints: one row per touched cell, in step with the contribution."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.contrib.gis.geos import GEOSGeometry

from mapping.aggregation import footprint
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import SIZES, Cell
from mapping.models import Campaign, Contribution, Footprint
from mapping.models.footprint import NOWHERE
from tests import personas

pytestmark = pytest.mark.django_db

FAR_AWAY = "POINT(-58.4 -34.6)"
TOO_LARGE = "POLYGON((7 49, 8 49, 8 50, 7 50, 7 49))"


def cells_of(contribution: Contribution) -> set[int]:
    return set(contribution.footprints.values_list("cell", flat=True))


def test_a_point_has_one_row_that_counts_at_every_size(campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign)
    contribution.refresh_from_db()
    place = contribution.geom_laea
    row = contribution.footprints.get()
    assert row.cell == int(place.y // 100) * 100_000 + int(place.x // 100)
    assert row.sizes == 2 ** (len(SIZES) + 1) - 1
    assert (row.campaign_id, row.category_id) == (campaign.pk, contribution.category_id)
    assert row.participant_id == contribution.participant_id


def test_a_line_counts_once_in_each_coarser_cell(campaign: Campaign) -> None:
    contribution = personas.make_contribution(
        campaign, f"LINESTRING({personas.TOWN_HALL[0]} 49.4447, 7.7753 49.424)", category="street"
    )
    rows = list(contribution.footprints.all())
    assert len(rows) > 10
    for position, size in enumerate(SIZES):
        cells = [Cell.from_key(row.cell) for row in rows]
        parents = {(cell.east // size, cell.north // size) for cell in cells}
        counting = [
            (cell.east // size, cell.north // size)
            for row, cell in zip(rows, cells, strict=True)
            if row.sizes >> position & 1
        ]
        assert sorted(counting) == sorted(parents)
    assert sum(row.sizes >> len(SIZES) & 1 for row in rows) == 1


@pytest.mark.parametrize("place", [None, FAR_AWAY, "LINESTRING(-58.4 -34.6, -58.5 -34.6)"])
def test_without_a_place_on_the_grid_there_is_one_row_nowhere(campaign: Campaign, place: str | None) -> None:
    contribution = personas.make_contribution(campaign, place, category="anything")
    assert cells_of(contribution) == {NOWHERE}


def test_writing_again_follows_every_change(campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign, category="anything")
    before = cells_of(contribution)
    contribution.geom = GEOSGeometry(personas.wkt(personas.UNIVERSITY))
    contribution.category = personas.category_of(campaign, "spot")
    contribution.participant = None
    contribution.created_at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    contribution.save()
    footprint.write(contribution)
    row = contribution.footprints.get()
    assert {row.cell}.isdisjoint(before)
    assert row.category_id == contribution.category_id
    assert row.participant_id is None
    assert row.day == date(2026, 7, 2), "half past midnight in Kaiserslautern"


def test_many_are_written_as_one_by_one(campaign: Campaign) -> None:
    places = (personas.TOWN_HALL, None, FAR_AWAY, "LINESTRING(7.76 49.43, 7.78 49.44)")
    made = [personas.make_contribution(campaign, place, category="anything") for place in places]
    made.append(
        personas.make_contribution(
            campaign, "POLYGON((7.76 49.43, 7.77 49.43, 7.77 49.44, 7.76 49.43))", category="meadow"
        )
    )
    one_by_one = set(Footprint.objects.values_list("contribution", "cell", "sizes", "status", "day"))
    for given in ([contribution.pk for contribution in made], campaign):
        Footprint.objects.all().delete()
        assert footprint.write_many(given) == len(one_by_one)
        assert (
            set(Footprint.objects.values_list("contribution", "cell", "sizes", "status", "day")) == one_by_one
        )
    assert footprint.rebuild(campaign).differences == 0


def test_writing_none_at_all_is_fine(campaign: Campaign) -> None:
    assert footprint.write_many([]) == 0
    assert footprint.write_many([uuid.uuid4()]) == 0
    assert footprint.write_many(campaign) == 0


def test_a_shape_larger_than_any_city_is_refused(campaign: Campaign) -> None:
    with pytest.raises(GeometryProblem) as refused:
        personas.make_contribution(campaign, TOO_LARGE, category="meadow")
    assert refused.value.code == "too_large"
