"""Rules for publishing cells of k people, by what they show: `bin/bench publication [--reports FILE.csv.gz]`.

On the demo's fear spaces (all of them, whatever their status) and on a file of reports with columns `lon`, `lat`,
`date`, each by a person of its own. All rules see the same quadtree of the 100 m grid and the same k.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import django
import numpy as np
import numpy.typing as npt

from benchmarks.running.place import say
from mapping.aggregation.releases.partition import (
    HIDDEN_COST,
    WHOLE,
    Region,
    ancestors,
    largest_size,
    loss,
    partition,
)
from mapping.aggregation.releases.releasing import Ledger, Placed, plan_release
from mapping.geo.crs import LAEA, WGS84, transform_positions
from mapping.geo.grid import KEY_FACTOR

KS: Final = (3, 5, 10)
DEMO: Final = "angstraeume"
GROWTH: Final = 0.05
MOST_IN_ORDER: Final = 2_000
"""Contributions of which every release is planned; evenly chosen where there are more."""

Keys = npt.NDArray[np.int64]
Counts = list[tuple[int, int]]
"""Square metres and contributions of each published region."""
Choose = Callable[[list[int], list[int], int], bool]
"""Whether to divide a square whose quadrants hold these contributions and these people, given k."""


def only_whole(_contributions: list[int], people: list[int], k: int) -> bool:
    """Divide only while every quadrant that holds anything holds k people."""
    return min(people) >= k


def leaving_out(_contributions: list[int], people: list[int], k: int) -> bool:
    """Divide while any quadrant holds k people, and leave the others out."""
    return max(people) >= k


def aquadtree(contributions: list[int], people: list[int], k: int) -> bool:
    """Divide as AQuadtree says it does, with its default limits of inequality and loss.

    Where all quadrants reach the threshold; otherwise where their inequality (Gini) exceeds 0.25 and at most 0.4 of
    the contributions are lost (R. Lagonigro, R. Oller, J. C. Martori, The R Journal 13, 2021, RJ-2021-013; rebuilt
    from its description, with people instead of points for the threshold).
    """
    if min(people) >= k:
        return True
    sizes = sorted([0] * (4 - len(contributions)) + contributions)
    total = sum(sizes)
    gini = sum((2 * rank - 5) * size for rank, size in enumerate(sizes, 1)) / (4 * total)
    lost = sum(number for number, who in zip(contributions, people, strict=True) if who < k)
    return gini > 0.25 and lost / total <= 0.4


def divided(cells: Keys, people: Keys, k: int, size: int, choose: Choose) -> Counts:
    """Regions of squares only, from the largest down, by a rule that looks at one square at a time."""
    found: Counts = []
    for square in np.unique(ancestors(cells, size)).tolist():
        inside = ancestors(cells, size) == square
        found += _within(cells[inside], people[inside], k, size, choose)
    return found


def _within(cells: Keys, people: Keys, k: int, size: int, choose: Choose) -> Counts:
    if len(np.unique(people)) < k:
        return []
    if size > 100:
        parts = ancestors(cells, size // 2)
        groups = [parts == part for part in np.unique(parts)]
        numbers = [int(group.sum()) for group in groups]
        if choose(numbers, [len(np.unique(people[group])) for group in groups], k):
            return [
                one for group in groups for one in _within(cells[group], people[group], k, size // 2, choose)
            ]
    return [(size * size, len(cells))]


def service(cells: Keys, people: Keys, k: int, largest: int, hidden_cost: float = HIDDEN_COST) -> Counts:
    """The rule of the service, all at once."""
    regions = partition(cells, people, k, largest, hidden_cost=hidden_cost)
    return [(one.area, int(sum(held(cells, one)))) for one in regions]


def held(cells: Keys, region: Region) -> npt.NDArray[np.bool_]:
    """Which cells lie in a region."""
    inside: npt.NDArray[np.bool_] = ancestors(cells, region.size) == region.cell
    if region.mask == WHOLE:
        return inside
    halves = ancestors(cells, region.size // 2)
    quadrants = halves % KEY_FACTOR % 2 + halves // KEY_FACTOR % 2 * 2
    inside &= (region.mask >> quadrants & 1).astype(bool)
    return inside


def in_order(cells: Keys, people: Keys, k: int, largest: int) -> tuple[Counts, int]:
    """The rule of the service as contributions arrive, with a release whenever enough people are new.

    As if each of these came on a day of its own. Also how many releases there were.
    """
    placed = [Placed(*one) for one in zip(range(len(cells)), people.tolist(), cells.tolist(), strict=True)]
    ledger, seen, known = Ledger(), 0, set[int]()
    for number, one in enumerate(placed, 1):
        known.add(one.person)
        if len(known) - seen >= max(k, math.ceil(seen * GROWTH)) or number == len(placed):
            seen = len(known)
            ledger = plan_release(ledger, placed[:number], k, largest).applied(ledger)
    standing = [one for one in ledger.numbers if one.until is None]
    shown = [(one.region.area, one.contributions) for one in standing]
    return shown, ledger.number


def demo() -> tuple[Keys, Keys, int]:
    """Cells and people of the demo's fear spaces in order, and the largest square."""
    from mapping.aggregation.releases import ledger
    from mapping.models import Campaign, Contribution

    campaign = Campaign.objects.get(slug=DEMO)
    rows = Contribution.objects.filter(campaign=campaign, geom__isnull=False).order_by("created_at", "pk")
    points = [
        (row.geom_laea.point_on_surface.x, row.geom_laea.point_on_surface.y, row.participant_id or -1)
        for row in rows
    ]
    return _keys(points), np.array([who for _x, _y, who in points], dtype=np.int64), ledger.largest(campaign)


def reports(path: Path) -> tuple[Keys, Keys, int]:
    """Cells of the reports of a file in order of their date, each by a person of its own, and the largest square."""
    with gzip.open(path, "rt", newline="") as text:
        rows = sorted(csv.DictReader(text), key=lambda row: row["date"])
    lonlat = np.array([(float(row["lon"]), float(row["lat"])) for row in rows])
    metres = transform_positions(lonlat, WGS84, LAEA)
    extent = float((metres.max(axis=0) - metres.min(axis=0)).max())
    return _keys(metres.tolist()), np.arange(len(rows), dtype=np.int64), largest_size(extent)


def _keys(points: Sequence[Sequence[float]]) -> Keys:
    return np.array([int(y // 100) * KEY_FACTOR + int(x // 100) for x, y, *_who in points], dtype=np.int64)


def described(counts: Counts, total: int, largest: int) -> str:
    """A row of the table: share shown, regions, mean and median edge, loss per contribution."""
    shown = sum(number for _area, number in counts)
    edges = [math.sqrt(area) for area, _number in counts] or [0.0]
    near = sorted((math.sqrt(area), number) for area, number in counts)
    bits = loss(counts, total - shown, largest) / total
    middle, passed = 0.0, 0
    for edge, number in near:
        passed += number
        if passed * 2 >= shown:
            middle = edge
            break
    return (
        f"{shown / total:6.1%} | {len(counts):5,} | {statistics.fmean(edges):6,.0f} |"
        f" {statistics.median(edges):6,.0f} | {middle:6,.0f} | {bits:5.2f}"
    )


def rules(cells: Keys, people: Keys, k: int, largest: int) -> Iterator[tuple[str, Counts]]:
    """Every rule by name."""
    yield "squares, only while all quadrants have k", divided(cells, people, k, largest, only_whole)
    yield "squares, leaving small quadrants out", divided(cells, people, k, largest, leaving_out)
    yield "AQuadtree", divided(cells, people, k, largest, aquadtree)
    for cost in (1.0, HIDDEN_COST):
        yield f"least loss, hiding costs {cost:+.0f} bit", service(cells, people, k, largest, cost)


def over_time(cells: Keys, people: Keys, k: int, largest: int) -> Iterator[tuple[str, Counts]]:
    """The rule of the service on contributions that arrive one after the other, and on the same ones all at once."""
    yield "least loss", service(cells, people, k, largest)
    began = time.perf_counter()
    counts, number = in_order(cells, people, k, largest)
    yield f"the same in order, {number} releases ({time.perf_counter() - began:.0f} s)", counts


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--reports", type=Path, metavar="FILE", help="reports as CSV (gzip) with date, lon, lat"
    )
    parser.add_argument("--k", type=int, nargs="*", default=KS, help="smallest groups")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoparticipation.settings")
    django.setup()  # on the site's own database: what is measured are the demo's contributions, and nothing is written
    for name, data in (
        ("fear spaces", demo()),
        ("reports", reports(asked.reports) if asked.reports else None),
    ):
        if data is None:
            continue
        cells, people, largest = data
        say(
            f"\n{name}: {len(cells):,} contributions, {len(np.unique(people)):,} people, squares up to {largest} m"
        )
        say(
            "k | rule | shown | regions | mean edge (m) | median edge | median of contributions | loss (bits)"
        )
        for k in asked.k:
            for rule, counts in rules(cells, people, k, largest):
                say(f"{k:2} | {rule:52} | {described(counts, len(cells), largest)}")
        some = slice(None, None, max(1, len(cells) // MOST_IN_ORDER))
        say(f"In order of time, {len(cells[some]):,} of them:")
        for k in asked.k:
            for rule, counts in over_time(cells[some], people[some], k, largest):
                say(f"{k:2} | {rule:52} | {described(counts, len(cells[some]), largest)}")


if __name__ == "__main__":
    main()
