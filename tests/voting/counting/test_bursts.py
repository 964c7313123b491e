"""Spans with irregularly many ballots."""

from datetime import UTC, datetime

import pytest

from voting.counting.bursts import FEWEST, INTERVAL, Burst, bursts_in, usual_of

BEGIN = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def counts(*numbers: int) -> dict[datetime, int]:
    """Ballots of the intervals of a day; zeros are left out, as the database leaves them out."""
    return {BEGIN + place * INTERVAL: number for place, number in enumerate(numbers) if number}


def test_no_ballot_makes_no_burst() -> None:
    assert bursts_in({}) == []
    assert usual_of({}).threshold == FEWEST


@pytest.mark.parametrize("numbers", [(1,) * 50, (0, 3, 2, 5, 4, 3, 0, 2), (40, 42, 38, 41, 44, 39), (9,)])
def test_usual_days_have_no_burst(numbers: tuple[int, ...]) -> None:
    assert bursts_in(counts(*numbers)) == []


def test_burst_is_found_and_its_neighbours_are_joined() -> None:
    found = bursts_in(counts(3, 2, 4, 60, 80, 3, 0, 2, 70, 1))
    assert found == [
        Burst(BEGIN + 3 * INTERVAL, BEGIN + 5 * INTERVAL, 140),
        Burst(BEGIN + 8 * INTERVAL, BEGIN + 9 * INTERVAL, 70),
    ]


def test_threshold_is_that_of_the_text() -> None:
    # Median 4, absolute deviations 2 1 0 1 96: their median is 1, and the square root of 4 is more than 1.4826.
    usual = usual_of(counts(2, 3, 4, 5, 100))
    assert (usual.median, usual.deviation) == (4.0, 1.0)
    assert usual.threshold == 15  # above 4 + 5 × 2


def test_bursts_do_not_hide_each_other() -> None:
    """A mean and a standard deviation would take four bursts for usual."""
    usual = [3, 2, 4, 3, 2, 3, 4, 2, 3, 3]
    assert len(bursts_in(counts(*usual, 500, 0, 600, 0, 700, 0, 800))) == 4


def test_few_ballots_are_never_irregular() -> None:
    assert bursts_in(counts(1, 1, 1, 1, FEWEST - 1)) == []
    assert len(bursts_in(counts(1, 1, 1, 1, FEWEST))) == 1
