"""The city's own ground in words and numbers: layers, classes, and from which zoom on something is large enough.

A tile at zoom z covers 512 px of a map; Leaflet, which counts in tiles of 256 px, is then at zoom z + 1.
Sizes are in metres of Web Mercator (EPSG:3857), which are longer on maps than on the ground.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mapping.geo.crs import WEB_MERCATOR

AREA: Final = "area"
LINE: Final = "line"
LABEL: Final = "label"

STREETS: Final = ("motorway", "primary", "secondary", "street", "path", "cycle")
"""Classes of lines on which people move; their names are those of streets."""

CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    AREA: ("water", "wood", "park", "farm", "built", "industry"),
    LINE: (*STREETS, "rail", "river"),
    LABEL: ("city", "district", "quarter", "village", "park", "water", "station", "landmark"),
}
"""The classes of each layer, as they stand in tiles."""

SRID: Final = WEB_MERCATOR
"""Ground is stored as it is drawn: transforming each corner for each tile would take longer than drawing it."""

LAST_ZOOM: Final = 15
"""The last zoom with tiles of its own; maps enlarge these beyond it."""
LEAST_RANK: Final = 9
"""Labels have ranks from 1 (the city) to this one."""
TILE_PIXELS: Final = 512
HALF_WORLD: Final = math.pi * 6_378_137
"""Metres from the middle of the map of the world to its sides."""
NORTHERNMOST: Final = 85.051
EASTERNMOST: Final = 179.999
"""Degrees of latitude and longitude up to which there is ground; that map ends a little farther."""
LONGEST_NAME: Final = 200


def pixel(zoom: int) -> float:
    """The edge of a pixel at a zoom, in metres of Web Mercator."""
    return 2 * HALF_WORLD / float(2**zoom) / TILE_PIXELS


def zoom_of_size(square_metres: float, pixels: float) -> int | None:
    """The first zoom at which an area covers as much as a square of so many pixels; None where it is never so large."""
    edge = math.sqrt(square_metres) / pixels
    return next((zoom for zoom in range(LAST_ZOOM + 1) if pixel(zoom) <= edge), None)
