"""Spatial autocorrelation: Getis-Ord Gi* per place and global Moran's I, as pure functions on arrays.

Both are verified against PySAL's esda in `tests/aggregation/statistics`. `docs/methods.md` explains them in words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse
from scipy.special import ndtr

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GiStar:
    """One value per place: `z` (standard deviations from the expectation under randomness), `p` (two-sided)."""

    z: Values
    p: Values


@dataclass(frozen=True, slots=True)
class Moran:
    """Moran's `i`, its expectation without any pattern, `z` and two-sided `p`."""

    i: float
    expected: float
    z: float
    p: float


def getis_ord_gi_star(values: Values, weights: scipy.sparse.csr_array) -> GiStar:
    """Gi*: whether a place and its neighbours together hold more, or less, than expected by chance.

    `values` has shape (n,), `weights` shape (n, n); the star requires every place to be its own neighbour
    (`weights.with_self`). With W_i = sum_j w_ij, S_i = sum_j w_ij^2, mean m and variance s^2 of all n values
    (divided by n):

        z_i = (sum_j w_ij x_j - m W_i) / (s sqrt((n S_i - W_i^2) / (n - 1)))

    Ord and Getis 1995, "Local spatial autocorrelation statistics", Geographical Analysis 27(4)
    (Getis and Ord 1992 in its first form). p is that of a standard normal distribution. Where nothing can
    differ (all values equal, one place, all places neighbours of each other) z is 0 and p is 1.
    """
    n = len(values)
    if n < 2:
        return GiStar(np.zeros(n), np.ones(n))
    weight_sums = np.asarray(weights.sum(axis=1), dtype=np.float64).ravel()
    square_sums = np.asarray(weights.power(2).sum(axis=1), dtype=np.float64).ravel()
    # Deviations first: the same number as the formula's, without the loss of digits of large sums.
    deviations = values - values.mean()
    spread = np.sqrt(np.mean(deviations**2) * np.maximum(n * square_sums - weight_sums**2, 0.0) / (n - 1))
    z = np.divide(weights @ deviations, spread, out=np.zeros(n), where=spread > 1e-12)
    return GiStar(z, _two_sided(z))


def morans_i(values: Values, weights: scipy.sparse.csr_array) -> Moran | None:
    """Moran's I: whether neighbours resemble each other more than expected by chance.

    `values` has shape (n,), `weights` shape (n, n) with a diagonal of zeros. With deviations d from the mean
    and S0 = sum of all weights:

        I = n / S0 * (sum_ij w_ij d_i d_j) / (sum_i d_i^2),   expected: -1 / (n - 1)

    Moran 1950, "Notes on continuous stochastic phenomena", Biometrika 37. The variance is the one under
    randomisation (every arrangement of the same values equally likely), which does not require normally
    distributed values: Cliff and Ord 1981, "Spatial processes". None where it is not defined: fewer
    than four places, all values equal, no place with a neighbour.
    """
    n = len(values)
    total = float(weights.sum())
    deviations = values - values.mean() if n else values
    squares = float(deviations @ deviations)
    if n < 4 or total <= 0 or squares <= 1e-12:
        return None
    i = n / total * float(deviations @ (weights @ deviations)) / squares
    expected = -1 / (n - 1)
    symmetric = scipy.sparse.csr_array(weights + weights.T)
    s1 = float(symmetric.power(2).sum()) / 2
    s2 = float(np.sum((np.asarray(weights.sum(axis=1)) + np.asarray(weights.sum(axis=0))) ** 2))
    kurtosis = n * float(np.sum(deviations**4)) / squares**2
    numerator = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * total**2) - kurtosis * (
        (n**2 - n) * s1 - 2 * n * s2 + 6 * total**2
    )
    variance = numerator / ((n - 1) * (n - 2) * (n - 3) * total**2) - expected**2
    if variance <= 0:
        return None
    z = (i - expected) / variance**0.5
    return Moran(i, expected, z, float(_two_sided(np.array([z]))[0]))


def _two_sided(z: Values) -> Values:
    probabilities: Values = 2 * ndtr(-np.abs(z))
    return probabilities
