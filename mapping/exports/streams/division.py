"""Division of a large query into parts that two connections can read at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

PART: Final = 25_000
"""Rows of a part, about 10 MB of text: more would fill memory, fewer would need too many query plans."""

_BOUNDS: Final = """
    SELECT histogram_bounds::text::timestamptz[] FROM pg_stats
    WHERE schemaname = ANY (current_schemas(false)) AND tablename = %s AND attname = %s
"""


def in_parts(rows: QuerySet[Any, Any], column: str, wrapper: BaseDatabaseWrapper) -> list[QuerySet[Any, Any]]:
    """Divide rows that are ordered by a column of moments, the newest first; parts keep that order.

    The number of rows and the boundaries come from PostgreSQL's statistics (its estimate of the query, its histogram of
    the column), which are cheap to read. However wrong they are, each row is in exactly one of the parts.
    """
    number = _estimated(rows, wrapper) // PART
    if number < 2:
        return [rows]
    return [
        rows.filter(**_limits(column, start, end))
        for start, end in _spans(_evenly(_bounds(rows, column, wrapper), number))
    ]


def _limits(column: str, start: datetime | None, end: datetime | None) -> dict[str, datetime]:
    limits = {f"{column}__gte": start, f"{column}__lt": end}
    return {lookup: moment for lookup, moment in limits.items() if moment is not None}


def _spans(moments: Sequence[datetime]) -> list[tuple[datetime | None, datetime | None]]:
    """The spans between consecutive moments, open at both ends, latest span first."""
    edges = [None, *sorted(set(moments), reverse=True), None]
    return [(start, end) for end, start in pairwise(edges)]


def _evenly(moments: Sequence[datetime], parts: int) -> list[datetime]:
    """Pick evenly as many moments as divide a span into about `parts`."""
    if len(moments) <= parts:
        return list(moments)
    return [moments[len(moments) * number // parts] for number in range(1, parts)]


def _estimated(rows: QuerySet[Any, Any], wrapper: BaseDatabaseWrapper) -> int:
    sql, params = rows.query.get_compiler(connection=wrapper).as_sql()
    with wrapper.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        [[[explained]]] = cursor.fetchall()
    return int(explained["Plan"]["Plan Rows"])


def _bounds(rows: QuerySet[Any, Any], column: str, wrapper: BaseDatabaseWrapper) -> list[datetime]:
    with wrapper.cursor() as cursor:
        cursor.execute(_BOUNDS, [rows.model._meta.db_table, column])  # noqa: SLF001 - Django's own way
        found = cursor.fetchone()
    return found[0] if found and found[0] else []
