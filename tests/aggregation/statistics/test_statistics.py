"""The numbers of a campaign, and who may ask for any statistic."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from mapping.models import Campaign, Contribution, ContributionStatus, District
from tests import personas
from tests.aggregation.statistics.conftest import asked, fill, scattered
from tests.api.conftest import campaign_url, code, with_token

pytestmark = pytest.mark.django_db

PERIODS = "before=2026-01-01/2026-01-31&after=2026-05-01/2026-05-31"
ADDRESSES = {
    "hotspots": "hotspots",
    "clusters": "clusters",
    "statistics": "statistics",
    "rates": "rates",
    "surface": "surface",
    "surface.png": "surface",
    f"heatmap/change?{PERIODS}": "change",
}
"""With the word by which the log names them."""


def ask(campaign: Campaign, **parameters: str | int) -> dict[str, Any]:
    return asked(campaign, "statistics", **parameters)


def test_numbers_per_category_district_and_time(crowded: Campaign, districts: list[District]) -> None:
    # Saturday, the 1st of August, 23:30 in Germany.
    late = datetime(2026, 8, 1, 21, 30, tzinfo=UTC)
    fill(crowded, [(500, 500)] * 3, category=personas.category_of(crowded, "survey"), created_at=late)
    personas.make_contribution(crowded, None, category="idea", created_at=late)
    body = ask(crowded)
    assert body["totals"] == {"contributions": 104, "participants": 104, "unlocated": 1, "unnamed": 0}
    categories = {one["slug"]: one["contributions"] for one in body["per_category"]}
    assert categories == {
        "spot": 100,
        "street": 0,
        "meadow": 0,
        "idea": 1,
        "anything": 0,
        "plan": 0,
        "survey": 3,
    }
    assert [one["code"] for one in body["per_district"]] == [district.code for district in districts]
    assert sum(one["contributions"] for one in body["per_district"]) == 103
    assert body["per_month"] == [
        {"month": "2026-05", "contributions": 100},
        {"month": "2026-08", "contributions": 4},
    ]
    assert body["per_weekday"] == [0, 0, 0, 0, 100, 4, 0]
    assert (len(body["per_hour"]), body["per_hour"][12], body["per_hour"][23]) == (24, 100, 4)


def test_filters_of_the_heat_map_hold(crowded: Campaign, districts: list[District]) -> None:
    body = ask(crowded, district=districts[0].code, weekday="5", hours="12-13")
    inside = body["totals"]["contributions"]
    assert 0 < inside < 100
    assert body["per_month"] == [{"month": "2026-05", "contributions": inside}]
    assert body["per_district"][0]["contributions"] == inside
    assert sum(one["contributions"] for one in body["per_district"]) == inside
    assert ask(crowded, weekday="6")["totals"]["contributions"] == 0


def test_an_empty_campaign_has_zeros(campaign: Campaign) -> None:
    body = ask(campaign)
    assert body["totals"] == {"contributions": 0, "participants": 0, "unlocated": 0, "unnamed": 0}
    assert (body["moran"], body["moran_reason"]) == (None, "too_few_participants")
    assert body["per_month"] == body["per_district"] == []
    assert body["per_weekday"] == [0] * 7


def test_districts_without_a_layer_have_no_moran(crowded: Campaign) -> None:
    assert ask(crowded, grid="district")["moran_reason"] == "no_districts"


@pytest.mark.parametrize("address", ADDRESSES)
def test_cells_campaigns_refuse_everybody_but_analysts(
    cells_campaign: Campaign, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    fill(cells_campaign, scattered(40))
    url = campaign_url(cells_campaign.slug, address)
    refused = Client().get(url)
    assert (refused.status_code, code(refused)) == (403, "publishes_cells")
    moderator = personas.make_user("m@example.org", cells_campaign, Role.MODERATOR)
    assert code(with_token(moderator).get(url)) == "publishes_cells"
    analyst = personas.make_user("a@example.org", cells_campaign, Role.ANALYST)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        response = with_token(analyst).get(url)
    # Without a grid of inhabitants there are no rates for anybody.
    assert response.status_code == (400 if address == "rates" else 200)
    assert response.headers["Cache-Control"] == "no-store"
    assert [record.getMessage() for record in caplog.records if record.name == "geoparticipation.access"] == [
        f"user={analyst.pk} campaign=night-routes view={ADDRESSES[address]}"
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_waits_for_a_review_is_for_analysts(
    campaign: Campaign, analyst: User, outsider: User, address: str
) -> None:
    fill(campaign, scattered(40), status=ContributionStatus.PENDING)
    url = campaign_url(campaign.slug, address)
    mark = "&" if "?" in address else "?"
    pending = f"{url}{mark}status=pending"
    assert Client().get(pending).status_code == 401
    assert code(with_token(outsider).get(pending)) == "analysts_only"
    seen, public = with_token(analyst).get(pending), Client().get(url)
    if address != "rates":
        assert seen.status_code == 200
        assert seen.content != public.content


@pytest.mark.parametrize("address", ADDRESSES)
def test_drafts_do_not_exist(draft_campaign: Campaign, address: str) -> None:
    assert Client().get(campaign_url(draft_campaign.slug, address)).status_code == 404


def test_opinions_and_people_who_took_part_are_told(crowded: Campaign, districts: list[District]) -> None:
    first, second = Contribution.objects.order_by("pk")[:2]
    idea = personas.make_contribution(crowded, None, category="idea")
    for contribution, value in ((first, 1), (first, -1), (first, -1), (second, 1), (idea, -1)):
        personas.make_support(contribution, value)
    body = Client().get(campaign_url(crowded.slug, "statistics")).json()
    assert body["opinions"] == {"support": 2, "opposition": 3, "balance": -1}
    assert (body["totals"]["participants"], body["took_part"]) == (101, 106)
    body = Client().get(campaign_url(crowded.slug, "statistics"), {"category": "idea"}).json()
    assert body["opinions"] == {"support": 0, "opposition": 1, "balance": -1}
    everywhere = ",".join(district.code for district in districts)
    body = Client().get(campaign_url(crowded.slug, "statistics"), {"district": everywhere}).json()
    assert body["opinions"]["balance"] == 0


@pytest.mark.parametrize("grid", ["square", "hexagon", "district"])
def test_heat_map_measures_opposition_and_balance(
    crowded: Campaign, districts: list[District], grid: str
) -> None:
    first = Contribution.objects.order_by("pk")[0]
    for value in (1, -1, -1):
        personas.make_support(first, value)
    sums = {}
    for measure in ("support", "opposition", "balance"):
        found = asked(crowded, "heatmap", grid=grid, measure=measure, size=200)["features"]
        sums[measure] = sum(one["properties"]["value"] for one in found)
    assert sums == {"support": 1, "opposition": 2, "balance": -1}
