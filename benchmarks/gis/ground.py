"""Tiles of the city's own ground: `bin/bench ground [FILE ...]`.

Against plain `ST_AsMVT` of every row in the tile, as it is stored. Without files, an invented city is measured: 6,400
pieces of 800 streets, 2,000 areas, 400 names. Ours is the whole answer to a request that nobody made before, in this
process, through the middleware; the plain side is its query alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.gis import ways
from benchmarks.running import place

if TYPE_CHECKING:
    from mapping.imports.ground.shaping import NewFeature

ZOOMS: Final = (9, 11, 12, 13, 14, 15)
CENTRE: Final = (7.7689, 49.4447)
_STREETS: Final = 400
_PIECES: Final = 8
_PLAIN: Final = """
    WITH bounds AS (SELECT ST_TileEnvelope(%(zoom)s, %(x)s, %(y)s) AS box)
    SELECT ST_AsMVT(placed, 'ground', 4096, 'geom') FROM (
        SELECT ST_AsMVTGeom(geom, box, 4096, 128, true) AS geom, layer, kind, name, rank
        FROM mapping_groundfeature, bounds WHERE geom && box
    ) AS placed
"""

# About a kilometre on the ground: Web Mercator stretches by 1.5 there. Both ends are corners of named streets.
_ENDS_OF_WAY: Final = """
    WITH given AS (
        SELECT ST_SetSRID(ST_MakePoint(%(x)s - 540, %(y)s - 540), 3857) AS one,
            ST_SetSRID(ST_MakePoint(%(x)s + 540, %(y)s + 540), 3857) AS other
    ), placed AS (
        SELECT ST_Transform((
            SELECT ST_ClosestPoint(geom, one) FROM mapping_groundfeature
            WHERE layer = 'line' AND kind = 'street' AND name <> '' ORDER BY geom <-> one LIMIT 1
        ), 4326) AS one, ST_Transform((
            SELECT ST_ClosestPoint(geom, other) FROM mapping_groundfeature
            WHERE layer = 'line' AND kind = 'street' AND name <> '' ORDER BY geom <-> other LIMIT 1
        ), 4326) AS other
        FROM given
    )
    SELECT ST_X(one), ST_Y(one), ST_X(other), ST_Y(other) FROM placed
"""
_AROUND_WAY: Final = 1_400
"""Half of the edge of the box that such a way reads, in metres of Web Mercator."""
_STREETS_AROUND: Final = """
    SELECT source_id, name, ST_AsBinary(geom) FROM mapping_groundfeature
    WHERE layer = 'line' AND kind IN ('primary', 'secondary', 'street', 'path', 'cycle')
        AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857)
"""


def invented() -> Iterator[NewFeature]:
    """A town of a grid of winding streets, with a block of land and now and then a name between them."""
    import numpy as np
    import shapely

    from mapping.geo.crs import transform_positions
    from mapping.geo.ground import AREA, LABEL, LINE
    from mapping.imports.ground.shaping import NewFeature

    random = np.random.default_rng(1)
    middle = transform_positions(np.array([CENTRE]), 4326, 3857)[0]
    reach = np.linspace(-8_000, 8_000, _PIECES * 6 + 1)
    for number in range(_STREETS * 2):
        across = (number // 2 - _STREETS / 2) * 40
        winding = np.column_stack([reach, across + random.normal(0, 3, len(reach)).cumsum()])
        course = middle + (winding if number % 2 else winding[:, ::-1])
        kind, zoom = ("primary", 8) if number % 40 == 0 else ("street", 12)
        for start in range(0, _PIECES * 6, 6):
            line = shapely.LineString(course[start : start + 7])
            yield NewFeature(LINE, kind, f"Straße {number}", zoom, line)
    for number in range(2_000):
        east, north = middle + random.uniform(-8_000, 8_000, 2)
        edge = float(random.pareto(2) * 60 + 20)
        block = shapely.Point(east, north).buffer(edge, quad_segs=8)
        yield NewFeature(
            AREA, ("park", "built", "water", "wood")[number % 4], "", 10 if edge > 100 else 13, block
        )
        if number % 5 == 0:
            yield NewFeature(LABEL, "park", f"Park {number}", 13, block.centroid, 7)


def fill(files: list[Path]) -> None:
    """Store the ground that is measured, in place of any other."""
    from mapping.imports.ground.reading import GroundReading, GroundReport, read_ground
    from mapping.imports.ground.storing import NewSource, store_ground

    reading, report = GroundReading(), GroundReport()
    sources = [NewSource(path.name, "", read_ground(path, reading, report)) for path in files]
    stored = store_ground(sources or [NewSource("invented", "", [list(invented())])], replace=True)
    place.say(f"{stored:,} features")


def tile_of(zoom: int) -> tuple[int, int]:
    """Column and row of the tile in which the middle of the ground lies."""
    from django.contrib.gis.db.models import Extent

    from mapping.geo.ground import HALF_WORLD
    from mapping.models import GroundFeature

    west, south, east, north = GroundFeature.objects.filter(layer="line").aggregate(box=Extent("geom"))["box"]
    edge = 2 * HALF_WORLD / 2**zoom
    return int(((west + east) / 2 + HALF_WORLD) // edge), int((HALF_WORLD - (south + north) / 2) // edge)


def plain(zoom: int) -> Callable[[], bytes]:
    """Everything in the tile as one statement."""
    from django.db import connection

    x, y = tile_of(zoom)

    def run() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(_PLAIN, {"zoom": zoom, "x": x, "y": y})
            return bytes(cursor.fetchone()[0])

    return run


def ours(zoom: int) -> Callable[[], bytes]:
    """The answer of the site, drawn anew each time, compressed as browsers ask for it."""
    from django.test import Client

    from mapping.http.kept import kept_answers

    x, y = tile_of(zoom)
    client = Client(headers={"Host": "localhost", "Accept-Encoding": "br"})
    asked = count()

    def run() -> bytes:
        kept_answers.forget()
        return bytes(client.get(f"/ground/{zoom}/{x}/{y}.mvt?{next(asked)}").content)

    return run


def rows() -> Iterator[tuple[str, ...]]:
    """Measure each zoom, both sides in turns."""
    for zoom in ZOOMS:
        actions = {"plain": plain(zoom), "ours": ours(zoom)}
        sizes = {name: len(action()) for name, action in actions.items()}
        took = place.in_turns(actions, rounds=3)
        yield (
            str(zoom),
            *(f"{took[name] * 1000:.1f} ms" for name in ("plain", "ours")),
            f"{took['plain'] / took['ours']:.1f} ×",
            *(f"{sizes[name] / 1000:.1f} kB" for name in ("plain", "ours")),
        )


def way_row() -> tuple[str, ...]:
    """A way of about a kilometre through the middle of the ground, against the mere read of the same streets."""
    from django.db import connection

    from mapping.geo.ground import HALF_WORLD
    from mapping.ground import following

    edge = 2 * HALF_WORLD / 2**15
    x, y = tile_of(15)
    middle_x, middle_y = (x + 0.5) * edge - HALF_WORLD, HALF_WORLD - (y + 0.5) * edge
    with connection.cursor() as cursor:
        cursor.execute(_ENDS_OF_WAY, {"x": middle_x, "y": middle_y})
        west, south, east, north = cursor.fetchone()
    reach = _AROUND_WAY

    def read() -> int:
        with connection.cursor() as cursor:
            box = {
                "west": middle_x - reach,
                "south": middle_y - reach,
                "east": middle_x + reach,
                "north": middle_y + reach,
            }
            cursor.execute(_STREETS_AROUND, box)
            return len(cursor.fetchall())

    def follow() -> object:
        return following.follow((west, south), (east, north))

    found = follow()
    metres = f"{found.metres:,.0f} m" if isinstance(found, following.Followed) else str(found)
    took = place.in_turns({"read": read, "follow": follow}, rounds=3)
    ratio = f"{took['follow'] / took['read']:.1f} ×"
    return metres, f"{read():,}", f"{took['read'] * 1000:.1f} ms", f"{took['follow'] * 1000:.1f} ms", ratio


def main() -> None:
    """Print the tables: tiles, one way, many ways through the service."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    options = parser.parse_args()
    place.enter()
    fill(options.files)
    heads = ("zoom", "plain", "ours", "faster", "size plain", "size ours, br")
    place.say(f"{place.machine()}\n")
    place.say(place.table(heads, list(rows())))
    place.say("")
    place.say(place.table(("way", "streets read", "read alone", "way found", "takes"), [way_row()]))
    place.say("")
    place.say(ways.table())


if __name__ == "__main__":
    main()
