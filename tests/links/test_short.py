"""Short codes: one for each number, five signs, no two of them mistaken for each other."""

from itertools import pairwise

import pytest

from mapping.links.short import SIGNS, code_of, number_of

NUMBERS = (1, 2, 3, 22, 23, 24, 1000, 23**4 - 1, 23**4, 10**6, 23**5 + 1)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_code_is_read_back(number: int) -> None:
    code = code_of(number)
    assert number_of(code) == number_of(code.upper()) == number
    assert set(code) <= set(SIGNS)


def test_codes_are_short_and_different() -> None:
    codes = [code_of(number) for number in range(1, 3000)]
    assert {len(code) for code in codes} == {5}
    assert len(set(codes)) == len(codes)
    # Neighbours look unlike each other.
    assert all(sum(a == b for a, b in zip(one, other, strict=True)) < 4 for one, other in pairwise(codes))


def test_each_wrong_sign_is_noticed() -> None:
    for number in (1, 17, 279_840):
        code = code_of(number)
        for place, right in enumerate(code):
            for sign in SIGNS.replace(right, ""):
                assert number_of(code[:place] + sign + code[place + 1 :]) is None


def test_exchanged_neighbours_are_noticed() -> None:
    for number in range(1, 200):
        code = code_of(number)
        for place, (one, other) in enumerate(pairwise(code)):
            if one != other:
                assert number_of(code[:place] + other + one + code[place + 2 :]) is None


@pytest.mark.parametrize(
    "text", ["", "2", "22222", "k6wn", "k6wnvk6wnvk6", "k6wn0", "käwnv", "k6wn\0", "../.."]
)
def test_what_is_no_code_has_no_number(text: str) -> None:
    assert number_of(text) is None


def test_no_number_has_two_codes() -> None:
    """A longer code stands for larger numbers only: no poster exists twice."""
    found = [number_of(a + b + code_of(5)[:4]) for a in SIGNS for b in SIGNS]
    assert all(number is None or number >= 23**4 for number in found)


@pytest.mark.parametrize("number", [0, -1])
def test_only_positive_numbers_have_a_code(number: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        code_of(number)
