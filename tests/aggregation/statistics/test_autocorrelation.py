"""Gi* and Moran's I against PySAL's esda, on random counts and grids; and where nothing can be computed.

esda and libpysal are imported where they are used: they take seconds, which every worker would spend on collecting.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.aggregation.statistics.autocorrelation import getis_ord_gi_star, morans_i
from mapping.aggregation.statistics.weights import (
    QUEEN_OF_HEXAGONS,
    QUEEN_OF_SQUARES,
    TooManyPairs,
    row_standardised,
    touching,
    with_self,
    within,
)

Centres = npt.NDArray[np.float64]

EXACT = 1e-9
"""The issue asks for 1e-6."""


def squares(rows: int, columns: int, size: float = 200.0) -> Centres:
    """Centres of a grid in the order of `libpysal.weights.lat2W`."""
    return np.array(
        [
            (4_150_000 + column * size, 2_920_000 + row * size)
            for row in range(rows)
            for column in range(columns)
        ]
    )


def hexagons(rows: int, columns: int, edge: float = 200.0) -> Centres:
    """Centres of hexagons with flat tops, as PostGIS lays them."""
    height = math.sqrt(3) * edge
    return np.array(
        [
            (4_150_000 + column * 1.5 * edge, 2_920_000 + (row + column % 2 / 2) * height)
            for row in range(rows)
            for column in range(columns)
        ]
    )


def pysal(weights: scipy.sparse.csr_array) -> Any:
    import libpysal

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return libpysal.weights.WSP(scipy.sparse.csr_matrix(weights)).to_W(silence_warnings=True)


def random_counts(number: int, seed: int) -> npt.NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return rng.negative_binomial(1, 0.2, number).astype(np.float64)


def assert_like_esda(values: npt.NDArray[np.float64], weights: scipy.sparse.csr_array) -> None:
    import esda

    oracle = pysal(weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gi = esda.G_Local(values, oracle, transform="B", star=True, permutations=0)
        moran = esda.Moran(values, pysal(weights), transformation="r", permutations=0, two_tailed=True)
    ours = getis_ord_gi_star(values, with_self(weights))
    np.testing.assert_allclose(ours.z, gi.Zs, rtol=EXACT, atol=EXACT)
    # esda gives the probability of one side.
    np.testing.assert_allclose(ours.p, 2 * gi.p_norm, rtol=EXACT, atol=EXACT)
    whole = morans_i(values, row_standardised(weights))
    assert whole is not None
    found = (whole.i, whole.expected, whole.z, whole.p)
    assert found == pytest.approx((moran.I, moran.EI, moran.z_rand, moran.p_rand), rel=1e-8, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(4, 9), columns=st.integers(4, 9), seed=st.integers(0, 10**6))
def test_squares_with_queen_neighbours_equal_esda(rows: int, columns: int, seed: int) -> None:
    import libpysal

    values = random_counts(rows * columns, seed)
    values[0] += 1
    weights = within(squares(rows, columns), QUEEN_OF_SQUARES * 200)
    oracle = libpysal.weights.lat2W(rows, columns, rook=False)
    assert (weights != scipy.sparse.csr_array(oracle.sparse)).nnz == 0
    assert_like_esda(values, weights)


@settings(max_examples=15, deadline=None)
@given(rows=st.integers(4, 8), columns=st.integers(4, 8), seed=st.integers(0, 10**6))
def test_hexagons_equal_esda(rows: int, columns: int, seed: int) -> None:
    weights = within(hexagons(rows, columns), QUEEN_OF_HEXAGONS * 200)
    inner = np.asarray(weights.sum(axis=1)).max()
    assert inner == 6
    values = random_counts(rows * columns, seed)
    values[-1] += 1
    assert_like_esda(values, weights)


@pytest.mark.parametrize("band", [200, 283, 400, 650.5])
def test_distance_band_equals_esda(band: float) -> None:
    import libpysal

    centres = squares(9, 11)
    weights = within(centres, band)
    oracle = libpysal.weights.DistanceBand(centres, band + 1e-6, binary=True, silence_warnings=True)
    assert (weights != scipy.sparse.csr_array(oracle.sparse)).nnz == 0
    assert_like_esda(random_counts(99, 3), weights)


def test_touching_areas_equal_libpysal() -> None:
    import libpysal

    boxes = np.array(
        [shapely.box(x, y, x + 100, y + 100) for x in range(0, 500, 100) for y in range(0, 400, 100)],
        dtype=object,
    )
    oracle = libpysal.weights.lat2W(5, 4, rook=False)
    weights = touching(boxes)
    assert (weights != scipy.sparse.csr_array(oracle.sparse)).nnz == 0
    assert_like_esda(random_counts(20, 4), weights)


def test_areas_whose_borders_miss_each_other_by_less_than_a_metre_touch() -> None:
    apart = np.array(
        [shapely.box(0, 0, 9, 9), shapely.box(9.5, 0, 20, 9), shapely.box(22, 0, 30, 9)], dtype=object
    )
    assert touching(apart).toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_places_without_neighbours_take_part(seed: int) -> None:
    centres = np.vstack([squares(4, 4), [[4_200_000.0, 2_990_000.0], [4_300_000.0, 2_990_000.0]]])
    values = random_counts(18, seed)
    values[0] += 1
    assert_like_esda(values, within(centres, QUEEN_OF_SQUARES * 200))


@pytest.mark.parametrize("values", [[], [7.0], [2.0, 2.0, 2.0, 2.0], [0.0, 0.0]])
def test_where_nothing_differs_nothing_is_found(values: list[float]) -> None:
    found = np.array(values)
    weights = within(squares(1, len(values)).reshape(-1, 2), QUEEN_OF_SQUARES * 200)
    gi = getis_ord_gi_star(found, with_self(weights))
    assert gi.z.tolist() == [0.0] * len(values)
    assert gi.p.tolist() == [1.0] * len(values)
    assert morans_i(found, row_standardised(weights)) is None


def test_everybody_a_neighbour_of_all_finds_nothing() -> None:
    weights = within(squares(3, 3), 10_000)
    gi = getis_ord_gi_star(np.arange(9.0), with_self(weights))
    assert gi.z.tolist() == [0.0] * 9


def test_large_counts_lose_no_digits() -> None:
    weights = within(squares(6, 6), QUEEN_OF_SQUARES * 200)
    values = random_counts(36, 8) + 1e9
    small = getis_ord_gi_star(random_counts(36, 8), with_self(weights))
    np.testing.assert_allclose(getis_ord_gi_star(values, with_self(weights)).z, small.z, atol=1e-6)


def test_a_band_that_makes_everybody_neighbours_of_all_is_refused() -> None:
    with pytest.raises(TooManyPairs):
        within(squares(50, 50), 100_000)
