"""`numberMatched` is exact, also where counting takes long: then it is counted once for each state of a campaign."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mapping.http.kept import kept_answers
from mapping.models import Campaign, Contribution, ContributionStatus
from tests import personas
from tests.ogc.asking import ITEMS, body

LINES = "/ogc/collections/fear-spaces-lines/items"


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch, campaign: Campaign) -> None:
    """More than are counted each time, were there a hundred thousand of them."""
    monkeypatch.setattr("mapping.exports.counts.MOST_COUNTED", 2)
    for number in range(5):
        personas.make_contribution(campaign, text=f"dark {number}")
        place = personas.wkt("LINESTRING (7.77 49.44, 7.78 49.44)")
        personas.make_contribution(campaign, place, category="plan")
    personas.make_contribution(campaign, text="dark", status=ContributionStatus.PENDING)


def counts_in(url: str, query: dict[str, object]) -> tuple[int, int]:
    """The number, and how often the database counted contributions for it; no answer is kept."""
    kept_answers.forget()
    with CaptureQueriesContext(connection) as asked:
        number = body(url, query)["numberMatched"]
    counted = [
        one["sql"]
        for one in asked.captured_queries
        if "COUNT(*)" in one["sql"] and "LIMIT 3" not in one["sql"]
    ]
    return number, len(counted)


@pytest.mark.parametrize(
    ("url", "query"),
    [
        (ITEMS, {"filter": "text LIKE 'dark%'"}),
        (ITEMS, {"category": "spot"}),
        (LINES, {}),
        (ITEMS, {"bbox": "7,49,8,50"}),
    ],
)
def test_large_numbers_are_counted_once(campaign: Campaign, url: str, query: dict[str, object]) -> None:
    expected = 10 if "bbox" in query else 5
    assert counts_in(url, {**query, "limit": 1}) == (expected, 1)
    assert counts_in(url, {**query, "limit": 2}) == (expected, 0)
    for other in ("spot", "plan"):
        place = personas.TOWN_HALL if other == "spot" else personas.wkt("LINESTRING (7.77 49.44, 7.78 49.44)")
        personas.make_contribution(campaign, place, category=other, text="dark too")
    assert counts_in(url, {**query, "limit": 1})[0] > expected


def test_filters_are_counted_apart() -> None:
    assert counts_in(ITEMS, {"filter": "text LIKE 'dark%'", "limit": 1})[0] == 5
    assert counts_in(ITEMS, {"filter": "text LIKE 'dark%' AND text <> 'dark 1'", "limit": 1})[0] == 4
    assert Contribution.objects.count() == 11
