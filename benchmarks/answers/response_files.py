"""Files of 10,000 and 100,000 responses to 20 questions: `bin/bench response_files [--formats csv,xlsx,sav,gpkg]`.

The columns, the first byte and the first rows of a CSV file, the whole file, and how much memory it takes beyond what
the process had before; each format in a process of its own. Plain COPY of the same columns of the table is beside it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.answers import survey_data
from benchmarks.running import place

if TYPE_CHECKING:
    from mapping.models import Campaign

SMALL, LARGE = "10k", "100k"
AIM: Final = 0.1
"""Seconds until the first byte of CSV."""

_COPY: Final = """
    COPY (SELECT id, source, batch, created_at, completed_at, answers || staff_answers FROM mapping_response
        WHERE campaign_id = {campaign} AND completed_at IS NOT NULL) TO STDOUT (FORMAT csv)
"""


@dataclass(frozen=True)
class Start:
    """Seconds until there are the columns, the first byte, and the first rows of a CSV file."""

    columns: float
    byte: float
    rows: float


@dataclass(frozen=True)
class Whole:
    """One whole file: its seconds, bytes, and megabytes of memory beyond those before."""

    seconds: float
    size: int
    memory: float


def start_of(campaign: Campaign, rounds: int) -> Start:
    """The shortest of several beginnings; the rest of the file is not read."""
    from mapping.exports.responses import csv
    from mapping.exports.responses.columns import columns_of

    best = [float("inf")] * 3
    for _ in range(rounds + 1):
        began = time.perf_counter()
        columns_of(campaign)
        took = [time.perf_counter() - began]
        began = time.perf_counter()
        with closing(csv.write(campaign, "codes")) as pieces:
            for _piece in range(2):
                next(pieces)
                took.append(time.perf_counter() - began)
        best = [min(pair) for pair in zip(best, took, strict=True)]
    return Start(*best)


def whole(size: str, ending: str) -> Whole:
    """Write a file in a new process, so that its memory is not that of others."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_write, (size, ending))


def _write(size: str, ending: str) -> Whole:
    place.enter()
    from mapping.exports.responses.formats import Order, responses_format, write_responses

    wanted = responses_format(ending)
    if wanted is None:
        raise ValueError(ending)
    campaign = survey_data.ensure(size)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / f"responses.{ending}"
        before = _most_memory()
        began = time.perf_counter()
        write_responses(wanted, Order(campaign, "codes", "http://127.0.0.1/"), path)
        return Whole(time.perf_counter() - began, path.stat().st_size, _most_memory() - before)


def _most_memory() -> float:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def copied(campaign: Campaign) -> float:
    """Seconds of plain COPY."""
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(_COPY.format(campaign=campaign.pk)) as rows:
        for _row in rows:
            pass
    return time.perf_counter() - began


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="beginnings of each file (5)")
    parser.add_argument("--formats", default="csv,xlsx,sav,gpkg", help="which whole files (all)")
    options = parser.parse_args()
    place.enter()
    campaigns = {size: survey_data.ensure(size) for size in (SMALL, LARGE)}
    place.say(place.machine())
    starts = {size: start_of(campaign, options.rounds) for size, campaign in campaigns.items()}
    place.say(
        place.table(
            ("CSV begins", SMALL, LARGE, "aim"),
            [
                ("columns", *(_milliseconds(starts[size].columns) for size in campaigns), ""),
                (
                    "first byte",
                    *(_milliseconds(starts[size].byte) for size in campaigns),
                    _kept(starts[LARGE].byte),
                ),
                ("first rows", *(_milliseconds(starts[size].rows) for size in campaigns), ""),
            ],
        )
    )
    rows: list[tuple[object, ...]] = [
        ("plain COPY of the table", *(f"{copied(campaign):.1f} s" for campaign in campaigns.values()), "", "")
    ]
    for ending in options.formats.split(","):
        small, large = (whole(size, ending) for size in campaigns)
        rows.append(
            (
                ending,
                f"{small.seconds:.1f} s",
                f"{large.seconds:.1f} s",
                f"{large.size / 1e6:.1f} MB",
                f"{small.memory:.0f} → {large.memory:.0f} MB",
            )
        )
    place.say("\n" + place.table(("whole file", SMALL, LARGE, "size", "memory"), rows))


def _kept(seconds: float) -> str:
    return f"≤ {_milliseconds(AIM)}" + ("" if seconds <= AIM else " (missed)")


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    main()
