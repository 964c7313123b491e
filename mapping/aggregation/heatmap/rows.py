"""The contributions that match a query, as columns: from footprints where these suffice, else from the contributions.

- `footprint_rows` reads one row per contribution and touched 100 m cell, from the index alone.
- `place_rows` reads one row per contribution with the place itself: for hexagons, districts, answers and support.

Both follow the same rules (see `filters.dimensions`); tests compare them with each other and with a naive count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from django.conf import settings
from django.db.models.expressions import RawSQL

from mapping.aggregation.columns import fetch_columns, raw, written
from mapping.aggregation.heatmap.answers import value_of, values_of_people
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.tally import TOTALS
from mapping.filters.places import CATEGORY
from mapping.filters.questions import AnswerMeasure, measured_question
from mapping.filters.times import FIRST_MONDAY, INTERVAL
from mapping.geo.crs import LAEA, WGS84
from mapping.geo.traversal import GRID_EXTENT
from mapping.models import Campaign, Contribution
from mapping.models.contribution import ContributionQuerySet
from mapping.models.footprint import STATUS_CODES

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Params = dict[str, Any]

NOBODY: Final = -1
"""Placeholder for contributions without a participant."""

_CONTRIBUTION: Final = "mapping_contribution"
_LOCAL: Final = f"({_CONTRIBUTION}.created_at AT TIME ZONE {{time_zone}})"
_DIMENSIONS: Final = {"category": "f.category_id", "day": f"f.day - {FIRST_MONDAY}", "hour": "f.hour"}
"""SQL of integers by which footprints are counted; days count from 0001-01-01."""
_DIMENSIONS_OF_PLACES: Final = {
    "category": f"{_CONTRIBUTION}.category_id::integer",
    "day": f"{_LOCAL}::date - {FIRST_MONDAY}",
    "hour": f"extract(hour FROM {_LOCAL})::smallint",
}
"""SQL of integers by which contributions are counted."""

_BITS: Final = TOTALS + 1
"""Number of bits of `Footprint.sizes`."""

_PERSON: Final = f"coalesce({{row}}.participant_id, {NOBODY})::integer"

_GEOMETRIES: Final = {LAEA: "geom_laea", WGS84: "geom"}
POINT: Final = 1
SHAPE: Final = 2
_IN_GRID: Final = (
    "ST_XMin(mapping_contribution.geom_laea) >= 0 AND ST_YMin(mapping_contribution.geom_laea) >= 0"
    f" AND ST_XMax(mapping_contribution.geom_laea) < {GRID_EXTENT}"
    f" AND ST_YMax(mapping_contribution.geom_laea) < {GRID_EXTENT}"
)
# The operator compares boxes that are rounded outward to single precision, at most a metre here, and is ten times
# faster than the exact comparison.
_KIND: Final = f"""
    CASE WHEN mapping_contribution.geom IS NULL THEN 0
        WHEN NOT (mapping_contribution.geom_laea @ ST_MakeEnvelope(2, 2, {GRID_EXTENT - 2}, {GRID_EXTENT - 2}, {LAEA}))
            AND NOT ({_IN_GRID}) THEN 0
        WHEN GeometryType(mapping_contribution.geom) = 'POINT' THEN {POINT} ELSE {SHAPE} END::smallint
"""
_OPINIONS: Final[dict[str, str]] = {
    "support": "mapping_contribution.support_count",
    "opposition": "mapping_contribution.opposition_count",
    "balance": "mapping_contribution.support_count - mapping_contribution.opposition_count",
}


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
    NaN where a contribution (or, of answers to the survey, its author) has none; `by` is the requested dimension.
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
    # Cell and bits as one number: the main cost is the number of values that PostgreSQL sends.
    select = f"array_agg(f.cell * {1 << _BITS} + f.sizes), array_agg({_PERSON.format(row='f')})"
    packed, people = fetch_columns(f"SELECT {select} {source}", params)
    return FootprintRows(packed >> _BITS, people, packed & (1 << _BITS) - 1)


def footprint_source(query: HeatmapQuery) -> tuple[str, Params]:
    """Return "FROM ... WHERE ..." for the footprints `f` that match all but the filter by district, and its parameters.

    Written for the index `footprint_counting`. Raises QueryProblem for filters by answers.
    """
    wanted, params = query.filter, Params(campaign=query.campaign_id)
    params["statuses"] = [STATUS_CODES[status] for status in query.statuses]
    conditions = ["f.campaign_id = %(campaign)s", "f.status = ANY(%(statuses)s::smallint[])"]
    if wanted.get(CATEGORY) is None and wanted.get(INTERVAL) is not None:
        # Naming all categories lets PostgreSQL find the days of each in the index instead of reading all of it.
        conditions.append(
            "f.category_id = ANY(ARRAY(SELECT id::integer FROM mapping_category WHERE campaign_id = %(campaign)s))"
        )
    conditions += [
        dimension.footprints(value, query.campaign_id, params)
        for dimension, value in wanted.only("footprint").values
    ]
    if wanted.needs("contribution"):
        matching = wanted.only("contribution").narrow(_all_of(query), _campaign(query)).values("pk")
        conditions.append(f"f.contribution_id IN ({written(matching).replace('%', '%%')})")
    return f"FROM mapping_footprint f WHERE {' AND '.join(conditions)}", params


def place_rows(query: HeatmapQuery, *crs: int, by: str = "") -> PlaceRows:
    """Read the contributions that match all but the filter by district, with places in the given CRS.

    Raises QueryProblem about answers.
    """
    wanted, campaign = query.filter, _campaign(query)
    interval = wanted.get(INTERVAL)
    if interval is not None:
        # Footprints store days only, and both ways must count alike.
        wanted = wanted.having(INTERVAL, interval.whole_days())
    found = _all_of(query).with_status(query.statuses)
    found = wanted.only("contribution").narrow(wanted.only("footprint").narrow(found, campaign), campaign)
    # Values per contribution are evaluated once (OFFSET 0 is an optimisation fence).
    given = {
        "kind": raw(_KIND),
        "person": raw(_PERSON.format(row=_CONTRIBUTION)),
        **_value(query),
    }
    if by:
        zone = f"'{settings.TIME_ZONE}'"
        given["dimension"] = raw(_DIMENSIONS_OF_PLACES[by].format(time_zone=zone))
    select = [f"array_agg({name})" for name in given]
    for code in crs:
        name = f"place_{code}"
        given[name] = raw(f"{_CONTRIBUTION}.{_GEOMETRIES[code]}")
        select += [
            f"array_agg(ST_X({name})) FILTER (WHERE kind = {POINT})",
            f"array_agg(ST_Y({name})) FILTER (WHERE kind = {POINT})",
            f"array_agg(ST_AsBinary({name})) FILTER (WHERE kind = {SHAPE})",
        ]
    inner = written(found.order_by().annotate(**given).values_list(*given))
    columns_found = fetch_columns(f"SELECT {', '.join(select)} FROM ({inner} OFFSET 0) AS places")
    columns = dict(zip(given, columns_found, strict=False))
    points, shapes = {}, {}
    for number, code in enumerate(crs):
        east, north, wkb = columns_found[len(columns_found) + 3 * (number - len(crs)) :][:3]
        points[code] = np.column_stack([east, north]).astype(np.float64)
        shapes[code] = np.asarray(shapely.from_wkb(wkb), dtype=np.object_)
    values, people = columns.get("value"), columns["person"]
    if query.measures_people:
        values = values_of_people(query.campaign_id, _measured(query), people)
    return PlaceRows(columns["kind"], people, points, shapes, values, columns.get("dimension"))


def dimension(name: str) -> str:
    """Return the SQL of "category", "day" (since 0001-01-01) or "hour" of a footprint `f`."""
    return _DIMENSIONS[name]


def _all_of(query: HeatmapQuery) -> ContributionQuerySet:
    return Contribution.objects.filter(campaign=query.campaign_id)


def _campaign(query: HeatmapQuery) -> Campaign:
    """The campaign with nothing but its key; other columns are loaded when a dimension needs them."""
    return Campaign(pk=query.campaign_id)


def _value(query: HeatmapQuery) -> dict[str, RawSQL]:
    """The SQL of the measure's value of a contribution, for measures that have one."""
    if query.measure in _OPINIONS:
        return {"value": raw(f"({_OPINIONS[query.measure]})::double precision")}
    if query.measure == "mean":
        measure = _measured(query)
        if measure.owner != "responses":
            return {"value": value_of(measure, f"{_CONTRIBUTION}.{measure.owner}")}
    return {}


def _measured(query: HeatmapQuery) -> AnswerMeasure:
    return measured_question(query.campaign_id, query.question, for_staff=query.for_staff)
