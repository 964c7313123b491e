"""What matches a query, as columns: from footprints where they know enough, else from the contributions themselves.

- `footprint_rows` reads one row per contribution and touched 100 m cell, from the index alone unless answers or support
  are asked for. Squares are counted from it.
- `place_rows` reads one row per contribution with the place itself, for hexagons, districts and filters by district.

Both follow the same rules (see `query`); the tests hold them against each other and against counting by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from django.conf import settings
from django.utils import timezone

from mapping.aggregation import answers
from mapping.aggregation.columns import fetch_columns
from mapping.aggregation.query import HeatmapQuery
from mapping.geo.traversal import GRID_EXTENT
from mapping.models.footprint import SOURCE_CODES, STATUS_CODES

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Params = dict[str, Any]

NOBODY: Final = -1
"""Instead of a participant's id."""

FIRST_MONDAY: Final = "'0001-01-01'::date"
"""The first day of the calendar, which was a Monday: days since then modulo seven are weekdays, in SQL and Python."""

_LOCAL: Final = "(c.created_at AT TIME ZONE %(time_zone)s::text)"
_DIMENSIONS: Final = {
    "f": {"category": "f.category_id", "day": f"f.day - {FIRST_MONDAY}", "hour": "f.hour"},
    "c": {
        "category": "c.category_id::integer",
        "day": f"{_LOCAL}::date - {FIRST_MONDAY}",
        "hour": f"extract(hour FROM {_LOCAL})::smallint",
    },
}
"""Integers to count by, of a footprint and of a contribution; days count from 0001-01-01."""

_PEOPLE: Final = "array_agg(coalesce({row}.participant_id, -1)::integer)"
_JOIN: Final = "JOIN mapping_contribution c ON c.id = f.contribution_id"

POINT: Final = 1
SHAPE: Final = 2
_IN_GRID: Final = (
    "ST_XMin(c.geom_laea) >= 0 AND ST_YMin(c.geom_laea) >= 0"
    f" AND ST_XMax(c.geom_laea) < {GRID_EXTENT} AND ST_YMax(c.geom_laea) < {GRID_EXTENT}"
)
# OFFSET 0 keeps PostgreSQL from working the kind out once per column.
_PLACES: Final = f"""
    FROM mapping_contribution c
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.geom IS NULL OR NOT ({_IN_GRID}) THEN 0
            WHEN GeometryType(c.geom) = 'POINT' THEN {POINT} ELSE {SHAPE} END::smallint OFFSET 0
    ) AS place (kind)
    WHERE {{matching}}
"""
_NUMBER: Final = """
    array_agg(CASE jsonb_typeof(c.answers -> %(question)s::text) WHEN 'number'
        THEN (c.answers ->> %(question)s::text)::double precision ELSE 'NaN' END)
"""


@dataclass(frozen=True, slots=True)
class FootprintRows:
    """Rows of footprints: key of the 100 m cell (or NOWHERE), participant (or `NOBODY`), bits of `Footprint.sizes`.

    `values` (of contributions, hence repeated in each of their rows) is there for the measures that have some; NaN
    where a contribution has none.
    """

    cells: Integers
    people: Integers
    sizes: Integers
    values: Floats | None


@dataclass(frozen=True, slots=True)
class PlaceRows:
    """One row per contribution: participant (or `NOBODY`), kind of place (`POINT`, `SHAPE` or 0 for nowhere).

    `points` holds the positions of the points and `shapes` the other geometries, each in the order of the rows and
    keyed by CRS: EPSG:3035 (metres) and, where districts matter, EPSG:4326 (degrees). `values` as in `FootprintRows`;
    `by` is the dimension asked for.
    """

    kinds: Integers
    people: Integers
    points: dict[int, Floats]
    shapes: dict[int, npt.NDArray[np.object_]]
    values: Floats | None
    by: Integers | None


def footprint_rows(query: HeatmapQuery) -> FootprintRows:
    """Read the footprints that match, whatever their order; the query has no filter by district."""
    source, params = footprint_source(query)
    select = ["array_agg(f.cell)", _PEOPLE.format(row="f"), "array_agg(f.sizes)", *_values(query, params)]
    cells, people, sizes, *values = fetch_columns(f"SELECT {', '.join(select)} {source}", params)
    return FootprintRows(cells, people, sizes, _floats(values))


def footprint_source(query: HeatmapQuery) -> tuple[str, Params]:
    """Write "FROM ... WHERE ..." for the footprints `f` that match, and its parameters.

    Made for the index `footprint_counting`. Raises HeatmapProblem about answers.
    """
    params = Params()
    conditions = _shared_conditions(query, "f", params)
    params["statuses"] = [STATUS_CODES[status] for status in query.statuses]
    conditions.append("f.status = ANY(%(statuses)s::smallint[])")
    if query.category_ids is None and (query.start is not None or query.end is not None):
        # Naming all categories lets PostgreSQL find the days of each in the index instead of reading all of it.
        conditions.append(
            "f.category_id = ANY(ARRAY(SELECT id::integer FROM mapping_category WHERE campaign_id = %(campaign)s))"
        )
    if query.start is not None:
        params["start"] = query.start
        conditions.append("f.day >= %(start)s::date")
    if query.end is not None:
        params["end"] = query.end
        conditions.append("f.day <= %(end)s::date")
    if query.sources is not None:
        params["sources"] = [SOURCE_CODES[source] for source in query.sources]
        conditions.append("f.source = ANY(%(sources)s::smallint[])")
    join = _JOIN if query.answers or query.has_values else ""
    return f"FROM mapping_footprint f {join} WHERE {' AND '.join(conditions)}", params


def place_rows(query: HeatmapQuery, *crs: int, by: str = "") -> PlaceRows:
    """Read the contributions that match all but the filter by district, with places in the given CRS.

    Raises HeatmapProblem about answers.
    """
    params = Params(time_zone=settings.TIME_ZONE)
    conditions = _shared_conditions(query, "c", params)
    params["statuses"] = list(query.statuses)
    conditions.append("c.status = ANY(%(statuses)s::varchar[])")
    if query.start is not None and query.start > date.min:
        params["start"] = _midnight(query.start)
        conditions.append("c.created_at >= %(start)s")
    if query.end is not None and query.end < date.max:
        params["end"] = _midnight(query.end + timedelta(days=1))
        conditions.append("c.created_at < %(end)s")
    if query.sources is not None:
        params["sources"] = list(query.sources)
        conditions.append("c.source = ANY(%(sources)s::varchar[])")
    select = ["array_agg(place.kind)", _PEOPLE.format(row="c")]
    for code in crs:
        geom = {3035: "c.geom_laea", 4326: "c.geom"}[code]
        select += [
            f"array_agg(ST_X({geom})) FILTER (WHERE place.kind = {POINT})",
            f"array_agg(ST_Y({geom})) FILTER (WHERE place.kind = {POINT})",
            f"array_agg(ST_AsBinary({geom})) FILTER (WHERE place.kind = {SHAPE})",
        ]
    values, dimension = _values(query, params), [f"array_agg({_DIMENSIONS['c'][by]})"] if by else []
    statement = f"SELECT {', '.join([*select, *values, *dimension])} {_PLACES}"
    kinds, people, *rest = fetch_columns(statement.format(matching=" AND ".join(conditions)), params)
    columns = iter(rest)
    points, shapes = {}, {}
    for code in crs:
        points[code] = np.column_stack([next(columns), next(columns)]).astype(np.float64)
        shapes[code] = np.asarray(shapely.from_wkb(next(columns)), dtype=np.object_)
    found_values = _floats([next(columns) for _ in values])
    return PlaceRows(kinds, people, points, shapes, found_values, next(columns, None))


def dimension(name: str) -> str:
    """Write "category", "day" (since 0001-01-01) or "hour" of a footprint `f` as SQL."""
    return _DIMENSIONS["f"][name]


def _shared_conditions(query: HeatmapQuery, row: str, params: Params) -> list[str]:
    """What footprints and contributions say in the same words."""
    params["campaign"] = query.campaign_id
    conditions = [f"{row}.campaign_id = %(campaign)s"]
    by = _DIMENSIONS[row]
    if query.category_ids is not None:
        params["categories"] = list(query.category_ids)
        conditions.append(f"{row}.category_id = ANY(%(categories)s::integer[])")
    if query.weekdays is not None:
        params["weekdays"] = [day - 1 for day in query.weekdays]
        conditions.append(f"({by['day']}) %% 7 = ANY(%(weekdays)s::integer[])")
    if query.hours is not None:
        params["from_hour"], params["to_hour"] = query.hours
        word = "AND" if query.hours[0] < query.hours[1] else "OR"
        conditions.append(
            f"({by['hour']} >= %(from_hour)s::integer {word} {by['hour']} < %(to_hour)s::integer)"
        )
    for number, objects in enumerate(answers.conditions(query.campaign_id, query.answers)):
        params[f"answer_{number}"] = list(objects)
        conditions.append(f"c.answers @> ANY(%(answer_{number})s::text[]::jsonb[])")
    return conditions


def _values(query: HeatmapQuery, params: Params) -> list[str]:
    """The column of values, where the measure has some."""
    if query.measure == "support":
        return ["array_agg(c.support_count::integer)"]
    if query.measure == "mean":
        answers.measured(query.campaign_id, query.question)
        params["question"] = query.question
        return [_NUMBER]
    return []


def _floats(columns: list[npt.NDArray[Any]]) -> Floats | None:
    return columns[0].astype(np.float64) if columns else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
