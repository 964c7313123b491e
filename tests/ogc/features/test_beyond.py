"""Beyond the suite of Part 1: entity tags, compression, links as headers, chosen attributes, order, schemas, cells."""

import json

import pytest
from django.utils import timezone

from mapping.models import Campaign, Contribution, DistrictLayer
from tests.ogc.asking import COLLECTION, ITEMS, ROOT, body, get, is_problem, linked
from tests.personas import GOOD_ANSWERS, make_contribution


def test_same_answer_is_not_sent_twice(three: list[Contribution]) -> None:
    etag = get(ITEMS)["ETag"]
    assert get(ITEMS, None, **{"If-None-Match": etag}).status_code == 304
    Contribution.objects.filter(pk=three[0].pk).update(text="changed", updated_at=timezone.now())
    again = get(ITEMS, None, **{"If-None-Match": etag})
    assert again.status_code == 200
    assert again["ETag"] != etag


def test_links_are_headers_too(three: list[Contribution]) -> None:
    header = get(ITEMS, {"limit": 1})["Link"]
    assert 'rel="next"' in header
    assert 'rel="self"' in header


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_answers_are_compressed(campaign: Campaign, coding: str) -> None:
    for number in range(9):
        make_contribution(campaign, text="x" * 500 + str(number))
    response = get(ITEMS, None, **{"Accept-Encoding": coding})
    assert response["Content-Encoding"] == coding
    assert len(response.content) < 4000


def test_properties_and_geometry_can_be_left_out(three: list[Contribution]) -> None:
    """OGC API - Features Part 6 (draft), property selection."""
    [first, *_others] = body(ITEMS, {"properties": "text,category", "skipGeometry": "true"})["features"]
    assert list(first["properties"]) == ["category", "text"]
    assert first["geometry"] is None
    assert is_problem(get(ITEMS, {"properties": "secret"}), 400)


@pytest.mark.parametrize(
    ("order", "days"),
    [("created", [0, 1, 2]), ("-created", [2, 1, 0]), ("+text", [0, 1, 2]), ("-category,text", [0, 1, 2])],
)
def test_items_are_sorted(three: list[Contribution], order: str, days: list[int]) -> None:
    """OGC API - Features Part 8 (draft), sorting; pages keep the order."""
    found: list[str] = []
    document = body(ITEMS, {"sortby": order, "limit": 2})
    found += [one["properties"]["text"] for one in document["features"]]
    found += [one["properties"]["text"] for one in body(linked(document, "next"))["features"]]
    assert found == [f"day {day}" for day in days]


def test_schema_names_what_items_hold(campaign: Campaign) -> None:
    """OGC 23-058r1: returnables, roles, titles, types, enumerations."""
    make_contribution(campaign, category="survey", answers=GOOD_ANSWERS)
    response = get(f"{COLLECTION}/schema")
    assert response["Content-Type"] == "application/schema+json"
    schema = response.json()
    [feature] = body(ITEMS)["features"]
    assert set(feature["properties"]) <= set(schema["properties"])
    assert schema["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    assert schema["properties"]["created"]["x-ogc-role"] == "primary-instant"
    scale = schema["properties"]["scale"]
    assert (scale["type"], scale["minimum"]) == ("integer", 1)
    assert "night" in schema["properties"]["single-choice"]["enum"]
    queryables = body(f"{COLLECTION}/queryables")
    assert queryables["additionalProperties"] is False
    assert "scale" in queryables["properties"]
    assert "multiple-choice" not in body(f"{COLLECTION}/sortables")["properties"]


def test_cells_are_a_heat_map_with_its_parameters(three: list[Contribution]) -> None:
    cells = f"{ROOT}collections/fear-spaces-cells/items"
    whole = body(cells, {"size": 200})
    assert sum(one["properties"]["contributions"] for one in whole["features"]) == 3
    assert [one["id"] for one in whole["features"]] == [
        one["id"] for one in body("/api/v1/campaigns/fear-spaces/heatmap", {"size": 200})["features"]
    ]
    page = body(cells, {"size": 200, "limit": 1})
    assert page["numberMatched"] == whole["numberMatched"]
    following = body(linked(page, "next"))
    assert following["features"][0]["id"] == whole["features"][1]["id"]
    assert len(body(cells, {"size": 200, "bbox": "7.7686,49.4360,7.7688,49.4362"})["features"]) == 1
    [cell] = {one["id"] for one in whole["features"][:1]}
    assert body(f"{cells}/{cell}")["properties"] == whole["features"][0]["properties"]
    assert json.dumps(whole).count("participants") == len(whole["features"])


@pytest.mark.parametrize("grid", ["square", "hexagon", "district"])
def test_every_cell_is_there_by_its_id(three: list[Contribution], layer: DistrictLayer, grid: str) -> None:
    """OGC 17-069r4, /req/core/f-op: each item of a collection."""
    cells = "/ogc/collections/fear-spaces-cells/items"
    query: dict[str, object] = {"grid": grid} if grid == "district" else {"grid": grid, "size": 200}
    features = body(cells, query)["features"]
    assert features
    for feature in features:
        alone = body(f"{cells}/{feature['id']}")
        assert (alone["geometry"], alone["properties"]) == (feature["geometry"], feature["properties"])
    assert get(f"{cells}/none%00of%20them").status_code == get(f"{cells}/02").status_code == 404
