"""The centres of the API: what the bubbles of a campaign's map are drawn from."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from mapping.models import Campaign, ContributionStatus
from tests import personas
from tests.api.conftest import campaign_url, code, reasons
from tests.personas import STATION, TOWN_HALL, UNIVERSITY


@pytest.fixture
def filled(campaign: Campaign) -> Campaign:
    personas.make_contribution(campaign, TOWN_HALL, text="Dark")
    personas.make_contribution(campaign, TOWN_HALL, text="No bench")
    personas.make_contribution(campaign, TOWN_HALL, category="survey", source="paper", text="Loud")
    personas.make_contribution(campaign, STATION, category="survey")
    personas.make_contribution(campaign, UNIVERSITY, status=ContributionStatus.PENDING)
    return campaign


def read(client: Client, slug: str = "fear-spaces", **parameters: str) -> Any:
    return client.get(campaign_url(slug, "centres"), parameters)


def test_squares_have_a_true_centre_and_counts_by_category(filled: Campaign, public: Client) -> None:
    response = read(public, size="500")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found = response.json()
    assert found["size"] == 500
    assert found["categories"] == ["spot", "survey"]
    [station, hall] = found["centres"]
    assert station == pytest.approx([*STATION, 0, 1], abs=2e-6)
    assert hall == pytest.approx([*TOWN_HALL, 2, 1], abs=2e-6)


@pytest.mark.parametrize(
    ("parameters", "numbers"),
    [
        ({"category": "spot"}, [[2]]),
        ({"category": "survey"}, [[1], [1]]),
        ({"category": "spot,survey"}, [[0, 1], [2, 1]]),
        ({"q": "bench"}, [[1]]),
        ({"q": "nowhere"}, []),
        ({"source": "paper"}, [[1]]),
        ({"bbox": "7.76,49.443,7.78,49.446"}, [[2, 1]]),
        ({"bbox": "9,52,9.1,52.1"}, []),
        ({"bbox": "7.76,49.443,7.78,49.446", "q": "dark"}, [[1]]),
    ],
)
def test_filters_narrow_what_is_counted(
    filled: Campaign, public: Client, parameters: dict[str, str], numbers: list[list[int]]
) -> None:
    found = read(public, size="100", **parameters).json()
    assert [row[2:] for row in found["centres"]] == numbers


def test_an_empty_campaign_has_no_centres(campaign: Campaign, public: Client) -> None:
    assert read(public).json() == {"size": 1000, "categories": [], "centres": []}


@pytest.mark.parametrize(
    ("parameters", "field", "reason"),
    [
        ({"size": "300"}, "size", "unknown_choice"),
        ({"bbox": "1,2,3"}, "bbox", "bbox_malformed"),
        ({"category": "no-such"}, "category", "unknown_category"),
        ({"grid": "hexagon"}, "grid", "unknown_parameter"),
    ],
)
def test_what_makes_no_sense_is_named(
    campaign: Campaign, public: Client, parameters: dict[str, str], field: str, reason: str
) -> None:
    response = read(public, **parameters)
    assert response.status_code == 400
    assert reasons(response)[field] == reason


def test_protected_campaigns_have_no_public_centres(campaign: Campaign, public: Client) -> None:
    protected = personas.make_campaign("night", publication="cells")
    personas.make_contribution(protected)
    response = read(public, "night")
    assert (response.status_code, code(response)) == (403, "publishes_cells")
    assert read(public, "night", status="published").status_code == 401
    analyst = personas.make_user("analyst@example.org", protected, Role.ANALYST)
    moderator = personas.make_user("moderator@example.org", protected, Role.MODERATOR)
    assert len(read(personas.staff_browser(analyst), "night", status="published").json()["centres"]) == 1
    assert read(personas.staff_browser(moderator), "night", status="published").status_code == 403


def test_waiting_contributions_are_for_analysts(filled: Campaign, public: Client) -> None:
    assert read(public, status="pending").status_code == 401
    analyst = personas.make_user("analyst@example.org", filled, Role.ANALYST)
    found = read(personas.staff_browser(analyst), status="pending").json()
    assert [row[2:] for row in found["centres"]] == [[1]]


def test_drafts_are_not_found(public: Client, db: None) -> None:
    draft = personas.make_campaign("draft", is_draft=True)
    personas.make_contribution(draft)
    assert read(public, "draft").status_code == 404
