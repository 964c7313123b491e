"""Tiles take the filters of items, and tell where they are."""

import math
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from accounts.models import Role
from mapping.models import Campaign, Contribution
from mapping.ogc.tiles import levels
from mapping.ogc.tiles.matrix import MATRIX_SETS, WEB_MERCATOR_QUAD, TileMatrixSet
from mapping.services.releases.making import make_release
from tests import personas
from tests.api.conftest import reasons, with_token
from tests.ogc.asking import body
from tests.ogc.tiles.test_tiles import CELLS, CONTRIBUTIONS, SETS, address, layers, tile_at
from tests.personas import BERLIN, EPOCH, GOOD_ANSWERS, PENDING, STATION, TOWN_HALL, make_contribution

FILTERS: list[dict[str, str]] = [
    {"datetime": "2026-05-02"},
    {"datetime": "2026-05-02/.."},
    {"datetime": "../2026-05-01T12:00:00Z"},
    {"category": "survey"},
    {"scale": "4"},
    {"filter": "category = 'spot' AND text LIKE 'day%'"},
    {"filter": "scale > '3'", "filter-lang": "cql-text"},
    {"filter": '{"op": "isNull", "args": [{"property": "scale"}]}', "filter-lang": "cql2-json"},
    {"filter": "text = '100 %s of {0} 50%'"},
    {"category": "spot", "datetime": "2026-05-03", "filter": "support = 0"},
    {"datetime": "1999-01-01"},
]


@pytest.fixture
def days(campaign: Campaign) -> list[Contribution]:
    """Three days, two places, one with answers; one line."""
    made = [
        make_contribution(campaign, place, text=f"day {day}", created_at=EPOCH + timedelta(days=day))
        for day, place in enumerate((TOWN_HALL, STATION, TOWN_HALL))
    ]
    later = EPOCH + timedelta(days=1)
    made.append(make_contribution(campaign, category="survey", answers=GOOD_ANSWERS, created_at=later))
    text = "100 %s of {0} 50%"
    line = "LINESTRING(7.768 49.440, 7.770 49.441)"
    made.append(make_contribution(campaign, line, category="street", text=text, created_at=later))
    make_contribution(campaign, status=PENDING, created_at=later)
    return made


def found_in_tile(url: str, query: dict[str, str]) -> dict[str, Any]:
    return layers(f"{url}?{urlencode(query)}")


@pytest.mark.parametrize("query", FILTERS, ids=str)
def test_tile_holds_what_items_hold(days: list[Contribution], query: dict[str, str]) -> None:
    whole = address(CONTRIBUTIONS, WEB_MERCATOR_QUAD, 8)
    features = found_in_tile(whole, query).get("contributions", {}).get("features", [])
    expected = {one["id"] for one in body(f"{CONTRIBUTIONS}/items", dict(query))["features"]}
    assert {one["properties"]["id"] for one in features} == expected


@pytest.mark.parametrize("query", FILTERS, ids=str)
def test_cells_of_a_crowded_campaign_count_what_is_left(
    days: list[Contribution], monkeypatch: pytest.MonkeyPatch, query: dict[str, str]
) -> None:
    monkeypatch.setattr(levels, "MOST_FEATURES", 1)
    chosen = {one["id"] for one in body(f"{CONTRIBUTIONS}/items", dict(query))["features"]}
    for level in (0, 6, 11):
        found = found_in_tile(address(CONTRIBUTIONS, WEB_MERCATOR_QUAD, level), query)
        assert set(found) <= {"cells"}
        cells = {
            one["properties"]["id"]: one["properties"] for one in found.get("cells", {}).get("features", [])
        }
        size = levels.cell_size(level, WEB_MERCATOR_QUAD)
        assert all(cell["size"] == size for cell in cells.values())
        assert bool(cells) == bool(chosen)
        if level < 10:  # all lies in one cell
            assert [cell["contributions"] for cell in cells.values()] == [len(chosen)] * bool(chosen)
            assert all(cell["participants"] == len(chosen) for cell in cells.values())


@pytest.mark.parametrize("level", [0, 5, 11, 13, 15])
@pytest.mark.parametrize(
    "query",
    [
        {"datetime": "2026-05-02"},
        {"category": "spot,survey"},
        {"weekday": "5,6"},
        {"hours": "0-12"},
        {"source": "online"},
        {"answers[scale]": "4"},
    ],
    ids=str,
)
def test_cells_of_a_heat_map_take_its_filters(
    days: list[Contribution], level: int, query: dict[str, str]
) -> None:
    make_contribution(days[0].campaign, BERLIN, created_at=EPOCH)
    size = levels.cell_size(level, WEB_MERCATOR_QUAD)
    features = body(f"{CELLS}/items", {**query, "size": size})["features"]
    expected = {one["id"]: one["properties"] for one in features}
    row, column = tile_at(WEB_MERCATOR_QUAD, level, TOWN_HALL)
    seen: dict[str, Any] = {}
    for north in (-1, 0, 1):
        for east in (-1, 0, 1):
            tile = f"{CELLS}/tiles/WebMercatorQuad/{level}/{row + north}/{column + east}"
            if not (0 <= row + north < 2**level and 0 <= column + east < 2**level):
                continue
            for one in found_in_tile(tile, query).get("cells", {}).get("features", []):
                cell = one["properties"]
                known = seen.setdefault(cell["id"], cell)
                assert known == cell  # whole in every tile that it reaches into
                numbers = {name: cell[name] for name in ("contributions", "participants")}
                assert numbers == expected[cell["id"]]
    assert bool(seen) == bool(expected)


def test_filter_shows_nothing_that_the_public_must_not_see(days: list[Contribution]) -> None:
    url = address(CONTRIBUTIONS, WEB_MERCATOR_QUAD, 8)
    assert found_in_tile(url, {"status": "pending"}) == {}
    assert found_in_tile(url, {"filter": "status <> 'published'"}) == {}
    analyst = with_token(personas.make_user("analyst@example.org", days[0].campaign, Role.ANALYST))
    assert analyst.get(f"{url}?status=pending").status_code == 200


@pytest.mark.parametrize(
    ("base", "query", "field"),
    [
        (CONTRIBUTIONS, {"datetime": "yesterday"}, "datetime"),
        (CONTRIBUTIONS, {"filter": "nothing = 1"}, "filter"),
        (CONTRIBUTIONS, {"filter": "scale = 1", "filter-lang": "sql"}, "filter-lang"),
        (CONTRIBUTIONS, {"scale": "many"}, "scale"),
        (CONTRIBUTIONS, {"bbox": "1,2,3,4"}, "bbox"),
        (CONTRIBUTIONS, {"f": "png"}, "f"),
        (CELLS, {"category": "nowhere"}, "category"),
        (CELLS, {"answers[nothing]": "1"}, "answers[nothing]"),
        (CELLS, {"hours": "30"}, "hours"),
        (CELLS, {"filter": "contributions > 1"}, "filter"),
    ],
)
def test_wrong_filter_is_refused_by_name(
    campaign: Campaign, base: str, query: dict[str, str], field: str
) -> None:
    for url in (address(base, WEB_MERCATOR_QUAD, 8), f"{base}/tiles/WebMercatorQuad"):
        if field == "f" and url.endswith("Quad"):
            continue
        response = Client().get(url, query)
        assert response.status_code == 400
        assert list(reasons(response)) == [field]


def test_release_takes_a_time_and_no_filter(cells_campaign: Campaign) -> None:
    for _person in range(7):
        make_contribution(cells_campaign)
    make_release(cells_campaign)
    url = address("/ogc/collections/night-routes-cells", WEB_MERCATOR_QUAD, 8)
    assert layers(f"{url}?datetime=2001-01-01") == layers(url) != {}
    for name in ("category", "filter", "weekday"):
        assert list(reasons(Client().get(url, {name: "1"}))) == [name]


def test_time_slider_gets_an_answer_of_its_own_for_each_day(days: list[Contribution]) -> None:
    """Answers are kept by their whole address."""
    url = address(CONTRIBUTIONS, WEB_MERCATOR_QUAD, 8)
    seen = [found_in_tile(url, {"datetime": f"2026-05-0{day}"}) for day in (1, 2, 3, 1)]
    assert [len(one["contributions"]["features"]) for one in seen] == [1, 3, 1, 1]


def test_tileset_with_filters_leads_to_tiles_with_filters(days: list[Contribution]) -> None:
    query = {"datetime": "2026-05-02", "filter": "category = 'spot'"}
    for form in ("tilejson", "json"):
        described = body(f"{CONTRIBUTIONS}/tiles/WebMercatorQuad", {**query, "f": form})
        template = (
            described["tiles"][0]
            if form == "tilejson"
            else next(one["href"] for one in described["links"] if one["rel"] == "item")
        )
        assert {name: values[0] for name, values in parse_qs(urlsplit(template).query).items()} == query
        row, column = tile_at(WEB_MERCATOR_QUAD, 9, TOWN_HALL)
        names = {"z": 9, "y": row, "x": column, "tileMatrix": 9, "tileRow": row, "tileCol": column}
        [feature] = layers(template.format(**names).removeprefix("http://testserver"))["contributions"][
            "features"
        ]
        assert feature["properties"]["id"] == str(days[1].pk)


@pytest.mark.parametrize("matrix_set", SETS, ids=lambda one: one.id)
@pytest.mark.parametrize("base", [CONTRIBUTIONS, CELLS])
def test_limits_hold_every_tile_that_is_not_empty(
    days: list[Contribution], matrix_set: TileMatrixSet, base: str
) -> None:
    """OGC 17-083r4: also what lies outside the area of the campaign."""
    make_contribution(days[0].campaign, BERLIN)
    limits = body(f"{base}/tiles/{matrix_set.id}")["tileMatrixSetLimits"]
    last = min(levels.LAST_LEVEL, matrix_set.levels - 1)
    assert [one["tileMatrix"] for one in limits] == [str(level) for level in range(last + 1)]
    for level, one in enumerate(limits):
        assert 0 <= one["minTileRow"] <= one["maxTileRow"] < 2**level
        assert 0 <= one["minTileCol"] <= one["maxTileCol"] < 2**level
        for place in (TOWN_HALL, STATION, BERLIN):
            row, column = tile_at(matrix_set, level, place)
            assert one["minTileRow"] <= row <= one["maxTileRow"]
            assert one["minTileCol"] <= column <= one["maxTileCol"]
    # Some 500 km by 400 km, and not the world.
    wide = limits[9]
    assert (
        math.prod((wide["maxTileRow"] - wide["minTileRow"], wide["maxTileCol"] - wide["minTileCol"])) < 3000
    )


def test_limits_of_a_protected_campaign_are_those_of_area_and_release(cells_campaign: Campaign) -> None:
    url = "/ogc/collections/night-routes-cells/tiles/WebMercatorQuad"
    before = body(url)["tileMatrixSetLimits"]
    make_contribution(cells_campaign, BERLIN)
    assert body(url)["tileMatrixSetLimits"] == before


def test_campaign_without_a_place_has_no_limits(campaign: Campaign) -> None:
    Campaign.objects.update(area=None)
    assert body(f"{CONTRIBUTIONS}/tiles/WebMercatorQuad")["tileMatrixSetLimits"] == []


def test_every_matrix_set_knows_its_limits() -> None:
    assert set(MATRIX_SETS) == {one.id for one in SETS}


@pytest.mark.parametrize(
    ("place", "category"),
    [
        ("LINESTRING(7.70 49.40, 7.80 49.50)", "street"),
        ("POLYGON((7.70 49.40, 7.80 49.40, 7.80 49.50, 7.70 49.50, 7.70 49.40))", "meadow"),
    ],
)
@pytest.mark.parametrize("matrix_set", SETS, ids=lambda one: one.id)
def test_place_that_reaches_beyond_a_tile_on_every_side_is_in_it(
    campaign: Campaign, matrix_set: TileMatrixSet, place: str, category: str
) -> None:
    pk = str(make_contribution(campaign, place, category=category).pk)
    middle = (7.75, 49.45)
    [feature] = layers(address(CONTRIBUTIONS, matrix_set, 14, middle))["contributions"]["features"]
    assert feature["properties"]["id"] == pk
    counted = found_in_tile(address(CELLS, matrix_set, 14, middle), {"category": category})
    assert {one["properties"]["contributions"] for one in counted["cells"]["features"]} == {1}
