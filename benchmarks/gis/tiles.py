"""Vector tiles at a million contributions: `bin/bench tiles [SIZE]`.

Against plain `ST_AsMVT` of every published contribution in the tile, each transformed to Web Mercator. The tile's
bounds are transformed to degrees, so that its index is used, too. Where ours holds cells, the plain tile still
holds contributions: all of them, or the 10,000 at most that tipg sends. Ours is the whole answer to a request, in
this process, through the middleware; the plain side is its query alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from benchmarks.running import data, place

if TYPE_CHECKING:
    from mapping.models import Campaign

LEVELS: Final = (10, 12, 14, 16, 18)
MOST: Final = 10_000
"""Features in a tile of tipg, unless told otherwise."""
PLAIN: Final = """
    WITH bounds AS (SELECT ST_TileEnvelope(%(level)s, %(column)s, %(row)s) AS box)
    SELECT ST_AsMVT(placed, 'contributions', 4096, 'geom') FROM (
        SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), box, 4096, 128, true) AS geom, id::text AS id, category_id,
            status, created_at::text AS created_at, support_count
        FROM mapping_contribution, bounds
        WHERE campaign_id = %(campaign)s AND status = 'published' AND geom && ST_Transform(box, 4326)
        {limit}
    ) AS placed
"""


def tile_of(level: int) -> tuple[int, int]:
    """Row and column of the tile of Web Mercator in which the city's centre lies."""
    import numpy as np

    from mapping.geo.crs import transform_positions
    from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD

    x, y = transform_positions(np.array([data.CENTRE]), 4326, WEB_MERCATOR_QUAD.epsg)[0]
    edge = WEB_MERCATOR_QUAD.edge / 2**level
    return int((WEB_MERCATOR_QUAD.north - y) // edge), int((x - WEB_MERCATOR_QUAD.west) // edge)


def plain(campaign: Campaign, level: int, *, limited: bool) -> Callable[[], bytes]:
    """The tile as one statement."""
    from django.db import connection

    row, column = tile_of(level)
    params = {"campaign": campaign.pk, "level": level, "row": row, "column": column}
    statement = PLAIN.format(limit=f"LIMIT {MOST}" if limited else "")

    def run() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return bytes(cursor.fetchone()[0])

    return run


def ours(campaign: Campaign, level: int, *, is_known: bool = False) -> Callable[[], bytes]:
    """The answer of the site; with `is_known` to a client that has the tile already."""
    from django.test import Client

    row, column = tile_of(level)
    url = f"/ogc/collections/{campaign.slug}-contributions/tiles/WebMercatorQuad/{level}/{row}/{column}"
    client = Client(headers={"Host": "localhost"})
    headers = {"If-None-Match": client.get(url)["ETag"]} if is_known else {}
    expected = 304 if is_known else 200

    def run() -> bytes:
        response = client.get(url, headers=headers)
        if response.status_code != expected:
            raise RuntimeError(f"{url} answered {response.status_code}.")
        return bytes(response.content)

    return run


def rows(campaign: Campaign) -> Iterator[tuple[str, ...]]:
    """Measure each level, both sides in turns."""
    for level in LEVELS:
        actions = {
            "plain": plain(campaign, level, limited=False),
            "limited": plain(campaign, level, limited=True),
            "ours": ours(campaign, level),
            "known": ours(campaign, level, is_known=True),
        }
        sizes = {name: len(action()) for name, action in actions.items()}
        took = place.in_turns(actions, rounds=2)
        yield (
            str(level),
            *(f"{took[name] * 1000:.1f} ms" for name in ("plain", "limited", "ours", "known")),
            *(f"{took[name] / took['ours']:.1f} ×" for name in ("plain", "limited")),
            *(f"{sizes[name] / 1000:.0f} kB" for name in ("plain", "limited", "ours")),
        )


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", nargs="?", default="1m", choices=place.SIZES)
    options = parser.parse_args()
    place.enter()
    campaign = data.ensure(options.size)
    heads = (
        "level",
        "plain",
        f"plain, at most {MOST:,}",
        "ours",
        "ours, 304",
        "faster than plain",
        f"faster than {MOST:,}",
        "size plain",
        f"size {MOST:,}",
        "size ours",
    )
    place.say(f"{place.machine()}\n")
    place.say(place.table(heads, list(rows(campaign))))


if __name__ == "__main__":
    main()
