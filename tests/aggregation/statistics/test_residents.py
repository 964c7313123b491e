"""Inhabitants of districts from grids of cells, and the people who placed something there."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon

from mapping.aggregation.statistics.residents import apportion, contributors_by_district, residents
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import Cell
from mapping.imports.population import import_population
from mapping.models import Campaign, District, DistrictLayer
from tests.aggregation.statistics.conftest import EAST, NORTH, fill, lonlat

Box = tuple[float, float, float, float]


def populate(slug: str, cells: Mapping[tuple[int, int], int], size: int = 1000) -> None:
    keys = {Cell(size, EAST + x, NORTH + y).key: number for (x, y), number in cells.items()}
    import_population(slug, keys, size=size, title=slug.title(), attribution="© The office")


def divide(campaign: Campaign, boxes: Mapping[str, Box]) -> None:
    """Districts as boxes in metres from the corner."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    for name, (west, south, east, north) in boxes.items():
        ring = lonlat([(west, south), (east, south), (east, north), (west, north), (west, south)]).tolist()
        District.objects.create(
            layer=layer, code=name, name=name, geom=MultiPolygon(Polygon(ring), srid=4326)
        )
    campaign.district_layer = layer
    campaign.save()


def test_cells_are_divided_by_area() -> None:
    cells = np.array([Cell(1000, 1000 * x, 0).key for x in range(3)], dtype=np.int64)
    people = np.array([1000, 400, 70], dtype=np.int64)
    areas = np.array(
        [
            shapely.box(0, 0, 1250, 1000),
            shapely.box(1250, 0, 2000, 500),
            shapely.box(9000, 0, 9500, 500),
            shapely.box(3000, 0, 4000, 1000),
        ],
        dtype=np.object_,
    )
    found = apportion(areas, cells, people, 1000)
    assert found[:2] == pytest.approx([1100, 150])
    # Nothing is known of the third; the fourth only touches a cell.
    assert np.isnan(found[2:]).all()


def test_small_cells_belong_to_the_area_that_holds_their_centre() -> None:
    cells = np.array([Cell(100, 100 * x, 0).key for x in range(3)], dtype=np.int64)
    people = np.array([7, 5, 3], dtype=np.int64)
    areas = np.array(
        [shapely.box(0, 0, 149, 100), shapely.box(149, 0, 300, 100), shapely.box(900, 0, 999, 9)],
        dtype=np.object_,
    )
    found = apportion(areas, cells, people, 100)
    assert found[:2].tolist() == [7, 8]
    assert np.isnan(found[2])


@pytest.mark.parametrize("size", [100, 500, 1000])
def test_nobody_is_lost_or_counted_twice_by_districts_that_fill_the_grid(size: int) -> None:
    draw = np.random.default_rng(7)
    cells = np.array(
        [Cell(size, size * x, size * y).key for x in range(3000 // size) for y in range(3000 // size)],
        dtype=np.int64,
    )
    people = draw.integers(0, 90, len(cells))
    edges = [0, 777, 1234.5, 3000]
    areas = np.array(
        [shapely.box(a, c, b, d) for a, b in pairwise(edges) for c, d in pairwise(edges)],
        dtype=np.object_,
    )
    assert apportion(areas, cells, people, size).sum() == pytest.approx(people.sum())


def test_inhabitants_of_the_campaigns_districts(campaign: Campaign) -> None:
    divide(campaign, {"East": (1000, 0, 2000, 1000), "Far": (9000, 0, 9500, 900), "West": (0, 0, 1000, 1000)})
    populate("census", {(0, 0): 2000, (1000, 0): 0})
    found = residents(campaign.pk)
    assert [(one.name, one.inhabitants) for one in found.districts] == [
        ("East", 0),
        ("Far", None),
        ("West", pytest.approx(2000, abs=2)),
    ]
    assert found.grid.slug == "census"


def test_grid_that_covers_most_districts_is_used(campaign: Campaign) -> None:
    divide(campaign, {"East": (1000, 0, 2000, 1000), "West": (0, 0, 1000, 1000)})
    populate("part", {(0, 0): 1}, size=100)
    populate("whole", {(0, 0): 500, (1000, 0): 300})
    assert residents(campaign.pk).grid.slug == "whole"


def test_of_grids_that_cover_as_many_districts_the_finest_is_used(campaign: Campaign) -> None:
    """Also where it holds inhabited cells only, so that its cells cover less."""
    divide(campaign, {"East": (1000, 0, 2000, 1000), "West": (0, 0, 1000, 1000)})
    populate("coarse", {(0, 0): 500, (1000, 0): 300})
    populate("fine", {(300, 300): 400, (400, 300): 100, (1500, 500): 300}, size=100)
    assert residents(campaign.pk).grid.slug == "fine"


def test_contributors_beside_inhabitants(campaign: Campaign) -> None:
    divide(campaign, {"East": (1000, 0, 2000, 1000), "West": (0, 0, 1000, 1000)})
    populate("census", {(0, 0): 3000, (1000, 0): 1000})
    fill(campaign, [(500, 500)] * 6, people=2)
    fill(campaign, [(1500, 500)] * 3)
    fill(campaign, [(1500, 500)], people=0)
    _known, found = contributors_by_district(campaign.pk)
    assert [(part.group.title, part.group.people) for part in found.parts] == [("East", 3), ("West", 2)]
    assert found.parts[0].expected == pytest.approx(0.25, abs=0.01)


def test_without_districts_and_without_a_census_the_reason_is_named(campaign: Campaign) -> None:
    with pytest.raises(QueryProblem) as refused:
        residents(campaign.pk)
    assert refused.value.code == "no_districts"
    divide(campaign, {"West": (0, 0, 1000, 1000)})
    for far in ({}, {(500_000, 0): 7}):
        populate("elsewhere", far)
        with pytest.raises(QueryProblem) as refused:
            contributors_by_district(campaign.pk)
        assert refused.value.code == "no_residents"
