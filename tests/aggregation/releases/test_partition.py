"""The partition: every region holds k people, none overlap, and no other way to build them loses less."""

import math
from collections.abc import Iterator
from itertools import chain, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.aggregation.releases.partition import (
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


def may_be_shown(inside: Placed, k: int) -> bool:
    people = [person for _key, person in inside]
    known = set(people) - {NOBODY}
    return len(known) >= k and 2 * max(people.count(person) for person in known) <= len(people)


def every_way(placed: Placed, k: int, size: int, key: int, largest: int = 400) -> Iterator[list[Region]]:
    """All that may be built in a square, without any cleverness."""
    inside = [one for one in placed if Region(size, key, WHOLE).holds(one[0])]
    whole = Region(size, key, WHOLE)
    yield []
    if not inside:
        return
    bits = 2 * math.log2(largest / 100) + 6
    most = (k - 1) * (bits / 2 - math.log2(size / 100) + 1)
    if (size == 100 or len(people_in(inside, whole)) <= most) and may_be_shown(inside, k):
        yield [whole]
    if size == 100:
        return
    column, row = key % 100_000, key // 100_000
    quadrants = [pack(column * 2 + one % 2, row * 2 + one // 2) for one in range(4)]
    alone = [list(every_way(inside, k, size // 2, quadrant, largest)) for quadrant in quadrants]
    yield from ([*chain(*parts)] for parts in product(*alone))
    large = [one for one in range(4) if len(people_in(inside, Region(size, key, 1 << one))) >= k]
    if len(large) == 1:
        others = Region(size, key, WHOLE - (1 << large[0]))
        rest = [one for one in inside if others.holds(one[0])]
        if may_be_shown(rest, k) and len(people_in(rest, others)) <= 2 * (k - 1):
            yield from ([others, *parts] for parts in alone[large[0]] if parts)


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
    assert all(may_be_shown([one for one in placed if region.holds(one[0])], k) for region in regions)
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


def test_small_neighbours_are_put_together_with_the_empty_ones_beside_a_large_one() -> None:
    placed = [
        (cell(0, 0), 1),
        (cell(0, 0), 2),
        (cell(1, 1), 3),
        *((cell(0, 1), person) for person in range(4, 40)),
    ]
    assert divided(placed, 3) == [
        Region(100, cell(0, 1), WHOLE),
        Region(200, pack(ORIGIN[0] // 2, ORIGIN[1] // 2), 0b1011),
    ]


def test_a_square_is_shown_as_a_whole_whether_its_quadrants_are_empty_or_not() -> None:
    spread = [(cell(0, 0), 1), (cell(1, 0), 2), (cell(0, 1), 3), (cell(1, 1), 4)]
    close = [(cell(0, 0), 1), (cell(0, 0), 2), (cell(0, 0), 3), (cell(1, 1), 4)]
    whole = [Region(200, pack(ORIGIN[0] // 2, ORIGIN[1] // 2), WHOLE)]
    assert divided(spread, 4) == divided(close, 4) == whole


def test_nobody_is_behind_more_than_half_of_an_area() -> None:
    others = [(cell(7, 9), person) for person in range(4)]
    assert divided([(cell(7, 9), 9)] * 4 + others, 5) == [Region(100, cell(7, 9), WHOLE)]
    assert divided([(cell(7, 9), 9)] * 5 + others, 5) == []


def test_nothing_is_divided_into_nothing() -> None:
    assert divided([], 5) == []


@pytest.mark.parametrize(
    ("extent", "size"), [(None, 25_600), (0, 100), (100, 100), (101, 200), (12_000, 12_800), (1e9, 819_200)]
)
def test_the_largest_square_covers_the_area(extent: float | None, size: int) -> None:
    assert largest_size(extent) == size
