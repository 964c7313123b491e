"""The heat map against GROUP BY ST_SnapToGrid(ST_Transform(geom, 3035), 200): `bin/bench heat [SIZE ...]`.

Cells of 200 m, published contributions, JSON text included. Ours always counts contributions and participants; the
plain query is measured without and with participants. `--alternatives` adds designs that were measured and not taken.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from benchmarks import data, place

if TYPE_CHECKING:
    from mapping.models import Campaign

CELL: Final = 200
START: Final = date(2025, 5, 1)
END: Final = START + timedelta(days=29)

PLAIN: Final = """
    SELECT ST_X(cell), ST_Y(cell), n {participants_out} FROM (
        SELECT ST_SnapToGrid(ST_Transform(geom, 3035), 200) AS cell, count(*) AS n {participants}
        FROM mapping_contribution
        WHERE campaign_id = %(campaign)s AND status = 'published' {filter}
        GROUP BY 1
    ) AS cells
"""
PLAIN_PARTICIPANTS: Final = {
    "participants": ", count(DISTINCT participant_id) AS people",
    "participants_out": ", people",
}
PLAIN_CONTRIBUTIONS: Final = {"participants": "", "participants_out": ""}
PLAIN_FILTER: Final = (
    "AND category_id = %(category)s AND created_at >= %(start)s AND created_at < %(end)s::date + 1"
)
PARENT: Final = "cell / 100000 / 2 * 100000 + mod(cell, 100000) / 2"
ALTERNATIVES: Final = {
    "grouping the stored geom_laea": """
        SELECT ST_X(cell), ST_Y(cell), n, people FROM (
            SELECT ST_SnapToGrid(geom_laea, 200) AS cell, count(*) AS n, count(DISTINCT participant_id) AS people
            FROM mapping_contribution WHERE campaign_id = %(campaign)s AND status = 'published' GROUP BY 1
        ) AS cells
    """,
    "footprints, contributions only": f"""
        SELECT {PARENT}, count(*) FILTER (WHERE sizes >> 1 & 1 = 1)
        FROM mapping_footprint WHERE campaign_id = %(campaign)s AND status = 1 GROUP BY 1
    """,
    "footprints, count(DISTINCT participant)": f"""
        SELECT {PARENT}, count(*) FILTER (WHERE sizes >> 1 & 1 = 1), count(DISTINCT participant_id)
        FROM mapping_footprint WHERE campaign_id = %(campaign)s AND status = 1 GROUP BY 1
    """,
    "footprints, grouped by cell and participant, then by cell": f"""
        SELECT parent, sum(n), count(participant_id) FROM (
            SELECT {PARENT} AS parent, participant_id, count(*) FILTER (WHERE sizes >> 1 & 1 = 1) AS n
            FROM mapping_footprint WHERE campaign_id = %(campaign)s AND status = 1 GROUP BY 1, 2
        ) AS people GROUP BY 1
    """,
}


def query_as_json(statement: str, params: dict[str, Any]) -> str:
    """Run a statement and write its rows as JSON, as a view would."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return json.dumps([[float(value) for value in row] for row in cursor.fetchall()])


def measure(campaign: Campaign) -> list[tuple[str, float, float]]:
    """Return (what, seconds of the plain query, seconds of ours)."""
    from mapping.aggregation.heatmap import heatmap
    from mapping.aggregation.query import HeatmapQuery
    from mapping.exports.heatmap import compact_text, geojson_text

    category = campaign.categories.get(slug="kind-1").pk
    params: dict[str, Any] = {"campaign": campaign.pk, "category": category, "start": START, "end": END}
    everything = HeatmapQuery(campaign.pk, CELL)
    some = HeatmapQuery(campaign.pk, CELL, (category,), START, END)
    all_days = HeatmapQuery(campaign.pk, CELL, start=date(2000, 1, 1))

    def plain(people: dict[str, str], condition: str = "") -> float:
        statement = PLAIN.format(**people, filter=condition)
        return place.seconds(lambda: query_as_json(statement, params), runs=3)

    def compact(query: HeatmapQuery) -> str:
        return compact_text(heatmap(query))

    def ours(query: HeatmapQuery, form: Callable[[HeatmapQuery], str] = compact) -> float:
        return place.seconds(lambda: form(query), runs=9)

    contributions, participants = plain(PLAIN_CONTRIBUTIONS), plain(PLAIN_PARTICIPANTS)
    return [
        ("contributions", contributions, ours(everything)),
        ("contributions and participants", participants, ours(everything)),
        (
            "the same as GeoJSON squares",
            participants,
            ours(everything, lambda query: geojson_text(heatmap(query))),
        ),
        ("one category, 30 days, both", plain(PLAIN_PARTICIPANTS, PLAIN_FILTER), ours(some)),
        ("all days by a date filter, both (not from the tally)", participants, ours(all_days)),
    ]


def measure_alternatives(campaign: Campaign) -> list[tuple[str, float]]:
    """Return (design, seconds)."""
    params: dict[str, Any] = {"campaign": campaign.pk}
    return [
        (name, place.seconds(lambda: query_as_json(statement, params), runs=3))  # noqa: B023 - used at once
        for name, statement in ALTERNATIVES.items()
    ]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=f"{', '.join(place.SIZES)} (all by default)")
    parser.add_argument("--alternatives", action="store_true", help="also designs that were not taken")
    options = parser.parse_args()
    place.enter()
    rows: list[tuple[object, ...]] = []
    for size in options.sizes or place.SIZES:
        campaign = data.ensure(size)
        measured = measure(campaign)
        rows += [
            (size, what, f"{plain * 1000:.0f} ms", f"{ours * 1000:.1f} ms", f"{plain / ours:.0f} ×")
            for what, plain, ours in measured
        ]
        if options.alternatives:
            ours = measured[1][2]
            rows += [
                (
                    size,
                    f"*{name}*",
                    f"{other * 1000:.0f} ms",
                    f"{ours * 1000:.1f} ms",
                    f"{other / ours:.0f} ×",
                )
                for name, other in measure_alternatives(campaign)
            ]
    place.say(place.machine())
    place.say(place.table(("contributions", "heat map of 200 m", "plain SQL", "ours", "faster"), rows))


if __name__ == "__main__":
    main()
