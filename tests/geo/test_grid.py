"""The ids and keys of cells, and squares for display."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.crs import to_laea, to_lonlat
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import (
    SIZES,
    Cell,
    cell_of,
    key_sql,
    pack,
    parent_key,
    squares_lonlat,
    unpack,
)

indexes = st.integers(0, 99_999)
metres = st.floats(0, 9_999_999.99, allow_subnormal=False)
sizes = st.sampled_from(SIZES)


def test_id_of_zensus_cell_matches_the_published_midpoint() -> None:
    # First row of Zensus2022_Bevoelkerungszahl_100m-Gitter.csv: GITTER_ID_100m;x_mp_100m;y_mp_100m
    cell = Cell.parse("CRS3035RES100mN2689100E4337000")
    assert cell.centre_laea() == (4337050, 2689150)
    assert cell_of(4337050, 2689150, 100) == cell


def test_id_of_inspire_example_has_northing_first() -> None:
    # The example of Regulation (EU) No 1089/2010, Annex IV 1.4.1.1.
    cell = Cell.parse("CRS3035RES200mN1453400E1452800")
    assert (cell.size, cell.north, cell.east) == (200, 1453400, 1452800)


def test_id_of_the_architecture_page_reads_and_writes() -> None:
    assert Cell(100, 4159100, 2928100).id == "CRS3035RES100mN2928100E4159100"


@given(indexes, indexes, sizes)
def test_every_id_reads_back(east_index: int, north_index: int, size: int) -> None:
    cell = cell_of(east_index * 100, north_index * 100, size)
    assert Cell.parse(cell.id) == cell


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CRS3035RES100mN2928100E4159100 ",
        "\nCRS3035RES100mN2928100E4159100",
        "CRS3035RES100mN2928100E4159100\n",
        "crs3035res100mn2928100e4159100",
        "CRS3035RES100mN2928150E4159100",
        "CRS3035RES100mN02928100E4159100",
        "CRS3035RES0100mN2928100E4159100",
        "CRS3035RES0mN0E0",
        "CRS3035RES150mN300E300",
        "CRS3035RES100mN-100E4159100",
        "CRS3035RES100mE4159100N2928100",
        "CRS25832RES100mN2928100E4159100",
        "CRS3035RES1kmN2928E4159",
        "CRS3035RES100mN٢٩٢٨١٠٠E4159100",
        "CRS3035RES100mN2928100E99999999999999999999",
    ],
)
def test_text_that_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"cell|multiple|grid"):
        Cell.parse(text)


@pytest.mark.parametrize(
    ("size", "east", "north"),
    [(0, 0, 0), (-100, 0, 0), (50, 0, 0), (150, 0, 0), (100, 50, 0), (100, 0, -100), (100, 10_000_000, 0)],
)
def test_impossible_cell_cannot_be_made(size: int, east: int, north: int) -> None:
    with pytest.raises(ValueError, match=r"multiple|outside"):
        Cell(size, east, north)


def test_point_on_cell_edge_belongs_to_upper_right_cell() -> None:
    assert cell_of(4159100, 2928100, 100) == Cell(100, 4159100, 2928100)
    assert cell_of(math.nextafter(4159100, 0), math.nextafter(2928100, 0), 100) == Cell(100, 4159000, 2928000)


@pytest.mark.parametrize(("east", "north"), [(-1e-9, 0), (0, -1), (1e7, 0), (0, 1e300)])
def test_position_outside_the_grid_has_no_cell(east: float, north: float) -> None:
    with pytest.raises(GeometryProblem) as caught:
        cell_of(east, north, 100)
    assert caught.value.code == "outside_grid"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_position_that_is_not_finite_has_no_cell(bad: float) -> None:
    with pytest.raises(GeometryProblem) as caught:
        cell_of(bad, 0, 100)
    assert caught.value.code == "not_finite"


@given(metres, metres, sizes)
def test_cell_contains_its_position(east: float, north: float, size: int) -> None:
    cell = cell_of(east, north, size)
    assert cell.east <= east < cell.east + size
    assert cell.north <= north < cell.north + size


@given(st.integers(1, 99_999), sizes)
def test_floor_of_the_quotient_is_exact_just_below_an_edge(index: int, size: int) -> None:
    # What key_sql does in PostgreSQL: IEEE division, then floor.
    index = index % (10_000_000 // size - 1) + 1
    edge = float(index * size)
    below = math.nextafter(edge, 0)
    assert math.floor(edge / size) == index
    assert math.floor(below / size) == index - 1 == cell_of(below, 0, size).east // size


def test_key_sql_names_the_same_arithmetic_as_pack() -> None:
    expression = key_sql("ST_X(geom_laea)", "ST_Y(geom_laea)")
    assert expression == (
        "(floor((ST_Y(geom_laea)) / 100)::bigint * 100000 + floor((ST_X(geom_laea)) / 100)::bigint)"
    )


@given(indexes, indexes)
def test_key_reads_back_and_fits_a_bigint(east_index: int, north_index: int) -> None:
    key = pack(east_index, north_index)
    assert unpack(key) == (east_index, north_index)
    assert 0 <= key < 2**63
    assert Cell.from_key(key).key == key


@pytest.mark.parametrize(("east_index", "north_index"), [(-1, 0), (0, -1), (100_000, 0), (0, 100_000)])
def test_key_outside_the_grid_is_refused(east_index: int, north_index: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        pack(east_index, north_index)


@pytest.mark.parametrize("key", [-1, 10_000_000_000])
def test_number_that_is_no_key_is_refused(key: int) -> None:
    with pytest.raises(ValueError, match="not the key"):
        unpack(key)


@given(indexes, indexes, sizes)
def test_parent_contains_its_child_and_has_the_parent_key(
    east_index: int, north_index: int, size: int
) -> None:
    child = Cell(100, east_index * 100, north_index * 100)
    parent = child.parent(size)
    assert parent == cell_of(*child.centre_laea(), size)
    assert parent.key == parent_key(child.key, size // 100)


def test_parent_of_a_size_that_does_not_nest_is_refused() -> None:
    with pytest.raises(ValueError, match="nest"):
        Cell(200, 0, 0).parent(500)


def test_ring_is_closed_and_counterclockwise_from_the_south_west() -> None:
    ring = Cell(100, 4159100, 2928100).ring_laea()
    assert ring[0] == ring[-1] == (4159100, 2928100)
    assert shapely.LinearRing(ring).is_ccw


def test_no_cells_make_no_squares() -> None:
    assert squares_lonlat([]) == []


def test_squares_are_closed_counterclockwise_and_share_corners() -> None:
    left, right = squares_lonlat([Cell(100, 4159100, 2928100), Cell(100, 4159200, 2928100)])
    assert len(left) == 5
    assert left[0] == left[-1]
    assert shapely.LinearRing(left).is_ccw
    assert (left[1], left[2]) == (right[0], right[3])
    assert all(value == round(value, 7) for position in left for value in position)


@given(st.integers(40_310, 46_720), st.integers(26_840, 35_500), sizes)
def test_square_contains_what_its_cell_contains(east_index: int, north_index: int, size: int) -> None:
    cell = cell_of(east_index * 100, north_index * 100, size)
    square = shapely.Polygon(squares_lonlat([cell])[0])
    centre = to_lonlat(shapely.Point(cell.centre_laea()))
    assert square.contains(centre)
    # The documented deviation of edges: the middle of a straight edge against the edge of the cell.
    middle = to_laea(shapely.LineString(shapely.get_coordinates(square.exterior)[:2]).centroid)
    allowed = {100: 0.02, 200: 0.02, 500: 0.02, 1000: 0.03 + 0.01, 5000: 0.8, 10000: 3.0}[size]
    assert middle.distance(shapely.LineString(cell.ring_laea()[:2])) < allowed
