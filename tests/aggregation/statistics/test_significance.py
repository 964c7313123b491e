"""The correction for many tests and the test of change, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.aggregation.statistics.significance import benjamini_hochberg, poisson_change

PROBABILITIES = st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(PROBABILITIES)
def test_correction_equals_scipy(p: list[float]) -> None:
    expected = scipy.stats.false_discovery_control(p, method="bh")
    np.testing.assert_allclose(benjamini_hochberg(np.array(p)), expected, rtol=1e-12, atol=1e-15)


def test_correction_of_the_published_example() -> None:
    """Benjamini and Hochberg 1995: of these fifteen the first four stand at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert (benjamini_hochberg(np.array(p)) <= 0.05).sum() == 4


def test_correction_of_nothing_is_nothing() -> None:
    assert benjamini_hochberg(np.array([])).tolist() == []


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8),
    days=st.tuples(st.integers(1, 400), st.integers(1, 400)),
)
def test_change_equals_the_exact_binomial_test(counts: list[tuple[int, int]], days: tuple[int, int]) -> None:
    before, after = (np.array(column, dtype=np.int64) for column in zip(*counts, strict=True))
    found = poisson_change(before, after, *days)
    share = days[1] / sum(days)
    for (a, b), p in zip(counts, found, strict=True):
        expected = scipy.stats.binomtest(b, a + b, share).pvalue if a + b else 1.0
        assert p == pytest.approx(expected, rel=1e-9)


def test_change_of_large_counts() -> None:
    before, after = np.array([40_000, 40_000]), np.array([40_000, 41_500])
    found = poisson_change(before, after, 30, 30)
    assert found[0] == pytest.approx(1.0)
    assert found[1] == pytest.approx(scipy.stats.binomtest(41_500, 81_500, 0.5).pvalue, rel=1e-6)


def test_twice_as_many_in_twice_as_many_days_is_no_change() -> None:
    [p] = poisson_change(np.array([20]), np.array([40]), 30, 60)
    assert p > 0.9
