"""Tests of significance and correction for multiple testing; pure functions on arrays."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, bdtrc, gammaln

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

FEWEST_VOICES: Final = 30
"""Below this many people (contributions without a person counted as one each) no test is made: a test on so
few says more about who happened to take part than about the city."""

FEWEST_PEOPLE: Final = 5
"""Fewest different people who make a hot spot or a significant change: fewer are a person or a household, no pattern
(a contribution without a person counts as a person of its own)."""

LARGEST_PART: Final = 0.5
"""Largest share of a hot spot or a significant change that a single person may contribute."""

_ROUNDING: Final = 1e-7
"""Outcomes as probable as the observed one must not be left out because of rounding (as R and scipy do)."""


def benjamini_hochberg(p: Values) -> Values:
    """Adjust probabilities for multiple testing: of the places with p_adjusted <= alpha, on average at most the
    share alpha is due to chance (the false discovery rate).

    Sorted upward, p_(i) becomes min over j >= i of p_(j) * m / j, at most 1. Benjamini and Hochberg 1995,
    "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57(1); for local
    statistics of neighbours: Caldas de Castro and Singer 2006, Geographical Analysis 38(2).
    """
    number = len(p)
    order = np.argsort(p)[::-1]
    ranks = np.arange(number, 0, -1, dtype=np.float64)
    adjusted = np.empty(number)
    adjusted[order] = np.minimum.accumulate(np.minimum(p[order] * number / ranks, 1.0))
    return adjusted


def holm(p: Values) -> Values:
    """Adjust probabilities for multiple testing: with p_adjusted <= alpha, the chance that any of the findings is due
    to chance is at most alpha, however the tests depend on each other (the family-wise error rate).

    Sorted downward, p_(i) becomes max over j <= i of p_(j) * (m - j + 1), at most 1. Holm 1979, "A simple sequentially
    rejective multiple test procedure", Scandinavian Journal of Statistics 6(2).
    """
    number = len(p)
    order = np.argsort(p)
    adjusted = np.empty(number)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(number, 0, -1)), 1.0)
    return adjusted


def exact_binomial(counts: Counts, total: int, shares: Values) -> Values:
    """The probability of all outcomes at most as probable as the observed one (two-sided, exact), per binomial count
    of `total` with a share between 0 and 1, both excluded.
    """
    found = (
        _two_sided(count, total, share) for count, share in zip(counts.tolist(), shares.tolist(), strict=True)
    )
    return np.fromiter(found, dtype=np.float64, count=len(counts))


def poisson_change(before: Counts, after: Counts, days_before: float, days_after: float) -> Values:
    """The probability of a difference at least as unusual if both periods had the same rate, per place.

    Given its sum n, the second of two Poisson counts of equal rate is binomial (n, days_after / all days);
    p is the probability of all outcomes that are at most as probable as the observed one (two-sided, exact).
    Przyborowski and Wilenski 1940, "Homogeneity of results in testing samples from Poisson series",
    Biometrika 31. Places with nothing in both periods have p = 1. Both lengths must be positive.
    """
    share = days_after / (days_before + days_after)
    sums = before + after
    p = np.ones(len(sums))
    for total in np.unique(sums[sums > 0]):
        chosen = sums == total
        tails = _two_sided_tails(int(total), share)
        p[chosen] = tails[after[chosen]]
    return p


def _two_sided(count: int, total: int, share: float) -> float:
    """As `_two_sided_tails` of one outcome; the opposite tail begins where a bisection finds outcomes as improbable."""

    def log_chance(outcome: int) -> float:
        ways = gammaln(total + 1) - gammaln(outcome + 1) - gammaln(total - outcome + 1)
        return float(ways + outcome * math.log(share) + (total - outcome) * math.log1p(-share))

    limit, mean = log_chance(count) + math.log1p(_ROUNDING), total * share
    if count == mean:
        return 1.0
    if count < mean:
        start = math.ceil(mean)
        far = start + bisect_left(range(start, total + 1), True, key=lambda one: log_chance(one) <= limit)
        below, above = count, far
    else:
        most = math.floor(mean)
        back = bisect_left(range(most + 1), True, key=lambda one: log_chance(most - one) <= limit)
        below, above = most - back, count
    lower = float(bdtr(below, total, share)) if below >= 0 else 0.0
    upper = float(bdtrc(above - 1, total, share)) if above <= total else 0.0
    return min(lower + upper, 1.0)


def _two_sided_tails(total: int, share: float) -> Values:
    """For each outcome 0..total of a binomial distribution, the probability of all that are no more probable."""
    outcomes = np.arange(total + 1)
    logs = (
        gammaln(total + 1)
        - gammaln(outcomes + 1)
        - gammaln(total - outcomes + 1)
        + outcomes * np.log(share)
        + (total - outcomes) * np.log1p(-share)
    )
    chances = np.exp(logs)
    order = np.argsort(chances)
    ascending = chances[order]
    below = np.searchsorted(ascending, chances * (1 + _ROUNDING), side="right")
    tails: Values = np.minimum(np.cumsum(ascending)[below - 1], 1.0)
    return tails
