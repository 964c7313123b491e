"""Short codes of campaigns for posters: five signs, made of the campaign's number and read back, stored nowhere.

A code is four signs that are scattered over all possible ones, so that neighbouring campaigns look unlike each other,
and a fifth that finds typing errors: each single wrong sign, and each two neighbouring signs that were exchanged
(23 is prime, and the weights differ: the scheme of ISBN-10). It keeps no secret, and never changes: posters hang for
years, whatever happens to keys and short names.
"""

from typing import Final

SIGNS: Final = "23456789cdfghjkmnprtvwx"
"""No vowels, hence no words; no signs that look like one of these: 0 o, 1 i l, s (5), z (2), b (8), q (g), y (v)."""
_BASE: Final = len(SIGNS)
_SHORTEST: Final = 4
# Some 0.618 of 23^4; no multiple of 23, so that each number has a code of its own.
_STEP: Final = 172_953
_VALUES: Final = {sign: value for value, sign in enumerate(SIGNS)}


def code_of(number: int) -> str:
    """The code of a positive number; five signs up to 279,840, more beyond. Raises ValueError for others."""
    if number < 1:
        raise ValueError("Only positive numbers have a code.")
    length = _SHORTEST
    while number >= _BASE**length:
        length += 1
    scattered = number * _STEP % _BASE**length
    digits = []
    for _place in range(length):
        scattered, digit = divmod(scattered, _BASE)
        digits.append(digit)
    digits.reverse()
    return "".join(SIGNS[digit] for digit in (*digits, _check(digits)))


def number_of(code: str) -> int | None:
    """The number behind a code in capitals or small letters; None for what is no code."""
    digits = [_VALUES.get(sign, -1) for sign in code.lower()]
    if not _SHORTEST < len(digits) <= 2 * _SHORTEST or -1 in digits:
        return None
    *digits, check = digits
    if _check(digits) != check:
        return None
    scattered = 0
    for digit in digits:
        scattered = scattered * _BASE + digit
    size = _BASE ** len(digits)
    number = scattered * pow(_STEP, -1, size) % size
    # Longer codes are for larger numbers only: each campaign has one code.
    is_own = number >= 1 and (len(digits) == _SHORTEST or number >= size // _BASE)
    return number if is_own else None


def _check(digits: list[int]) -> int:
    return sum(weight * digit for weight, digit in enumerate(digits, 2)) % _BASE
