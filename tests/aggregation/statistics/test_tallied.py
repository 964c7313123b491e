"""Hot spots of whole campaigns: counts of the tally find what counting every footprint finds."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.frame import frame_of
from mapping.aggregation.statistics.hotspots import hotspots
from mapping.aggregation.statistics.shares import Shares, shares_of
from mapping.aggregation.statistics.tallied import TalliedShares, shares_of_all
from mapping.aggregation.statistics.weights import with_self, within
from mapping.models import Campaign
from tests import personas
from tests.aggregation.statistics.conftest import fill, lonlat, scattered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [100, 200, 500])
@pytest.mark.parametrize("measure", ["contributions", "participants"])
def test_counts_of_the_tally_find_what_footprints_find(
    campaign: Campaign, size: int, measure: Literal["contributions", "participants"]
) -> None:
    fill(campaign, scattered(60))
    fill(campaign, scattered(40, width=150), people=40)  # Many people.
    fill(campaign, [(2050, 2050)] * 30, people=2)  # Two people.
    fill(
        campaign, [(2750, 350)] * 12, people=1
    )  # One of them contributes more than half of what lies around.
    fill(campaign, scattered(9, seed=3, width=90), people=9)
    fill(campaign, [(650, 2550)] * 14, people=0)  # Nobody stands behind them.
    fill(campaign, [(1450 + 3 * number, 1450) for number in range(18)], people=6)
    query = HeatmapQuery(campaign.pk, size=size, measure=measure)
    found = heatmap(query)
    shares, tallied = shares_of(query), shares_of_all(query, found)
    assert isinstance(tallied, TalliedShares)
    frame = frame_of(query, np.array([row[0] for row in found.rows]))
    np.testing.assert_array_equal(shares.contributions(frame.keys), tallied.contributions(frame.keys))
    np.testing.assert_array_equal(shares.participants(frame.keys), tallied.participants(frame.keys))
    weights = with_self(within(frame.centres, 1.5 * size))
    every = np.ones(len(frame.keys), dtype=np.bool_)
    by_people = measure == "participants"
    expected = shares.carried(frame.keys, weights, every, by_people=by_people)
    assert 0 < expected.sum() < len(expected)
    np.testing.assert_array_equal(expected, tallied.carried(frame.keys, weights, every, by_people=by_people))


def test_hot_spots_of_points_read_no_footprint_where_counts_suffice(
    campaign: Campaign,
) -> None:
    fill(campaign, scattered(60))
    fill(campaign, scattered(40, width=150))
    with CaptureQueriesContext(connection) as asked_for:
        found = hotspots(HeatmapQuery(campaign.pk))
    assert found.spots.count("hot") > 0
    assert not [query["sql"] for query in asked_for if "mapping_footprint" in query["sql"]]


def test_a_line_in_several_cells_is_not_counted_from_the_tally(campaign: Campaign) -> None:
    fill(campaign, scattered(60))
    corners = ", ".join(f"{lon} {lat}" for lon, lat in lonlat([(100, 100), (700, 100)]).tolist())
    personas.make_contribution(campaign, f"LINESTRING({corners})", category="street")
    query = HeatmapQuery(campaign.pk)
    assert isinstance(shares_of_all(query, heatmap(query)), Shares)
    within_one = HeatmapQuery(campaign.pk, size=1000)
    assert isinstance(shares_of_all(within_one, heatmap(within_one)), TalliedShares)
