"""Keep the footprint: the 100 m cells that each contribution touches, in the transaction of the change
itself.

Services call `write` after a contribution was stored or its place, category, participant or time changed,
`set_status` after its status alone changed, `delete` when it is withdrawn, and `write_many` after a bulk
insert. A heat map is therefore never older than the contributions.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely
from django.conf import settings
from django.db import connections, router, transaction
from django.db.backends.utils import CursorWrapper

from mapping.aggregation import tally
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import BASE_SIZE, KEY_FACTOR, SIZES, key_sql, keys_touched
from mapping.geo.traversal import GRID_EXTENT
from mapping.models import Campaign, Change, Contribution, Footprint
from mapping.models.footprint import EVERYWHERE, NOWHERE, SOURCE_CODES, STATUS_CODES

MOST_CELLS: Final = 100_000
"""The most 100 m cells that one contribution may touch: 1,000 km², more than the largest German city has."""

ONCE: Final = 1 << len(SIZES)
"""The bit of `Footprint.sizes` that is set on exactly one row of every contribution."""

_EVERY_BIT: Final = ONCE * 2 - 1
"""A point has one row, which stands for it at every size."""

_BATCH: Final = 2_000
"""Lines and areas that are fetched at once."""

_PIECE: Final = 50_000
"""Rows of lines and areas that are sent at once (give or take one shape)."""

LAST_CM: Final = BASE_SIZE * 100 - 1
"""The last centimetre within a 100 m cell."""

_Shape = tuple[uuid.UUID, bytes, float | None, float | None]
"""A line or area: its contribution, its WKB, and the point that stands for it (east, north), in EPSG:3035 metres."""

_Param = str | int | uuid.UUID | list[Any] | None
_Params = dict[str, _Param]

_COLUMNS: Final = (
    "contribution_id, cell, participant_id, campaign_id, category_id, day, status, sizes, hour, source, east_cm,"
    " north_cm"
)


def _code(column: str, codes: Mapping[str, int]) -> str:
    cases = " ".join(f"WHEN '{name}' THEN {code}" for name, code in codes.items())
    return f"(CASE {column} {cases} END)::smallint"


_COPIED: Final = (
    "c.participant_id, c.campaign_id, c.category_id,"
    f" (c.created_at AT TIME ZONE %(time_zone)s)::date, {_code('c.status', STATUS_CODES)}"
)
_COPIED_TOO: Final = (
    f"extract(hour FROM c.created_at AT TIME ZONE %(time_zone)s)::smallint, {_code('c.source', SOURCE_CODES)}"
)


def _offset(axis: Literal["east", "north"]) -> str:
    """SQL of `Footprint.east_cm` or `north_cm` of a point `c` that lies in the cell `place.cell`; NULL in none."""
    position, number = (
        ("ST_X(c.geom_laea)", f"mod(place.cell, {KEY_FACTOR})")
        if axis == "east"
        else ("ST_Y(c.geom_laea)", f"place.cell / {KEY_FACTOR}")
    )
    centimetres = f"floor(({position} - {number} * {BASE_SIZE}) * 100)"
    return f"(CASE WHEN place.cell >= 0 THEN least(greatest({centimetres}, 0), {LAST_CM}) END)::smallint"


_IS_IN_GRID: Final = (
    f"ST_X(c.geom_laea) >= 0 AND ST_X(c.geom_laea) < {GRID_EXTENT}"
    f" AND ST_Y(c.geom_laea) >= 0 AND ST_Y(c.geom_laea) < {GRID_EXTENT}"
)
_POINTS: Final = f"""
    INSERT INTO {{target}} ({_COLUMNS})
    SELECT c.id, place.cell, {_COPIED}, CASE place.cell WHEN {NOWHERE} THEN {ONCE} ELSE {_EVERY_BIT} END,
        {_COPIED_TOO}, {_offset("east")}, {_offset("north")}
    FROM mapping_contribution c
    CROSS JOIN LATERAL (
        SELECT CASE WHEN {_IS_IN_GRID} THEN {key_sql("ST_X(c.geom_laea)", "ST_Y(c.geom_laea)")} ELSE {NOWHERE}
        END OFFSET 0
    ) AS place (cell)
    WHERE {{which}} AND (c.geom IS NULL OR GeometryType(c.geom) = 'POINT')
"""
_MIDDLE: Final = f"""
    CASE WHEN ST_XMin(c.geom_laea) < 0 OR ST_YMin(c.geom_laea) < 0
            OR ST_XMax(c.geom_laea) >= {GRID_EXTENT} OR ST_YMax(c.geom_laea) >= {GRID_EXTENT} THEN NULL
        WHEN GeometryType(c.geom_laea) = 'LINESTRING' THEN ST_LineInterpolatePoint(c.geom_laea, 0.5)
        WHEN ST_Intersects(ST_Centroid(c.geom_laea), c.geom_laea) THEN ST_Centroid(c.geom_laea)
        ELSE ST_PointOnSurface(c.geom_laea) END
"""
"""The point that stands for a line or area in the centres of the map (`Centre`), on the shape; NULL outside the grid.

The migration `0041_tally_centres` computes the same, so that a rebuild finds no difference.
"""
_SHAPES: Final = f"""
    SELECT c.id, ST_AsBinary(c.geom_laea), ST_X(middle.point), ST_Y(middle.point)
    FROM mapping_contribution c CROSS JOIN LATERAL (SELECT {_MIDDLE} OFFSET 0) AS middle (point)
    WHERE {{which}} AND GeometryType(c.geom) <> 'POINT' {{after}}
    ORDER BY c.id LIMIT {_BATCH}
"""
_CELLS_OF_SHAPES: Final = f"""
    INSERT INTO {{target}} ({_COLUMNS})
    SELECT c.id, touched.cell, {_COPIED}, touched.sizes, {_COPIED_TOO}, touched.east_cm, touched.north_cm
    FROM unnest(
        %(ids)s::uuid[], %(cells)s::bigint[], %(sizes)s::smallint[], %(east)s::smallint[], %(north)s::smallint[]
    ) AS touched (id, cell, sizes, east_cm, north_cm)
    JOIN mapping_contribution c ON c.id = touched.id
"""
# Where more than half of a campaign changes, a recount costs less than updating per row.
_MOSTLY_CHANGED: Final = f"""
    SELECT c.campaign_id
    FROM mapping_contribution c
    WHERE c.id = ANY(%(ids)s)
    GROUP BY c.campaign_id
    HAVING count(*) > 1000 AND count(*) > coalesce((
        SELECT sum(t.contributions) / 2 FROM mapping_tally t
        WHERE t.campaign_id = c.campaign_id AND t.level = {tally.TOTALS} AND t.cell = {EVERYWHERE}
    ), 0)
"""
# Two joins instead of "OR ... IN (...)", which PostgreSQL evaluates row by row where a million ids exceed its
# work_mem.
_KEPT: Final = f"""
    CREATE TEMPORARY TABLE kept_footprint ON COMMIT DROP AS
    SELECT {_COLUMNS} FROM mapping_footprint WHERE campaign_id = %(campaign)s
    UNION ALL
    SELECT {", ".join(f"f.{name}" for name in _COLUMNS.split(", "))}
    FROM mapping_footprint f JOIN mapping_contribution c ON c.id = f.contribution_id
    WHERE c.campaign_id = %(campaign)s AND f.campaign_id <> %(campaign)s
"""
_DELETE_WRONG: Final = f"""
    DELETE FROM mapping_footprint f
    USING (SELECT {_COLUMNS} FROM kept_footprint EXCEPT SELECT {_COLUMNS} FROM right_footprint) AS wrong
    WHERE f.contribution_id = wrong.contribution_id AND f.cell = wrong.cell
"""
_INSERT_MISSING: Final = f"""
    INSERT INTO mapping_footprint ({_COLUMNS})
    SELECT {_COLUMNS} FROM right_footprint EXCEPT SELECT {_COLUMNS} FROM kept_footprint
"""


def write(contribution: Contribution) -> None:
    """Rewrite the footprint of one stored contribution from its row in the database.

    Raises GeometryProblem "too_large" for a shape that touches more than `MOST_CELLS` cells.
    """
    with _cursor() as cursor:
        cursor.execute("DELETE FROM mapping_footprint WHERE contribution_id = %s", [contribution.pk])
        _fill(cursor, "c.id = %(id)s", {"id": contribution.pk}, shapes=_may_be_shape(contribution))


def write_many(contributions: Iterable[uuid.UUID] | Campaign) -> int:
    """Rewrite the footprints of many stored contributions, or of a whole campaign; return the number of rows.

    Works in sets; points never leave the database. Raises GeometryProblem as `write` does, having written nothing.
    """
    if isinstance(contributions, Campaign):
        return rebuild(contributions).footprints
    params = _Params(ids=list(contributions))
    with _cursor() as cursor:
        cursor.execute(_MOSTLY_CHANGED, params)
        campaigns = [campaign for (campaign,) in cursor.fetchall()]
        with tally.counted_anew(cursor, campaigns) if campaigns else nullcontext():
            cursor.execute("DELETE FROM mapping_footprint WHERE contribution_id = ANY(%(ids)s)", params)
            return _fill(cursor, "c.id = ANY(%(ids)s)", params)


def set_status(contribution: Contribution) -> None:
    """Copy a contribution's (just changed) status to its footprint."""
    with _cursor() as cursor:
        cursor.execute(
            "UPDATE mapping_footprint SET status = %s WHERE contribution_id = %s",
            [STATUS_CODES[contribution.status], contribution.pk],
        )


def delete(contribution: Contribution) -> None:
    """Remove the footprint of one contribution."""
    with _cursor() as cursor:
        cursor.execute("DELETE FROM mapping_footprint WHERE contribution_id = %s", [contribution.pk])


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Result of `rebuild`: the number of expected rows, and of rows that were wrong, missing or superfluous."""

    footprints: int
    tallies: int
    differences: int


STEPS: Final = 3
"""Number of progress steps of `rebuild`."""


def rebuild(campaign: Campaign, tell: Callable[[], object] = lambda: None) -> Rebuilt:
    """Rebuild a campaign's footprints and tally, changing only rows that differ; calls `tell` after each step.

    Transactions that change footprints of this campaign wait meanwhile (the trigger takes the same lock). Each of
    them changes a contribution and its footprint together, hence what is visible here is consistent.
    """
    params = _Params(campaign=campaign.pk)
    with _cursor() as cursor:
        tally.lock(cursor, campaign.pk)
        cursor.execute("CREATE TEMPORARY TABLE right_footprint (LIKE mapping_footprint) ON COMMIT DROP")
        cursor.execute(_KEPT, params)
        with tally.counted_anew(cursor, [campaign.pk]) as recount:
            rows = _fill(cursor, "c.campaign_id = %(campaign)s", params, target="right_footprint")
            tell()
            cursor.execute(_DELETE_WRONG)
            deleted = cursor.rowcount
            cursor.execute(_INSERT_MISSING)
            # A row with one wrong column is both deleted and inserted, and still one difference.
            differences = max(deleted, cursor.rowcount)
            tell()
        tell()
        cursor.execute("DROP TABLE right_footprint, kept_footprint")
        differences += recount.differences
        if differences:
            Change.objects.note(campaign.pk)
    return Rebuilt(rows, recount.rows, differences)


def settle() -> None:
    """Vacuum and analyse after a bulk change, so that counts are index-only at once.

    Autovacuum does the same a minute later. Call it outside of transactions; inside one it does nothing.
    """
    connection = connections[router.db_for_write(Footprint)]
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) mapping_footprint, mapping_tally, mapping_centre")
            # See the migration `0004_statistics_of_small_tables`.
            cursor.execute("ANALYZE mapping_campaign, mapping_category")


@dataclass(slots=True)
class _Piece:
    """Rows of lines and areas as columns."""

    ids: list[uuid.UUID] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    east: list[int | None] = field(default_factory=list)
    north: list[int | None] = field(default_factory=list)


@contextmanager
def _cursor() -> Iterator[CursorWrapper]:
    database = router.db_for_write(Footprint)
    with transaction.atomic(using=database, savepoint=False), connections[database].cursor() as cursor:
        yield cursor


def _may_be_shape(contribution: Contribution) -> bool:
    return contribution.geom is not None and contribution.geom.geom_type != "Point"


def _fill(
    cursor: CursorWrapper,
    which: str,
    params: Mapping[str, _Param],
    *,
    target: str = "mapping_footprint",
    shapes: bool = True,
) -> int:
    """Insert the rows of the contributions that the condition `which` names."""
    params = {**params, "time_zone": settings.TIME_ZONE}
    cursor.execute(_POINTS.format(target=target, which=which), params)
    rows: int = cursor.rowcount
    after = ""
    while shapes:
        cursor.execute(_SHAPES.format(which=which, after=after), params)
        batch = cursor.fetchall()
        if not batch:
            break
        for columns in _columns(batch):
            cursor.execute(_CELLS_OF_SHAPES.format(target=target), {**params, **columns})
            rows += cursor.rowcount
        params["last"], after = batch[-1][0], "AND c.id > %(last)s"
    return rows


def _columns(batch: Iterable[_Shape]) -> Iterator[_Params]:
    """Turn shapes into arrays of rows, in pieces: one shape may have 100,000 rows."""
    piece = _Piece()
    for pk, wkb, east, north in batch:
        keys = _cells(shapely.from_wkb(bytes(wkb)))
        piece.ids += [pk] * len(keys)
        piece.cells += keys
        piece.sizes += bits(keys)
        east_cm, north_cm = _offsets(keys, east, north)
        piece.east += east_cm
        piece.north += north_cm
        if len(piece.ids) >= _PIECE:
            yield asdict(piece)
            piece = _Piece()
    if piece.ids:
        yield asdict(piece)


def _offsets(
    keys: list[int], east: float | None, north: float | None
) -> tuple[list[int | None], list[int | None]]:
    """`Footprint.east_cm` and `north_cm` of the cells of a shape with a middle (EPSG:3035 metres).

    They stand in the row of the cell that holds the middle or, should rounding have put it outside of all cells, of
    the first one, at its nearest point. None of a shape outside the grid.
    """
    offsets: tuple[list[int | None], list[int | None]] = ([None] * len(keys), [None] * len(keys))
    if keys == [NOWHERE] or east is None or north is None:
        return offsets
    key = int(north // BASE_SIZE) * KEY_FACTOR + int(east // BASE_SIZE)
    holder = key if key in keys else min(keys)
    row = keys.index(holder)
    for found, position, number in zip(
        offsets, (east, north), (holder % KEY_FACTOR, holder // KEY_FACTOR), strict=True
    ):
        centimetres = math.floor((position - number * BASE_SIZE) * 100)
        found[row] = min(max(centimetres, 0), LAST_CM)
    return offsets


def _cells(geom_laea: shapely.Geometry) -> list[int]:
    try:
        return keys_touched(geom_laea, limit=MOST_CELLS)
    except GeometryProblem as problem:
        if problem.code == "too_large":
            raise
        return [NOWHERE]


def bits(keys: list[int]) -> list[int]:
    """Return `Footprint.sizes` for the cells of one contribution: the first row in each coarser cell stands
    for it.
    """
    if keys == [NOWHERE]:
        return [ONCE]
    cells: npt.NDArray[np.int64] = np.array(keys, dtype=np.int64)
    marks = np.zeros(len(cells), dtype=np.int64)
    marks[:1] = ONCE
    for position, size in enumerate(SIZES):
        factor = size // BASE_SIZE
        parents = cells // KEY_FACTOR // factor * KEY_FACTOR + cells % KEY_FACTOR // factor
        marks[np.unique(parents, return_index=True)[1]] |= 1 << position
    bits_of_rows: list[int] = marks.tolist()
    return bits_of_rows
