"""Divide the 100 m grid into regions that each hold at least k people and tell as much as possible about the place.

A quadtree of cells of 100, 200, 400 ... m (Samet, "The design and analysis of spatial data structures", 1990), and
per node the best way to put its quadrants together, found by dynamic programming from the leaves up. What the regions
tell is measured by the loss of information (Shannon): whoever only knows that a contribution lies somewhere in a region
of a hundred-metre cells lacks log2(a) bits of its place. Pure: neither Django nor a database.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mapping.geo.grid import BASE_SIZE, KEY_FACTOR

WHOLE: Final = 15
"""The mask of all four quadrants: bit 0 south-west, 1 south-east, 2 north-west, 3 north-east."""

NOBODY: Final = -1
"""The person of a contribution that nobody stands behind: counted, but never toward k."""

DEFAULT_LARGEST: Final = 25_600
"""Metres; the largest cell where a campaign has no area."""

_LARGEST: Final = 819_200

HIDDEN_COST: Final = 6.0
"""Bits that a contribution not shown loses beyond one that is shown somewhere in the largest square.

With more, more are shown in larger regions; measured by `bin/bench publication`.
"""

Keys = npt.NDArray[np.int64]


class Region(NamedTuple):
    """A square of `size` metres (`cell` is its `grid.Cell.key`), or those of its quadrants that `mask` names."""

    size: int
    cell: int
    mask: int

    @property
    def area(self) -> int:
        """Square metres."""
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
    """`ancestor` of many cells."""
    factor = size // BASE_SIZE
    return cells // KEY_FACTOR // factor * KEY_FACTOR + cells % KEY_FACTOR // factor


def largest_size(extent: float | None) -> int:
    """The smallest power of two times 100 m that covers an extent in metres; `DEFAULT_LARGEST` for None.

    A larger cell would say nothing about a place in the campaign's area.
    """
    if extent is None:
        return DEFAULT_LARGEST
    size = BASE_SIZE
    while size < extent and size < _LARGEST:
        size *= 2
    return size


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
    """Regions without overlap that each hold at least `k` distinct people; what lies in none of them is not shown.

    `cells` are keys of 100 m cells (no negative ones), `people` whose contribution lies there (`NOBODY` for nobody's),
    equally long. `largest` is the edge of the largest square in metres. No region contains one of the `walls` or lies
    across the border of one; it may lie within a wall, whose contributions the caller leaves out where it must not.
    Where all contributions lie `within` a region, no region reaches beyond it.

    The regions have the least loss of all that can be built so: the sum over contributions of log2(100 m cells of the
    region); a contribution not shown loses as much as in a square of `largest` and `hidden_cost` bits more.
    """
    if not len(cells):
        return []
    order = np.argsort(_morton(cells), kind="stable")
    search = _Search(cells[order], people[order], k, _cost_of_hiding(largest, hidden_cost), walls)
    top = largest if within is None else within.size
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
    """Bits that are lost by regions of (area in square metres, contributions) and by `hidden` contributions."""
    told = sum(number * math.log2(area / BASE_SIZE**2) for area, number in sizes)
    return told + hidden * _cost_of_hiding(largest, hidden_cost)


@dataclass(frozen=True, slots=True)
class _Best:
    """The best regions of a node: its own ones, and those of its quadrants."""

    loss: float
    contributions: int
    people: frozenset[int]
    own: tuple[Region, ...] = ()
    parts: tuple[_Best, ...] = ()

    def regions(self) -> Iterator[Region]:
        yield from self.own
        for part in self.parts:
            yield from part.regions()


class _Search:
    """One search; contributions lie in Morton order, so that every node of the tree is a slice."""

    def __init__(self, cells: Keys, people: Keys, k: int, bits: float, walls: Iterable[Region]) -> None:
        self.cells = cells
        self.people = people
        self.k = k
        self.bits = bits
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
        people = self._some_people(start, end)
        hidden = _Best((end - start) * self.bits, end - start, people)
        if len(people) < self.k:
            return hidden
        cell = ancestor(int(self.cells[start]), size)
        if size == BASE_SIZE:
            is_wall = (size, cell) in self.walled
            return hidden if is_wall else _Best(0, end - start, people, (Region(size, cell, WHOLE),))
        quadrants = self._quadrants(start, end, size // 2)
        chosen = hidden
        for blocks in _set_partitions(tuple(quadrants)):
            candidate = self._put_together(size, cell, blocks, quadrants)
            if candidate is not None and candidate.loss < chosen.loss:
                chosen = candidate
        return _Best(chosen.loss, end - start, people, chosen.own, chosen.parts)

    def _put_together(
        self, size: int, cell: int, blocks: tuple[tuple[int, ...], ...], quadrants: dict[int, _Best]
    ) -> _Best | None:
        """The regions where each block of several quadrants is one region; None where one of them may not be."""
        total, own, parts = 0.0, [], []
        for block in blocks:
            if len(block) == 1:
                parts.append(quadrants[block[0]])
                total += parts[-1].loss
                continue
            together = frozenset().union(*(quadrants[one].people for one in block))
            if len(together) < self.k or not self._may_join(size, cell, block):
                return None
            region = Region(size, cell, sum(1 << one for one in block))
            number = sum(quadrants[one].contributions for one in block)
            total += number * math.log2(region.area / BASE_SIZE**2)
            own.append(region)
        return _Best(total, 0, frozenset(), tuple(own), tuple(parts))

    def _may_join(self, size: int, cell: int, block: tuple[int, ...]) -> bool:
        masks = self.walls.get((size, cell), ())
        if len({tuple(mask >> one & 1 for mask in masks) for one in block}) > 1:
            return False
        return not any((size // 2, _quadrant(cell, one)) in self.walled for one in block)

    def _quadrants(self, start: int, end: int, half: int) -> dict[int, _Best]:
        keys = ancestors(self.cells[start:end], half)
        cuts = [0, *(np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist(), end - start]
        return {
            int(keys[first] % 2 + keys[first] // KEY_FACTOR % 2 * 2): self.best(
                start + first, start + last, half
            )
            for first, last in pairwise(cuts)
        }

    def _some_people(self, start: int, end: int) -> frozenset[int]:
        """The distinct people of a slice; where there are more than k, k or more of them."""
        step = 4 * self.k
        found: set[int] = set()
        for first in range(start, end, step):
            found.update(self.people[first : min(first + step, end)].tolist())
            found.discard(NOBODY)
            if len(found) >= self.k:
                break
        return frozenset(found)


@cache
def _set_partitions(members: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Every way to put things together in blocks, the finest first; 15 for four things."""
    if not members:
        return ((),)
    first, rest = members[0], members[1:]
    found = []
    for blocks in _set_partitions(rest):
        found.append(((first,), *blocks))
        for index, block in enumerate(blocks):
            found.append((*blocks[:index], (first, *block), *blocks[index + 1 :]))
    return tuple(sorted(found, key=len, reverse=True))


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
