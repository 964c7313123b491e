"""Rows of a QuerySet as a stream of finished text: PostgreSQL's COPY through libpq, in pieces, in constant memory.

Large queries can be divided into parts, which two connections copy in parallel from one snapshot of the database: one
core of the database writes text more slowly than the consumer reads it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from mapping.exports.streams.division import in_parts
from mapping.exports.streams.lanes import TABLE, TEXTS, CopyConnection, Form, RowStream, joined

logger = logging.getLogger(__name__)

_COPY: Final = "COPY ({query}) TO STDOUT ({options})"
_SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Only a limited number of streams may use a second connection, and a second core of the database, at once.
_helpers = threading.BoundedSemaphore(settings.DOWNLOADS_DIVIDED_AT_ONCE)


def copied_rows(rows: QuerySet[Any, Any], *, joined_by: bytes = b",\n", divided_by: str = "") -> RowStream:
    """Stream a query of exactly one column of texts, rows joined, in pieces of about `lanes.PIECE` bytes.

    `divided_by` names a column of moments by which the rows are ordered, the newest first: where there are many, they
    are then read in parts (`division`).

    Inside a transaction (a test's, say) the stream uses the thread's own connection, which alone sees uncommitted
    rows. Otherwise it takes others from the pool: a server may pull the pieces of a response from changing
    threads while this one already serves somebody else. Closing the iterator early cancels the query; the
    connections stay usable.
    """
    return _copied(rows, TEXTS, joined_by, divided_by)


def copied_table(rows: QuerySet[Any, Any], *, joined_by: bytes = b"\n", divided_by: str = "") -> RowStream:
    """Stream a query of any columns as CSV (RFC 4180) without header; connections and parts as in `copied_rows`.

    NULL is written as nothing, an empty text as `""`. Pieces hold whole rows.
    """
    return _copied(rows, TABLE, joined_by, divided_by)


def _copied(rows: QuerySet[Any, Any], form: Form, joined_by: bytes, divided_by: str) -> RowStream:
    # The database of the query, which may be a replica: a snapshot can be shared within one server only.
    own = connections[rows.db]
    if own.in_atomic_block:
        return _in_transaction(own, rows, form, joined_by, divided_by)
    # The request needs the thread's own connection no more; it goes back to the pool.
    own.close()
    return _separately(rows.using(own.alias), form, joined_by, divided_by)


def _in_transaction(
    own: BaseDatabaseWrapper, rows: QuerySet[Any, Any], form: Form, joined_by: bytes, divided_by: str
) -> RowStream:
    # A savepoint keeps the surrounding transaction alive when the query is cancelled.
    with transaction.atomic(using=own.alias):
        return (yield from _stream([own], _parts(rows, divided_by, own), form, joined_by))


def _separately(rows: QuerySet[Any, Any], form: Form, joined_by: bytes, divided_by: str) -> RowStream:
    with ExitStack() as stack:
        wrappers = [stack.enter_context(_connection(rows.db))]
        parts = _parts(rows, divided_by, wrappers[0])
        if len(parts) > 1:
            wrappers += stack.enter_context(_helping(wrappers[0]))
        return (yield from _stream(wrappers, parts, form, joined_by))


def _parts(
    rows: QuerySet[Any, Any], divided_by: str, wrapper: BaseDatabaseWrapper
) -> list[QuerySet[Any, Any]]:
    try:
        return in_parts(rows, divided_by, wrapper) if divided_by else [rows]
    except EmptyResultSet:
        return [rows]


def _stream(
    wrappers: list[BaseDatabaseWrapper], parts: list[QuerySet[Any, Any]], form: Form, joined_by: bytes
) -> RowStream:
    lanes = [CopyConnection(wrapper.connection.pgconn, form, joined_by) for wrapper in wrappers]
    return (yield from joined(lanes, _statements(parts, form, wrappers[0]), joined_by))


def _statements(parts: list[QuerySet[Any, Any]], form: Form, wrapper: BaseDatabaseWrapper) -> Iterator[bytes]:
    """COPY takes no parameters, so psycopg's client-side binding writes them into the text."""
    for rows in parts:
        try:
            sql, params = rows.query.get_compiler(connection=wrapper).as_sql()
        except EmptyResultSet:  # a filter that nothing can match, detected without a query
            continue
        query = wrapper.ops.compose_sql(sql, params)  # type: ignore[attr-defined]
        yield _COPY.format(query=query, options=form.options).encode()


@contextmanager
def _connection(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """A separate connection for the stream, in a transaction with a current snapshot."""
    separate = connections.create_connection(alias)
    separate.inc_thread_sharing()
    with closing(separate):
        separate.ensure_connection()
        _run(separate, _SNAPSHOT)
        try:
            yield separate
        finally:
            # If the database has closed the connection meanwhile, there is nothing to end: the pool discards it.
            if not separate.connection.closed:
                with suppress(OperationalError):
                    _run(separate, "ROLLBACK")


@contextmanager
def _helping(first: BaseDatabaseWrapper) -> Iterator[list[BaseDatabaseWrapper]]:
    """A second connection on the first one's snapshot; None where the pool or the database cannot spare one."""
    if not _can_spare_one(first) or not _helpers.acquire(blocking=False):
        yield []
        return
    try:
        with ExitStack() as stack:
            yield _second(first, stack)
    finally:
        _helpers.release()


def _can_spare_one(wrapper: BaseDatabaseWrapper) -> bool:
    """Whether the pool keeps a spare connection: other requests never wait for what only speeds up a download."""
    pool = wrapper.pool  # type: ignore[attr-defined] # PostgreSQL's
    if pool is None:
        return True
    known = pool.get_stats()
    return bool(known["pool_max"] - known["pool_size"] + known["pool_available"] > 1)


def _second(first: BaseDatabaseWrapper, stack: ExitStack) -> list[BaseDatabaseWrapper]:
    try:
        second = stack.enter_context(_connection(first.alias))
    except OperationalError:
        # The pool was emptied meanwhile, or the database accepts no more. The download has begun: continue without it.
        logger.warning("There was no second connection for a download.", exc_info=True)
        return []
    with first.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
    _run(second, f"SET TRANSACTION SNAPSHOT '{snapshot}'")
    return [second]


def _run(wrapper: BaseDatabaseWrapper, statement: str) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute(statement)
