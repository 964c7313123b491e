"""What the footprint and its tally add to one submission: `bin/bench write [SIZE ...]`.

`services.submit` in full (checks, participant, contribution, record, commit), in turns: as it is, without the tally,
and without any footprint. What was submitted is deleted afterwards.
"""

from __future__ import annotations

import argparse
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final
from unittest import mock

import numpy as np

from benchmarks.running import data, place

if TYPE_CHECKING:
    from mapping.models import Campaign

SUBMISSIONS: Final = 100


@contextmanager
def without_tally() -> Iterator[None]:
    """Footprints are written, but nobody counts them (until `rebuild_aggregates`)."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geoparticipation.tally', 'later', false)")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('geoparticipation.tally', '', false)")


def measure(campaign: Campaign) -> dict[str, float]:
    """Return the median seconds of one submission, each way."""
    from mapping.aggregation import footprint
    from mapping.models import Contribution, Participant
    from mapping.services.identity import new_secret
    from mapping.services.submit import Submission, submit

    random = np.random.default_rng(7)
    ways: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "as it is": nullcontext,
        "without tally": without_tally,
        "without footprint": lambda: mock.patch.object(footprint, "write"),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    made: dict[str, list[uuid.UUID]] = {name: [] for name in ways}
    for _ in range(SUBMISSIONS):
        lonlat = np.array(data.CENTRE) + random.normal(0, 2_000, 2) * data.DEGREES_PER_METRE
        geometry = {"type": "Point", "coordinates": np.round(lonlat, 6).tolist()}
        for name, way in ways.items():
            with way():
                start = time.perf_counter()
                submitted = submit(
                    campaign, Submission("kind-0", geometry, "Hier ist es dunkel."), new_secret()
                )
                took[name].append(time.perf_counter() - start)
            made[name].append(submitted.contribution.pk)
    for name, way in ways.items():
        stored = Contribution.objects.filter(pk__in=made[name])
        people = list(stored.values_list("participant", flat=True))
        # What was not counted must not be discounted either.
        with way():
            stored.delete()
        Participant.objects.filter(pk__in=people).delete()
    return {name: statistics.median(found) for name, found in took.items()}


def medians(campaign: Campaign) -> tuple[float, float]:
    """Return the seconds of one submission without any footprint, and as it is."""
    measured = measure(campaign)
    return measured["without footprint"], measured["as it is"]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=f"{', '.join(place.SIZES)} (all by default)")
    options = parser.parse_args()
    place.enter()
    rows: list[tuple[str, ...]] = []
    for size in options.sizes or place.SIZES:
        measured = measure(data.ensure(size))
        base = measured["without footprint"]
        rows += [
            (size, name, f"{median * 1000:.1f} ms", f"{median / base:.2f} ×")
            for name, median in measured.items()
        ]
    place.say(place.machine())
    place.say(place.table(("contributions", "one submission", "median", "of without"), rows))


if __name__ == "__main__":
    main()
