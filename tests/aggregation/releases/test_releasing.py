"""Plans of releases, attacked with the truth in hand: every sum of published numbers less every other one."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.aggregation.releases.partition import NOBODY, WHOLE, Region
from mapping.aggregation.releases.releasing import Entry, Ledger, Number, Placed, plan_release
from mapping.geo.grid import pack
from tests.attacker import Counted, attack

LARGEST = 400


def cell(column: int, row: int) -> int:
    return pack(41_600 + column, 29_312 + row)


def forgotten(ledger: Ledger, gone: set[int], person: int) -> Ledger:
    """What withdrawing contributions does to the ledger, and where nothing else is left of the person in a number."""
    kept = [one for one in ledger.entries if one.contribution not in gone]

    def without(number: Number) -> Number:
        before, after = (
            [one.entered for one in ones if one.person == person and is_in(number, one)]
            for ones in (ledger.entries, kept)
        )
        if person == NOBODY or number.until is not None or not before or after:
            return number
        return number._replace(departed=(*number.departed, min(before)))

    return Ledger(ledger.number, tuple(map(without, ledger.numbers)), tuple(kept))


def is_in(number: Number, one: Entry) -> bool:
    """Whether a number that stands counts an entry."""
    return one.left is None and number.region.holds(one.cell)


@pytest.mark.parametrize(
    ("release", "stands", "outlives"),
    [(1, False, True), (2, True, True), (4, True, True), (5, False, False), (6, False, False)],
)
def test_number_stands_until_before_the_release_that_ended_it(
    release: int, stands: bool, outlives: bool
) -> None:
    number = Number(Region(1600, cell(0, 0), WHOLE), since=2, until=5, contributions=5, participants=5)
    assert (number.stands_in(release), number.outlives(release)) == (stands, outlives)
    assert number._replace(until=None).stands_in(release) == (release >= 2)


@pytest.mark.parametrize(("release", "counts"), [(1, False), (2, True), (4, True), (5, False)])
def test_release_counts_an_entry_until_before_the_one_it_left_with(release: int, counts: bool) -> None:
    entry = Entry(contribution=1, person=1, cell=cell(0, 0), entered=2, left=5)
    assert entry.counts_in(release) == counts
    assert entry._replace(left=None).counts_in(release) == (release >= 2)


@dataclass
class World:
    """A campaign, what the public was told about it, and the truth behind each number."""

    k: int
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    published: set[int] = field(default_factory=set)
    ids: dict[int, int] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    last: int = 0
    atoms: dict[Number, Counted] = field(default_factory=dict)
    releases: list[dict[Region, tuple[int, Counted]]] = field(default_factory=list)
    history: dict[tuple[Region, int], tuple[int, Counted]] = field(default_factory=dict)

    def submit(self, person: int, where: int) -> None:
        self.last += 1
        self.ids.setdefault(person, 1000 + self.last)
        self.places[self.last] = (person, where)
        self.published.add(self.last)

    def placed(self) -> list[Placed]:
        return [
            Placed(
                one,
                NOBODY if self.places[one][0] == NOBODY else self.ids[self.places[one][0]],
                self.places[one][1],
            )
            for one in sorted(self.published)
        ]

    def withdraw(self, gone: set[int], person: int) -> None:
        self.ledger = forgotten(self.ledger, gone, self.ids.get(person, NOBODY))
        for one in gone:
            del self.places[one]
            self.published.discard(one)
        if person not in {who for who, _where in self.places.values()}:
            self.ids.pop(person, None)

    def truth(self, contribution: int) -> int | None:
        """Who is behind a contribution, whatever the site knows."""
        person, _where = self.places[contribution]
        return None if person == NOBODY else person

    def release(self) -> None:
        plan = plan_release(self.ledger, self.placed(), self.k, LARGEST)
        self.ledger = plan.applied(self.ledger)
        now = {}
        for number in self.ledger.numbers:
            if number.until is not None:
                continue
            key = number.region, number.since
            if key not in self.history:
                counted = frozenset(
                    (one.contribution, self.truth(one.contribution))
                    for one in self.ledger.entries
                    if isinstance(one.contribution, int) and is_in(number, one)
                )
                self.history[key] = (number.contributions, counted)
            now[number.region] = self.history[key]
        self.releases.append(now)


def check(world: World) -> None:
    """What was told adds up, no two regions cover each other, and the attacker finds nobody."""
    for release in world.releases:
        for region, (number, counted) in release.items():
            assert len(counted) == number
            for other in release:
                if region != other:
                    assert not region.contains(other)
    attack(({name: counted for name, (_n, counted) in one.items()} for one in world.releases), world.k)


PEOPLE = st.integers(0, 7)
CELL_LIST = [
    cell(0, 0),
    cell(0, 0),
    cell(0, 1),
    cell(1, 0),
    cell(3, 3),
    cell(2, 3),
    cell(3, 0),
    cell(9, 9),
    -1,
]
CELLS = st.sampled_from(CELL_LIST)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.lists(st.tuples(PEOPLE, CELLS), min_size=1, max_size=7)),
        st.tuples(
            st.sampled_from(["nobody", "reject", "publish", "move", "withdraw", "erase", "release"]),
            st.lists(st.tuples(st.integers(0, 50), CELLS), min_size=1, max_size=1),
        ),
    ),
    min_size=3,
    max_size=24,
)
Steps = list[tuple[str, list[tuple[int, int]]]]


def play(steps: Steps, k: int) -> World:
    """Let things happen to a campaign; people arrive in groups, and a release is tried after each."""
    world = World(k)
    for name, what in steps:
        if name in {"submit", "nobody"}:
            for person, where in what:
                world.submit(person if name == "submit" else NOBODY, where)
        elif world.places:
            [(which, where)] = what
            one = sorted(world.places)[which % len(world.places)]
            change(world, name, one, where)
        if name in {"submit", "release"}:
            world.release()
    world.release()
    return world


def change(world: World, name: str, one: int, where: int) -> None:
    """What may happen to one contribution."""
    person, _place = world.places[one]
    if name == "move":
        world.places[one] = (person, where)
    elif name == "reject":
        world.published.discard(one)
    elif name == "publish":
        world.published.add(one)
    elif name == "withdraw":
        world.withdraw({one}, person)
    elif name == "erase" and person != NOBODY:
        world.withdraw({other for other, (who, _at) in world.places.items() if who == person}, person)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.integers(2, 3))
@pytest.mark.slow
def test_no_difference_of_sums_stands_for_fewer_than_k_people(steps: Steps, k: int) -> None:
    check(play(steps, k))


@pytest.mark.parametrize(("leaving", "told"), [(4, 12), (5, 7)])
@pytest.mark.parametrize("way", ["reject", "withdraw"])
def test_number_shrinks_once_k_people_left_it(way: str, leaving: int, told: int) -> None:
    """Also those counted by the very release that the new number is compared with."""
    world = World(5)
    for person in range(12):
        world.submit(person, cell(0, 0))
    world.release()
    for one in sorted(world.places)[:leaving]:
        change(world, way, one, cell(0, 0))
    world.release()
    assert [one.contributions for one in world.ledger.numbers if one.until is None] == [told]


@pytest.mark.parametrize(("joining", "told"), [(4, 12), (5, 17)])
def test_number_grows_once_k_people_joined_it(joining: int, told: int) -> None:
    world = World(5)
    for person in range(12):
        world.submit(person, cell(0, 0))
    world.release()
    for person in range(20, 20 + joining):
        world.submit(person, cell(0, 0))
    world.release()
    assert [one.contributions for one in world.ledger.numbers if one.until is None] == [told]


def test_example_of_the_documentation() -> None:
    """docs/privacy/releases.md tells this story."""
    park, station = cell(0, 0), cell(200, 200)
    world = World(5)

    def told() -> list[int]:
        world.release()
        return [one.contributions for one in world.ledger.numbers if one.until is None]

    def withdraw(people: range) -> None:
        for person in people:
            world.withdraw({one for one, (who, _where) in world.places.items() if who == person}, person)

    for person in range(9):
        world.submit(person, park)
    for person in (90, 91):
        world.submit(person, station)
    assert told() == [9]
    for person in range(9, 13):
        world.submit(person, park)
    assert told() == [9]
    world.submit(13, park)
    assert told() == [14]
    withdraw(range(3))
    assert told() == [14]
    withdraw(range(3, 9))
    assert told() == [5]
    withdraw(range(9, 10))
    assert told() == []
