"""Transformation from positions of a plane to a picture, whose y grows downward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Extent = tuple[float, float, float, float]
"""West, south, east, north in the units of the plane."""


@dataclass(frozen=True, slots=True)
class MapFrame:
    """Maps positions of a plane (metres, degrees, radians) to the units of a picture.

    `scale` is units of the picture per unit of the plane; `narrowing` shortens the way to the east: with the cosine of
    the latitude, degrees become an equirectangular map, true enough for a city.
    """

    west: float
    north: float
    scale: float
    left: float = 0
    top: float = 0
    narrowing: float = 1

    @classmethod
    def fitting(
        cls,
        extent: Extent,
        size: tuple[float, float],
        inner: tuple[float, float],
        *,
        smallest: float = 1e-6,
        narrowing: float = 1,
    ) -> MapFrame:
        """Show an extent as large as `inner` (width, height) allows, in the middle of a picture of `size`.

        An extent narrower than `smallest`, a single place for instance, is widened to it.
        """
        west, south, east, north = extent
        wide, tall = (east - west) * narrowing, north - south
        scale = min(inner[0] / max(wide, smallest), inner[1] / max(tall, smallest))
        left, top = (size[0] - wide * scale) / 2, (size[1] - tall * scale) / 2
        return cls(west, north, scale, left, top, narrowing)

    def place(self, positions: Floats) -> Floats:
        """Positions of shape (n, 2) in the picture."""
        x = self.left + (positions[:, 0] - self.west) * self.narrowing * self.scale
        y = self.top + (self.north - positions[:, 1]) * self.scale
        return np.column_stack((x, y))
