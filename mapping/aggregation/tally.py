"""The tally table: counts per cell, kept up to date by triggers (migration `0003_tally`); rebuilt and verified here.

It is read by `heatmap`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db.backends.utils import CursorWrapper

from mapping.geo.grid import BASE_SIZE, KEY_FACTOR, SIZES
from mapping.models.footprint import EVERYWHERE, NOWHERE, UNNAMED

TOTALS: Final = len(SIZES)
"""The level after the last size, whose cells are `EVERYWHERE`, `NOWHERE` and `UNNAMED`."""

LOCK: Final = 1734437999
"""First key of the advisory locks under which tallies change (the second is the campaign); see the migration."""

_COLUMNS: Final = "campaign_id, status, level, cell, contributions, participants"
_COUNT: Final = f"""
    INSERT INTO right_tally ({_COLUMNS})
    SELECT campaign_id, status, %(level)s, {{cell}}, count(*) FILTER (WHERE sizes >> %(level)s & 1 = 1),
        count(DISTINCT participant_id)
    FROM mapping_footprint
    WHERE campaign_id = %(campaign)s AND {{which}}
    GROUP BY campaign_id, status, {{cell}}
"""
_DELETE: Final = f"""
    DELETE FROM mapping_tally AS tally
    USING (
        SELECT {_COLUMNS} FROM mapping_tally WHERE campaign_id = %(campaign)s
        EXCEPT SELECT {_COLUMNS} FROM right_tally
    ) AS wrong
    WHERE tally.campaign_id = wrong.campaign_id AND tally.status = wrong.status AND tally.level = wrong.level
        AND tally.cell = wrong.cell
"""
_INSERT: Final = f"""
    INSERT INTO mapping_tally ({_COLUMNS})
    SELECT {_COLUMNS} FROM right_tally
    EXCEPT SELECT {_COLUMNS} FROM mapping_tally WHERE campaign_id = %(campaign)s
    ORDER BY campaign_id, status, level, cell
"""


@dataclass(slots=True)
class Recount:
    """The number of expected rows, and of rows that were wrong, missing or superfluous."""

    rows: int = 0
    differences: int = 0


def parent_sql(cell: str, level: int) -> str:
    """Return the SQL of the key of the cell at a level that contains a 100 m cell (see `grid.parent_key`)."""
    factor = SIZES[level] // BASE_SIZE
    if factor == 1:
        return cell
    return f"({cell} / {KEY_FACTOR} / {factor} * {KEY_FACTOR} + mod({cell}, {KEY_FACTOR}) / {factor})"


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
    cursor.execute(_DELETE, {"campaign": campaign_id})
    deleted = cursor.rowcount
    cursor.execute(_INSERT, {"campaign": campaign_id})
    # A row with a wrong number is both deleted and inserted, and still one difference.
    result.differences += max(deleted, cursor.rowcount)
    cursor.execute("DROP TABLE right_tally")
