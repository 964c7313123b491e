"""The public cells of a release as text: GeoJSON in several CRS, CSV, and the compact form."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

import shapely

from mapping.aggregation.releases.publication import PublicRelease, ReleasedCell
from mapping.exports.cells.outlines import rounded_in
from mapping.geo.crs import LAEA, WGS84, transform_geometry

_STRAIGHT: Final = 2_000
"""Metres of an edge that is straight in LAEA and may be written as straight in degrees: see `grid.squares_lonlat`."""


def compact_text(release: PublicRelease | None) -> str:
    """Write the compact JSON form, for maps that draw the cells themselves.

    Each is `[[[east, north, size], ...], contributions, participants_at_least]`: its squares in metres of EPSG:3035.
    """
    cells = [
        [[list(square) for square in cell.squares], cell.contributions, cell.participants_at_least]
        for cell in _cells(release)
    ]
    return _text({"grid": "release", "crs": LAEA, "cells": cells, "release": _about(release)})


def csv_text(release: PublicRelease | None) -> str:
    """Write a table (RFC 4180); the id of a cell of several squares joins their GeoGitter ids by "+"."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(("id", "contributions", "participants_at_least"))
    writer.writerows((cell.id, cell.contributions, cell.participants_at_least) for cell in _cells(release))
    return table.getvalue()


def geojson_text(release: PublicRelease | None, crs: int = WGS84) -> str:
    """Write a FeatureCollection with `release` beside the features (null before the first one); CRS as heat maps do.

    Squares that touch at a corner only make a MultiPolygon.
    """
    name = f"urn:ogc:def:crs:EPSG::{crs}"
    member = {} if crs == WGS84 else {"crs": {"type": "name", "properties": {"name": name}}}
    return _text(
        {
            "type": "FeatureCollection",
            **member,
            "features": [_feature(cell, crs) for cell in _cells(release)],
            "release": _about(release),
        }
    )


def outline(cell: ReleasedCell) -> shapely.Geometry:
    """The union of a cell's squares in metres of EPSG:3035, rings counterclockwise as RFC 7946 wants them."""
    squares = [shapely.box(east, north, east + size, north + size) for east, north, size in cell.squares]
    return shapely.orient_polygons(shapely.normalize(shapely.union_all(squares)))


def placed(cell: ReleasedCell, crs: int) -> shapely.Geometry:
    """The outline of a cell in a CRS given by its EPSG code, densified where straight edges would bend."""
    area = outline(cell)
    if crs == LAEA:
        return area
    return transform_geometry(shapely.segmentize(area, _STRAIGHT), LAEA, crs)


def feature_text(cell: ReleasedCell, crs: int = WGS84, *, northing_first: bool = False) -> str:
    """Write a released cell as a feature; see `cells.cell_rings` for `northing_first`."""
    return _text(_feature(cell, crs, northing_first=northing_first))


def _feature(cell: ReleasedCell, crs: int, *, northing_first: bool = False) -> dict[str, Any]:
    area = rounded_in(placed(cell, crs), crs, northing_first=northing_first)
    return {
        "type": "Feature",
        "id": cell.id,
        "geometry": json.loads(shapely.to_geojson(area)),
        "properties": {
            "contributions": cell.contributions,
            "participants_at_least": cell.participants_at_least,
            "size": cell.squares[0][2],
        },
    }


def _cells(release: PublicRelease | None) -> tuple[ReleasedCell, ...]:
    return () if release is None else release.cells


def _about(release: PublicRelease | None) -> dict[str, Any] | None:
    if release is None:
        return None
    return {
        "number": release.number,
        "made_at": release.made_at.isoformat(timespec="seconds"),
        "k": release.k,
        "contributions": release.contributions,
        "participants_at_least": release.participants_at_least,
    }


def _text(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
