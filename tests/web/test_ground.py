"""The address of the ground's tiles: public, kept for good under its version, compressed."""

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mapping.models import GroundSource
from tests.ground.world import add_feature, add_street, address, map_square
from tests.personas import BERLIN, TOWN_HALL

pytestmark = pytest.mark.django_db

PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
def tile() -> str:
    """The address of a tile with something in it, without a version."""
    add_feature("area", "park", map_square())
    for number in range(60):
        north = TOWN_HALL[1] + number * 0.0001
        add_street(f"Straße {number}", (TOWN_HALL[0], north), (TOWN_HALL[0] + 0.01, north))
    return address(14)


def versioned(tile: str) -> str:
    state = GroundSource.objects.state()
    assert state is not None
    return f"{tile}?v={state.version}"


def test_tile_under_its_version_is_kept_for_good(client: Client, tile: str) -> None:
    response = client.get(versioned(tile))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in response["Vary"]
    assert "Cookie" not in response["Vary"]
    assert not response.cookies


@pytest.mark.parametrize("query", ["", "?v=", "?v=1-2"])
def test_tile_without_its_version_is_asked_for_again(client: Client, tile: str, query: str) -> None:
    response = client.get(tile + query)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-cache"
    again = client.get(tile + query, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]


def test_changed_ground_is_another_tile(client: Client, tile: str) -> None:
    before = client.get(tile, headers=PLAIN)
    add_street("Neue Straße", TOWN_HALL, (TOWN_HALL[0], TOWN_HALL[1] + 0.005))
    after = client.get(tile, headers=PLAIN | {"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "Neue Straße".encode() in after.content
    assert after["ETag"] != before["ETag"]


def test_second_answer_draws_nothing_anew(client: Client, tile: str) -> None:
    first = client.get(tile)
    with CaptureQueriesContext(connection) as asked:
        again = client.get(tile)
    assert again.content == first.content
    assert len(asked) == 1
    assert "mapping_groundfeature" not in asked[0]["sql"]


def test_tile_is_compressed_where_that_is_understood(client: Client, tile: str) -> None:
    plain = client.get(tile, headers=PLAIN)
    packed = client.get(tile, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]


def test_empty_tile_has_no_content(client: Client, tile: str) -> None:
    response = client.get(versioned(address(14, BERLIN)))
    assert (response.status_code, response.content) == (204, b"")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_no_ground_has_no_content_that_anybody_keeps(client: Client) -> None:
    response = client.get(f"{address(14)}?v=")
    assert (response.status_code, response["Cache-Control"]) == (204, "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/ground/16/0/0.mvt",
        "/ground/1/2/0.mvt",
        "/ground/1/0/2.mvt",
        "/ground/-1/0/0.mvt",
        "/ground/1/0/0.png",
    ],
)
def test_tiles_that_cannot_be_are_not_found(client: Client, tile: str, path: str) -> None:
    assert client.get(path).status_code == 404


def test_tiles_are_only_read(client: Client, tile: str) -> None:
    assert client.head(tile).status_code == 200
    assert client.post(tile).status_code == 405
