"""Tiles of the city's own ground: what they hold at which zoom, where it lies, and how small it gets."""

import numpy as np
import pytest
from django.contrib.gis.geos import LineString

from mapping.geo.crs import transform_positions
from mapping.geo.ground import HALF_WORLD
from mapping.ground import tiles
from tests.ground.world import (
    add_feature,
    add_label,
    add_street,
    layers,
    map_line,
    map_square,
    on_map,
    properties,
    tile_at,
)
from tests.personas import BERLIN, STATION, TOWN_HALL

pytestmark = pytest.mark.django_db

EAST = (TOWN_HALL[0] + 0.002, TOWN_HALL[1])
FARTHER_EAST = (TOWN_HALL[0] + 0.004, TOWN_HALL[1])


def test_each_layer_has_its_attributes() -> None:
    add_feature("area", "park", map_square(), name="Volkspark")
    add_street("Lauterstraße", TOWN_HALL, EAST)
    add_feature("line", "rail", map_line(TOWN_HALL, EAST), is_tunnel=True)
    add_label("Rathaus", rank=5)
    found = layers(14)
    assert properties(found["areas"]) == [{"class": "park"}]
    assert properties(found["lines"]) == [
        {"class": "rail", "tunnel": True},
        {"class": "street", "name": "Lauterstraße"},
    ]
    assert properties(found["labels"]) == [{"class": "landmark", "name": "Rathaus", "rank": 5}]


@pytest.mark.parametrize("zoom", [0, 8, 15])
def test_label_lies_where_it_should_to_a_step(zoom: int) -> None:
    add_label("Rathaus")
    [found] = layers(zoom)["labels"]
    x, y = tile_at(zoom)
    edge = 2 * HALF_WORLD / 2**zoom
    east, north = transform_positions(np.array([TOWN_HALL]), 4326, 3857)[0]
    expected = np.array([(east + HALF_WORLD) / edge - x, (HALF_WORLD - north) / edge - y]) * 4096
    assert np.abs(np.array(found["geometry"]["coordinates"]).ravel() - expected).max() <= 1


def test_nothing_is_in_tiles_before_its_first_zoom() -> None:
    add_feature("area", "park", map_square(), from_zoom=13)
    add_street("Lauterstraße", TOWN_HALL, EAST, from_zoom=13)
    add_label("Rathaus", from_zoom=13)
    assert layers(12) == {}
    assert set(layers(13)) == {"areas", "lines", "labels"}


def test_pieces_of_a_street_are_one_line() -> None:
    add_street("Lauterstraße", TOWN_HALL, EAST)
    add_street("Lauterstraße", EAST, FARTHER_EAST)
    add_street("Burgstraße", FARTHER_EAST, (FARTHER_EAST[0], FARTHER_EAST[1] + 0.001))
    found = {one["properties"]["name"]: one["geometry"] for one in layers(13)["lines"]}
    assert set(found) == {"Lauterstraße", "Burgstraße"}
    assert found["Lauterstraße"]["type"] == "LineString"


def test_names_of_streets_come_when_maps_have_room_for_them() -> None:
    add_street("Lauterstraße", TOWN_HALL, EAST)
    add_street("Burgstraße", EAST, FARTHER_EAST)
    first = tiles.NAMED_FROM["street"]
    assert properties(layers(first - 1)["lines"]) == [{"class": "street"}]
    assert len(layers(first)["lines"]) == 2


def test_tunnels_are_lines_of_their_own() -> None:
    add_street("Burgstraße", TOWN_HALL, EAST)
    add_street("Burgstraße", EAST, FARTHER_EAST, is_tunnel=True)
    assert [one.get("tunnel") for one in properties(layers(14)["lines"])] == [None, True]


def test_largest_areas_come_first_so_that_small_ones_lie_above_them() -> None:
    add_feature("area", "park", map_square(), from_zoom=9)
    add_feature("area", "wood", map_square(degrees=0.02), from_zoom=6)
    assert [one["class"] for one in properties(layers(13)["areas"])] == ["wood", "park"]


def test_corners_that_no_pixel_shows_are_left_out() -> None:
    lon, lat = TOWN_HALL
    winding = [(lon + step * 0.0001, lat + step % 2 * 0.00001) for step in range(400)]
    add_feature("line", "path", on_map(LineString(*winding)))

    def corners(zoom: int) -> int:
        return sum(len(one["geometry"]["coordinates"]) for one in layers(zoom)["lines"])

    assert corners(10) == 2
    assert corners(15) > 20


def test_line_reaches_into_the_neighbouring_tile_by_its_buffer() -> None:
    x, y = tile_at(14)
    edge = 2 * HALF_WORLD / 2**14
    side = (x + 1) * edge - HALF_WORLD
    step = edge / 4096
    top = HALF_WORLD - y * edge
    for offset in (tiles.BUFFER // 2, tiles.BUFFER * 2):
        line = LineString((side + offset * step, top - edge / 4), (side + offset * step, top - edge / 2))
        line.srid = 3857
        add_feature("line", "street", line, name=f"at {offset}")
    assert [one["name"] for one in properties(layers(14)["lines"])] == [f"at {tiles.BUFFER // 2}"]


@pytest.mark.parametrize("zoom", [1, 5, 12])
def test_label_at_the_corner_of_four_tiles_is_in_one_of_them(zoom: int) -> None:
    x, y = tile_at(zoom)
    edge = 2 * HALF_WORLD / 2**zoom
    corner = (x * edge - HALF_WORLD, HALF_WORLD - y * edge)
    label = add_label("Corner")
    label.geom.x, label.geom.y = corner
    label.save()
    around = [(x - right, y - below) for right in (0, 1) for below in (0, 1)]
    assert sum(bool(tiles.ground_tile(zoom, *one)) for one in around if tiles.exists(zoom, *one)) == 1


def test_most_important_labels_stay_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "_TILE", tiles._TILE.replace(f"LIMIT {tiles.MOST_LABELS}", "LIMIT 2"))
    for rank in (9, 1, 5):
        add_label(f"rank {rank}", rank=rank)
    assert [one["rank"] for one in properties(layers(14)["labels"])] == [1, 5]


def test_tile_holds_what_lies_in_it() -> None:
    add_street("Bahnhofstraße", STATION, (STATION[0] + 0.001, STATION[1]))
    add_label("Reichstag", BERLIN)
    assert properties(layers(15, STATION)["lines"]) == [{"class": "street", "name": "Bahnhofstraße"}]
    assert set(layers(15, BERLIN)) == {"labels"}
    assert layers(15, (8.5, 49.5)) == {}


@pytest.mark.parametrize(
    ("zoom", "x", "y", "expected"),
    [
        (0, 0, 0, True),
        (15, 32_767, 32_767, True),
        (15, 32_768, 0, False),
        (16, 0, 0, False),
        (3, 0, 8, False),
    ],
)
def test_tiles_end_with_the_map_and_the_last_zoom(zoom: int, x: int, y: int, expected: bool) -> None:
    assert tiles.exists(zoom, x, y) is expected
