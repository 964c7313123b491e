"""Numbers of sections follow from order and level."""

import pytest

from texts.reading.numbers import numbers


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ([], []),
        ([1, 2, 2, 1, 2, 3], ["1", "1.1", "1.2", "2", "2.1", "2.1.1"]),
        ([1, 3, 2, 1], ["1", "1.1", "1.2", "2"]),
        ([2, 1, 1], ["1", "2", "3"]),
        ([0, 1, 2, 0, 2, 1], ["", "1", "1.1", "", "1.2", "2"]),
    ],
)
def test_sections_are_numbered(levels: list[int], found: list[str]) -> None:
    assert numbers(levels) == found
