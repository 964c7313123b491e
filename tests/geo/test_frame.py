"""The frame of small maps, heat pictures and slides."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.frame import MapFrame

_NUMBERS = st.floats(-1e5, 1e5, allow_nan=False)
_LENGTHS = st.floats(1, 1e5)


@given(_NUMBERS, _NUMBERS, _LENGTHS, _LENGTHS)
def test_an_extent_fits_and_lies_in_the_middle(west: float, south: float, wide: float, tall: float) -> None:
    frame = MapFrame.fitting((west, south, west + wide, south + tall), (320, 200), (300, 180))
    corners = np.array([[west, south + tall], [west + wide, south], [west + wide / 2, south + tall / 2]])
    (left, top), (right, bottom), middle = frame.place(corners)
    assert right - left <= 300 + 1e-6
    assert bottom - top <= 180 + 1e-6
    assert math.isclose(right - left, 300, rel_tol=1e-6) or math.isclose(bottom - top, 180, rel_tol=1e-6)
    assert middle == pytest.approx((160, 100), abs=1e-3)


def test_a_single_place_lies_in_the_middle_too() -> None:
    frame = MapFrame.fitting((7, 49, 7, 49), (100, 50), (80, 40), smallest=400)
    assert frame.place(np.array([[7.0, 49.0]]))[0] == pytest.approx((50, 25))
    assert frame.scale == 0.1


def test_degrees_are_narrowed_to_the_east_only() -> None:
    frame = MapFrame(7, 50, 100, narrowing=0.5)
    assert frame.place(np.array([[8.0, 49.0]]))[0] == pytest.approx((50, 100))
