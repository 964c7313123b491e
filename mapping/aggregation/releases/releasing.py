"""Plan the next release of a campaign from what is published now and from the ledger of all releases before.

Published regions stay as they are, are counted anew and perhaps divided, or vanish; regions never merge and never
cross each other over a campaign's life. Each step is taken only where `disclosure.follows` permits it for every earlier
release. Pure: neither Django nor a database; `services.releases.making` reads and writes the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from mapping.aggregation.releases.disclosure import Part, follows
from mapping.aggregation.releases.partition import NOBODY, WHOLE, Region, ancestor, is_a_group, partition
from mapping.geo.grid import BASE_SIZE


class Placed(NamedTuple):
    """A published contribution, its person (or `NOBODY`) and the key of its 100 m cell (negative for nowhere)."""

    contribution: Hashable
    person: int
    cell: int


class Entry(NamedTuple):
    """A contribution counted from release `entered` until before `left` (None: still counted); see `ReleaseEntry`."""

    contribution: Hashable
    person: int
    cell: int
    entered: int
    left: int | None

    def counts_in(self, release: int) -> bool:
        """Whether a release counts the contribution."""
        return self.entered <= release and (self.left is None or self.left > release)


class Number(NamedTuple):
    """A number published by the releases from `since` until before `until`.

    `departed` has, for each person who withdrew from it, the release that first counted them here.
    """

    region: Region
    since: int
    until: int | None
    contributions: int
    participants: int
    departed: tuple[int, ...] = ()

    def stands_in(self, release: int) -> bool:
        """Whether a release publishes the number."""
        return self.since <= release and self.outlives(release)

    def outlives(self, release: int) -> bool:
        """Whether the number had not ended with a release."""
        return self.until is None or self.until > release


@dataclass(frozen=True, slots=True)
class Ledger:
    """The complete record of the releases up to `number` (0: none yet)."""

    number: int = 0
    numbers: tuple[Number, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of the next release: numbers and entries that end with it and those that begin with it."""

    number: int
    ended: tuple[Number, ...]
    begun: tuple[Number, ...]
    left: tuple[Entry, ...]
    entered: tuple[Entry, ...]

    @property
    def changes_anything(self) -> bool:
        """Whether the public data would change."""
        return bool(self.ended or self.begun)

    def applied(self, ledger: Ledger) -> Ledger:
        """Return the ledger after the release."""
        ended, left = set(map(id, self.ended)), set(map(id, self.left))
        numbers = [one._replace(until=self.number) if id(one) in ended else one for one in ledger.numbers]
        entries = [one._replace(left=self.number) if id(one) in left else one for one in ledger.entries]
        return Ledger(self.number, (*numbers, *self.begun), (*entries, *self.entered))


def plan_release(ledger: Ledger, placed: Iterable[Placed], k: int, largest: int) -> Plan:
    """Plan the release after `ledger.number` from all published contributions, by the rules in the module's docstring.

    `largest` is the edge in metres of the largest square that may be published.
    """
    return _Planner(ledger, list(placed), k, largest).plan()


def people_of(ones: Iterable[Placed | Entry]) -> set[int]:
    """The distinct people behind contributions or entries."""
    found = {one.person for one in ones}
    found.discard(NOBODY)
    return found


@dataclass
class _Zones:
    """All regions that were ever published: nothing may be published across their borders."""

    regions: Collection[Region]
    _at: dict[tuple[int, int], list[Region]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[int, Region | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for region in self.regions:
            self._at[region.size, region.cell].append(region)
        self._sizes = sorted({region.size for region in self.regions})

    def around(self, region: Region) -> Iterator[Region]:
        """The published regions that contain a region (itself included), the smallest first."""
        cell = region.first_cell
        for size in self._sizes:
            if size >= region.size:
                holders = self._at.get((size, ancestor(cell, size)), ())
                yield from sorted((one for one in holders if one.contains(region)), key=lambda one: one.area)

    @cached_property
    def leaves(self) -> set[Region]:
        """The regions within which no smaller one was ever published."""
        leaves = set(self.regions)
        for region in self.regions:
            leaves.difference_update(one for one in self.around(region) if one != region)
        return leaves

    def leaf_of(self, cell: int) -> Region | None:
        """The leaf that holds a 100 m cell; None for a cell in no region or in the rest of a divided one."""
        if cell < 0:
            return None
        if cell not in self._found:
            innermost = next(self.around(Region(BASE_SIZE, cell, WHOLE)), None)
            self._found[cell] = innermost if innermost in self.leaves else None
        return self._found[cell]


class _Planner:
    """Builder of one plan: `_exposed` and the lists below it change step by step."""

    def __init__(self, ledger: Ledger, placed: list[Placed], k: int, largest: int) -> None:
        self._k, self._largest = k, largest
        self._number = ledger.number + 1
        self._numbers = ledger.numbers
        self._zones = _Zones({one.region for one in ledger.numbers})
        self._numbers_of: dict[Region, list[Number]] = defaultdict(list)
        for number in ledger.numbers:
            self._numbers_of[number.region].append(number)
        self._entries_of: dict[Hashable, list[Entry]] = defaultdict(list)
        self._entries_in: dict[Region | None, list[Entry]] = defaultdict(list)
        for entry in ledger.entries:
            self._entries_of[entry.contribution].append(entry)
            self._entries_in[self._zones.leaf_of(entry.cell)].append(entry)
        self._placed_in: dict[Region | None, list[Placed]] = defaultdict(list)
        for one in placed:
            if not self._is_counted_elsewhere(one):
                self._placed_in[self._zones.leaf_of(one.cell)].append(one)
        self._ended: list[Number] = []
        self._begun: list[Number] = []
        self._left: list[Entry] = []
        self._entered: list[Entry] = []

    def plan(self) -> Plan:
        """Run all steps and return the plan."""
        exposed = {one.region: one for one in self._numbers if one.until is None}
        for region in sorted(self._zones.leaves):
            if region in exposed:
                self._follow_up(region, exposed[region])
            else:
                self._try(region, self._ways(region, self._placed_in[region]))
        self._open_new_ground(self._placed_in[None])
        return Plan(
            self._number, tuple(self._ended), tuple(self._begun), tuple(self._left), tuple(self._entered)
        )

    def _follow_up(self, region: Region, number: Number) -> None:
        """Recount a published region, divide it, leave it unchanged, or withdraw it."""
        here = self._placed_in[region]
        counted = {one.contribution: one for one in self._entries_in[region] if one.left is None}
        now = {one.contribution for one in here}
        changed = people_of(one for one in here if one.contribution not in counted)
        changed |= people_of(one for one in counted.values() if one.contribution not in now)
        if max(len(changed), len(number.departed)) >= self._k and self._try(
            region, self._ways(region, here), number
        ):
            return
        if len(people_of(one for one in counted.values() if one.contribution in now)) < self._k:
            self._ended.append(number)
            self._left += counted.values()

    def _ways(self, region: Region, here: list[Placed]) -> Iterator[list[Region]]:
        """Divisions of a region, most detailed first; parts of twice as many people are permitted more often."""
        tried: list[list[Region]] = []
        for at_least in (self._k, 2 * self._k - 1):
            regions = self._divide(region, here, at_least)
            if regions and regions not in tried:
                tried.append(regions)
                yield regions
        if [region] not in tried:
            yield [region]

    def _divide(self, region: Region, here: list[Placed], at_least: int) -> list[Region]:
        cells = np.array([one.cell for one in here], dtype=np.int64)
        people = np.array([self._person(one, region) for one in here], dtype=np.int64)
        return partition(cells, people, at_least, self._largest, within=region)

    def _try(self, region: Region, ways: Iterable[list[Region]], number: Number | None = None) -> bool:
        """Publish the first permitted division of a region."""
        for parts in ways:
            if self._publish(region, parts, self._placed_in[region], self._entries_in[region]):
                if number is not None:
                    self._ended.append(number)
                return True
        return False

    def _open_new_ground(self, here: list[Placed]) -> None:
        """Publish regions where none is or was published."""
        on_the_grid = [one for one in here if one.cell >= 0]
        cells = np.array([one.cell for one in on_the_grid], dtype=np.int64)
        people = np.array([one.person for one in on_the_grid], dtype=np.int64)
        regions = partition(cells, people, self._k, self._largest, self._zones.regions)
        found = _Zones(regions)
        within: dict[Region | None, list[Placed]] = defaultdict(list)
        for one in here:
            within[found.leaf_of(one.cell)].append(one)
        for region in regions:
            earlier = [one for one in self._entries_in[None] if region.holds(one.cell)]
            self._publish(region, [region], within[region], earlier)

    def _publish(self, region: Region, parts: list[Region], here: list[Placed], earlier: list[Entry]) -> bool:
        """Publish parts of a region unless that discloses too much; `earlier` are all entries that were ever in it."""
        members: dict[Region | None, list[Placed]] = defaultdict(list)
        for one in here:
            members[next((part for part in parts if part.holds(one.cell)), None)].append(one)
        shown = {one.contribution: one for part in parts for one in members[part]}
        if not (
            all(self._is_a_group(members[part], region) for part in parts)
            and self._may_follow(region, [members[part] for part in parts], shown, earlier)
        ):
            return False
        for entry in earlier:
            if entry.left is None:
                now = shown.get(entry.contribution)
                if now is not None and now.cell == entry.cell:
                    del shown[entry.contribution]
                else:
                    self._left.append(entry)
        self._entered += (Entry(*one, self._number, None) for one in shown.values())
        self._begun += (
            Number(part, self._number, None, len(members[part]), len(people_of(members[part])))
            for part in parts
        )
        return True

    def _may_follow(
        self,
        region: Region,
        members: list[list[Placed]],
        shown: Collection[Hashable],
        earlier: list[Entry],
    ) -> bool:
        around = [one for zone in self._zones.around(region) for one in self._numbers_of[zone]]
        own = [one for one in around if one.region == region]
        moments = (
            {one.entered for one in earlier} | {one.left for one in earlier} | {one.since for one in around}
        )
        for one in own:
            moments |= {*one.departed, one.until}
        for release in sorted(one for one in moments if one is not None and one < self._number):
            if not any(one.stands_in(release) for one in around):
                continue
            then = {one.contribution: one for one in earlier if one.counts_in(release)}
            parts = [
                Part(
                    self._people((one for one in part if one.contribution in then), region),
                    self._people((one for one in part if one.contribution not in then), region),
                )
                for part in members
            ]
            gone = people_of(
                entry
                for contribution, entry in then.items()
                if contribution not in shown and not self._is_counted_beyond(contribution, region)
            )
            departed = sum(first <= release for one in own if one.outlives(release) for first in one.departed)
            if not follows(parts, gone, departed, self._k):
                return False
        return True

    def _is_counted_elsewhere(self, one: Placed) -> bool:
        """Whether a moved contribution still counts at its former place; then it has to wait."""
        zone = self._zones.leaf_of(one.cell)
        return any(
            entry.left is None and self._zones.leaf_of(entry.cell) != zone
            for entry in self._entries_of.get(one.contribution, ())
        )

    def _is_counted_beyond(self, contribution: Hashable, region: Region) -> bool:
        return any(
            entry.left is None and not region.holds(entry.cell) for entry in self._entries_of[contribution]
        )

    def _people(self, ones: Iterable[Placed], region: Region) -> set[int]:
        return {self._person(one, region) for one in ones} - {NOBODY}

    def _is_a_group(self, ones: Sequence[Placed], region: Region) -> bool:
        """Whether contributions may be shown as one number, considering those that count for nobody here."""
        return is_a_group((self._person(one, region) for one in ones), self._k) and is_a_group(
            (one.person for one in ones), self._k
        )

    def _person(self, one: Placed, region: Region) -> int:
        """The person who counts toward k for a contribution: nobody where it was ever counted in another region."""
        entries = self._entries_of.get(one.contribution, ())
        return one.person if all(region.holds(entry.cell) for entry in entries) else NOBODY
