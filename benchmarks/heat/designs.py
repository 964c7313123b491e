"""Designs of the heat map that were measured and not taken, beside those that were; `heat --alternatives` runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import psycopg

from benchmarks.running import place

if TYPE_CHECKING:
    from mapping.models import Campaign

PARENT: Final = "cell / 100000 / 2 * 100000 + mod(cell, 100000) / 2"
MATCHING: Final = "FROM mapping_footprint WHERE campaign_id = %(campaign)s AND status = 1"
UNFILTERED: Final = {
    "group the stored geom_laea (no transformation)": """
        SELECT ST_SnapToGrid(geom_laea, 200) AS cell, count(*) AS n, count(DISTINCT participant_id) AS people
        FROM mapping_contribution WHERE campaign_id = %(campaign)s AND status = 'published' GROUP BY 1
    """,
    "footprints in SQL, contributions only": f"""
        SELECT {PARENT}, count(*) FILTER (WHERE sizes >> 1 & 1 = 1) {MATCHING} GROUP BY 1
    """,
    "footprints in SQL, count(DISTINCT participant)": f"""
        SELECT {PARENT}, count(*) FILTER (WHERE sizes >> 1 & 1 = 1), count(DISTINCT participant_id)
        {MATCHING} GROUP BY 1
    """,
    "the same with totals, three counts in one statement": f"""
        SELECT {PARENT}, count(*) FILTER (WHERE sizes >> 1 & 1 = 1), count(DISTINCT participant_id)
        {MATCHING} AND cell >= 0 GROUP BY 1
        UNION ALL SELECT 0, count(*) FILTER (WHERE sizes >> 6 & 1 = 1), count(DISTINCT participant_id) {MATCHING}
        UNION ALL SELECT -1, count(*), count(DISTINCT participant_id) {MATCHING} AND cell = -1
    """,
    "footprints in SQL, grouped by cell and participant, then by cell": f"""
        SELECT parent, sum(n), count(participant_id) FROM (
            SELECT {PARENT} AS parent, participant_id, count(*) FILTER (WHERE sizes >> 1 & 1 = 1) AS n
            {MATCHING} GROUP BY 1, 2
        ) AS people GROUP BY 1
    """,
}
NUMBERS: Final = "cell, coalesce(participant_id, -1)::integer, sizes"
PERSON: Final = "coalesce(participant_id, -1)"
TRANSPORTS: Final = {
    "array_agg, cell and bits as one number": f"array_agg(cell * 128 + sizes), array_agg({PERSON}::integer)",
    "array_agg, three columns": f"array_agg(cell), array_agg({PERSON}::integer), array_agg(sizes)",
    "array_agg, three columns, participants as bigint": f"array_agg(cell), array_agg({PERSON}), array_agg(sizes)",
    "string_agg of int8send, int4send, int2send": "string_agg(int8send(cell), ''),"
    f" string_agg(int4send({PERSON}::integer), ''), string_agg(int2send(sizes), '')",
}

Measured = list[tuple[str, float]]


def measure(campaign: Campaign) -> list[tuple[str, Measured]]:
    """Return tables of (title, rows of (design, seconds)); the first row of each is what is built."""
    return [
        ("all published, no filter, both numbers", _unfiltered(campaign)),
        ("a million footprints, from PostgreSQL into this process", _transports(campaign)),
        ("a million footprints, distinct people per cell in numpy", _distinct(campaign)),
    ]


def _unfiltered(campaign: Campaign) -> Measured:
    from django.db import connection

    from mapping.aggregation.heatmap import counts as heatmap
    from mapping.aggregation.heatmap.query import HeatmapQuery

    query = HeatmapQuery(campaign.pk, 200)

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"campaign": campaign.pk})
            cursor.fetchall()

    def in_numpy() -> None:
        heatmap._from_footprints(query)  # noqa: SLF001 - what the tally spares

    actions: dict[str, Callable[[], object]] = {
        "the tally": lambda: heatmap.heatmap(query),
        "footprints in numpy (what filters use)": in_numpy,
    }
    actions |= {name: partial(run, statement) for name, statement in UNFILTERED.items()}
    return _timed(actions)


def _transports(campaign: Campaign) -> Measured:
    from django.db import connection

    raw = connection.connection
    params = {"campaign": campaign.pk}

    def arrays(select: str) -> None:
        with psycopg.Cursor(raw) as cursor:
            cursor.execute(f"SELECT {select} {MATCHING}", params, binary=True)
            result = cursor.pgresult
            assert result is not None
            [result.get_value(0, number) for number in range(result.nfields)]

    def rows() -> None:
        with psycopg.Cursor(raw) as cursor:
            cursor.execute(f"SELECT {NUMBERS} {MATCHING}", params, binary=True)
            np.array(cursor.fetchall(), dtype=np.int64)

    def copy() -> None:
        with psycopg.Cursor(raw) as cursor:
            statement = (
                f"COPY (SELECT {NUMBERS} {MATCHING % {'campaign': campaign.pk}}) TO STDOUT (FORMAT BINARY)"
            )
            with cursor.copy(statement) as pieces:
                b"".join(bytes(piece) for piece in pieces)

    actions: dict[str, Callable[[], object]] = {
        name: partial(arrays, select) for name, select in TRANSPORTS.items()
    }
    return _timed(actions | {"rows, binary": rows, "COPY BINARY": copy})


def _distinct(campaign: Campaign) -> Measured:
    from mapping.aggregation.heatmap.counting import count
    from mapping.aggregation.heatmap.query import HeatmapQuery
    from mapping.aggregation.heatmap.rows import footprint_rows
    from mapping.aggregation.heatmap.zones import parents

    rows = footprint_rows(HeatmapQuery(campaign.pk, 200))
    keys = parents(rows.cells, 200)
    pairs = np.column_stack([keys, rows.people])
    return _timed(
        {
            "one integer per pair, sorted": lambda: count(keys, rows.people),
            "numpy.unique of such integers": lambda: np.unique(keys * 2_000_000 + rows.people),
            "numpy.unique of rows": lambda: np.unique(pairs, axis=0),
        }
    )


def _timed(actions: Mapping[str, Callable[[], object]]) -> Measured:
    return list(place.in_turns(actions, rounds=2).items())
