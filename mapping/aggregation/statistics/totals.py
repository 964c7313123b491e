"""Counts of a campaign over time, per category and per district, by the same filter and rules as the heat map.

The grid, the size and the measure of the query do not matter here; contributions without a place count like all
others. Every function raises QueryProblem as `heatmap` does, except for too many cells.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from mapping.aggregation.columns import fetch, fetch_columns
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.rows import dimension, footprint_source, place_rows
from mapping.aggregation.heatmap.zones import Districts, chosen_rows, located
from mapping.aggregation.tally import TOTALS
from mapping.filters.places import DISTRICT, district_ids
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import WGS84

Step = Literal["day", "week", "month"]

_OPINIONS: Final = f"""
    SELECT coalesce(sum(o.support_count), 0)::bigint, coalesce(sum(o.opposition_count), 0)::bigint
    FROM mapping_contribution o
    WHERE o.support_count + o.opposition_count > 0
        AND o.id IN (SELECT f.contribution_id {{source}} AND f.sizes >> {TOTALS} & 1 = 1)
"""

_NUMBERS: Final = f"""
    SELECT array_agg(value), array_agg(number) FROM (
        SELECT {{value}} AS value, count(*) AS number {{source}} AND f.sizes >> {TOTALS} & 1 = 1 GROUP BY 1 ORDER BY 1
    ) AS numbers
"""


def timeline(query: HeatmapQuery, step: Step = "day") -> list[tuple[date, int]]:
    """Return (first day, contributions) of every day, week (from Monday, ISO 8601) or month that has any, in order."""
    counts: Counter[date] = Counter()
    for days, number in _numbers(query, "day"):
        counts[_first_day(date.min + timedelta(days=days), step)] += number
    return sorted(counts.items())


def per_category(query: HeatmapQuery) -> list[tuple[int, int]]:
    """Return (category id, contributions) of every category that has any."""
    return _numbers(query, "category")


def per_weekday(query: HeatmapQuery) -> list[tuple[int, int]]:
    """Return (weekday from 1 for Monday to 7, contributions) of every weekday that has any."""
    counts: Counter[int] = Counter()
    for days, number in _numbers(query, "day"):
        counts[days % 7 + 1] += number
    return sorted(counts.items())


def per_hour(query: HeatmapQuery) -> list[tuple[int, int]]:
    """Return (hour of the day from 0 to 23, contributions) of every hour that has any."""
    return _numbers(query, "hour")


def per_district(query: HeatmapQuery) -> list[tuple[int, int]]:
    """Return (district's primary key, contributions) of every district that has any; none without districts."""
    try:
        found = heatmap(replace(query, grid="district", measure="contributions"))
    except QueryProblem as problem:
        if problem.code == "no_districts":
            return []
        raise
    return [(row[0], row[1]) for row in found.rows]


@dataclass(frozen=True, slots=True)
class Opinions:
    """Support and opposition of contributions."""

    support: int
    opposition: int

    @property
    def balance(self) -> int:
        """Support less opposition."""
        return self.support - self.opposition


def opinions(query: HeatmapQuery) -> Opinions:
    """Return the opinions on all contributions that match a query, with and without a place."""
    query = replace(query, grid="square", measure="contributions", question="")
    query.check()
    if query.filter.needs("district"):
        return Opinions(*(_summed(query, measure) for measure in ("support", "opposition")))
    source, params = footprint_source(query)
    [(support, opposition)] = fetch(_OPINIONS.format(source=source), params)
    return Opinions(support, opposition)


def _summed(query: HeatmapQuery, measure: Literal["support", "opposition"]) -> int:
    found = located(replace(query, measure=measure))
    values = found.places.values
    return 0 if values is None else int(values[found.chosen].sum())


def _numbers(query: HeatmapQuery, by: str) -> list[tuple[int, int]]:
    """Contributions per value of a dimension (`rows.dimension`), sorted by value."""
    query = replace(query, grid="square", measure="contributions")
    query.check()
    codes = query.filter.get(DISTRICT)
    if codes is None:
        source, params = footprint_source(query)
        values, numbers = fetch_columns(_NUMBERS.format(value=dimension(by), source=source), params)
    else:
        districts = Districts.of_campaign(query.campaign_id)
        places = place_rows(query, WGS84, by=by)
        mask = chosen_rows(places, districts.incidence(places), district_ids(query.campaign_id, codes))
        values, numbers = np.unique(places.by[mask] if places.by is not None else [], return_counts=True)
    return list(zip(values.tolist(), numbers.tolist(), strict=True))


def _first_day(day: date, step: Step) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day
