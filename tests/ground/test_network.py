"""The shortest way along streets made by hand, in metres of a plane."""

import pytest
import shapely

from mapping.ground.network import Network, Position, Street, Way


def street(name: str, *positions: Position, source: int = 0) -> Street:
    return Street(shapely.LineString(positions), name, source)


def corners(way: Way | None) -> list[Position]:
    assert way is not None
    return [*way.line.coords]


BLOCK = (
    street("South", (0, 0), (100, 0)),
    street("East", (100, 0), (100, 100)),
    street("North", (100, 100), (0, 100)),
    street("West", (0, 100), (0, 0)),
)
"""A closed block: each street shares its ends with two others."""


def test_way_is_clipped_exactly_from_street_to_street() -> None:
    way = Network(BLOCK).way((40, -5), (95, 30), 10)
    assert corners(way) == [(40, 0), (100, 0), (100, 30)]
    assert way is not None
    assert way.length == pytest.approx(90)
    assert way.names == ["South", "East"]


def test_way_on_one_street_has_both_directions() -> None:
    network = Network(BLOCK)
    assert corners(network.way((10, 0), (70, 0), 10)) == [(10, 0), (70, 0)]
    assert corners(network.way((70, 0), (10, 0), 10)) == [(70, 0), (10, 0)]


def test_way_takes_the_shorter_side_of_a_block() -> None:
    way = Network(BLOCK).way((10, 0), (40, 100), 10)
    assert corners(way) == [(10, 0), (0, 0), (0, 100), (40, 100)]
    assert way is not None
    assert way.names == ["South", "West", "North"]


def test_way_on_a_ring_goes_around_its_junction_where_that_is_shorter() -> None:
    ring = street("Ring", (0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
    assert corners(Network([ring]).way((5, 0), (0, 10), 5)) == [(5, 0), (0, 0), (0, 10)]


def test_a_detour_is_taken_where_a_street_leaves_and_comes_back() -> None:
    bow = street("Bow", (0, 0), (0, 500), (100, 500), (100, 0))
    cut = street("Cut", (0, 0), (100, 0))
    assert corners(Network([bow, cut]).way((0, 20), (100, 20), 5)) == [(0, 20), (0, 0), (100, 0), (100, 20)]


def test_streets_are_named_once_and_those_only_touched_not_at_all() -> None:
    network = Network([*BLOCK, street("Side", (100, 0), (100, -50))])
    way = network.way((50, 0), (100, -2), 10)
    assert way is not None
    assert way.names == ["South"]
    assert [*network.way((0, 90), (100, -50), 1).names] == ["West", "South", "Side"]  # type: ignore[union-attr]


def test_streets_without_names_leave_no_gap() -> None:
    way = Network([street("", (0, 0), (50, 0)), street("East", (50, 0), (99, 0))]).way((0, 0), (99, 0), 1)
    assert way is not None
    assert way.names == ["East"]


def test_no_way_without_a_street_near_both() -> None:
    network = Network(BLOCK)
    assert network.way((50, 40), (100, 50), 30) is None
    assert not network.has_street((50, 40), 30)
    assert network.has_street((50, 40), 41)


def test_no_way_between_streets_that_are_not_connected() -> None:
    network = Network([*BLOCK, street("Island", (300, 0), (400, 0))])
    assert network.way((50, 0), (350, 0), 10) is None


def test_an_island_near_a_place_does_not_hide_the_connected_street() -> None:
    network = Network([*BLOCK, street("Yard", (40, 8), (60, 8))])
    assert corners(network.way((50, 7), (100, 50), 10)) == [(50, 0), (100, 0), (100, 50)]


def test_no_way_to_where_one_is() -> None:
    assert Network(BLOCK).way((50, 3), (50, -3), 10) is None


def test_no_way_without_streets() -> None:
    assert Network([]).way((0, 0), (1, 1), 10) is None


def test_bridges_are_no_junctions_where_streets_share_corners() -> None:
    bridge = street("Bridge", (50, -50), (50, 50))
    assert Network([*BLOCK, bridge]).way((10, 0), (50, -40), 5) is None


def test_crossings_are_junctions_in_a_sketch() -> None:
    sketch = [street("Long", (0, 200), (100, 200), source=7), street("Cross", (50, 150), (50, 250), source=7)]
    way = Network([*BLOCK, *sketch]).way((50, 160), (70, 200), 5)
    assert corners(way) == [(50, 160), (50, 200), (70, 200)]


def test_ends_that_nearly_reach_a_street_are_joined_in_a_sketch() -> None:
    sketch = [street("Long", (0, 0), (100, 0)), street("Side", (50, 60), (50, 12))]
    assert corners(Network(sketch, joint=20).way((50, 40), (70, 0), 5)) == [
        (50, 40),
        (50, 12),
        (50, 0),
        (70, 0),
    ]
    assert Network(sketch, joint=10).way((50, 40), (70, 0), 5) is None


def test_streets_that_lie_on_each_other_are_joined() -> None:
    sketch = [street("One", (0, 0), (60, 0)), street("Two", (40, 0), (100, 0))]
    assert corners(Network(sketch, joint=1).way((0, 0), (100, 0), 1))[-1] == (100, 0)


def test_streets_without_length_are_no_trouble() -> None:
    assert Network([street("Dot", (1, 1), (1, 1)), *BLOCK]).way((10, 0), (20, 0), 5) is not None
