"""Which cells a geometry touches, against brute force over every cell of its bounding box."""

from __future__ import annotations

from fractions import Fraction

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import Cell, cells_touched, keys_touched

SIZE = 100
# Lattice of 25 m within 1500 m: corners and edges of cells are hit all the time.
lattice = st.integers(0, 60).map(lambda step: step * 25.0)
lattice_positions = st.tuples(lattice, lattice)
free = st.floats(0, 1500, allow_subnormal=False)
free_positions = st.tuples(free, free)

# Two lattice lines that miss each other do so by more than this, so a square shrunk by it above and to the right is
# touched just when the half-open square is.
SHRINK = 0.1


def brute_force(geom: shapely.Geometry) -> set[Cell]:
    """Ask GEOS about every cell."""
    squares = {
        Cell(SIZE, east, north): shapely.box(east, north, east + SIZE - SHRINK, north + SIZE - SHRINK)
        for east in range(0, 1700, SIZE)
        for north in range(0, 1700, SIZE)
    }
    return {cell for cell, square in squares.items() if shapely.intersects(geom, square)}


def exact_segment(start: tuple[float, float], end: tuple[float, float]) -> set[Cell]:
    """Clip one segment by every half-open cell in rational arithmetic (Liang and Barsky, with open ends)."""
    return {
        Cell(SIZE, east, north)
        for east in range(0, 1700, SIZE)
        for north in range(0, 1700, SIZE)
        if _meets(start, end, (east, north))
    }


def _meets(start: tuple[float, float], end: tuple[float, float], corner: tuple[int, int]) -> bool:
    # The parameters t in [0, 1] with corner <= position(t) < corner + SIZE, as bounds that may be open.
    low, low_open, high, high_open = Fraction(0), False, Fraction(1), False
    for axis in (0, 1):
        origin, step = Fraction(start[axis]), Fraction(end[axis]) - Fraction(start[axis])
        bottom, top = Fraction(corner[axis]), Fraction(corner[axis] + SIZE)
        if step == 0:
            if not bottom <= origin < top:
                return False
            continue
        enter, leave = (bottom - origin) / step, (top - origin) / step
        enter_open, leave_open = False, True
        if step < 0:
            enter, leave, enter_open, leave_open = leave, enter, True, False
        if enter > low or (enter == low and enter_open):
            low, low_open = enter, enter_open
        if leave < high or (leave == high and leave_open):
            high, high_open = leave, leave_open
    return low < high or (low == high and not low_open and not high_open)


def ids(*corners: tuple[int, int]) -> list[Cell]:
    return [Cell(SIZE, east, north) for east, north in corners]


@given(lattice_positions)
def test_point_is_in_exactly_one_cell(position: tuple[float, float]) -> None:
    assert set(cells_touched(shapely.Point(position))) == brute_force(shapely.Point(position))
    assert len(cells_touched(shapely.Point(position))) == 1


@given(st.lists(lattice_positions, min_size=2, max_size=5))
def test_lattice_line_touches_what_brute_force_finds(positions: list[tuple[float, float]]) -> None:
    line = shapely.LineString(positions)
    assert set(cells_touched(line)) == brute_force(line)


@given(free_positions, free_positions)
def test_free_segment_touches_what_exact_clipping_finds(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    expected = exact_segment(start, end)
    assert set(cells_touched(shapely.LineString([start, end]))) == expected
    assert set(cells_touched(shapely.LineString([end, start]))) == expected


@given(st.integers(1, 15), st.integers(1, 15), st.integers(-3, 3), st.integers(-3, 3), st.booleans())
@pytest.mark.slow
def test_segment_that_all_but_hits_corners_touches_what_exact_clipping_finds(
    columns: int, rows: int, nudge_x: int, nudge_y: int, is_leftward: bool
) -> None:
    # Ends a few units in the last place beside grid corners.
    x, y = columns * 100.0 + nudge_x * 2e-13, rows * 100.0 + nudge_y * 2e-13
    start, end = ((x, 0.0), (0.0, y)) if is_leftward else ((0.0, 0.0), (x, y))
    assert set(cells_touched(shapely.LineString([start, end]))) == exact_segment(start, end)


@given(st.lists(lattice_positions, min_size=3, max_size=7))
@settings(max_examples=200)
@pytest.mark.slow
def test_lattice_polygon_touches_what_brute_force_finds(positions: list[tuple[float, float]]) -> None:
    polygon = shapely.Polygon(positions)
    assume(polygon.is_valid and polygon.area > 0)
    assert set(cells_touched(polygon)) == brute_force(polygon)


@given(st.lists(lattice_positions, min_size=3, max_size=6))
def test_polygon_with_hole_touches_what_brute_force_finds(positions: list[tuple[float, float]]) -> None:
    hole = shapely.Polygon(positions)
    assume(hole.is_valid and hole.area > 0)
    polygon = shapely.Polygon([(-0.0, 0), (1600, 0), (1600, 1600), (0, 1600)], [hole.exterior.coords])
    assume(polygon.is_valid)
    assert set(cells_touched(polygon)) == brute_force(polygon)


def test_line_along_an_edge_belongs_to_the_cells_above() -> None:
    assert cells_touched(shapely.LineString([(120, 200), (280, 200)])) == ids((100, 200), (200, 200))


def test_line_along_an_edge_belongs_to_the_cells_to_the_right() -> None:
    assert cells_touched(shapely.LineString([(200, 120), (200, 280)])) == ids((200, 100), (200, 200))


def test_diagonal_through_corners_skips_the_cells_beside() -> None:
    assert cells_touched(shapely.LineString([(150, 150), (250, 250)])) == ids((100, 100), (200, 200))


def test_falling_diagonal_through_a_corner_touches_the_cell_above_right_of_it() -> None:
    assert cells_touched(shapely.LineString([(150, 250), (250, 150)])) == ids(
        (200, 100), (100, 200), (200, 200)
    )


def test_square_on_grid_lines_also_touches_the_cells_its_upper_and_right_edges_belong_to() -> None:
    square = shapely.box(100, 100, 200, 200)
    assert cells_touched(square) == ids((100, 100), (200, 100), (100, 200), (200, 200))


def test_cell_within_a_hole_is_not_touched() -> None:
    frame = shapely.Polygon(
        shapely.box(10, 10, 490, 490).exterior, [shapely.box(150, 150, 350, 350).exterior]
    )
    assert Cell(SIZE, 200, 200) not in cells_touched(frame)
    assert len(cells_touched(frame)) == 24


def test_collection_is_the_union_of_its_parts() -> None:
    collection = shapely.GeometryCollection(
        [
            shapely.Point(50, 50),
            shapely.GeometryCollection([shapely.LineString([(10, 10), (150, 10)])]),
            shapely.MultiPolygon([shapely.box(310, 10, 390, 90)]),
            shapely.Point(),
        ]
    )
    assert cells_touched(collection) == ids((0, 0), (100, 0), (300, 0))


def test_height_is_ignored() -> None:
    assert cells_touched(shapely.Point(50, 50, 7)) == ids((0, 0))


def test_repeated_position_of_a_line_is_harmless() -> None:
    assert cells_touched(shapely.LineString([(50, 50), (50, 50), (150, 50)])) == ids((0, 0), (100, 0))


def test_empty_geometry_touches_nothing() -> None:
    assert cells_touched(shapely.Polygon()) == []


@given(st.lists(free_positions, min_size=2, max_size=4))
def test_keys_are_those_of_the_cells_in_ascending_order(positions: list[tuple[float, float]]) -> None:
    line = shapely.LineString(positions)
    keys = keys_touched(line)
    assert keys == [cell.key for cell in cells_touched(line)] == sorted(set(keys))


@given(st.lists(free_positions, min_size=2, max_size=4), st.sampled_from([200, 500, 1000]))
def test_larger_cells_are_the_parents_of_the_small_ones(
    positions: list[tuple[float, float]], size: int
) -> None:
    line = shapely.LineString(positions)
    assert set(cells_touched(line, size)) == {cell.parent(size) for cell in cells_touched(line)}


@pytest.mark.parametrize(
    ("geom", "code"),
    [
        (shapely.Point(-1, 5), "outside_grid"),
        (shapely.LineString([(0, 0), (1e7, 0)]), "outside_grid"),
        (shapely.Point(float("nan"), 5), "not_finite"),
        (shapely.Point(float("inf"), 5), "not_finite"),
        (shapely.box(0, 0, 1e6, 1e6), "too_large"),
        (shapely.LineString([(0, 0), (9e6, 9e6)] * 500), "too_large"),
    ],
)
def test_geometry_beyond_grid_or_limit_is_refused(geom: shapely.Geometry, code: str) -> None:
    # POINT (nan 5) counts as not empty: only a point of two NaN is empty.
    with pytest.raises(GeometryProblem) as caught:
        cells_touched(geom)
    assert caught.value.code == code


def test_limit_counts_cells() -> None:
    square = shapely.box(10, 10, 990, 990)
    assert len(cells_touched(square, limit=100)) == 100
    with pytest.raises(GeometryProblem) as caught:
        cells_touched(square, limit=99)
    assert (caught.value.code, caught.value.params) == ("too_large", {"limit": 99})


def test_ten_kilometre_diagonal_walks_along_the_line_only() -> None:
    line = shapely.LineString([(4159100.3, 2928100.2), (4166171.4, 2935171.9)])
    cells = cells_touched(line, limit=150)
    assert len(cells) > 140
