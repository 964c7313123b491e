"""The tallies: counts per cell (`Tally`) and true centres per cell and category (`Centre`); rebuilt and verified here.

Triggers keep them up to date (migrations `0003_tally` and `0041_tally_centres`). `heatmap` and `centres` read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from django.db.backends.utils import CursorWrapper

from mapping.geo.grid import BASE_SIZE, KEY_FACTOR, SIZES
from mapping.models.footprint import EVERYWHERE, NOWHERE, UNNAMED

TOTALS: Final = len(SIZES)
"""The level after the last size, whose cells are `EVERYWHERE`, `NOWHERE` and `UNNAMED`."""

LOCK: Final = 1734437999
"""First key of the advisory locks under which tallies change (the second is the campaign); see the migration."""


def centimetres_sql(axis: Literal["east", "north"]) -> str:
    """Return the SQL of the sum of `Centre.east` or `Centre.north` over rows of footprints that hold a place."""
    number = f"mod(cell, {KEY_FACTOR})" if axis == "east" else f"cell / {KEY_FACTOR}"
    return f"sum({number} * {BASE_SIZE * 100} + {axis}_cm)::bigint"


def parent_sql(cell: str, level: int) -> str:
    """Return the SQL of the key of the cell at a level that contains a 100 m cell (see `grid.parent_key`)."""
    factor = SIZES[level] // BASE_SIZE
    if factor == 1:
        return cell
    return f"({cell} / {KEY_FACTOR} / {factor} * {KEY_FACTOR} + mod({cell}, {KEY_FACTOR}) / {factor})"


_KEY: Final = "campaign_id, status, level, cell"
_COLUMNS: Final = f"{_KEY}, contributions, participants"
_COUNT: Final = f"""
    INSERT INTO right_tally ({_COLUMNS})
    SELECT campaign_id, status, %(level)s, {{cell}}, count(*) FILTER (WHERE sizes >> %(level)s & 1 = 1),
        count(DISTINCT participant_id)
    FROM mapping_footprint
    WHERE campaign_id = %(campaign)s AND {{which}}
    GROUP BY campaign_id, status, {{cell}}
"""
_CENTRE_KEY: Final = "campaign_id, status, level, cell, category_id"
_CENTRE_COLUMNS: Final = f"{_CENTRE_KEY}, contributions, east, north"
_CENTRES: Final = f"""
    INSERT INTO right_centre ({_CENTRE_COLUMNS})
    SELECT campaign_id, status, 0, cell, category_id, count(*), {centimetres_sql("east")}, {centimetres_sql("north")}
    FROM mapping_footprint
    WHERE campaign_id = %(campaign)s AND east_cm IS NOT NULL
    GROUP BY campaign_id, status, cell, category_id
"""
_CENTRES_ABOVE: Final = f"""
    INSERT INTO right_centre ({_CENTRE_COLUMNS})
    SELECT campaign_id, status, %(level)s, {{cell}}, category_id, sum(contributions), sum(east), sum(north)
    FROM right_centre
    WHERE level = 0
    GROUP BY campaign_id, status, {{cell}}, category_id
"""
_DELETE: Final = """
    DELETE FROM mapping_{table} AS kept
    USING (
        SELECT {columns} FROM mapping_{table} WHERE campaign_id = %(campaign)s
        EXCEPT SELECT {columns} FROM right_{table}
    ) AS wrong
    WHERE ({key}) = ({key_of_wrong})
"""
_INSERT: Final = """
    INSERT INTO mapping_{table} ({columns})
    SELECT {columns} FROM right_{table}
    EXCEPT SELECT {columns} FROM mapping_{table} WHERE campaign_id = %(campaign)s
    ORDER BY {order}
"""


@dataclass(slots=True)
class Recount:
    """The number of expected rows, and of rows that were wrong, missing or superfluous."""

    rows: int = 0
    differences: int = 0


def lock(cursor: CursorWrapper, campaign_id: int) -> None:
    """Take an exclusive lock on a campaign's tally until the end of the transaction."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, campaign_id])


@contextmanager
def counted_anew(cursor: CursorWrapper, campaign_ids: Iterable[int]) -> Iterator[Recount]:
    """Suspend the tally triggers of campaigns for changes of footprints within a transaction, then recount.

    Yields a record that is filled at the end. The lock (the one that the triggers take) is taken after the changes: a
    concurrent transaction that changes footprints is either finished before the recount, or waits and then sees its
    result.
    """
    result = Recount()
    # The setting ends with the transaction, even on error. Sorting a million rows needs memory.
    cursor.execute(
        "SELECT set_config('geoparticipation.tally', 'later', true), set_config('work_mem', '64MB', true)"
    )
    yield result
    cursor.execute("SELECT set_config('geoparticipation.tally', '', true)")
    for campaign_id in sorted(campaign_ids):
        lock(cursor, campaign_id)
        _recount(cursor, campaign_id, result)
        _recount_centres(cursor, campaign_id, result)


def _recount(cursor: CursorWrapper, campaign_id: int, result: Recount) -> None:
    cursor.execute("CREATE TEMPORARY TABLE right_tally (LIKE mapping_tally) ON COMMIT DROP")
    counts = [(level, parent_sql("cell", level), "cell >= 0") for level in range(TOTALS)]
    # Casts, because a bare number in GROUP BY means a column.
    counts += [
        (TOTALS, f"({EVERYWHERE}::bigint)", "true"),
        (TOTALS, f"({NOWHERE}::bigint)", f"cell = {NOWHERE}"),
        (TOTALS, f"({UNNAMED}::bigint)", "participant_id IS NULL"),
    ]
    for level, cell, which in counts:
        cursor.execute(_COUNT.format(cell=cell, which=which), {"level": level, "campaign": campaign_id})
        result.rows += cursor.rowcount
    result.differences += _repair(cursor, campaign_id, "tally", _KEY, _COLUMNS)


def _recount_centres(cursor: CursorWrapper, campaign_id: int, result: Recount) -> None:
    cursor.execute("CREATE TEMPORARY TABLE right_centre (LIKE mapping_centre) ON COMMIT DROP")
    cursor.execute(_CENTRES, {"campaign": campaign_id})
    result.rows += cursor.rowcount
    for level in range(1, TOTALS):
        cursor.execute(_CENTRES_ABOVE.format(cell=parent_sql("cell", level)), {"level": level})
        result.rows += cursor.rowcount
    result.differences += _repair(cursor, campaign_id, "centre", _CENTRE_KEY, _CENTRE_COLUMNS)


def _repair(cursor: CursorWrapper, campaign_id: int, table: str, key: str, columns: str) -> int:
    """Change the rows of a table that differ from its temporary right one, drop that, return the differences."""
    names = {
        "table": table,
        "columns": columns,
        "key": ", ".join(f"kept.{name}" for name in key.split(", ")),
        "key_of_wrong": ", ".join(f"wrong.{name}" for name in key.split(", ")),
        "order": key,
    }
    cursor.execute(_DELETE.format(**names), {"campaign": campaign_id})
    deleted: int = cursor.rowcount
    cursor.execute(_INSERT.format(**names), {"campaign": campaign_id})
    inserted: int = cursor.rowcount
    cursor.execute(f"DROP TABLE right_{table}")
    # A row with a wrong number is both deleted and inserted, and still one difference.
    return max(deleted, inserted)
