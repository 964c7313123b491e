"""Places in the cells of one column: WKT, EWKT, WKB, GeoJSON, or both coordinates."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from mapping.geo.angles import parse_position
from mapping.geo.errors import GeometryProblem
from mapping.imports.reading.columns import guessed

_SRID: Final = re.compile(r"SRID\s*=\s*([0-9]{1,6})\s*;\s*", re.IGNORECASE)
_WKT: Final = re.compile(
    r"(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)|GEOMETRYCOLLECTION", re.IGNORECASE
)
_WKB: Final = re.compile(r"(?:\\x|0x)?(0[01](?:[0-9a-f]{2}){8,})", re.IGNORECASE)
_DECIMALS: Final = re.compile(r"[0-9](?:[.,][0-9]{2,}|\s*°)")
_LONLAT: Final = 4326

Place = BaseGeometry | GeometryProblem | None


def place_in(cell: object, *, lat_first: bool) -> Place:
    """Parse the place in a cell: a geometry, a problem, or None if blank; its SRID is that of the text, or 0."""
    text = "" if cell is None else str(cell).strip()
    if not text:
        return None
    try:
        return _geometry(text) or shapely.Point(parse_position(text, lat_first=lat_first))
    except GeometryProblem as problem:
        return problem
    except (ShapelyError, ValueError, TypeError):
        return GeometryProblem("invalid_geometry", reason="it cannot be read")


def holds_geometries(cells: Iterable[object]) -> bool:
    """Whether most cells are WKT, EWKT, WKB or GeoJSON."""
    texts = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    return bool(texts) and sum(map(_is_geometry, texts)) * 2 > len(texts)


def holds_positions(cells: Iterable[object]) -> bool:
    """Whether all cells hold two coordinates each, with the decimals typical of coordinates."""
    texts = [str(cell) for cell in cells if cell is not None and str(cell).strip()]
    return (
        bool(texts)
        and all(len(_DECIMALS.findall(text)) >= 2 for text in texts)
        and all(isinstance(place_in(text, lat_first=True), shapely.Point) for text in texts)
    )


def is_lat_first(cells: Iterable[object]) -> bool:
    """Whether the latitude comes before the longitude, as people usually write; false if the numbers are metres, too
    large for a latitude, or in Central Europe in reverse order.
    """
    places = [place_in(cell, lat_first=False) for cell in cells]
    points = shapely.get_coordinates([one for one in places if isinstance(one, shapely.Point)])
    if not len(points):
        return True
    first, second = np.median(points, axis=0)
    is_reversed = 5 <= first <= 18 and 45 <= second <= 56
    return not (abs(first) > 90 or is_reversed)


def geometry_column(fields: Sequence[str], columns: Sequence[Sequence[object]]) -> str | None:
    """The column whose cells are geometries by name and content, else by content alone."""
    by_content = [name for name, cells in zip(fields, columns, strict=True) if holds_geometries(cells)]
    return guessed("place", by_content) or next(iter(by_content), None)


def position_column(fields: Sequence[str], columns: Sequence[Sequence[object]]) -> str | None:
    """The column that holds both coordinates, by name and content."""
    return guessed(
        "place", [name for name, cells in zip(fields, columns, strict=True) if holds_positions(cells)]
    )


def _is_geometry(text: str) -> bool:
    plain = _SRID.sub("", text, count=1)
    return bool(
        _WKT.match(plain) or _WKB.fullmatch(text) or (text.startswith("{") and '"coordinates"' in text)
    )


def _geometry(text: str) -> BaseGeometry | None:
    if text.startswith("{"):
        # RFC 7946, section 4: longitude and latitude.
        return shapely.set_srid(shapely.from_geojson(text), _LONLAT)
    binary = _WKB.fullmatch(text)
    if binary:
        return shapely.from_wkb(binary[1])
    srid = _SRID.match(text)
    plain = text[srid.end() :] if srid else text
    if not _WKT.match(plain):
        return None
    return shapely.set_srid(shapely.from_wkt(plain), int(srid[1]) if srid else 0)
