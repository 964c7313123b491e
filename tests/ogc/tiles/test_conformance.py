"""The abstract tests of OGC API - Tiles, Part 1 (OGC 20-057, annex A), each named by the requirement that it tests."""

import re
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from openapi_spec_validator import validate

from mapping.models import Campaign
from mapping.ogc.tiles.matrix import MATRIX_SETS, TileMatrixSet
from mapping.services.releases.making import make_release
from tests.ogc.tiles.test_tiles import CELLS, CONTRIBUTIONS, SETS, address, tile_at
from tests.personas import STATION, TOWN_HALL, make_contribution

BASES = (CONTRIBUTIONS, CELLS)
MVT = "application/vnd.mapbox-vector-tile"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
SPEC = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"

of_each_set = pytest.mark.parametrize("matrix_set", SETS, ids=lambda one: one.id)
of_each_collection = pytest.mark.parametrize("base", BASES)


def get(url: str, media_type: str = "application/json") -> Any:
    response = Client().get(url.removeprefix("http://testserver"), headers={"Accept": media_type})
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == media_type
    return response.json()


def link(found: Any, rel: str) -> Any:
    """The first link of a relation."""
    return next(one for one in found["links"] if one["rel"] == rel)


def template(base: str, matrix_set: TileMatrixSet) -> str:
    """The address of tiles as the tileset tells it."""
    href: str = link(get(f"{base}/tiles/{matrix_set.id}"), "item")["href"]
    return href.removeprefix("http://testserver")


def filled(text: str, level: int, row: int, column: int) -> str:
    return (
        text.replace("{tileMatrix}", str(level))
        .replace("{tileRow}", str(row))
        .replace("{tileCol}", str(column))
    )


def test_core_conformance_success(campaign: Campaign) -> None:
    declared = get("/ogc/conformance")["conformsTo"]
    for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30"):
        assert f"{SPEC}/{name}" in declared


@of_each_set
@of_each_collection
def test_core_tc_op_and_tc_success(campaign: Campaign, base: str, matrix_set: TileMatrixSet) -> None:
    make_contribution(campaign, TOWN_HALL)
    for level in (0, 7, 14):
        row, column = tile_at(matrix_set, level, TOWN_HALL)
        response = Client().get(filled(template(base, matrix_set), level, row, column))
        assert (response.status_code, response["Content-Type"]) == (200, MVT)
        assert mapbox_vector_tile.decode(response.content)


@of_each_set
def test_core_tc_tilerow_and_tilecol_definition(campaign: Campaign, matrix_set: TileMatrixSet) -> None:
    """Row before column: the tile with both exchanged has nothing of this place."""
    make_contribution(campaign, TOWN_HALL)
    row, column = tile_at(matrix_set, 10, TOWN_HALL)
    assert row != column
    assert Client().get(filled(template(CONTRIBUTIONS, matrix_set), 10, row, column)).status_code == 200
    assert Client().get(filled(template(CONTRIBUTIONS, matrix_set), 10, column, row)).status_code == 204


@of_each_set
@of_each_collection
def test_core_tc_error(campaign: Campaign, base: str, matrix_set: TileMatrixSet) -> None:
    url = f"{base}/tiles/{matrix_set.id}"
    for tile in ("0/0/1", "0/1/0", "3/8/0", "30/0/0", "a/0/0", "0/NaN/0", "0/0/-1", "99999999999999/0/0"):
        response = Client().get(f"{url}/{tile}")
        assert response.status_code == 404, tile
        assert response["Content-Type"] == "application/problem+json"
    assert Client().get(f"{url}/3/7/0").status_code == 204


@of_each_set
@of_each_collection
def test_tileset_description(campaign: Campaign, base: str, matrix_set: TileMatrixSet) -> None:
    found = get(f"{base}/tiles/{matrix_set.id}")
    assert {"dataType", "crs", "tileMatrixSetURI", "links"} <= set(found)
    assert found["dataType"] == "vector"
    assert found["tileMatrixSetURI"] == (f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{matrix_set.id}")
    item = link(found, "item")
    assert item["templated"] is True
    assert item["type"] == MVT
    assert re.findall(r"{(\w+)}", item["href"]) == ["tileMatrix", "tileRow", "tileCol"]
    scheme = get(link(found, f"{REL}/tiling-scheme")["href"])
    assert scheme["id"] == matrix_set.id


@of_each_collection
def test_tilesets_list_tileset_links(campaign: Campaign, base: str) -> None:
    listed = get(f"{base}/tiles")["tilesets"]
    assert len(listed) == len(MATRIX_SETS)
    for one in listed:
        assert {"dataType", "crs", "tileMatrixSetURI"} <= set(one)
        href = link(one, "self")["href"]
        assert href.rpartition("/")[0].endswith("/tiles")
        full = get(href)
        assert full["tileMatrixSetURI"] == one["tileMatrixSetURI"]
        assert get(link(one, f"{REL}/tiling-scheme")["href"])["id"] == href.rpartition("/")[2]


@of_each_collection
def test_geodata_tilesets_desc_links(campaign: Campaign, base: str) -> None:
    href = link(get(base), f"{REL}/tilesets-vector")["href"]
    assert get(href)["tilesets"]


@of_each_set
def test_mvt_content(campaign: Campaign, matrix_set: TileMatrixSet) -> None:
    make_contribution(campaign, TOWN_HALL)
    content = Client().get(address(CONTRIBUTIONS, matrix_set, 9)).content
    [layer] = mapbox_vector_tile.decode(content, default_options={"geojson": False}).values()
    assert layer["extent"] == 4096
    for feature in layer["features"]:
        assert feature["geometry"]
        assert feature["type"] in {1, 2, 3}


def test_oas30_completeness(campaign: Campaign) -> None:
    document = (
        Client().get(link(get("/ogc/"), "service-desc")["href"].removeprefix("http://testserver")).json()
    )
    validate(document)
    paths = {re.sub(r"{\w+}", "{}", path) for path in document["paths"]}
    for wanted in (
        "/tileMatrixSets",
        "/tileMatrixSets/{}",
        "/collections/{}/tiles",
        "/collections/{}/tiles/{}",
        "/collections/{}/tiles/{}/{}/{}/{}",
    ):
        assert wanted in paths


@pytest.mark.parametrize("matrix_set", SETS, ids=lambda one: one.id)
def test_protected_campaign_has_its_release_alone_in_all_tiles_around(
    cells_campaign: Campaign, matrix_set: TileMatrixSet
) -> None:
    for number in range(12):
        make_contribution(cells_campaign, (TOWN_HALL[0] + number / 9000, TOWN_HALL[1] + number / 30_000))
    assert make_release(cells_campaign) is not None
    base = f"/ogc/collections/{cells_campaign.slug}-cells"
    released = {
        one["id"]: one["properties"]
        for one in get(f"{base}/items?limit=1000", "application/geo+json")["features"]
    }
    make_contribution(cells_campaign, STATION)  # of no release yet
    for level in range(min(17, matrix_set.levels)):
        row, column = tile_at(matrix_set, level, TOWN_HALL)
        for tile in {(row + north, column + east) for north in (-1, 0, 1) for east in (-1, 0, 1)}:
            response = Client().get(f"{base}/tiles/{matrix_set.id}/{level}/{tile[0]}/{tile[1]}")
            if response.status_code != 200:
                is_of_the_matrix = all(0 <= number < 2**level for number in tile)
                assert response.status_code == (204 if is_of_the_matrix else 404)
                continue
            assert (
                Client().get(response.request["PATH_INFO"].replace("-cells", "-contributions")).status_code
                == 403
            )
            decoded = mapbox_vector_tile.decode(response.content)
            assert set(decoded) == {"cells"}
            for feature in decoded["cells"]["features"]:
                found = feature["properties"]
                cell = released[found.pop("id")]
                assert found == {name: cell[name] for name in ("contributions", "participants_at_least")}
