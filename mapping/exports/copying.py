"""Rows of a QuerySet as a stream of finished text: PostgreSQL's COPY through libpq, in pieces, in constant memory.

`pgconn` is read directly and without blocking: one call per row, and waiting happens in `poll`, which lets the other
threads of the server go on, however long the database or the client takes.
"""

from __future__ import annotations

import logging
import select
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any, Final

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from psycopg import pq

logger = logging.getLogger(__name__)

PIECE: Final = 256 * 1024
"""Bytes handed on at once: large enough for compressors and sockets, small enough for constant memory."""

RowStream = Generator[bytes, None, int]
"""Pieces of bytes; the generator's value is the number of rows."""

# CSV with control characters for delimiter and quote: JSON text holds neither, nor line ends (RFC 8259 section 7 wants
# all of them escaped), so every row arrives exactly as it was built, plus one line feed.
_TEXTS: Final = "FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01'"
_TABLE: Final = "FORMAT csv"
_COPY: Final = "COPY ({query}) TO STDOUT ({form})"


def copied_rows(rows: QuerySet[Any, Any], *, joined_by: bytes = b",\n") -> RowStream:
    """Stream a query of exactly one column of JSON texts, rows joined, in pieces of about `PIECE` bytes.

    Inside a transaction (a test's, say) the stream uses the thread's own connection, which alone sees uncommitted
    rows. Otherwise it takes a second one from the pool: a server may pull the pieces of a response from changing
    threads while this one already serves somebody else. Closing the iterator early cancels the query; the
    connection stays usable.
    """
    return _copied(rows, _TEXTS, joined_by)


def copied_table(rows: QuerySet[Any, Any], *, joined_by: bytes = b"\n") -> RowStream:
    """Stream a query of any columns as CSV (RFC 4180) without header; connections as `copied_rows` has them.

    NULL is nothing, an empty text is `""`. Pieces hold whole rows.
    """
    return _copied(rows, _TABLE, joined_by)


def _copied(rows: QuerySet[Any, Any], form: str, joined_by: bytes) -> RowStream:
    own = connections[DEFAULT_DB_ALIAS]
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:  # a filter that nothing can pass, known without asking
        return _nothing()
    own.ensure_connection()
    # COPY takes no parameters, so psycopg's client-side binding writes them into the text.
    query = own.ops.compose_sql(sql, params)  # type: ignore[attr-defined]
    statement = _COPY.format(query=query, form=form).encode()
    if own.in_atomic_block:
        return _stream(own, transaction.atomic(), statement, joined_by)
    # Everything was read that this request wanted over the thread's own connection; the pool can have it back.
    own.close()
    return _stream_separately(statement, joined_by)


def _nothing() -> RowStream:
    yield from ()
    return 0


def _stream_separately(statement: bytes, joined_by: bytes) -> RowStream:
    separate = connections.create_connection(DEFAULT_DB_ALIAS)
    separate.inc_thread_sharing()
    with closing(separate):
        return (yield from _stream(separate, nullcontext(), statement, joined_by))


def _stream(
    wrapper: BaseDatabaseWrapper, savepoint: AbstractContextManager[None], statement: bytes, joined_by: bytes
) -> RowStream:
    """Run the COPY; a savepoint keeps a surrounding transaction alive when the query is cancelled."""
    with savepoint:
        wrapper.ensure_connection()
        pgconn: pq.abc.PGconn = wrapper.connection.pgconn
        try:
            return (yield from _pieces(pgconn, statement, joined_by))
        finally:
            _leave_copy(pgconn)


def _pieces(pgconn: pq.abc.PGconn, statement: bytes, joined_by: bytes) -> RowStream:
    readable = select.poll()
    readable.register(pgconn.socket, select.POLLIN)
    pgconn.send_query(statement)
    _expect(_next_result(pgconn, readable), pq.ExecStatus.COPY_OUT)
    buffer = bytearray()
    between = b""
    count = 0
    while True:
        size, row = pgconn.get_copy_data(1)
        if size > 0:
            buffer += between
            buffer += row[:-1]
            between = joined_by
            count += 1
            if len(buffer) >= PIECE:
                yield bytes(buffer)
                buffer.clear()
        elif size == 0:
            readable.poll()
            pgconn.consume_input()
        else:
            break
    _expect(_next_result(pgconn, readable), pq.ExecStatus.COMMAND_OK)
    if buffer:
        yield bytes(buffer)
    return count


def _next_result(pgconn: pq.abc.PGconn, readable: select.poll) -> pq.abc.PGresult | None:
    while pgconn.is_busy():
        readable.poll()
        pgconn.consume_input()
    return pgconn.get_result()


def _expect(result: pq.abc.PGresult | None, status: pq.ExecStatus) -> None:
    if result is None:
        raise psycopg.OperationalError("The database did not answer the export's query.")
    if result.status != status:
        raise psycopg.errors.error_from_result(result)


def _leave_copy(pgconn: pq.abc.PGconn) -> None:
    """Bring a connection back to rest whatever the stream was doing; a broken one is closed for good."""
    try:
        if pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
            pgconn.get_cancel().cancel()
        while (result := pgconn.get_result()) is not None:
            if result.status == pq.ExecStatus.COPY_OUT:
                _drain(pgconn)
    except psycopg.Error:
        logger.warning("An export's connection could not be brought to rest and was closed.", exc_info=True)
        pgconn.finish()


def _drain(pgconn: pq.abc.PGconn) -> None:
    """Throw away what was under way when the query was cancelled."""
    while pgconn.get_copy_data(0)[0] > 0:
        pass
