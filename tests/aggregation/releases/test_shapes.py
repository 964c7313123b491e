"""No shape betrays who is where: every small world, and what may be concluded from the areas that it is shown as.

For each output of the partition, all worlds that give it are laid side by side. No square, of any size, that is
neither an area nor holds one may be known to be occupied: some world with the same output leaves it empty. So no output
tells that a cell has one to k - 1 people.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from mapping.aggregation.releases.partition import WHOLE, Region, partition
from mapping.geo.grid import pack
from mapping.models.release import told_people

COLUMN, ROW = 41_600, 29_312
"""The south-west corner of a square of 25.6 km."""

World = tuple[tuple[int, int], ...]
"""Cell and person of each contribution."""


Output = tuple[tuple[Region, int, int], ...]
"""Areas with contributions, and people rounded down."""


def square(column: int, row: int, size: int = 100) -> Region:
    factor = size // 100
    return Region(size, pack((COLUMN + column) // factor, (ROW + row) // factor), WHOLE)


def cells(side: int) -> list[int]:
    return [square(column, row).cell for column, row in product(range(side), repeat=2)]


def one_each(side: int, most: int) -> Iterator[World]:
    """All ways to spread up to `most` people with a contribution each."""
    for number in range(most + 1):
        for places in combinations_with_replacement(cells(side), number):
            yield tuple((place, person) for person, place in enumerate(places))


def several_each(side: int, people: int, most: int) -> Iterator[World]:
    """All ways to spread up to `most` contributions of some people."""
    ones = [*product(cells(side), range(people))]
    for number in range(most + 1):
        yield from combinations_with_replacement(ones, number)


def shown(world: World, k: int, largest: int, walls: tuple[Region, ...]) -> Output:
    """What the public is told: areas, contributions, people rounded down."""
    places = np.array([place for place, _person in world], dtype=np.int64)
    people = np.array([person for _place, person in world], dtype=np.int64)
    found = []
    for region in partition(places, people, k, largest, walls):
        inside = [person for place, person in world if region.holds(place)]
        found.append((region, len(inside), told_people(len(set(inside)), k)))
    return tuple(found)


def is_told(one: Region, output: Output) -> bool:
    return any(one.contains(region) for region, _contributions, _people in output)


def conclusions(
    worlds: Iterator[World], k: int, side: int, largest: int, walls: tuple[Region, ...]
) -> list[object]:
    """Squares that an output gives away as occupied."""
    by_output: dict[Output, list[World]] = defaultdict(list)
    for world in worlds:
        if not any(wall.holds(place) for wall in walls for place, _person in world):
            by_output[shown(world, k, largest, walls)].append(world)
    assert len(by_output) > 10
    squares = {
        square(column, row, size)
        for size in (100, 200, 400)
        for column, row in product(range(side), repeat=2)
        if size <= largest
    }
    return [
        (output, one)
        for output, alike in by_output.items()
        for one in squares
        if not is_told(one, output)
        and all(any(one.holds(place) for place, _person in world) for world in alike)
    ]


@pytest.mark.parametrize(("k", "most", "largest"), [(2, 7, 200), (3, 10, 200), (4, 12, 200), (3, 10, 25_600)])
def test_no_quadrant_is_known_to_be_occupied(k: int, most: int, largest: int) -> None:
    assert conclusions(one_each(2, most), k, 2, largest, ()) == []


@pytest.mark.slow
def test_no_square_of_any_size_is_known_to_be_occupied() -> None:
    assert conclusions(one_each(4, 4), 2, 4, 400, ()) == []


@pytest.mark.slow
def test_no_quadrant_is_known_where_people_contribute_several_times() -> None:
    assert conclusions(several_each(2, 3, 5), 2, 2, 200, ()) == []


@pytest.mark.parametrize(("k", "most"), [(2, 7), (3, 9)])
def test_no_quadrant_is_known_beside_an_older_area(k: int, most: int) -> None:
    assert conclusions(one_each(2, most), k, 2, 200, (square(0, 0),)) == []
