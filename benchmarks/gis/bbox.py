"""A map view of 500 markers, ours against a plain DRF-gis viewset: `bin/bench bbox [SIZE ...]`.

Both answer from the same table through the same server and middleware, in turns, to four connections that stay open.
"""

from __future__ import annotations

import argparse
import json
import statistics
from typing import TYPE_CHECKING, Final

from benchmarks.running import data, place, server
from benchmarks.running.load import requests_per_second

if TYPE_CHECKING:
    from mapping.models import Campaign

MARKERS: Final = 500
ROUNDS: Final = 3

Box = tuple[float, float, float, float]


def box_of_markers(campaign: Campaign) -> tuple[Box, int]:
    """Return a box around a lively place that holds about 500 published contributions, and how many it holds."""
    from mapping.models import Contribution

    lon, lat = data.CENTRE[0] + 0.01, data.CENTRE[1] + 0.005
    low, high = 0.0, 0.2
    box: Box = (lon, lat, lon, lat)
    number = 0
    for _ in range(30):
        half = (low + high) / 2
        box = (lon - half, lat - half * 0.7, lon + half, lat + half * 0.7)
        number = Contribution.objects.published().filter(campaign=campaign).within_any([box]).count()
        if abs(number - MARKERS) <= 5:
            break
        low, high = (half, high) if number < MARKERS else (low, half)
    return box, number


def ids(running: server.Server, path: str) -> set[str]:
    """The ids of the features of an answer."""
    connection = running.connect()
    connection.request("GET", path)
    collection = json.loads(connection.getresponse().read())
    connection.close()
    return {str(feature["id"]) for feature in collection["features"]}


def addresses(campaign: Campaign) -> tuple[str, str, int]:
    """The view of about 500 markers, ours and the plain viewset's, and how many it holds."""
    box, number = box_of_markers(campaign)
    corners = ",".join(f"{side:.6f}" for side in box)
    ours = f"/api/v1/campaigns/{campaign.slug}/contributions/?bbox={corners}&limit=1000"
    return ours, f"/plain/{campaign.slug}/?in_bbox={corners}", number


def measure(campaign: Campaign, running: server.Server) -> tuple[str, ...]:
    """Return a row of the table."""
    ours, plain, number = addresses(campaign)
    if ids(running, ours) != ids(running, plain):
        raise RuntimeError("The two do not answer the same features.")
    speeds: dict[str, list[float]] = {ours: [], plain: []}
    for _ in range(ROUNDS):
        for path, found in speeds.items():
            found.append(requests_per_second(running, path))
    fast, slow = statistics.median(speeds[ours]), statistics.median(speeds[plain])
    return str(number), f"{slow:.1f} /s", f"{fast:.1f} /s", f"{fast / slow:.1f} ×"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=f"{', '.join(place.SIZES)} (all by default)")
    options = parser.parse_args()
    place.enter()
    rows: list[tuple[str, ...]] = []
    with server.running("benchmarks.gis.peer_settings") as running:
        rows += [(size, *measure(data.ensure(size), running)) for size in options.sizes or place.SIZES]
    place.say(place.machine())
    place.say(place.table(("contributions", "markers", "plain viewset", "ours", "faster"), rows))


if __name__ == "__main__":
    main()
