"""Whether those who took part are composed like those they are compared with; pure functions on counts.

Each group is tested exactly: if people took part independently of their group, the number of those from a group with
the share q is binomial (n, q). Tests of several groups are corrected by Holm's method, since a word is said about each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import chdtrc, chdtri

from mapping.aggregation.statistics.significance import FEWEST_VOICES, exact_binomial, holm

Verdict = Literal["more", "fewer", "chance", "untested", "unknown"]

ALPHA: Final = 0.05
"""Probability of calling any group different by chance alone."""

FEWEST_EXPECTED: Final = 5
"""Below so many people expected in any group the chi-square distribution is a bad approximation (Cochran 1954)."""

SLIGHT: Final = 1.25
"""A group is only slightly over- or underrepresented up to this ratio, or its inverse, whatever the test finds."""


@dataclass(frozen=True, slots=True)
class Group:
    """People of a group who took part, and its size among those they are compared with, in any unit.

    A size of None is unknown. Groups of unknown size and of size 0 take no part in the comparison.
    """

    title: str
    people: int
    size: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """A group in comparison: shares from 0 to 1, of all groups of known size.

    `low` and `high` are the ends of the simultaneous interval of its share, `residual` the standardised residual, `p`
    the exact two-sided probability, `p_adjusted` the same corrected for the number of groups (None: not tested).
    """

    group: Group
    share: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    residual: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    verdict: Verdict = "unknown"

    @property
    def ratio(self) -> float | None:
        """The share divided by the expected one: 1 where both are alike, below 1 where people are missing."""
        return self.share / self.expected if self.share is not None and self.expected else None

    @property
    def is_slight(self) -> bool:
        """Whether a difference that is no chance is small all the same."""
        return self.ratio is not None and 1 / SLIGHT <= self.ratio <= SLIGHT


@dataclass(frozen=True, slots=True)
class Fit:
    """The chi-square goodness of fit of all groups together."""

    chi_square: float
    degrees: int
    p: float


@dataclass(frozen=True, slots=True)
class Representation:
    """All groups in their order; `people` are those of the groups that are compared.

    `is_tested` is False below `FEWEST_VOICES` people or with fewer than two groups of known size; `fit` is None also
    where fewer than `FEWEST_EXPECTED` people are expected in any group.
    """

    parts: tuple[Part, ...]
    people: int
    is_tested: bool
    fit: Fit | None = None

    @property
    def is_comparable(self) -> bool:
        """Whether there are two groups of known size at least, and anybody in them."""
        return any(part.share is not None for part in self.parts)


def represent(groups: Sequence[Group]) -> Representation:
    """Compare the composition of those who took part with the sizes of their groups.

    Intervals: L. A. Goodman 1965, "On simultaneous confidence intervals for multinomial proportions", Technometrics
    7(2). Residuals and goodness of fit: A. Agresti 2013, "Categorical Data Analysis", sections 1.5 and 3.3.
    """
    known = [group for group in groups if group.size]
    people = sum(group.people for group in known)
    sizes = np.array([group.size for group in known], dtype=np.float64)
    # Beside a very large group the shares of all others may be rounded away, which leaves nothing to compare.
    if not people or sizes.max() == sizes.sum():
        return Representation(tuple(Part(group) for group in groups), people, is_tested=False)
    counts = np.array([group.people for group in known], dtype=np.int64)
    expected = sizes / sizes.sum()
    residuals = (counts - people * expected) / np.sqrt(people * expected * (1 - expected))
    p = exact_binomial(counts, people, expected)
    adjusted = holm(p)
    is_tested = people >= FEWEST_VOICES
    compared = []
    for index, group in enumerate(known):
        low, high = _interval(group.people, people, len(known))
        part = Part(
            group,
            share=group.people / people,
            expected=float(expected[index]),
            low=low,
            high=high,
            residual=float(residuals[index]),
            p=float(p[index]) if is_tested else None,
            p_adjusted=float(adjusted[index]) if is_tested else None,
            verdict=_verdict(float(adjusted[index]), float(residuals[index])) if is_tested else "untested",
        )
        compared.append(part)
    rest = iter(compared)
    return Representation(
        tuple(next(rest) if group.size else Part(group) for group in groups),
        people,
        is_tested,
        _fit(counts, people * expected) if is_tested else None,
    )


def _verdict(p: float, residual: float) -> Verdict:
    if p > ALPHA:
        return "chance"
    return "more" if residual > 0 else "fewer"


def _interval(number: int, people: int, groups: int) -> tuple[float, float]:
    """Goodman's simultaneous interval: Wilson's, at alpha divided by the number of groups."""
    a = float(chdtri(1, ALPHA / groups))
    half = math.sqrt(a * (a + 4 * number * (people - number) / people))
    return (a + 2 * number - half) / (2 * (people + a)), (a + 2 * number + half) / (2 * (people + a))


def _fit(counts: np.ndarray, expected: np.ndarray) -> Fit | None:
    if expected.min() < FEWEST_EXPECTED:
        return None
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    degrees = len(counts) - 1
    return Fit(chi_square, degrees, float(chdtrc(degrees, chi_square)))
