"""The attacker finds what there is to find: no release is safe because its attacker was blind."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacker import Counted, attack, isolated

ONES = [(one, one % 5 if one < 11 else None) for one in range(12)]
"""Contributions and who made them; the last one is nobody's."""

NUMBERS = st.lists(
    st.integers(1, (1 << len(ONES)) - 1).map(
        lambda chosen: frozenset(one for index, one in enumerate(ONES) if chosen >> index & 1)
    ),
    min_size=1,
    max_size=4,
)


def by_trying(numbers: list[Counted], k: int, largest: int) -> bool:
    """Whether coefficients up to `largest` leave contributions of one to k - 1 people."""
    for coefficients in product(range(-largest, largest + 1), repeat=len(numbers)):
        left = {
            person
            for one, person in ONES
            if sum(by for by, counted in zip(coefficients, numbers, strict=True) if (one, person) in counted)
        }
        if 0 < len(left - {None}) < k:
            return True
    return False


@settings(deadline=None)
@given(NUMBERS, st.integers(2, 4))
def test_ranks_find_all_that_small_coefficients_find(numbers: list[Counted], k: int) -> None:
    """Of four numbers, coefficients up to three are enough to find what any find: minors of 0 and 1 are no larger."""
    assert (isolated(numbers, k) is not None) == by_trying(numbers, k, 3)


def people(*names: str) -> Counted:
    return frozenset((name, name) for name in names)


def test_a_sum_of_several_numbers_less_one_is_found() -> None:
    """4 at A and 1 elsewhere, then others elsewhere, then 4 more at A: a number of those not shown, k = 5."""
    first = people("a1", "a2", "a3", "a4", "t")
    third = people("x1", "x2", "x3", "x4", "x5", "a1", "a2", "a3", "a4", "t")
    area = people("x1", "x2", "x3", "x4", "attacker")
    assert isolated([third, area, first], 5) == frozenset({"x5", "attacker"})
    with pytest.raises(AssertionError, match="fewer than 5"):
        attack([{"not shown": first}, {"not shown": third, "area": area}], 5)


def test_coefficients_beyond_one_are_found() -> None:
    """Twice c less a less b is left with nobody but one person."""
    a, b = people("1", "2", "3", "x"), people("4", "5", "6", "x")
    c = people("1", "2", "3", "4", "5", "6", "x")
    assert isolated([a, b, c], 2) == frozenset({"x"})


def test_three_releases_may_tell_what_no_two_of_them_tell() -> None:
    """docs/privacy/releases.md: 3 - 5 + 3 = 1 at k = 2."""
    numbers = [people("a", "b", "c"), people("a", "b", "c", "d", "e"), people("c", "d", "e")]
    attack([{"area": one} for one in numbers], 2)
    assert isolated(numbers, 2) == frozenset({"c"})
