"""What matches a query, as columns: from footprints where they know enough, else from the contributions themselves.

- `footprint_rows` reads one row per contribution and touched 100 m cell, from the index alone.
- `place_rows` reads one row per contribution with the place itself: for hexagons, districts, answers and support.

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

from mapping.aggregation.columns import fetch_columns
from mapping.aggregation.heatmap import answers
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.tally import TOTALS
from mapping.geo.crs import LAEA, WGS84
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

_BITS: Final = TOTALS + 1
"""How many bits `Footprint.sizes` has."""

_PERSON: Final = f"coalesce({{row}}.participant_id, {NOBODY})::integer"
_JOIN: Final = "JOIN mapping_contribution c ON c.id = f.contribution_id"

_GEOMETRIES: Final = {LAEA: "geom_laea", WGS84: "geom"}
POINT: Final = 1
SHAPE: Final = 2
_IN_GRID: Final = (
    "ST_XMin(c.geom_laea) >= 0 AND ST_YMin(c.geom_laea) >= 0"
    f" AND ST_XMax(c.geom_laea) < {GRID_EXTENT} AND ST_YMax(c.geom_laea) < {GRID_EXTENT}"
)
# The operator compares boxes that are rounded outward to single precision, at most a metre here, and is ten times
# faster than the exact comparison.
_KIND: Final = f"""
    CASE WHEN c.geom IS NULL THEN 0
        WHEN NOT (c.geom_laea @ ST_MakeEnvelope(2, 2, {GRID_EXTENT - 2}, {GRID_EXTENT - 2}, {LAEA}))
            AND NOT ({_IN_GRID}) THEN 0
        WHEN GeometryType(c.geom) = 'POINT' THEN {POINT} ELSE {SHAPE} END::smallint
"""
_OPINIONS: Final[dict[str, str]] = {
    "support": "c.support_count",
    "opposition": "c.opposition_count",
    "balance": "c.support_count - c.opposition_count",
}
_NUMBER: Final = """
    CASE jsonb_typeof(c.answers -> %(question)s::text) WHEN 'number'
        THEN (c.answers ->> %(question)s::text)::double precision ELSE 'NaN' END
"""


@dataclass(frozen=True, slots=True)
class FootprintRows:
    """Rows of footprints: key of the 100 m cell (or NOWHERE), participant (or `NOBODY`), bits of `Footprint.sizes`."""

    cells: Integers
    people: Integers
    sizes: Integers


@dataclass(frozen=True, slots=True)
class PlaceRows:
    """One row per contribution: participant (or `NOBODY`), kind of place (`POINT`, `SHAPE` or 0 for nowhere).

    `points` holds the positions of the points and `shapes` the other geometries, each in the order of the rows and
    keyed by CRS: EPSG:3035 (metres) or EPSG:4326 (degrees). `values` is there for the measures that have some,
    NaN where a contribution has none; `by` is the dimension asked for.
    """

    kinds: Integers
    people: Integers
    points: dict[int, Floats]
    shapes: dict[int, npt.NDArray[np.object_]]
    values: Floats | None
    by: Integers | None


def footprint_rows(query: HeatmapQuery) -> FootprintRows:
    """Read the footprints that match all but the filter by district, in no order."""
    source, params = footprint_source(query)
    # Cell and bits as one number: what costs most is the number of numbers that PostgreSQL writes.
    select = f"array_agg(f.cell * {1 << _BITS} + f.sizes), array_agg({_PERSON.format(row='f')})"
    packed, people = fetch_columns(f"SELECT {select} {source}", params)
    return FootprintRows(packed >> _BITS, people, packed & (1 << _BITS) - 1)


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
    join = _JOIN if query.answers else ""
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
    # What is worked out per contribution is worked out once (OFFSET 0 keeps it in its place).
    given = {"kind": _KIND, "person": _PERSON.format(row="c"), **_value(query, params)}
    if by:
        given["dimension"] = _DIMENSIONS["c"][by]
    select = [f"array_agg({name})" for name in given]
    for code in crs:
        name = _GEOMETRIES[code]
        given[name] = f"c.{name}"
        select += [
            f"array_agg(ST_X({name})) FILTER (WHERE kind = {POINT})",
            f"array_agg(ST_Y({name})) FILTER (WHERE kind = {POINT})",
            f"array_agg(ST_AsBinary({name})) FILTER (WHERE kind = {SHAPE})",
        ]
    inner = ", ".join(f"{expression} AS {name}" for name, expression in given.items())
    source = f"FROM mapping_contribution c WHERE {' AND '.join(conditions)} OFFSET 0"
    found = fetch_columns(f"SELECT {', '.join(select)} FROM (SELECT {inner} {source}) AS places", params)
    columns = dict(zip(given, found, strict=False))
    points, shapes = {}, {}
    for number, code in enumerate(crs):
        east, north, wkb = found[len(found) + 3 * (number - len(crs)) :][:3]
        points[code] = np.column_stack([east, north]).astype(np.float64)
        shapes[code] = np.asarray(shapely.from_wkb(wkb), dtype=np.object_)
    return PlaceRows(
        columns["kind"], columns["person"], points, shapes, columns.get("value"), columns.get("dimension")
    )


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


def _value(query: HeatmapQuery, params: Params) -> dict[str, str]:
    """The measure's value of a contribution `c` as SQL, where it has one."""
    if query.measure in _OPINIONS:
        return {"value": f"({_OPINIONS[query.measure]})::double precision"}
    if query.measure == "mean":
        answers.measured(query.campaign_id, query.question)
        params["question"] = query.question
        return {"value": _NUMBER}
    return {}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
