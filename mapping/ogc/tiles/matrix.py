"""Tile matrix sets (OGC 17-083r4, Two Dimensional Tile Matrix Set, annex D)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from mapping.geo.crs import LAEA, WEB_MERCATOR

_BASE: Final = "http://www.opengis.net/def"
_PIXELS: Final = 256
_PIXEL_METRES: Final = 0.00028
"""The pixel of the standard's scale denominators (OGC 17-083r4, section 6.2)."""


@dataclass(frozen=True)
class TileMatrixSet:
    """A quadtree of square tiles in metres: level 0 is one tile, each level halves the edge.

    `west` and `north` are its top left corner, `edge` the edge of the tile of level 0. `northing_first` is the
    registry's order of axes, in which the definition writes positions.
    """

    id: str
    title: str
    epsg: int
    west: float
    north: float
    edge: float
    levels: int
    northing_first: bool = False
    well_known_scale_set: str = ""

    @property
    def uri(self) -> str:
        """The URI in the OGC registry."""
        return f"{_BASE}/tilematrixset/OGC/1.0/{self.id}"

    @property
    def crs(self) -> str:
        """The URI of its CRS."""
        return f"{_BASE}/crs/EPSG/0/{self.epsg}"

    def tile(self, level: int, row: int, column: int) -> Tile | None:
        """A tile, or None outside the matrix."""
        if not (0 <= level < self.levels and 0 <= row < 2**level and 0 <= column < 2**level):
            return None
        edge = self.edge / float(2**level)
        west, north = self.west + column * edge, self.north - row * edge
        return Tile(self, level, (west, north - edge, west + edge, north))

    def definition(self) -> dict[str, Any]:
        """The definition as JSON (OGC 17-083r4, schema tileMatrixSet)."""
        corner = [self.west, self.north]
        body = {
            "id": self.id,
            "title": self.title,
            "uri": self.uri,
            "crs": self.crs,
            "orderedAxes": ["Y", "X"] if self.northing_first else ["X", "Y"],
            "tileMatrices": [
                {
                    "id": str(level),
                    "scaleDenominator": self.scale(level),
                    "cellSize": self.resolution(level),
                    "cornerOfOrigin": "topLeft",
                    "pointOfOrigin": corner[::-1] if self.northing_first else corner,
                    "tileWidth": _PIXELS,
                    "tileHeight": _PIXELS,
                    "matrixWidth": 2**level,
                    "matrixHeight": 2**level,
                }
                for level in range(self.levels)
            ],
        }
        return body | ({"wellKnownScaleSet": self.well_known_scale_set} if self.well_known_scale_set else {})

    def resolution(self, level: int) -> float:
        """Metres of the CRS per pixel."""
        return self.edge / float(2**level) / _PIXELS

    def scale(self, level: int) -> float:
        """The scale denominator of a level."""
        return self.resolution(level) / _PIXEL_METRES

    def metres(self, level: int, latitude: float) -> float:
        """The edge of a tile in metres on the ground, at most: Web Mercator stretches them by 1 / cos(latitude)."""
        edge = self.edge / float(2**level)
        return edge * math.cos(math.radians(latitude)) if self.epsg == WEB_MERCATOR else edge


@dataclass(frozen=True)
class Tile:
    """One tile: its matrix set, level, and sides (west, south, east, north) in metres of the set's CRS."""

    matrix_set: TileMatrixSet
    level: int
    sides: tuple[float, float, float, float]


_HALF_WORLD: Final = math.pi * 6_378_137
WEB_MERCATOR_QUAD: Final = TileMatrixSet(
    "WebMercatorQuad",
    "Google Maps Compatible for the World",
    WEB_MERCATOR,
    -_HALF_WORLD,
    _HALF_WORLD,
    2 * _HALF_WORLD,
    levels=23,
    well_known_scale_set=f"{_BASE}/wkss/OGC/1.0/GoogleMapsCompatible",
)
EUROPEAN_LAEA_QUAD: Final = TileMatrixSet(
    "EuropeanETRS89_LAEAQuad",
    "Lambert Azimuthal Equal Area ETRS89 for Europe",
    LAEA,
    2_000_000,
    5_500_000,
    4_500_000,
    levels=16,
    northing_first=True,
)
MATRIX_SETS: Final = {one.id: one for one in (WEB_MERCATOR_QUAD, EUROPEAN_LAEA_QUAD)}
