"""Clusters against DBSCAN by hand, their words, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from django.test import Client

from mapping.aggregation.statistics import clusters as clustering
from mapping.geo.crs import to_lonlat
from mapping.models import Campaign, Contribution, ContributionStatus, District
from tests import personas
from tests.aggregation.statistics.conftest import EAST, NORTH, Metres, asked, fill, lonlat, scattered
from tests.api.conftest import campaign_url, reasons

pytestmark = pytest.mark.django_db


def ask(campaign: Campaign, **parameters: str | int) -> dict[str, Any]:
    return asked(campaign, "clusters", **parameters)


def by_hand(places: Metres, eps: float, minimum: int) -> list[int]:
    """Sizes of the clusters of cores, largest first, and in the end the number of noise.

    Only for places in which no border place lies near two clusters.
    """
    found = np.array(places)
    near = np.hypot(*(found[:, None] - found[None, :]).transpose(2, 0, 1)) <= eps
    cores = near.sum(axis=1) >= minimum
    labels = np.full(len(found), -1)
    for number in np.flatnonzero(cores):
        if labels[number] >= 0:
            continue
        waiting = [int(number)]
        while waiting:
            one = waiting.pop()
            if labels[one] < 0:
                labels[one] = number
                if cores[one]:
                    waiting += [int(other) for other in np.flatnonzero(near[one] & (labels < 0))]
    sizes = np.unique(labels[labels >= 0], return_counts=True)[1]
    return [*sorted(sizes.tolist(), reverse=True), int((labels < 0).sum())]


@pytest.mark.parametrize(("eps", "minimum"), [(150, 4), (60, 3), (400, 10)])
def test_sizes_equal_those_by_hand(campaign: Campaign, eps: int, minimum: int) -> None:
    middles = [(300, 300), (1500, 400), (2600, 2600)]
    places = [
        (x + east / 12, y + north / 12)
        for number, (x, y) in enumerate(middles)
        for east, north in scattered(20 + 10 * number, seed=number)
    ]
    places += scattered(15, seed=9)
    fill(campaign, places)
    body = ask(campaign, eps=eps, min=minimum)
    sizes = [feature["properties"]["contributions"] for feature in body["features"]]
    assert [*sizes, body["totals"]["noise"]] == by_hand(places, eps, minimum)
    assert body["totals"]["places"] == len(places)
    assert body["totals"]["clusters"] == len(sizes)
    assert body["totals"]["clustered"] == sum(sizes)
    assert body["method"] == {"statistic": "dbscan", "eps": eps, "min": minimum}


def test_the_hull_is_the_convex_hull_of_the_places(campaign: Campaign) -> None:
    places = [(100, 100), (160, 100), (130, 170), (130, 130)]
    fill(campaign, places, people=2)
    [feature] = ask(campaign, min=3)["features"]
    hull = shapely.geometry.shape(feature["geometry"])
    expected = to_lonlat(shapely.MultiPoint([(x + EAST, y + NORTH) for x, y in places]).convex_hull)
    assert hull.symmetric_difference(expected).area < 1e-3 * expected.area
    assert feature["properties"]["participants"] == 2


def test_places_on_one_spot_are_a_cluster(campaign: Campaign) -> None:
    fill(campaign, [(500, 500)] * 12)
    [feature] = ask(campaign)["features"]
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"]["contributions"] == 12


def test_lines_and_areas_count_at_one_point(campaign: Campaign) -> None:
    fill(campaign, [(500, 500)] * 4)
    (west, south), (east, north) = lonlat([(450, 450), (550, 550)]).tolist()
    personas.make_contribution(
        campaign,
        f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {south}))",
        category="meadow",
    )
    personas.make_contribution(campaign, None, category="idea")
    body = ask(campaign, min=5)
    assert body["totals"] == {"places": 5, "clustered": 5, "noise": 0, "clusters": 1}


def test_words_of_a_cluster(campaign: Campaign) -> None:
    texts = [
        "Die Unterführung ist dunkel",
        "Unterführung ohne Licht",
        "Dunkel und laut!",
        "Müll",
        "<b>Müll</b>",
    ]
    for text in texts:
        fill(campaign, [(500, 500)], text=text)
    fill(campaign, [(2500, 2500)] * 3, text="Spielplatz")
    body = ask(campaign, min=3)
    words = [
        [(word["word"], word["contributions"]) for word in feature["properties"]["words"]]
        for feature in body["features"]
    ]
    assert words == [[("Dunkel", 2), ("Müll", 2), ("Unterführung", 2)], [("Spielplatz", 3)]]


def test_only_what_the_asking_person_may_read_is_clustered(campaign: Campaign) -> None:
    fill(campaign, [(500, 500)] * 12, status=ContributionStatus.PENDING, text="geheim geheim")
    assert ask(campaign)["features"] == []
    assert ask(campaign)["totals"]["places"] == 0
    assert Client().get(campaign_url(campaign.slug, "clusters"), {"status": "pending"}).status_code == 401


def test_filters_of_the_heat_map_hold(crowded: Campaign, districts: list[District]) -> None:
    assert ask(crowded, datetime="2020-01-01/2020-02-01")["totals"]["places"] == 0
    for district in districts[:4]:
        inside = Contribution.objects.filter(geom__intersects=district.geom).count()
        assert ask(crowded, district=district.code)["totals"]["places"] == inside
    together = ask(crowded, district=",".join(one.code for one in districts))
    assert together["totals"]["places"] == Contribution.objects.count() == 100


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"eps": "0"}, {"eps": "not_a_whole_number"}),
        ({"eps": "1e9", "min": "1"}, {"eps": "not_a_whole_number", "min": "not_a_whole_number"}),
        ({"size": "200"}, {"size": "unknown_parameter"}),
        ({"district": "1"}, {"district": "no_districts"}),
    ],
)
def test_wrong_parameters_are_named(
    crowded: Campaign, parameters: dict[str, str], expected: dict[str, str]
) -> None:
    response = Client().get(campaign_url(crowded.slug, "clusters"), parameters)
    assert response.status_code == 400
    assert reasons(response) == expected


def test_work_is_bounded(crowded: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """100 places, all within 5 km: 10,000 pairs."""
    monkeypatch.setattr(clustering, "MOST_PAIRS", 10_000)
    assert ask(crowded, eps=5000)["totals"]["places"] == 100
    monkeypatch.setattr(clustering, "MOST_PAIRS", 9_999)
    response = Client().get(campaign_url(crowded.slug, "clusters"), {"eps": 5000})
    assert reasons(response) == {"eps": "clusters_too_dense"}
    assert ask(crowded, eps=10, min=2)["totals"]["places"] == 100
    monkeypatch.setattr(clustering, "MOST_PLACES", 99)
    response = Client().get(campaign_url(crowded.slug, "clusters"))
    assert reasons(response) == {"": "too_many_places"}
