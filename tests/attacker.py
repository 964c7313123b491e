"""An attacker who reads every public number for ever and subtracts; with the truth in hand, to see what is found.

Sums of numbers of one release less sums of numbers of another, all that there are: what is left must be nothing, or
contributions of at least k people.
"""

from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

import numpy as np
import numpy.typing as npt

Counted = frozenset[tuple[Hashable, Hashable]]
"""What a number stands for: contributions with their true people (`None` for nobody), forgotten since or not."""

Told = Mapping[Hashable, Counted]
"""A release: its numbers by the names of their regions, with what they stand for."""

MOST_NUMBERS = 7
"""Of a release with more numbers, sums of up to two and of all but two are tried instead of all."""


def attack(releases: Iterable[Told], k: int) -> None:
    """Fail where anything that can be computed from two releases stands for fewer than k people."""
    distinct = list({frozenset(one.values()): one for one in releases}.values())
    ones = sorted({one for release in distinct for counted in release.values() for one in counted}, key=str)
    people = sorted({person for _one, person in ones} - {None}, key=str)
    is_by = np.array([[person == who for who in people] for _one, person in ones], dtype=np.float32)
    is_by = is_by.reshape(len(ones), len(people))
    summed = [_sums(release, ones) for release in distinct]
    for release in distinct:
        for region, counted in release.items():
            assert len({person for _one, person in counted} - {None}) >= k, region
    for first, second in combinations(summed, 2):
        is_left = first[:, None, :] != second[None, :, :]
        left = (is_left.astype(np.float32) @ is_by > 0).sum(axis=2)
        assert np.all((left == 0) | (left >= k))


def _sums(release: Told, ones: list[tuple[Hashable, Hashable]]) -> npt.NDArray[np.int8]:
    """How often each sum counts each contribution."""
    number = len(release)
    members = np.array([[one in counted for one in ones] for counted in release.values()], dtype=np.int8)
    choices = [
        chosen
        for chosen in range(1 << number)
        if number <= MOST_NUMBERS or not 2 < chosen.bit_count() < number - 2
    ]
    picked = np.array([[chosen >> one & 1 for one in range(number)] for chosen in choices], dtype=np.int8)
    sums = picked.reshape(len(choices), number) @ members.reshape(number, len(ones))
    return np.unique(sums, axis=0)
