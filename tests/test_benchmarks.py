"""A measurement says when other work disturbed it."""

import pytest

from benchmarks.undisturbed import Load, warnings

QUIET: Load = (0.2, 3.0, 5.0)


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        (QUIET, (1.9, 1.0, 1.0), 0),
        ((1.1, 0.1, 0.1), (1.9, 1.0, 1.0), 1),
        (QUIET, (3.1, 1.0, 1.0), 1),
        ((8.0, 8.0, 8.0), (9.0, 8.0, 8.0), 2),
    ],
)
def test_busy_machine_is_told_as_disturbance(before: Load, after: Load, number: int) -> None:
    told = list(warnings(before, after, cores=2))
    assert len(told) == number
    assert all(words.startswith("DISTURBED") for words in told)
