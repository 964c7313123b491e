"""Smooth surfaces from counts per cell: kernel density on a regular raster; pure functions on arrays."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import scipy.fft

Kernel = Literal["quartic", "gaussian"]
Raster = npt.NDArray[np.float64]

KERNELS: Final[tuple[Kernel, ...]] = ("quartic", "gaussian")
"""Supported kernels; the first is the default."""

_REACH: Final[dict[Kernel, float]] = {"quartic": 1.0, "gaussian": 4.0}
"""Bandwidths beyond which a kernel is (gaussian: less than 0.0004 of its middle, taken as) zero."""

_SQUARE_METRES: Final = 1_000_000.0


def reach(kernel: Kernel, bandwidth: float) -> float:
    """Metres over which one contribution is spread."""
    return _REACH[kernel] * bandwidth


def density(counts: Raster, size: float, bandwidth: float, kernel: Kernel) -> Raster:
    """Contributions per square kilometre at the centres of the cells of a raster.

    `counts` has shape (rows, columns), cells of `size` metres; what lies beyond its edge counts as zero, so
    leave `reach` metres around. With distance d from a cell's centre and bandwidth h (metres), each count is
    spread by

        quartic:   3 / (pi h^2) * (1 - (d / h)^2)^2   within h
        gaussian:  1 / (2 pi h^2) * exp(-(d / h)^2 / 2)   within 4 h

    Silverman 1986, "Density estimation for statistics and data analysis", section 4.2. The kernel is
    scaled so that on the raster its cells sum to one: no contribution is lost or invented.
    """
    stencil = _stencil(size, bandwidth, kernel)
    shape = [have + more - 1 for have, more in zip(counts.shape, stencil.shape, strict=True)]
    fast = [scipy.fft.next_fast_len(length, real=True) for length in shape]
    spread = scipy.fft.irfft2(scipy.fft.rfft2(counts, fast) * scipy.fft.rfft2(stencil, fast), fast)
    middle = stencil.shape[0] // 2
    cut = spread[middle : middle + counts.shape[0], middle : middle + counts.shape[1]]
    # The transform leaves noise of 1e-16 of the largest value, also below zero.
    smooth: Raster = np.maximum(cut, 0.0) * (_SQUARE_METRES / size**2)
    return smooth


def _stencil(size: float, bandwidth: float, kernel: Kernel) -> Raster:
    cells = int(np.ceil(reach(kernel, bandwidth) / size))
    steps = np.arange(-cells, cells + 1) * size / bandwidth
    squares = steps[:, None] ** 2 + steps[None, :] ** 2
    values = np.maximum(1 - squares, 0.0) ** 2 if kernel == "quartic" else np.exp(-squares / 2)
    values[squares > _REACH[kernel] ** 2] = 0.0
    stencil: Raster = values / values.sum()
    return stencil
