"""Composition of those who took part beside a reference: known values, scipy, and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from mapping.aggregation.statistics.representation import Group, Representation, represent
from mapping.aggregation.statistics.significance import holm


def groups(people: list[int], sizes: list[float | None]) -> Representation:
    return represent([Group(str(n), a, b) for n, (a, b) in enumerate(zip(people, sizes, strict=True))])


def test_holm_as_in_his_procedure() -> None:
    """By hand: the smallest times four, the next times three, and so on."""
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.9, 0.8])) == pytest.approx([1, 1])


@given(
    some.lists(some.integers(0, 400), min_size=2, max_size=9).filter(lambda one: sum(one) > 0),
    some.data(),
)
def test_tests_intervals_and_fit_agree_with_scipy(people: list[int], data: some.DataObject) -> None:
    sizes = data.draw(
        some.lists(some.floats(0.01, 1000), min_size=len(people), max_size=len(people)), label="sizes"
    )
    found, total = groups(people, list(sizes)), sum(people)
    for part in found.parts:
        assert part.expected is not None
        exact = stats.binomtest(part.group.people, total, part.expected)
        if found.is_tested:
            assert part.p == pytest.approx(exact.pvalue, rel=1e-4, abs=1e-12)
        interval = exact.proportion_ci(1 - 0.05 / len(people), method="wilson")
        assert part.low == pytest.approx(interval.low, abs=1e-9)
        assert part.high == pytest.approx(interval.high)
    if found.fit is not None:
        expected = np.array(sizes) / sum(sizes) * total
        statistic, p = stats.chisquare(people, expected)
        assert found.fit.chi_square == pytest.approx(statistic)
        assert found.fit.p == pytest.approx(p, abs=1e-12)


def test_goodness_of_fit_of_mendels_peas() -> None:
    """G. Mendel 1866: 315, 108, 101 and 32 peas where 9 : 3 : 3 : 1 are expected; chi-square 0.470, p = 0.925."""
    found = groups([315, 108, 101, 32], [9, 3, 3, 1])
    assert found.fit is not None
    assert found.fit.degrees == 3
    assert found.fit.chi_square == pytest.approx(0.470, abs=0.001)
    assert found.fit.p == pytest.approx(0.925, abs=0.001)
    assert {part.verdict for part in found.parts} == {"chance"}


def test_squares_of_standardised_residuals_of_two_groups_are_chi_square() -> None:
    found = groups([60, 40], [1, 1])
    assert found.fit is not None
    assert [part.residual for part in found.parts] == pytest.approx([2, -2])
    assert found.fit.chi_square == pytest.approx(4)


def test_groups_that_are_missing_and_that_are_many() -> None:
    found = groups([3, 60, 29], [30, 30, 40])
    assert [part.verdict for part in found.parts] == ["fewer", "more", "chance"]
    assert found.parts[0].ratio == pytest.approx(3 / 92 / 0.3)
    assert found.people == 92


def test_three_of_92_where_six_per_cent_live_may_be_chance() -> None:
    found = groups([3, 89], [6, 94])
    assert [part.verdict for part in found.parts] == ["chance", "chance"]


def test_small_difference_of_very_many_people_is_slight() -> None:
    found = groups([52_000, 48_000], [1, 1])
    assert [(part.verdict, part.is_slight) for part in found.parts] == [("more", True), ("fewer", True)]


def test_fewer_than_thirty_people_get_no_verdict() -> None:
    found = groups([29, 0], [1, 9])
    assert {part.verdict for part in found.parts} == {"untested"}
    assert (found.is_tested, found.fit, found.parts[0].p) == (False, None, None)
    assert groups([30, 0], [1, 9]).is_tested


def test_chi_square_needs_five_expected_in_every_group() -> None:
    assert groups([96, 4], [96, 4]).fit is None
    assert groups([95, 5], [95, 5]).fit is not None


@pytest.mark.parametrize("size", [None, 0])
def test_groups_without_inhabitants_take_no_part(size: float | None) -> None:
    found = groups([50, 50, 70], [1, 1, size])
    assert found.people == 100
    assert [part.share for part in found.parts] == [0.5, 0.5, None]
    assert found.parts[2].verdict == "unknown"
    assert found.parts[2].ratio is None


@pytest.mark.parametrize(
    ("people", "sizes"),
    [([], []), ([5], [1]), ([5, 5], [1, 0]), ([0, 0], [1, 1]), ([5, 5], [None, None])],
)
def test_nothing_to_compare(people: list[int], sizes: list[float | None]) -> None:
    found = groups(people, sizes)
    assert not found.is_comparable
    assert not found.is_tested


def test_group_beside_which_all_others_vanish_is_not_compared() -> None:
    """A share that is rounded to 1 leaves nothing to test."""
    found = groups([20, 15], [999_999_999_999, 0.000001])
    assert not found.is_comparable
    assert not found.is_tested
    assert found.fit is None
