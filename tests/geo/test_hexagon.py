"""Hexagons are PostGIS's own, fill the plane, and every point has one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo import hexagon
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import KEY_FACTOR, SIZES, pack
from mapping.geo.hexagon import Hexagon, hexagon_of
from mapping.geo.traversal import GRID_EXTENT

KAISERSLAUTERN = (4_159_000.0, 2_928_000.0)
sizes = st.sampled_from(SIZES)
places = st.tuples(st.integers(0, 900), st.integers(0, 900))
positions = st.tuples(*[st.floats(0, GRID_EXTENT, exclude_max=True, allow_nan=False)] * 2)


@pytest.mark.django_db
@pytest.mark.parametrize("size", SIZES)
def test_every_hexagon_is_the_one_of_postgis(size: int) -> None:
    """Corner for corner: the whole grid over a city, and single ones by column and row."""
    east, north = KAISERSLAUTERN
    half = 5 * size
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i, j, ST_AsBinary(geom) FROM ST_HexagonGrid(%s, ST_MakeEnvelope(%s, %s, %s, %s, 3035))",
            [size, east - half, north - half, east + half, north + half],
        )
        grid = cursor.fetchall()
        cursor.execute("SELECT ST_AsBinary(ST_Hexagon(%s, 7, 4))", [size])
        [(single,)] = cursor.fetchall()
    assert len(grid) > 30
    for column, row, wkb in grid:
        ring = shapely.get_coordinates(shapely.from_wkb(bytes(wkb)))
        assert Hexagon(size, column, row).ring_laea() == list(map(tuple, ring.tolist()))
    assert shapely.get_coordinates(shapely.from_wkb(bytes(single))).tolist() == [
        list(corner) for corner in Hexagon(size, 7, 4).ring_laea()
    ]
    keys = sorted(Hexagon(size, column, row).key for column, row, _wkb in grid)
    envelope = shapely.box(east - half, north - half, east + half, north + half)
    assert hexagon.keys_touched(envelope, size).tolist() == keys


@given(position=positions, size=sizes)
def test_a_point_lies_in_its_hexagon_and_in_no_other(position: tuple[float, float], size: int) -> None:
    east, north = position
    found = hexagon_of(east, north, size)
    point = shapely.Point(position)
    assert shapely.distance(shapely.Polygon(found.ring_laea()), point) < 1e-6
    for other in found.neighbours():
        assert not shapely.contains(shapely.Polygon(other.ring_laea()).buffer(-1e-6), point)


@given(column=st.integers(1, 300), row=st.integers(1, 300), size=sizes)
def test_edges_belong_to_the_hexagon_above_or_to_the_right(column: int, row: int, size: int) -> None:
    one = Hexagon(size, column, row)
    corners = np.array(one.ring_laea())
    west, south = (corners[:2].mean(axis=0), corners[1:3].mean(axis=0))
    for middle in (west, south):
        (east, north), (less_east, less_north) = (middle + 1e-6).tolist(), (middle - 1e-6).tolist()
        assert hexagon_of(east, north, size) == one
        assert hexagon_of(less_east, less_north, size) != one
    assert hexagon_of(*one.centre_laea(), size) == one


@given(place=places, size=sizes)
def test_neighbours_share_an_edge_and_know_each_other(place: tuple[int, int], size: int) -> None:
    one = Hexagon(size, place[0] + 1, place[1] + 1)
    around = one.neighbours()
    assert len(set(around)) == 6
    for other in around:
        assert one in other.neighbours()
        assert len(set(one.ring_laea()) & set(other.ring_laea())) == 2


@given(place=places, size=sizes)
def test_ids_and_keys_come_back(place: tuple[int, int], size: int) -> None:
    one = Hexagon(size, *place)
    assert Hexagon.parse(one.id) == one
    assert Hexagon.from_key(one.key, size) == one
    assert one.key == pack(*place)


@given(
    corners=st.lists(
        st.tuples(st.floats(-1500, 1500, allow_nan=False), st.floats(-1500, 1500, allow_nan=False)),
        min_size=2,
        max_size=5,
        unique=True,
    ),
    size=st.sampled_from((100, 200, 500)),
    is_area=st.booleans(),
)
def test_touched_hexagons_are_those_that_intersect(
    corners: list[tuple[float, float]], size: int, is_area: bool
) -> None:
    moved = [(east + KAISERSLAUTERN[0], north + KAISERSLAUTERN[1]) for east, north in corners]
    geom = shapely.MultiPoint(moved).convex_hull.buffer(50) if is_area else shapely.LineString(moved)
    middle = hexagon_of(*KAISERSLAUTERN, size)
    reach = range(-25, 26)
    everything = np.array(
        [(middle.row + row) * KEY_FACTOR + middle.column + column for row in reach for column in reach]
    )
    expected = everything[shapely.intersects(geom, hexagon.polygons(everything, size))]
    assert hexagon.keys_touched(geom, size).tolist() == sorted(expected.tolist())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HEX3035E150I1J1",
        "HEX3035E100I01J1",
        "HEX3035E100I1J100000",
        "CRS3035RES100mN0E0",
        "HEX3035E100I1",
    ],
)
def test_other_ids_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Hexagon.parse(text)


def test_what_lies_outside_is_refused() -> None:
    for east, north in ((-1.0, 5.0), (5.0, float(GRID_EXTENT)), (float("nan"), 1.0)):
        with pytest.raises(GeometryProblem):
            hexagon_of(east, north, 100)
    with pytest.raises(ValueError):
        Hexagon(150, 1, 1)
    assert len(Hexagon(100, 0, 0).neighbours()) == 2
    assert hexagon.keys_touched(shapely.LineString(), 100).tolist() == []
