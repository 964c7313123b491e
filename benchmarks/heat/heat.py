"""The heat map's goals at a million, each with its ratio: `bin/bench heat [SIZE] [--alternatives]`.

Against GROUP BY ST_SnapToGrid(ST_Transform(geom, 3035), 200), JSON text included, cells of 200 m, published
contributions. `--alternatives` adds designs and transports that were measured and not taken.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from benchmarks.heat import designs, write
from benchmarks.running import data, place

if TYPE_CHECKING:
    from mapping.aggregation.heatmap.query import HeatmapQuery
    from mapping.models import Campaign

CELL: Final = 200
START: Final = date(2025, 5, 1)
END: Final = START + timedelta(days=29)

PLAIN_CENTRES: Final = """
    SELECT avg(ST_X(geom)), avg(ST_Y(geom)), category_id, count(*)
    FROM mapping_contribution
    WHERE campaign_id = %(campaign)s AND status = 'published'
    GROUP BY ST_SnapToGrid(geom_laea, 1000), category_id
"""
PLAIN: Final = """
    SELECT ST_X(cell), ST_Y(cell), n {people_out} FROM (
        SELECT ST_SnapToGrid(ST_Transform(geom, 3035), 200) AS cell, count(*) AS n {people}
        FROM mapping_contribution
        WHERE campaign_id = %(campaign)s AND status = 'published' {filter}
        GROUP BY 1
    ) AS cells
"""
CONTRIBUTIONS: Final = {"people": "", "people_out": ""}
PARTICIPANTS: Final = {"people": ", count(DISTINCT participant_id) AS people", "people_out": ", people"}
CATEGORY_OF_FEW: Final = "kind-1"
FILTER: Final = (
    "AND category_id = %(category)s AND created_at >= %(start)s AND created_at < %(end)s::date + 1"
)
WEEKEND_NIGHTS: Final = (
    "AND extract(isodow FROM created_at AT TIME ZONE 'Europe/Berlin') IN (6, 7)"
    " AND extract(hour FROM created_at AT TIME ZONE 'Europe/Berlin') IN (20, 21, 22, 23, 0, 1, 2, 3, 4, 5)"
)


@dataclass(frozen=True)
class Goal:
    """One row of the table: the seconds of plain SQL (or of what else `ours` is held against), and the ratio."""

    what: str
    other: float | None
    ours: float | None
    ratio: str
    must: str = ""
    aim: str = ""

    def row(self) -> tuple[str, ...]:
        return (
            self.what,
            _milliseconds(self.other),
            _milliseconds(self.ours),
            self.ratio,
            self.must,
            self.aim,
        )


@dataclass(frozen=True)
class Side:
    """One campaign, asked both ways."""

    campaign: Campaign

    @property
    def category(self) -> int:
        return int(self.campaign.categories.get(slug=CATEGORY_OF_FEW).pk)

    def query(self) -> HeatmapQuery:
        from mapping.aggregation.heatmap.query import HeatmapQuery

        return HeatmapQuery(self.campaign.pk, CELL)

    def few(self) -> HeatmapQuery:
        from mapping.filters.interval import Interval
        from mapping.filters.places import CATEGORY
        from mapping.filters.times import INTERVAL

        return (
            self.query().having(CATEGORY, (CATEGORY_OF_FEW,)).having(INTERVAL, Interval.of_days(START, END))
        )

    def ours(self, query: HeatmapQuery, *, geojson: bool = False) -> Callable[[], str]:
        """To JSON text."""
        from mapping.aggregation.heatmap.counts import heatmap
        from mapping.exports.cells.heatmap import compact_text, geojson_text

        form = geojson_text if geojson else compact_text
        return lambda: form(heatmap(query))

    def centres(self) -> Callable[[], str]:
        """The centres of squares of 1 km by category, to JSON text."""
        from mapping.aggregation.centres import centres
        from mapping.exports.cells.centres import centres_text
        from mapping.filters.contribution_filter import ContributionFilter

        return lambda: centres_text(centres(self.campaign, ContributionFilter(), 1000), self.campaign)

    def plain(self, people: dict[str, str], condition: str = "", statement: str = PLAIN) -> Callable[[], str]:
        """Plain SQL to JSON text."""
        from django.db import connection

        params: dict[str, Any] = {
            "campaign": self.campaign.pk,
            "category": self.category,
            "start": START,
            "end": END,
        }

        def run() -> str:
            with connection.cursor() as cursor:
                cursor.execute(statement.format(**people, filter=condition), params)
                return json.dumps([[float(value) for value in row] for row in cursor.fetchall()])

        return run


def goals(side: Side, smaller: Side | None) -> list[Goal]:
    """Measure every row of the table."""
    from mapping.filters.answers import RESPONSES
    from mapping.filters.interval import Interval
    from mapping.filters.times import HOURS, INTERVAL, WEEKDAY

    data.ensure_responses(side.campaign)
    everything, few = side.query(), side.few()
    since = Interval.of_days(date(2000, 1, 1), None)
    actions = {
        "plain": side.plain(CONTRIBUTIONS),
        "plain people": side.plain(PARTICIPANTS),
        "plain few": side.plain(PARTICIPANTS, FILTER),
        "plain nights": side.plain(PARTICIPANTS, WEEKEND_NIGHTS),
        "plain centres": side.plain({}, statement=PLAIN_CENTRES),
        "unfiltered": side.ours(everything),
        "centres": side.centres(),
        "people": side.ours(replace(everything, measure="participants")),
        "geojson": side.ours(everything, geojson=True),
        "few": side.ours(few),
        "nights": side.ours(everything.having(WEEKDAY, ("6", "7")).having(HOURS, (20, 6))),
        "all days": side.ours(everything.having(INTERVAL, since)),
        "hexagons": side.ours(replace(everything, grid="hexagon")),
        "few hexagons": side.ours(replace(few, grid="hexagon")),
        "age": side.ours(replace(everything.having(RESPONSES, (("age", ("18-25",)),)), for_staff=True)),
        "satisfied": side.ours(
            replace(everything, measure="mean", question="responses[satisfaction]", for_staff=True)
        ),
    }
    if smaller is not None:
        actions["smaller"] = smaller.ours(smaller.query())
    took = place.in_turns(actions)

    def faster(what: str, plain: str, ours: str, must: str = "", aim: str = "") -> Goal:
        return Goal(what, took[plain], took[ours], f"{took[plain] / took[ours]:.0f} × faster", must, aim)

    def times(what: str, other: str, ours: str, must: str, aim: str) -> Goal:
        return Goal(what, took[other], took[ours], f"{took[ours] / took[other]:.2f} ×", must, aim)

    found = [
        faster("all published, no filter", "plain", "unfiltered", "≥ 50 ×", "≥ 250 ×"),
        faster("… plain SQL counting participants, too", "plain people", "unfiltered"),
        faster("… ours as GeoJSON squares", "plain people", "geojson"),
        faster("true centres of 1 km by category", "plain centres", "centres"),
        faster("category + 30 days, exact", "plain few", "few", "≥ 5 ×", "≥ 50 ×"),
        faster("category + 30 days, hexagons", "plain few", "few hexagons"),
        faster("weekend nights (broad, no help of an index)", "plain nights", "nights"),
        faster("a date filter that takes all days", "plain people", "all days"),
        faster("hexagons, no filter", "plain people", "hexagons"),
        faster("people who gave an answer to the survey", "plain people", "age"),
        faster("mean of an answer to the survey, each person once in a cell", "plain people", "satisfied"),
    ]
    if smaller is not None:
        found.append(times("from 100k to 1M, no filter", "smaller", "unfiltered", "≤ 2 ×", "≤ 1.5 ×"))
    found.append(times("participants instead of contributions", "unfiltered", "people", "≤ 3 ×", "≤ 1.5 ×"))
    found.append(
        Goal("a submission is in the next heat map", None, _seen(side), "yes", "yes", "same transaction")
    )
    took |= dict(zip(("without", "with"), write.medians(side.campaign), strict=True))
    found.append(times("one submission, without and with counting", "without", "with", "≤ 1.5 ×", "≤ 1.2 ×"))
    return found


def _seen(side: Side) -> float:
    """Submit, moderate and count within one transaction that is undone; seconds of the heat map that shows it.

    Raises AssertionError where a change is not seen at once, by the tally or by a filtered count.
    """
    from django.db import transaction

    from mapping.aggregation.heatmap.counts import heatmap
    from mapping.filters.contribution_filter import ContributionFilter
    from mapping.filters.interval import Interval
    from mapping.filters.times import INTERVAL
    from mapping.models import ContributionStatus
    from mapping.services.identity import new_secret
    from mapping.services.submit import Submission, submit

    pending = replace(side.query(), filter=ContributionFilter((ContributionStatus.PENDING.value,)))
    since = Interval.of_days(date(2000, 1, 1), None)
    queries = (pending, pending.having(INTERVAL, since), replace(pending, grid="hexagon"))
    geometry = {"type": "Point", "coordinates": list(data.CENTRE)}
    with transaction.atomic():
        before = [heatmap(query).totals.contributions for query in queries]
        submit(side.campaign, Submission("kind-0", geometry, "Hier ist es dunkel."), new_secret())
        began = time.perf_counter()
        after = [heatmap(query).totals.contributions for query in queries[:1]]
        took = time.perf_counter() - began
        after += [heatmap(query).totals.contributions for query in queries[1:]]
        transaction.set_rollback(True)
    if after != [number + 1 for number in before]:
        raise AssertionError(f"{before} before a submission, {after} after it")
    return took


def _milliseconds(duration: float | None) -> str:
    return (
        ""
        if duration is None
        else f"{duration * 1000:.1f} ms"
        if duration < 0.1
        else f"{duration * 1000:.0f} ms"
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", nargs="?", default="1m", choices=place.SIZES, help="contributions (1m)")
    parser.add_argument("--alternatives", action="store_true", help="also what was not taken")
    options = parser.parse_args()
    place.enter()
    side = Side(data.ensure(options.size))
    smaller = Side(data.ensure("100k")) if options.size == "1m" else None
    place.say(place.machine())
    rows = [goal.row() for goal in goals(side, smaller)]
    heads = (f"{options.size}, cells of 200 m", "other", "ours", "ratio", "must", "aim")
    place.say(place.table(heads, rows))
    if options.alternatives:
        for title, measured in designs.measure(side.campaign):
            base = measured[0][1]
            rows = [(name, _milliseconds(took), f"{took / base:.1f} ×") for name, took in measured]
            place.say("\n" + place.table((title, "takes", "of the first"), rows))


if __name__ == "__main__":
    main()
