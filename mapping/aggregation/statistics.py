"""Numbers of a campaign over time and per category, by the same filter and the same rules as the heat map.

The size of the query's cells does not matter here; contributions without a place count like all others.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from mapping.aggregation.heatmap import fetch
from mapping.aggregation.query import HeatmapQuery
from mapping.aggregation.rows import matching_footprints
from mapping.aggregation.tally import TOTALS

Step = Literal["day", "week", "month"]

_TIMELINE: Final = f"""
    SELECT {{period}}, count(*) FROM mapping_footprint
    WHERE {{matching}} AND sizes >> {TOTALS} & 1 = 1
    GROUP BY 1 ORDER BY 1
"""
_PER_CATEGORY: Final = f"""
    SELECT category_id, count(*) FROM mapping_footprint
    WHERE {{matching}} AND sizes >> {TOTALS} & 1 = 1
    GROUP BY category_id ORDER BY category_id
"""
_PERIODS: Final[dict[Step, str]] = {
    "day": "day",
    "week": "date_trunc('week', day)::date",
    "month": "date_trunc('month', day)::date",
}


def timeline(query: HeatmapQuery, step: Step = "day") -> list[tuple[date, int]]:
    """Return (first day, contributions) of every day, week (from Monday, ISO 8601) or month that has any, in order.

    Raises HeatmapProblem as `heatmap` does, except for too many cells.
    """
    query.check()
    matching, params = matching_footprints(query)
    return [
        (first, number)
        for first, number in fetch(_TIMELINE.format(period=_PERIODS[step], matching=matching), params)
    ]


def per_category(query: HeatmapQuery) -> list[tuple[int, int]]:
    """Return (category id, contributions) of every category that has any; errors as `timeline`."""
    query.check()
    matching, params = matching_footprints(query)
    return [(first, number) for first, number in fetch(_PER_CATEGORY.format(matching=matching), params)]
