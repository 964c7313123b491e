"""The smooth surface against a plain sum over all cells."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mapping.aggregation.heatmap.kernel import KERNELS, Kernel, density, reach

SIZE = 100.0


def brute_force(counts: np.ndarray, bandwidth: float, kernel: Kernel) -> np.ndarray:
    """The formula of the documentation, term by term, without the scaling to one."""
    found = np.zeros_like(counts)
    for row, column in np.ndindex(counts.shape):
        for other_row, other_column in zip(*np.nonzero(counts), strict=True):
            u = math.hypot(row - other_row, column - other_column) * SIZE / bandwidth
            if kernel == "quartic":
                value = 3 / (math.pi * bandwidth**2) * max(1 - u * u, 0) ** 2
            else:
                value = math.exp(-u * u / 2) / (2 * math.pi * bandwidth**2) if u <= 4 else 0
            found[row, column] += counts[other_row, other_column] * value * 1e6
    return found


def example() -> np.ndarray:
    counts = np.zeros((40, 52))
    counts[17, 20], counts[18, 24], counts[22, 21] = 3, 1, 12
    return counts


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("bandwidth", [300.0, 450.0])
def test_surface_equals_the_plain_sum(kernel: Kernel, bandwidth: float) -> None:
    found = density(example(), SIZE, bandwidth, kernel)
    expected = brute_force(example(), bandwidth, kernel)
    # The scaling to one differs from the continuous one by the coarseness of the cells.
    assert found.max() == pytest.approx(expected.max(), rel=0.02)
    np.testing.assert_allclose(found / found.max(), expected / expected.max(), atol=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
def test_no_contribution_is_lost_or_invented(kernel: Kernel) -> None:
    counts = example()
    found = density(counts, SIZE, 300.0, kernel)
    assert reach(kernel, 300.0) <= 17 * SIZE
    assert found.sum() * (SIZE / 1000) ** 2 == pytest.approx(counts.sum(), rel=1e-12)


def test_nothing_is_flat() -> None:
    assert density(np.zeros((5, 5)), SIZE, 300.0, "quartic").max() == 0
