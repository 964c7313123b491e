"""What becomes slower from one to ten million contributions: `bin/bench growth [SMALL LARGE] [--rounds N]`.

Each hot path of both campaigns, asked in turns through the real server, which keeps no answers; one submission; and
what the tables weigh. Makes the campaign of ten million where it is missing: some 12 GB, a quarter of an hour.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks.gis.bbox import box_of_markers
from benchmarks.gis.tiles import tile_of
from benchmarks.heat.heat import CATEGORY_OF_FEW, END, START
from benchmarks.heat.write import medians
from benchmarks.running import data, place, server
from benchmarks.site.kill import WITHOUT_LIMITS

if TYPE_CHECKING:
    from mapping.models import Campaign

_FIRST: Final = 256 * 1024
"""Bytes of a download that are waited for."""
_SIZES: Final = """
    SELECT c.relname, pg_relation_size(c.oid), pg_indexes_size(c.oid), greatest(c.reltuples, 0)::bigint
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 6
"""


def paths(campaign: Campaign) -> dict[str, str]:
    """What is asked, by what it is called in the table."""
    api, items = f"/api/v1/campaigns/{campaign.slug}", f"/ogc/collections/{campaign.slug}-contributions"
    box, markers = box_of_markers(campaign)
    corners = ",".join(f"{side:.6f}" for side in box)
    few = f"category={CATEGORY_OF_FEW}&datetime={START}/{END}"
    tiles = {
        f"tile, level {level}": "{}/tiles/WebMercatorQuad/{}/{}/{}".format(items, level, *tile_of(level))
        for level in (8, 12, 16)
    }
    return {
        "heat map, everything": f"{api}/heatmap",
        "heat map, a category in 30 days": f"{api}/heatmap?{few}",
        "centres of the map": f"{api}/centres",
        "hot spots": f"{api}/hotspots",
        **tiles,
        f"view of {markers} markers": f"{api}/contributions/?bbox={corners}&limit=1000",
        "newest 50": f"{api}/contributions/?limit=50",
        "newest 50 with a word": f"{api}/contributions/?limit=50&q=Ampel",
        "OGC items, 100": f"{items}/items?limit=100",
        "page of the campaign": f"/campaigns/{campaign.slug}/",
    }


def begin_of(running: server.Server, path: str) -> None:
    """Read the beginning of a download, and leave."""
    with contextlib.closing(running.connect()) as connection:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        response = connection.getresponse()
        if response.status != 200:
            raise RuntimeError(f"{path} answers {response.status}")
        response.read(_FIRST)


def fetch(running: server.Server, path: str) -> None:
    """Read an answer, which must be a good one."""
    status, _size = running.get(path)
    if status != 200:
        raise RuntimeError(f"{path} answers {status}")


def measure(campaign: Campaign, running: server.Server, rounds: int) -> dict[str, float]:
    """Seconds of each path, the best of some turns, and of one submission (median)."""
    actions: dict[str, Callable[[], None]] = {
        name: partial(fetch, running, path) for name, path in paths(campaign).items()
    }
    download = f"/api/v1/campaigns/{campaign.slug}/download.geojson"
    actions[f"first {_FIRST // 1024} kB of everything"] = partial(begin_of, running, download)
    found = place.in_turns(actions, rounds=rounds)
    return {**found, "one submission": medians(campaign)[1]}


def weights() -> list[tuple[str, str, str, str]]:
    """The heaviest tables: rows, gigabytes of rows and of indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        return [
            (name, f"{rows:,}", f"{heap / 2**30:.2f} GB", f"{indexes / 2**30:.2f} GB")
            for name, heap, indexes, rows in cursor.fetchall()
        ]


def main() -> None:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = list(place.SIZES | place.LARGEST)
    parser.add_argument("sizes", nargs="*", choices=every, default=["1m", "10m"], metavar="SIZE")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    place.enter()
    small, large = (data.ensure(size) for size in options.sizes)
    with server.running(environment=WITHOUT_LIMITS) as running:
        before, after = (measure(one, running, options.rounds) for one in (small, large))
    rows = [
        (name, f"{one * 1000:.1f} ms", f"{other * 1000:.1f} ms", f"{other / one:.2f} ×")
        for (name, one), other in zip(before.items(), after.values(), strict=True)
    ]
    place.say(place.table(("", *options.sizes, "growth"), rows))
    place.say("")
    place.say(place.table(("table, both campaigns", "rows", "heap", "indexes"), weights()))


if __name__ == "__main__":
    main()
