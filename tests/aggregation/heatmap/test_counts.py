"""The forms of a heat map, what it refuses, and what it asks of the database."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from pytest_django.fixtures import DjangoAssertNumQueries

from mapping.aggregation.heatmap import counts as heatmaps
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics import totals as statistics
from mapping.exports.cells.heatmap import as_compact, as_geojson
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import SIZES, Cell, squares_lonlat
from mapping.models import Campaign
from tests import personas
from tests.filtering import filtered

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(campaign: Campaign) -> Campaign:
    for place in (personas.TOWN_HALL, personas.TOWN_HALL, personas.STATION):
        personas.make_contribution(campaign, place)
    personas.make_contribution(campaign, None, category="idea")
    personas.make_contribution(campaign, "LINESTRING(7.76 49.43, 7.78 49.44)", category="street")
    return campaign


@pytest.mark.parametrize("size", SIZES)
def test_geojson_has_geogitter_ids_squares_and_totals(filled: Campaign, size: int) -> None:
    found = heatmap(HeatmapQuery(filled.pk, size))
    collection = as_geojson(found)
    assert collection["type"] == "FeatureCollection"
    assert collection["totals"] == {"contributions": 5, "participants": 5, "unlocated": 1}
    cells = [one.cell for one in found.cells]
    assert [feature["id"] for feature in collection["features"]] == [cell.id for cell in cells]
    assert [feature["geometry"]["coordinates"] for feature in collection["features"]] == [
        [ring] for ring in squares_lonlat(cells)
    ]
    for feature, one in zip(collection["features"], found.cells, strict=True):
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] == "Polygon"
        assert shapely.is_ccw(shapely.LinearRing(feature["geometry"]["coordinates"][0]))
        assert feature["properties"] == {"contributions": one.contributions, "participants": one.participants}


def test_compact_is_the_same_in_metres(filled: Campaign) -> None:
    found = heatmap(HeatmapQuery(filled.pk, 500))
    assert as_compact(found) == {
        "grid": "square",
        "size": 500,
        "crs": 3035,
        "cells": [
            [one.cell.east, one.cell.north, one.contributions, one.participants] for one in found.cells
        ],
        "totals": {"contributions": 5, "participants": 5, "unlocated": 1},
    }


def test_cells_come_from_south_west_to_north_east(filled: Campaign) -> None:
    for query in (
        HeatmapQuery(filled.pk, 100),
        HeatmapQuery(filled.pk, 100, filtered(start=date(2000, 1, 1))),
    ):
        cells = [one.cell for one in heatmap(query).cells]
        assert cells == sorted(cells, key=lambda cell: (cell.north, cell.east))
        assert len(cells) == len(set(cells))


def test_an_empty_campaign_has_an_empty_heat_map(campaign: Campaign) -> None:
    for query in (HeatmapQuery(campaign.pk, 200), HeatmapQuery(campaign.pk, 200, filtered(categories=()))):
        found = heatmap(query)
        assert as_geojson(found)["features"] == []
        assert as_compact(found)["cells"] == []
        assert found.totals == heatmaps.Totals(0, 0, 0, 0)
        assert statistics.timeline(query) == []
        assert statistics.per_category(query) == []


def test_only_published_contributions_count_unless_asked(filled: Campaign) -> None:
    personas.make_contribution(filled, status=personas.PENDING)
    personas.make_contribution(filled, status=personas.REJECTED)
    assert heatmap(HeatmapQuery(filled.pk, 200)).totals.contributions == 5
    everything = HeatmapQuery(filled.pk, 200, filtered(("published", "pending", "rejected")))
    assert heatmap(everything).totals.contributions == 7
    assert heatmap(HeatmapQuery(filled.pk, 200, filtered(()))).totals.contributions == 0


def test_other_campaigns_do_not_count(filled: Campaign) -> None:
    other = personas.make_campaign("other")
    personas.make_contribution(other)
    day = date(2000, 1, 1)
    for query in (HeatmapQuery(other.pk, 200), HeatmapQuery(other.pk, 200, filtered(start=day))):
        assert heatmap(query).totals == heatmaps.Totals(1, 1, 0, 0)


@pytest.mark.parametrize("size", [0, -100, 150, 300, 2000, 1_000_000])
def test_an_unknown_size_is_refused(campaign: Campaign, size: int) -> None:
    with pytest.raises(QueryProblem) as refused:
        heatmap(HeatmapQuery(campaign.pk, size))
    assert refused.value.code == "unknown_size"
    assert refused.value.params["parameter"] == "size"
    assert refused.value.params["choices"] == "100, 200, 500, 1000, 5000, 10000"


def test_an_unknown_status_is_refused(campaign: Campaign) -> None:
    for status in ("withdrawn", "", "Published"):
        with pytest.raises(QueryProblem) as refused:
            heatmap(HeatmapQuery(campaign.pk, 200, filtered((status,))))
        assert refused.value.code == "unknown_status"


def test_inverted_dates_are_refused_and_absurd_ones_are_not(campaign: Campaign) -> None:
    inverted = HeatmapQuery(campaign.pk, 200, filtered(start=date(2026, 2, 2), end=date(2026, 2, 1)))
    for ask in (heatmap, statistics.timeline, statistics.per_category):
        with pytest.raises(QueryProblem) as refused:
            ask(inverted)
        assert refused.value.code == "dates_inverted"
    assert heatmap(HeatmapQuery(campaign.pk, 200, filtered(start=date.min, end=date.max))).rows == ()


@pytest.mark.parametrize("start", [None, date(2000, 1, 1)])
def test_too_many_cells_are_refused_with_the_smallest_size_that_works(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, start: date | None
) -> None:
    personas.make_contribution(campaign, "LINESTRING(7.72 49.43, 7.79 49.46)", category="street")
    cells = {size: len(heatmap(HeatmapQuery(campaign.pk, size)).rows) for size in SIZES}
    monkeypatch.setattr(heatmaps, "MOST_CELLS", cells[500])
    with pytest.raises(QueryProblem) as refused:
        heatmap(HeatmapQuery(campaign.pk, 100, filtered(start=start)))
    assert refused.value.code == "too_many_cells"
    assert refused.value.params["smallest"] == 500
    assert len(heatmap(HeatmapQuery(campaign.pk, 500, filtered(start=start))).rows) == cells[500]
    monkeypatch.setattr(heatmaps, "MOST_CELLS", 0)
    with pytest.raises(QueryProblem) as refused:
        heatmap(HeatmapQuery(campaign.pk, 100, filtered(start=start)))
    assert refused.value.params["smallest"] is None


def test_one_statement_whatever_is_asked(
    filled: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for query in (
        HeatmapQuery(filled.pk, 200),
        HeatmapQuery(
            filled.pk, 200, filtered(categories=("spot",), start=date(2026, 1, 1), end=date(2026, 12, 31))
        ),
        HeatmapQuery(filled.pk, 200, filtered(("published", "pending"))),
    ):
        with django_assert_num_queries(1):
            heatmap(query)


def test_the_cells_of_the_contributions_are_those_of_the_grid(filled: Campaign) -> None:
    contribution = filled.contributions.filter(category__slug="spot").earliest("created_at")
    place = contribution.geom_laea
    cells = [one.cell for one in heatmap(HeatmapQuery(filled.pk, 1000)).cells]
    assert Cell(1000, int(place.x // 1000) * 1000, int(place.y // 1000) * 1000) in cells
