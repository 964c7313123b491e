"""Vector tiles of the city's own ground (Mapbox Vector Tile 2.1, `ST_AsMVT`), for maps that need no tiles of others.

Layers and attributes:

- `areas`: `class`; the largest first, so that small ones are drawn above them;
- `lines`: `class`, `name` where there is one and maps have room for it, `tunnel` (true) where it is in one; pieces of
  the same class and name are one feature;
- `labels`: points with `class`, `name` and `rank` (1 to 9, 1 most important), the most important first. Each is in one
  tile only; areas are labelled at one point, made by the import.

What is too small to be seen at a zoom is left out by `from_zoom`, the rest simplified by half a pixel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import connections, router

from mapping.geo.ground import HALF_WORLD, LAST_ZOOM, SRID, pixel
from mapping.models import GroundFeature

STEPS: Final = 4096
"""Steps of a tile's edge."""
BUFFER: Final = 128
"""Steps around a tile that areas and lines reach into: 16 px, half of the widest street."""
MOST_LABELS: Final = 500
"""Most labels of a tile, the least important ones beyond them left out: no map has room for more."""
NAMED_FROM: Final[Mapping[str, int]] = {
    "motorway": 9,
    "primary": 11,
    "secondary": 12,
    "street": 13,
    "path": 14,
    "cycle": 14,
    "river": 11,
}
"""The first zoom at which lines of a class have their name: before, pieces with different names are one feature."""

_TILE: Final = """
    WITH areas AS MATERIALIZED (
        SELECT kind AS class,
            ST_AsMVTGeom(ST_Simplify(geom, %(half)s), {tile}, {steps}, {buffer}, true) AS geom
        FROM mapping_groundfeature
        WHERE layer = 'area' AND from_zoom <= %(zoom)s AND geom && {around}
        ORDER BY from_zoom, id
    ), merged AS (
        SELECT kind, CASE WHEN kind = ANY (%(named)s) AND name <> '' THEN name END AS name, is_tunnel,
            ST_LineMerge(ST_Collect(geom)) AS geom
        FROM mapping_groundfeature
        WHERE layer = 'line' AND from_zoom <= %(zoom)s AND geom && {around}
        GROUP BY 1, 2, 3
    ), lines AS MATERIALIZED (
        SELECT kind AS class, name, CASE WHEN is_tunnel THEN true END AS tunnel,
            ST_AsMVTGeom(ST_Simplify(geom, %(half)s), {tile}, {steps}, {buffer}, true) AS geom
        FROM merged ORDER BY kind, name, is_tunnel
    ), labels AS MATERIALIZED (
        SELECT kind AS class, name, rank, ST_AsMVTGeom(geom, {tile}, {steps}, 0, false) AS geom
        FROM mapping_groundfeature
        WHERE layer = 'label' AND from_zoom <= %(zoom)s AND geom && {tile}
            AND ST_X(geom) < %(east)s AND ST_Y(geom) > %(south)s
        ORDER BY rank, id LIMIT {labels}
    )
    SELECT coalesce((SELECT ST_AsMVT(areas, 'areas', {steps}, 'geom') FROM areas WHERE geom IS NOT NULL), '')
        || coalesce((SELECT ST_AsMVT(lines, 'lines', {steps}, 'geom') FROM lines WHERE geom IS NOT NULL), '')
        || coalesce((SELECT ST_AsMVT(labels, 'labels', {steps}, 'geom') FROM labels WHERE geom IS NOT NULL), '')
""".format(
    tile=f"ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {SRID})",
    around=(
        "ST_MakeEnvelope(%(west)s - %(margin)s, %(south)s - %(margin)s, %(east)s + %(margin)s,"
        f" %(north)s + %(margin)s, {SRID})"
    ),
    steps=STEPS,
    buffer=BUFFER,
    labels=MOST_LABELS,
)


def exists(zoom: int, x: int, y: int) -> bool:
    """Whether there can be such a tile: x counts from the west, y from the north."""
    return 0 <= zoom <= LAST_ZOOM and 0 <= x < 2**zoom and 0 <= y < 2**zoom


def ground_tile(zoom: int, x: int, y: int) -> bytes:
    """A tile of 512 px that `exists`; empty where there is nothing in it."""
    edge = 2 * HALF_WORLD / float(2**zoom)
    # Sides are computed alike for both tiles that share them, so that each label is in one of them.
    params: dict[str, Any] = {
        "zoom": zoom,
        "half": pixel(zoom) / 2,
        "named": [name for name, first in NAMED_FROM.items() if first <= zoom],
        "west": x * edge - HALF_WORLD,
        "south": HALF_WORLD - (y + 1) * edge,
        "east": (x + 1) * edge - HALF_WORLD,
        "north": HALF_WORLD - y * edge,
        "margin": edge * BUFFER / STEPS,
    }
    with connections[router.db_for_read(GroundFeature)].cursor() as cursor:
        cursor.execute(_TILE, params)
        return bytes(cursor.fetchone()[0])
