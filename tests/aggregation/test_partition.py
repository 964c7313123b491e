"""The partition: every region holds k people, none overlap, and no other way to build them loses less."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.aggregation.partition import (
    NOBODY,
    WHOLE,
    Region,
    largest_size,
    loss,
    partition,
)
from mapping.geo.grid import pack

ORIGIN = 41_600, 29_312
"""Column and row of a 100 m cell that is the south-west corner of a square of 25.6 km."""

Placed = list[tuple[int, int]]
"""Cell and person."""


def cell(column: int, row: int) -> int:
    return pack(ORIGIN[0] + column, ORIGIN[1] + row)


def divided(placed: Placed, k: int, largest: int = 400, walls: tuple[Region, ...] = ()) -> list[Region]:
    cells = np.array([key for key, _person in placed], dtype=np.int64)
    people = np.array([person for _key, person in placed], dtype=np.int64)
    return partition(cells, people, k, largest, walls)


def people_in(placed: Placed, region: Region) -> set[int]:
    return {person for key, person in placed if region.holds(key) and person != NOBODY}


def bits(placed: Placed, regions: list[Region], largest: int = 400) -> float:
    counts = [(region.area, sum(region.holds(key) for key, _person in placed)) for region in regions]
    return loss(counts, len(placed) - sum(number for _area, number in counts), largest)


def every_way(placed: Placed, k: int, size: int, key: int) -> Iterator[list[Region]]:
    """All that can be built in a square, without any cleverness."""
    inside = [one for one in placed if Region(size, key, WHOLE).holds(one[0])]
    yield []
    if not inside:
        return
    if size == 100:
        if len(people_in(inside, Region(size, key, WHOLE))) >= k:
            yield [Region(size, key, WHOLE)]
        return
    column, row = key % 100_000, key // 100_000
    quadrants = [pack(column * 2 + one % 2, row * 2 + one // 2) for one in range(4)]

    def ways(left: tuple[int, ...]) -> Iterator[list[Region]]:
        if not left:
            yield []
            return
        first, rest = left[0], left[1:]
        for others in range(1 << len(rest)):
            block = (first, *(one for index, one in enumerate(rest) if others >> index & 1))
            remaining = tuple(one for one in rest if one not in block)
            if len(block) == 1:
                own = list(every_way(inside, k, size // 2, quadrants[first]))
            else:
                region = Region(size, key, sum(1 << one for one in block))
                own = [[region]] if len(people_in(inside, region)) >= k else []
            for one in own:
                for more in ways(remaining):
                    yield one + more

    yield from ways((0, 1, 2, 3))


few_places = st.lists(
    st.tuples(st.builds(cell, st.integers(0, 3), st.integers(0, 3)), st.integers(NOBODY, 5)), max_size=12
)
many_places = st.lists(
    st.tuples(st.builds(cell, st.integers(0, 300), st.integers(0, 300)), st.integers(NOBODY, 30)), max_size=60
)


@given(few_places, st.integers(2, 3))
def test_no_other_way_loses_less(placed: Placed, k: int) -> None:
    top = pack(ORIGIN[0] // 4, ORIGIN[1] // 4)
    best = min(bits(placed, regions) for regions in every_way(placed, k, 400, top))
    assert math.isclose(bits(placed, divided(placed, k)), best, abs_tol=1e-9)


@given(many_places, st.integers(2, 5))
def test_regions_hold_k_people_and_do_not_overlap(placed: Placed, k: int) -> None:
    regions = divided(placed, k, 25_600)
    assert all(len(people_in(placed, region)) >= k for region in regions)
    assert all(sum(region.holds(key) for region in regions) <= 1 for key, _person in placed)
    for one in regions:
        assert not any(one.contains(other) or other.contains(one) for other in regions if other != one)


@given(many_places, many_places, st.integers(2, 3))
def test_no_region_crosses_a_wall(before: Placed, placed: Placed, k: int) -> None:
    walls = tuple(divided(before, k, 25_600))
    outside = [one for one in placed if not any(wall.holds(one[0]) for wall in walls)]
    for region in divided(outside, k, 25_600, walls):
        assert not any(region.contains(wall) or wall.contains(region) for wall in walls)
        assert all(len(people_in(outside, region)) >= k for wall in walls)


def test_order_of_contributions_does_not_matter() -> None:
    generator = np.random.default_rng(3)
    placed = [
        (cell(*generator.integers(0, 64, 2).tolist()), int(generator.integers(0, 90))) for _ in range(200)
    ]
    shuffled = [placed[index] for index in generator.permutation(len(placed))]
    assert divided(placed, 5, 25_600) == divided(shuffled, 5, 25_600)


def test_a_busy_place_is_shown_as_finely_as_it_goes() -> None:
    placed = [(cell(7, 9), person) for person in range(5)]
    assert divided(placed, 5, 25_600) == [Region(100, cell(7, 9), WHOLE)]


def test_one_person_is_nobody_to_publish() -> None:
    assert divided([(cell(7, 9), 1)] * 50 + [(cell(7, 9), NOBODY)] * 50, 2, 25_600) == []


def test_a_lone_outlier_does_not_spoil_the_city() -> None:
    crowd = [(cell(7, 9), person) for person in range(40)]
    assert divided([*crowd, (cell(250, 250), 99)], 5, 25_600) == [Region(100, cell(7, 9), WHOLE)]


def test_small_neighbours_are_put_together() -> None:
    placed = [
        (cell(0, 0), 1),
        (cell(0, 0), 2),
        (cell(1, 1), 3),
        (cell(3, 3), 4),
        (cell(3, 3), 5),
        (cell(3, 3), 6),
    ]
    assert divided(placed, 3) == [
        Region(100, cell(3, 3), WHOLE),
        Region(200, pack(ORIGIN[0] // 2, ORIGIN[1] // 2), 0b1001),
    ]


def test_nothing_is_divided_into_nothing() -> None:
    assert divided([], 5) == []


@pytest.mark.parametrize(
    ("extent", "size"), [(None, 25_600), (0, 100), (100, 100), (101, 200), (12_000, 12_800), (1e9, 819_200)]
)
def test_the_largest_square_covers_the_area(extent: float | None, size: int) -> None:
    assert largest_size(extent) == size
