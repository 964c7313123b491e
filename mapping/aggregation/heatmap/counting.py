"""Counting in numpy: contributions, distinct people and values per key, by sorting rather than by sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_LARGEST_CODE: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Counts:
    """Per key, in ascending order: contributions, distinct people; arrays of one length."""

    keys: Integers
    contributions: Integers
    people: Integers


def count(keys: Integers, people: Integers, stands: Flags | None = None) -> Counts:
    """Count entries that stand for a contribution (all by default), and the distinct people among all entries.

    Keys are not negative; a negative person means none. Key and person become one integer, and sorting a million of
    these takes some 20 ms (numpy sorts int64 with vector instructions), less than a tenth of `numpy.unique`.
    """
    if not len(keys):
        return Counts(keys, keys, keys)
    span, codes = _people_codes(people, int(keys.max()))
    pairs = (keys * span + codes) * 2
    pairs += 1 if stands is None else stands
    pairs.sort()
    stand = pairs & 1
    pairs >>= 1
    own = pairs // span
    starts = np.flatnonzero(np.diff(own, prepend=-1))
    is_new_person = (np.diff(pairs, prepend=-1) != 0) & (pairs != own * span)
    return Counts(
        own[starts], np.add.reduceat(stand, starts), np.add.reduceat(is_new_person.astype(np.int64), starts)
    )


def distinct(values: Integers) -> int:
    """Count the distinct non-negative values."""
    ordered = np.sort(values)
    return int(np.count_nonzero(np.diff(ordered, prepend=-1)[ordered >= 0]))


def first_of_each(keys: Integers, people: Integers) -> Integers:
    """Return the positions of the first entry of each person with each key."""
    if not len(keys):
        return keys
    span, codes = _people_codes(people, int(keys.max()))
    positions: Integers = np.unique(keys * span + codes, return_index=True)[1]
    return positions


def totals(wanted: Integers, keys: Integers, values: Floats) -> tuple[Floats, Integers]:
    """Return, for each of the wanted keys (ascending), the sum and the number of the values that are not NaN."""
    is_given = ~np.isnan(values)
    positions = np.searchsorted(wanted, keys[is_given])
    sums = np.bincount(positions, weights=values[is_given], minlength=len(wanted)).astype(np.float64)
    return sums, np.bincount(positions, minlength=len(wanted)).astype(np.int64)


def _people_codes(people: Integers, largest_key: int) -> tuple[int, Integers]:
    """Number people from 1, with 0 for none; also return one more than the largest number."""
    highest = int(people.max())
    lowest = int(people.min(where=people >= 0, initial=highest))
    span = highest - lowest + 2
    if (largest_key + 1) * span * 2 < _LARGEST_CODE:
        return span, np.where(people < 0, 0, people - lowest + 1)
    # Sparse ids: number them consecutively.
    known, codes = np.unique(np.maximum(people, -1), return_inverse=True)
    has_nobody = bool(known[0] < 0)
    return len(known) + 1, codes.reshape(-1) + (0 if has_nobody else 1)
