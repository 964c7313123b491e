"""CQL2 filters as clients send them (OGC 19-079r2)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from mapping.models import Campaign
from tests.personas import GOOD_ANSWERS, STATION, TOWN_HALL, make_contribution

ITEMS = "/ogc/collections/fear-spaces-contributions/items"


def texts(**query: str) -> list[str]:
    response = Client().get(f"{ITEMS}?{urlencode(query)}")
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["features"]
    return sorted(feature["properties"]["text"] for feature in found)


@pytest.fixture
def places(campaign: Campaign) -> Campaign:
    make_contribution(campaign, TOWN_HALL, text="town hall")
    make_contribution(campaign, STATION, text="station")
    make_contribution(campaign, STATION, category="survey", text="asked", answers=GOOD_ANSWERS)
    return campaign


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("category = 'spot'", ["station", "town hall"]),
        ('"yes-no" = TRUE AND scale > 3', ["asked"]),
        ("text LIKE 'st%'", ["station"]),
        ("S_INTERSECTS(geometry, BBOX(7.768, 49.436, 7.769, 49.437))", ["asked", "station"]),
        ("NOT scale IN (1, 2)", ["asked"]),
    ],
)
def test_filter_as_text(places: Campaign, text: str, expected: list[str]) -> None:
    assert texts(filter=text) == expected


def test_filter_as_json(places: Campaign) -> None:
    tree = {"op": "=", "args": [{"property": "category"}, "survey"]}
    assert texts(**{"filter": json.dumps(tree), "filter-lang": "cql2-json"}) == ["asked"]


def test_filter_with_geometries_in_another_crs(places: Campaign) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/4326"
    text = "S_INTERSECTS(geometry, POLYGON((49.436 7.768, 49.437 7.768, 49.437 7.769, 49.436 7.769, 49.436 7.768)))"
    assert texts(**{"filter": text, "filter-crs": crs}) == ["asked", "station"]
    assert texts(filter=text) == []


def test_filter_and_other_parameters_all_hold(places: Campaign) -> None:
    assert texts(filter="category = 'spot'", bbox="7.768,49.436,7.769,49.437") == ["station"]
    assert texts(filter="category = 'spot'", category="survey") == []


def test_pages_of_a_filter_belong_to_it(places: Campaign) -> None:
    query = {"filter": "category = 'spot'", "limit": "1"}
    first = Client().get(f"{ITEMS}?{urlencode(query)}").json()
    assert (first["numberMatched"], first["numberReturned"]) == (2, 1)
    [following] = [one["href"] for one in first["links"] if one["rel"] == "next"]
    second = Client().get(following).json()
    assert second["features"][0]["id"] != first["features"][0]["id"]
    assert second["numberMatched"] == 2
    other = Client().get(following.replace("spot", "survey"))
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    ("text", "code"),
    [("categori = 'spot'", "cql_"), ("category = ", "cql_"), ("category = 1", "cql_"), ("((((", "cql_")],
)
def test_fault_is_told_with_its_position(places: Campaign, text: str, code: str) -> None:
    response = Client().get(f"{ITEMS}?{urlencode({'filter': text})}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    [error] = response.json()["errors"]
    assert error["field"] == "filter"
    assert error["code"].startswith(code)


def test_districts_and_area_can_be_filtered_too(campaign: Campaign) -> None:
    base = "/ogc/collections/fear-spaces-area/items"
    met = Client().get(f"{base}?{urlencode({'filter': 'title IS NOT NULL'})}").json()
    assert met["numberReturned"] == 1
    missed = Client().get(f"{base}?{urlencode({'filter': 'S_INTERSECTS(geometry, POINT(0 0))'})}").json()
    assert missed["numberReturned"] == 0
