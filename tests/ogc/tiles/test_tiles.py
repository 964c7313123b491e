"""Tiles hold what the collection holds, where it lies, and of protected campaigns the release alone."""

import json
from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from django.contrib.gis.geos import LineString
from django.test import Client

from accounts.models import ApiToken, User
from mapping.geo.crs import transform_positions
from mapping.models import Campaign, ContributionStatus, Publication
from mapping.ogc.tiles import levels
from mapping.ogc.tiles.matrix import EUROPEAN_LAEA_QUAD, MATRIX_SETS, TileMatrixSet
from mapping.services.releases.making import make_release
from tests.personas import BERLIN, GOOD_ANSWERS, STATION, TOWN_HALL, make_campaign, make_contribution

CONTRIBUTIONS = "/ogc/collections/fear-spaces-contributions"
CELLS = "/ogc/collections/fear-spaces-cells"
SETS = list(MATRIX_SETS.values())


def tile_at(matrix_set: TileMatrixSet, level: int, place: tuple[float, float]) -> tuple[int, int]:
    """Row and column of the tile in which a place (lon/lat) lies."""
    x, y = transform_positions(np.array([place]), 4326, matrix_set.epsg)[0]
    edge = matrix_set.edge / 2**level
    return int((matrix_set.north - y) // edge), int((x - matrix_set.west) // edge)


def address(base: str, matrix_set: TileMatrixSet, level: int, place: tuple[float, float] = TOWN_HALL) -> str:
    row, column = tile_at(matrix_set, level, place)
    return f"{base}/tiles/{matrix_set.id}/{level}/{row}/{column}"


def layers(url: str, **headers: str) -> dict[str, Any]:
    """A tile's layers by name, positions from the top left corner; nothing for an empty tile."""
    response = Client().get(url, headers=headers)
    if response.status_code == 204:
        return {}
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    found: dict[str, Any] = mapbox_vector_tile.decode(
        response.content, default_options={"y_coord_down": True, "geojson": False}
    )
    return found


def everywhere(base: str, level: int) -> Iterator[dict[str, Any]]:
    """All tiles of a level."""
    for row in range(2**level):
        for column in range(2**level):
            yield layers(f"{base}/tiles/EuropeanETRS89_LAEAQuad/{level}/{row}/{column}")


@pytest.mark.parametrize("matrix_set", SETS, ids=lambda one: one.id)
@pytest.mark.parametrize("level", [3, 9, 15])
def test_contribution_lies_where_it_should_to_a_step(
    campaign: Campaign, matrix_set: TileMatrixSet, level: int
) -> None:
    make_contribution(campaign, TOWN_HALL)
    [feature] = layers(address(CONTRIBUTIONS, matrix_set, level))["contributions"]["features"]
    row, column = tile_at(matrix_set, level, TOWN_HALL)
    step = matrix_set.edge / 2**level / 4096
    x, y = (
        feature["geometry"]["coordinates"] if isinstance(feature["geometry"], dict) else feature["geometry"]
    )
    found = np.array(
        [
            matrix_set.west + column * 4096 * step + x * step,
            matrix_set.north - row * 4096 * step - y * step,
        ]
    )
    expected = transform_positions(np.array([TOWN_HALL]), 4326, matrix_set.epsg)[0]
    assert np.abs(found - expected).max() <= step


def test_attributes_are_those_that_are_short(campaign: Campaign) -> None:
    made = make_contribution(campaign, category="survey", text="long", answers=GOOD_ANSWERS)
    url = address(CONTRIBUTIONS, EUROPEAN_LAEA_QUAD, 12)
    [feature] = layers(url)["contributions"]["features"]
    properties = feature["properties"]
    assert properties["id"] == str(made.pk)
    assert (properties["category"], properties["status"], properties["support"]) == ("survey", "published", 0)
    assert (properties["yes-no"], properties["scale"], properties["single-choice"]) == (True, 4, "night")
    assert properties["created"] == made.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert not {"text", "long-text", "answer_text", "photos", "multiple-choice"} & set(properties)


def test_lines_are_clipped_and_in_every_tile_that_they_cross(campaign: Campaign) -> None:
    make_contribution(campaign, LineString(TOWN_HALL, STATION, srid=4326), category="street")
    for place in (TOWN_HALL, STATION):
        [feature] = layers(address(CONTRIBUTIONS, EUROPEAN_LAEA_QUAD, 15, place))["contributions"]["features"]
        positions = np.array(feature["geometry"]["coordinates"])
        assert positions.min() >= -128
        assert positions.max() <= 4096 + 128


@pytest.mark.parametrize("status", [ContributionStatus.PENDING, ContributionStatus.REJECTED])
def test_only_published_contributions_are_in_tiles(campaign: Campaign, status: ContributionStatus) -> None:
    make_contribution(campaign, status=status)
    for base in (CONTRIBUTIONS, CELLS):
        for level in (0, 5, 12, 15):
            assert layers(address(base, EUROPEAN_LAEA_QUAD, level)) == {}


def test_analysts_see_every_status(campaign: Campaign, analyst: User) -> None:
    make_contribution(campaign, status=ContributionStatus.PENDING)
    token = f"Bearer {ApiToken.issue(analyst)}"
    [feature] = layers(address(CONTRIBUTIONS, EUROPEAN_LAEA_QUAD, 12), Authorization=token)["contributions"][
        "features"
    ]
    assert feature["properties"]["status"] == "pending"


def test_crowded_campaign_shows_cells_until_contributions_fit(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "MOST_FEATURES", 9)
    for number in range(10):
        make_contribution(campaign, (TOWN_HALL[0] + number / 200, TOWN_HALL[1]))
    kinds = [set(layers(address(CONTRIBUTIONS, EUROPEAN_LAEA_QUAD, level))) for level in range(16)]
    first = kinds.index({"contributions"})
    assert first > 0
    assert kinds == [{"cells"}] * first + [{"contributions"}] * (16 - first)
    for level in range(first):
        cells = layers(address(CONTRIBUTIONS, EUROPEAN_LAEA_QUAD, level))["cells"]["features"]
        assert sum(cell["properties"]["contributions"] for cell in cells) == 10
    described = Client().get(f"{CONTRIBUTIONS}/tiles/EuropeanETRS89_LAEAQuad").json()["layers"]
    assert [(one["id"], one["minTileMatrix"]) for one in described] == [
        ("cells", "0"),
        ("contributions", str(first)),
    ]


@pytest.mark.parametrize("level", [0, 1, 3])
def test_cells_of_all_tiles_are_the_heat_map(campaign: Campaign, level: int) -> None:
    for place in (TOWN_HALL, STATION, STATION, BERLIN):
        make_contribution(campaign, place)
    cells: dict[str, tuple[int, int]] = {}
    for found in everywhere(CELLS, level):
        for cell in found.get("cells", {}).get("features", ()):
            properties = cell["properties"]
            cells[properties["id"]] = (properties["contributions"], properties["participants"])
    size = levels.cell_size(level, EUROPEAN_LAEA_QUAD)
    heatmap = Client().get(f"{CELLS}/items?size={size}").json()["features"]
    assert cells == {
        one["id"]: (one["properties"]["contributions"], one["properties"]["participants"]) for one in heatmap
    }


def test_protected_campaign_shows_its_release_in_every_tile(db: None) -> None:
    campaign = make_campaign(publication=Publication.CELLS, k=2)
    for number in range(6):
        make_contribution(campaign, (TOWN_HALL[0] + number / 5000, TOWN_HALL[1]))
    url = address(CELLS, EUROPEAN_LAEA_QUAD, 12)
    assert layers(url) == {}
    make_release(campaign)
    released = {
        one["id"]: one["properties"]["contributions"]
        for one in Client().get(f"{CELLS}/items").json()["features"]
    }
    assert released
    for level in range(16):
        for cell in layers(address(CELLS, EUROPEAN_LAEA_QUAD, level))["cells"]["features"]:
            properties = cell["properties"]
            assert released[properties["id"]] == properties["contributions"]
            assert properties["participants_at_least"] in (2, 5, 10)
            assert "participants" not in properties
    make_contribution(campaign, STATION)
    before = layers(url)
    assert layers(url) == before
    refused = Client().get(address(CONTRIBUTIONS, EUROPEAN_LAEA_QUAD, 12))
    assert (refused.status_code, refused.json()["code"]) == (403, "publishes_cells")


@pytest.mark.parametrize(
    ("tile", "status"),
    [
        ("0/0/1", 404),
        ("0/-1/0", 404),
        ("99999999999999/0/0", 404),
        ("x/0/0", 404),
        ("19/0/0", 404),
        ("3/8/0", 404),
        ("3/7/0", 204),
        ("3/7/0?f=png", 400),
        ("3/7/0?foo=1", 400),
    ],
)
def test_tile_that_does_not_exist(campaign: Campaign, tile: str, status: int) -> None:
    response = Client().get(f"{CONTRIBUTIONS}/tiles/WebMercatorQuad/{tile}")
    assert response.status_code == status
    if status != 204:
        assert response["Content-Type"] == "application/problem+json"


def test_collections_of_one_type_of_place_have_no_tiles(campaign: Campaign) -> None:
    assert Client().get("/ogc/collections/fear-spaces-points/tiles").status_code == 404
    rels = {one["rel"] for one in Client().get(CONTRIBUTIONS).json()["links"]}
    assert "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector" in rels


def test_same_tile_is_not_sent_twice(campaign: Campaign) -> None:
    made = make_contribution(campaign)
    url = address(CONTRIBUTIONS, EUROPEAN_LAEA_QUAD, 12)
    etag = Client().get(url)["ETag"]
    assert Client().get(url, headers={"If-None-Match": etag}).status_code == 304
    type(made).objects.filter(pk=made.pk).update(support_count=3)
    assert Client().get(url, headers={"If-None-Match": etag}).status_code == 200


def test_tilejson_leads_to_the_tile(campaign: Campaign) -> None:
    make_contribution(campaign, TOWN_HALL)
    body = Client().get(f"{CONTRIBUTIONS}/tiles/WebMercatorQuad?f=tilejson").json()
    assert body["tilejson"] == "3.0.0"
    west, south, east, north = body["bounds"]
    assert west < TOWN_HALL[0] < east
    assert south < TOWN_HALL[1] < north
    row, column = tile_at(MATRIX_SETS["WebMercatorQuad"], 14, TOWN_HALL)
    [template] = body["tiles"]
    url = template.format(z=14, x=column, y=row).removeprefix("http://testserver")
    [layer] = layers(url)
    known = {one["id"]: one for one in body["vector_layers"]}
    assert known[layer]["minzoom"] <= 14 <= known[layer]["maxzoom"]
    [feature] = layers(url)[layer]["features"]
    assert set(feature["properties"]) <= set(known[layer]["fields"])


def test_style_draws_layers_that_exist(campaign: Campaign) -> None:
    for collection in (CONTRIBUTIONS, CELLS):
        style = Client().get(f"{collection}/style.json").json()
        assert style["version"] == 8
        tilejson = Client().get(style["sources"]["campaign"]["url"].removeprefix("http://testserver")).json()
        there = {one["id"] for one in tilejson["vector_layers"]}
        assert {layer["source-layer"] for layer in style["layers"]} == there
        assert "category" not in json.dumps(style) or collection == CONTRIBUTIONS


def holds(condition: list[Any], properties: dict[str, Any], shape: str) -> bool:
    """A filter of a MapLibre style, as far as ours go."""
    operator, *operands = condition
    if operator == "all":
        return all(holds(one, properties, shape) for one in operands)
    (read, *name), wanted = operands
    found = shape if read == "geometry-type" else properties[name[0]]
    return bool(
        {"==": found == wanted, "!=": found != wanted}[operator]
        if isinstance(wanted, str)
        else {"==": found == wanted, ">=": found >= wanted, "<": found < wanted}[operator]
    )


@pytest.mark.parametrize("size", [100, 500, 10_000])
def test_each_cell_has_one_class_of_the_style(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Whatever number of contributions it has, now or tomorrow; QGIS knows filters, and neither `step` nor `match`."""
    for place, number in ((TOWN_HALL, 1), (STATION, 3), (BERLIN, 7)):
        for _number in range(number):
            make_contribution(campaign, place)
    style = Client().get(f"{CELLS}/style.json").json()
    assert not {"step", "match", "case", "interpolate"} & set(json.dumps(style).split('"'))
    for contributions in range(1, 40):
        cell = {"size": size, "contributions": contributions}
        drawn = [one for one in style["layers"] if holds(one["filter"], cell, "Polygon")]
        assert len(drawn) == 1
    colours = {
        next(
            one["paint"]["fill-color"]
            for one in style["layers"]
            if holds(one["filter"], {"size": 100, "contributions": number}, "Polygon")
        )
        for number in (1, 3, 7)
    }
    assert len(colours) == 3


def test_cells_in_tiles_say_their_size(campaign: Campaign) -> None:
    make_contribution(campaign)
    for level in (0, 9, 14):
        [cell] = layers(address(CELLS, EUROPEAN_LAEA_QUAD, level))["cells"]["features"]
        size = levels.cell_size(level, EUROPEAN_LAEA_QUAD)
        assert cell["properties"]["size"] == size
        assert cell["properties"]["id"].startswith(f"CRS3035RES{size}m")


@pytest.mark.parametrize("shape", ["Point", "LineString", "Polygon"])
def test_each_contribution_has_the_colour_of_its_category(campaign: Campaign, shape: str) -> None:
    kind = {"Point": "circle", "LineString": "line", "Polygon": "fill"}[shape]
    style = Client().get(f"{CONTRIBUTIONS}/style.json").json()
    for slug, colour in (("spot", "#1b3a88"), ("street", "#c9773d"), ("added-since", "#6f6b72")):
        drawn = [
            one["paint"][f"{kind}-color"]
            for one in style["layers"]
            if one["type"] == kind
            and holds(one["filter"], {"category": slug}, shape)
            and one["id"] != "casings"
        ]
        assert drawn == [colour]
