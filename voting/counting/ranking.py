"""Options put in an order: Borda's points, and the Condorcet method of Schulze with ties.

M. Schulze 2011, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method, *Social Choice and Welfare* 36, 267-303; strength of a link by winning votes (section 2.1). Options
that a ballot does not rank come last together. Borda: with n options the first of a ballot has n points, the second
n - 1, and so on; options that it does not rank have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_UNRANKED: Final = 2**15 - 1


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """`size` equal ballots: ranks from 1, the best, by option. Options of the same rank are equal."""

    ranks: Mapping[int, int]
    size: int = 1


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of the options: each place holds those that are tied there, ascending.

    `points` are Borda's; `preferred[a, b]` is how many ballots prefer a to b; `condorcet_winner` beats every other one.
    """

    places: tuple[tuple[int, ...], ...]
    points: Mapping[int, int]
    firsts: Mapping[int, int]
    preferred: Mapping[tuple[int, int], int]
    condorcet_winner: int | None


def rank(options: Sequence[int], groups: Sequence[RankedGroup]) -> Ranking:
    """The order by Schulze, with the points of Borda beside it."""
    keys = list(options)
    ranks, sizes = _tables(keys, groups)
    pairs = _preferred(ranks, sizes)
    numbers = range(len(keys))
    # Ranks are counted anew without options that do not take part, such as withdrawn ones.
    above = [(ranks < ranks[:, [one]]).sum(axis=1) for one in numbers]
    ranked = (ranks < _UNRANKED).T
    points = {
        key: int(sizes @ np.where(ranked[one], len(keys) - above[one], 0)) for one, key in enumerate(keys)
    }
    firsts = {key: int(sizes @ (ranked[one] & (above[one] == 0))) for one, key in enumerate(keys)}
    beats = [
        one
        for one in numbers
        if all(pairs[one, other] > pairs[other, one] for other in numbers if other != one)
    ]
    return Ranking(
        tuple(tuple(sorted(keys[one] for one in place)) for place in _places(_strongest_paths(pairs))),
        points,
        firsts,
        {(keys[a], keys[b]): int(pairs[a, b]) for a in numbers for b in numbers if a != b},
        keys[beats[0]] if beats and len(keys) > 1 else None,
    )


def _tables(
    keys: Sequence[int], groups: Sequence[RankedGroup]
) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """Ranks by group and option, and the groups' sizes."""
    place = {key: number for number, key in enumerate(keys)}
    ranks = np.full((len(groups), len(keys)), _UNRANKED, dtype=np.int16)
    for row, group in enumerate(groups):
        for key, value in group.ranks.items():
            if key in place:
                ranks[row, place[key]] = value
    return ranks, np.array([one.size for one in groups], dtype=np.int64)


def _preferred(ranks: NDArray[np.int16], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many ballots prefer the option of the row to that of the column."""
    options = ranks.shape[1]
    found = np.zeros((options, options), dtype=np.int64)
    for one in range(options):
        found[one] = sizes @ (ranks[:, [one]] < ranks)
    return found


def _strongest_paths(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The strength of the strongest path between each two options (Floyd and Warshall, as in Schulze's section 2.3)."""
    paths: NDArray[np.int64] = np.where(pairs > pairs.T, pairs, 0)
    for middle in range(len(paths)):
        paths = np.maximum(paths, np.minimum(paths[:, [middle]], paths[[middle], :]))
    return paths


def _places(paths: NDArray[np.int64]) -> list[list[int]]:
    """Who is beaten by nobody comes first, then who is beaten by nobody of the rest, and so on."""
    left = list(range(len(paths)))
    places = []
    while left:
        first = [one for one in left if not any(paths[other, one] > paths[one, other] for other in left)]
        places.append(first)
        left = [one for one in left if one not in first]
    return places
