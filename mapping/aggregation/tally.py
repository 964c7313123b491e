"""The tally: counts per cell that triggers keep up to date (migration `0003_tally`); here it is made anew and proven.

Reading it is the business of `heatmap`.
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
"""The level behind the last size, whose cells are `EVERYWHERE`, `NOWHERE` and `UNNAMED`."""

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
    """How many rows there should be, and how many were wrong, missing or too many."""

    rows: int = 0
    differences: int = 0


def parent_sql(cell: str, level: int) -> str:
    """Write the key of the cell at a level that contains a 100 m cell, as SQL (see `grid.parent_key`)."""
    factor = SIZES[level] // BASE_SIZE
    if factor == 1:
        return cell
    return f"({cell} / {KEY_FACTOR} / {factor} * {KEY_FACTOR} + mod({cell}, {KEY_FACTOR}) / {factor})"


def lock(cursor: CursorWrapper, campaign_id: int) -> None:
    """Let nobody else change the tally of a campaign until the end of the transaction."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, campaign_id])


@contextmanager
def counted_anew(cursor: CursorWrapper, campaign_ids: Iterable[int]) -> Iterator[Recount]:
    """Let footprints of campaigns change within a transaction without keeping the tally, then count them anew.

    Yields a record that is filled at the end. The lock (the same as the triggers take) comes after the changes: a
    transaction that changes footprints at the same time is either finished before we count, or waits and then sees
    what we did.
    """
    result = Recount()
    # The setting ends with the transaction, also where an error ends it. Sorting a million rows deserves memory.
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
