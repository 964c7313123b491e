"""Two periods against each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import scipy.stats
from django.test import Client

from mapping.models import Campaign, District
from tests.aggregation.statistics.conftest import asked, fill, scattered
from tests.api.conftest import campaign_url, reasons

pytestmark = pytest.mark.django_db

BEFORE, AFTER = "2026-04-01/2026-04-30", "2026-05-01/2026-05-20"


@pytest.fixture
def changed(campaign: Campaign) -> Campaign:
    """April and May: one place that grew, one that shrank, others by chance, and things in neither period."""
    april, may = datetime(2026, 4, 30, 20, tzinfo=UTC), datetime(2026, 5, 1, 0, tzinfo=UTC)
    fill(campaign, scattered(30, seed=3), created_at=april)
    fill(campaign, scattered(20, seed=4), created_at=may)
    fill(campaign, [(1050, 1050)] * 25, created_at=may)
    fill(campaign, [(2050, 2050)] * 25, created_at=april)
    fill(campaign, [(50, 50)] * 9, created_at=datetime(2026, 5, 21, 12, tzinfo=UTC))
    return campaign


def ask(campaign: Campaign, **parameters: str | int) -> dict[str, Any]:
    return asked(campaign, "heatmap/change", **{"before": BEFORE, "after": AFTER, **parameters})


def test_counts_are_those_of_the_heat_maps_and_p_is_exact(changed: Campaign) -> None:
    body = ask(changed, size=200)
    maps = [
        {
            one["id"]: one["properties"]["contributions"]
            for one in Client()
            .get(campaign_url(changed.slug, "heatmap"), {"size": "200", "datetime": period})
            .json()["features"]
        }
        for period in (BEFORE, AFTER)
    ]
    assert {one["id"] for one in body["features"]} == set(maps[0]) | set(maps[1])
    p = []
    for feature in body["features"]:
        a, b = (found.get(feature["id"], 0) for found in maps)
        properties = feature["properties"]
        assert (properties["before"], properties["after"], properties["difference"]) == (a, b, b - a)
        p.append(scipy.stats.binomtest(b, a + b, 20 / 50).pvalue)
        assert properties["p"] == pytest.approx(p[-1], rel=1e-9)
    adjusted = scipy.stats.false_discovery_control(p, method="bh")
    for feature, expected in zip(body["features"], adjusted, strict=True):
        assert feature["properties"]["p_adjusted"] == pytest.approx(expected, rel=1e-9)
    kinds = [one["properties"]["class"] for one in body["features"]]
    assert (kinds.count("more"), kinds.count("fewer")) == (1, 1)
    assert (body["method"]["days_before"], body["method"]["days_after"]) == (30, 20)
    assert body["totals"]["before"]["contributions"] == 55
    assert body["totals"]["after"]["contributions"] == 45


@pytest.mark.parametrize(("people", "expected"), [(1, 0), (4, 0), (5, 1), (0, 1)])
def test_a_clear_change_needs_five_people(changed: Campaign, people: int, expected: int) -> None:
    """25 more contributions in one place are clear by themselves; nobody known behind them: each is somebody's own."""
    may = datetime(2026, 5, 2, tzinfo=UTC)
    fill(changed, [(3050, 3050)] * 25, people=people, created_at=may)
    more = [one["properties"] for one in ask(changed, size=200)["features"]]
    clear = [one for one in more if one["class"] == "more"]
    assert len(clear) == 1 + expected
    assert sorted(one["p_adjusted"] <= 0.05 for one in more if one["after"] >= 25) == [True, True]


def test_compact_is_the_same(changed: Campaign) -> None:
    features, rows = ask(changed)["features"], ask(changed, f="compact")["cells"]
    assert [row[2:] for row in rows] == [list(feature["properties"].values()) for feature in features]


def test_districts_and_hexagons_change_too(
    changed: Campaign, crowded: Campaign, districts: list[District]
) -> None:
    for grid in ("district", "hexagon"):
        features = ask(changed, grid=grid, category="spot")["features"]
        assert sum(one["properties"]["before"] for one in features) == 55


def test_so_few_people_are_not_tested(campaign: Campaign) -> None:
    fill(campaign, scattered(29), created_at=datetime(2026, 4, 5, tzinfo=UTC))
    fill(campaign, scattered(29), created_at=datetime(2026, 5, 5, tzinfo=UTC))
    body = ask(campaign)
    assert body["method"]["tested"] is False
    for feature in body["features"]:
        assert (feature["properties"]["p"], feature["properties"]["class"]) == (None, "none")
    assert sum(feature["properties"]["before"] for feature in body["features"]) == 29


def test_an_empty_campaign_has_no_change(campaign: Campaign) -> None:
    assert ask(campaign)["features"] == []
    assert ask(campaign, f="compact")["cells"] == []


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"before": "period_open"}),
        ({"before": BEFORE}, {"after": "period_open"}),
        ({"before": BEFORE, "after": "2026-05-01/.."}, {"after": "period_open"}),
        ({"before": BEFORE, "after": "2026-04-30"}, {"after": "periods_overlap"}),
        ({"before": "2026-04-30/2026-04-01", "after": AFTER}, {"before": "dates_reversed"}),
        (
            {"before": "yesterday", "after": "1066-10-14"},
            {"before": "dates_malformed", "after": "dates_out_of_range"},
        ),
        ({"before": BEFORE, "after": AFTER, "datetime": BEFORE}, {"datetime": "unknown_parameter"}),
    ],
)
def test_wrong_periods_are_named(
    campaign: Campaign, parameters: dict[str, str], expected: dict[str, str]
) -> None:
    response = Client().get(campaign_url(campaign.slug, "heatmap/change"), parameters)
    assert response.status_code == 400
    assert reasons(response) == expected
