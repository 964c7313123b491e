"""Divide the 100 m grid into regions of at least k people each, with as much spatial detail as possible.

A quadtree of cells of 100, 200, 400 ... m (Samet, "The design and analysis of spatial data structures", 1990), and
per node the best of a few ways to divide it, found by dynamic programming from the leaves up. Detail is measured by
the loss of information (Shannon): knowing only that a contribution lies somewhere in a region of a hundred-metre
cells means lacking log2(a) bits of its place.

The shape of regions does not depend on which small squares are empty: for every square that is no region and holds
none, some other contributions leave it empty and give the same regions and numbers. That is what the limits below are
for; docs/privacy/releases.md has the proof. Pure: neither Django nor a database.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mapping.geo.grid import BASE_SIZE, KEY_FACTOR

WHOLE: Final = 15
"""The mask of all four quadrants: bit 0 south-west, 1 south-east, 2 north-west, 3 north-east."""

NOBODY: Final = -1
"""Person of a contribution without a participant: counted, but never toward k."""

DEFAULT_LARGEST: Final = 25_600
"""Metres; the largest cell where a campaign has no area."""

_LARGEST: Final = 819_200

HIDDEN_COST: Final = 6.0
"""Bits that a contribution not shown loses beyond one that is shown somewhere in the largest square.

With more, more are shown in larger regions; measured by `bin/bench publication`. With less than six, an undivided
square could tell that none of its quadrants is empty (`_Search._ways`).
"""

LARGEST_SHARE: Final = 0.5
"""Largest share of a region's contributions that one person may have made: above, it would be a map of that person."""

Keys = npt.NDArray[np.int64]


class Region(NamedTuple):
    """A square of `size` metres (`cell` is its `grid.Cell.key`), or those of its quadrants that `mask` names."""

    size: int
    cell: int
    mask: int

    @property
    def area(self) -> int:
        """Area in square metres."""
        return self.size * self.size // 4 * self.mask.bit_count()

    @property
    def first_cell(self) -> int:
        """The 100 m cell in the square's south-west corner."""
        factor = self.size // BASE_SIZE
        return self.cell // KEY_FACTOR * factor * KEY_FACTOR + self.cell % KEY_FACTOR * factor

    def holds(self, cell: int) -> bool:
        """Whether a 100 m cell (its key; negative for nowhere) lies in the region."""
        if cell < 0 or ancestor(cell, self.size) != self.cell:
            return False
        if self.mask == WHOLE:
            return True
        half = self.size // 2 // BASE_SIZE
        quadrant = cell % KEY_FACTOR // half % 2 + cell // KEY_FACTOR // half % 2 * 2
        return bool(self.mask >> quadrant & 1)

    def contains(self, other: Region) -> bool:
        """Whether another region lies in this one (a region lies in itself)."""
        if other.size > self.size:
            return False
        if other.size == self.size:
            return self.cell == other.cell and self.mask & other.mask == other.mask
        return self.holds(other.first_cell)


def ancestor(cell: int, size: int) -> int:
    """The key of the square of `size` metres that contains a 100 m cell."""
    factor = size // BASE_SIZE
    return cell // KEY_FACTOR // factor * KEY_FACTOR + cell % KEY_FACTOR // factor


def ancestors(cells: Keys, size: int) -> Keys:
    """`ancestor` for many cells at once."""
    factor = size // BASE_SIZE
    return cells // KEY_FACTOR // factor * KEY_FACTOR + cells % KEY_FACTOR // factor


def largest_size(extent: float | None) -> int:
    """The smallest power of two times 100 m that covers an extent in metres; `DEFAULT_LARGEST` for None.

    A larger cell would carry no information about a place in the campaign's area.
    """
    if extent is None:
        return DEFAULT_LARGEST
    size = BASE_SIZE
    while size < extent and size < _LARGEST:
        size *= 2
    return size


def is_a_group(people: Iterable[int], k: int) -> bool:
    """Whether contributions by these people, each named as often as it contributed, may be shown as one number.

    At least `k` people, and nobody behind more than `LARGEST_SHARE` of the contributions.
    """
    counts = Counter(people)
    total = counts.total()
    counts.pop(NOBODY, None)
    return len(counts) >= k and max(counts.values()) <= total * LARGEST_SHARE


def partition(
    cells: Keys,
    people: Keys,
    k: int,
    largest: int,
    walls: Iterable[Region] = (),
    *,
    within: Region | None = None,
    hidden_cost: float = HIDDEN_COST,
) -> list[Region]:
    """Regions without overlap that may each be shown (`is_a_group`); what lies in none of them is not shown.

    `cells` are keys of 100 m cells (no negative ones), `people` whose contribution lies there (`NOBODY` for nobody's),
    equally long. `largest` is the edge of the largest square in metres. No region contains one of the `walls` or lies
    across the border of one; it may lie within a wall, whose contributions the caller leaves out where it must not.
    All contributions lie `within` a region where one is given, and no region reaches beyond it.

    The regions have the least loss of all that can be built so: the sum over contributions of log2(100 m cells of the
    region); a contribution not shown loses as much as in a square of `largest` and `hidden_cost` bits more.
    """
    if not len(cells):
        return []
    order = np.argsort(_morton(cells), kind="stable")
    top = largest if within is None else within.size
    bits = _cost_of_hiding(max(largest, top), hidden_cost)
    search = _Search(cells[order], people[order], k, bits, walls=walls, within=within)
    tops = ancestors(search.cells, top)
    starts = np.flatnonzero(np.concatenate(([True], tops[1:] != tops[:-1])))
    ends = np.append(starts[1:], len(tops))
    found: list[Region] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        found += search.best(start, end, top).regions()
    return sorted(found)


def loss(
    sizes: Iterable[tuple[int, int]], hidden: int, largest: int, hidden_cost: float = HIDDEN_COST
) -> float:
    """Bits lost by regions of (area in square metres, contributions) and by `hidden` contributions."""
    told = sum(number * math.log2(area / BASE_SIZE**2) for area, number in sizes)
    return told + hidden * _cost_of_hiding(largest, hidden_cost)


@dataclass(frozen=True, slots=True)
class _Best:
    """The best regions of a node: its own ones, and those of its quadrants. `start` and `end` are its slice."""

    loss: float
    start: int
    end: int
    people: int
    own: tuple[Region, ...] = ()
    parts: tuple[_Best, ...] = ()

    @property
    def shows_anything(self) -> bool:
        return bool(self.own or self.parts)

    def regions(self) -> Iterator[Region]:
        yield from self.own
        for part in self.parts:
            yield from part.regions()


class _Search:
    """One search; contributions lie in Morton order, so that every node of the tree is a slice."""

    def __init__(
        self,
        cells: Keys,
        people: Keys,
        k: int,
        bits: float,
        *,
        walls: Iterable[Region],
        within: Region | None,
    ) -> None:
        self.cells = cells
        self.people = people
        self.k = k
        self.bits = bits
        self.within = within
        self.walls: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.walled: set[tuple[int, int]] = set()
        for wall in walls:
            self.walls[wall.size, wall.cell].append(wall.mask)
            size, cell = wall.size, wall.cell
            while size <= _LARGEST and (size, cell) not in self.walled:
                self.walled.add((size, cell))
                size, cell = size * 2, _half(cell)

    def best(self, start: int, end: int, size: int) -> _Best:
        """The best regions within the square of `size` metres that holds the slice."""
        people = self._count(slice(start, end))
        hidden = _Best((end - start) * self.bits, start, end, people)
        if people < self.k:
            return hidden
        cell = ancestor(int(self.cells[start]), size)
        if size == BASE_SIZE:
            is_free = (size, cell) not in self.walled and self._is_a_group([hidden])
            return _Best(0, start, end, people, (Region(size, cell, WHOLE),)) if is_free else hidden
        quadrants = self._quadrants(start, end, size // 2)
        chosen = hidden
        for together in self._ways(size, cell, quadrants):
            joined = [one for quadrant, one in quadrants.items() if quadrant in together]
            parts = tuple(one for quadrant, one in quadrants.items() if quadrant not in together)
            loss = sum(one.loss for one in parts)
            own: tuple[Region, ...] = ()
            if joined:
                region = Region(size, cell, sum(1 << one for one in together))
                own = (region,)
                loss += sum(one.end - one.start for one in joined) * math.log2(region.area / BASE_SIZE**2)
            if loss < chosen.loss and (not joined or self._is_a_group(joined)):
                shown = tuple(one for one in parts if one.shows_anything)
                chosen = _Best(loss, start, end, people, own, shown)
        return chosen

    def _ways(self, size: int, cell: int, quadrants: Mapping[int, _Best]) -> Iterator[tuple[int, ...]]:
        """Choices of quadrants to show as one region, empty ones as well, while each other one is divided by itself.

        Any quadrant of such a region may be empty. Were one, its people could lie in the others so that this way were
        still the best: k - 1 of them, hidden otherwise, in one quadrant, and all others as far apart as can be in
        another one; that is what `most` allows. Beside a single large quadrant, two small ones must have room for all.
        """
        level = (size // BASE_SIZE).bit_length() - 1
        most = (self.k - 1) * ((self.bits - 2 * level) / 2 + 1)
        free = self._free(size, cell)
        if free and self._distinct([one for quadrant, one in quadrants.items() if quadrant in free]) <= most:
            yield free
        large = [quadrant for quadrant, one in quadrants.items() if one.people >= self.k]
        if len(free) == 4 and len(large) == 1 and quadrants[large[0]].shows_anything:
            others = tuple(quadrant for quadrant in free if quadrant != large[0])
            if self._distinct([quadrants[one] for one in others if one in quadrants]) <= 2 * (self.k - 1):
                yield others
        yield ()

    def _free(self, size: int, cell: int) -> tuple[int, ...]:
        """The quadrants of a square that a region of several quadrants may be made of: no wall in them or across."""
        masks = self.walls.get((size, cell), ())
        sides = [tuple(mask >> one & 1 for mask in masks) for one in range(4)]
        inside = self.within.mask if self.within is not None and self.within[:2] == (size, cell) else WHOLE
        free = [
            one
            for one in range(4)
            if inside >> one & 1 and (size // 2, _quadrant(cell, one)) not in self.walled
        ]
        side, number = Counter(sides[one] for one in free).most_common(1)[0] if free else ((), 0)
        return tuple(one for one in free if sides[one] == side) if number >= 3 else ()

    def _quadrants(self, start: int, end: int, half: int) -> dict[int, _Best]:
        keys = ancestors(self.cells[start:end], half)
        cuts = [0, *(np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist(), end - start]
        return {
            int(keys[first] % 2 + keys[first] // KEY_FACTOR % 2 * 2): self.best(
                start + first, start + last, half
            )
            for first, last in pairwise(cuts)
        }

    def _is_a_group(self, nodes: Sequence[_Best]) -> bool:
        return is_a_group(
            (person for one in nodes for person in self.people[one.start : one.end].tolist()), self.k
        )

    def _distinct(self, nodes: Sequence[_Best]) -> int:
        slices = [self.people[one.start : one.end] for one in nodes]
        return len(set(np.concatenate(slices).tolist()) - {NOBODY}) if slices else 0

    def _count(self, part: slice) -> int:
        return len(set(self.people[part].tolist()) - {NOBODY})


def _cost_of_hiding(largest: int, hidden_cost: float) -> float:
    return 2 * math.log2(largest / BASE_SIZE) + hidden_cost


def _half(cell: int) -> int:
    return cell // KEY_FACTOR // 2 * KEY_FACTOR + cell % KEY_FACTOR // 2


def _quadrant(cell: int, quadrant: int) -> int:
    return (cell // KEY_FACTOR * 2 + quadrant // 2) * KEY_FACTOR + cell % KEY_FACTOR * 2 + quadrant % 2


def _morton(cells: Keys) -> Keys:
    """Positions on the Z-order curve: the bits of row and column in turn (G. M. Morton, IBM, 1966)."""
    return _spread(cells // KEY_FACTOR) * 2 + _spread(cells % KEY_FACTOR)


def _spread(numbers: Keys) -> Keys:
    """Put a zero between every two bits of numbers below 2^17."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        numbers = (numbers | numbers << shift) & mask
    return numbers
