"""Queries on the database that footprints are read from (possibly a replica): rows, or columns as numpy arrays.

Columns come from one statement that returns one row of aggregated arrays, and are read without a loop:
`array_agg` of a million numbers in PostgreSQL's binary format is read by `numpy.frombuffer`; COPY or rows cost more
(see benchmarks/README.md).
"""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psycopg
from django.db import connections, router
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from mapping.models import Footprint

Column = npt.NDArray[Any]
"""Integers (int64), floats (float64) or bytes (object)."""

# PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_send: number of dimensions, whether there are nulls, type of the
# elements, then per dimension its length and lower bound; each element behind its length; all big-endian int4.
_HEAD: Final = struct.Struct(">5i")
_LENGTH: Final = struct.Struct(">i")
_NUMBERS: Final = {
    20: (np.dtype([("length", ">i4"), ("value", ">i8")]), np.int64),
    21: (np.dtype([("length", ">i4"), ("value", ">i2")]), np.int64),
    23: (np.dtype([("length", ">i4"), ("value", ">i4")]), np.int64),
    701: (np.dtype([("length", ">i4"), ("value", ">f8")]), np.float64),
}
"""numpy types by OID of the element's type in pg_type: bigint, smallint, integer, double precision."""
_BYTES: Final = 17
"""OID of bytea."""


def fetch(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a read-only statement and return its rows."""
    with connections[router.db_for_read(Footprint)].cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def fetch_columns(statement: str, params: Mapping[str, Any] | None = None) -> list[Column]:
    """Run a statement that returns one row of one-dimensional arrays (`array_agg`), and return these.

    Elements are bigint, integer, smallint, double precision or bytea, and never null. An array that is null (aggregated
    from no row) is empty. Parameters (`%(name)s`) go to the server apart from the text, so they may need casts.
    """
    connection = connections[router.db_for_read(Footprint)]
    connection.ensure_connection()
    began = time.monotonic()
    # Django's own cursors interpolate parameters into the text, which rules out binary results.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, params, binary=True)
        result = cursor.pgresult
        if result is None:
            raise ValueError("The statement answers nothing.")
        columns = [_read(result.get_value(0, number)) for number in range(result.nfields)]
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": f"{time.monotonic() - began:.3f}"})
    return columns


def raw(sql: str, *params: object) -> RawSQL:
    """An expression in SQL: the caller's own text, with what people wrote as parameters."""
    return RawSQL(sql, params)  # noqa: S611 - see above


def written(rows: QuerySet[Any, Any]) -> str:
    """A QuerySet as SQL with its parameters interpolated, compiled for the database that footprints are read from."""
    connection: Any = connections[router.db_for_read(Footprint)]
    text: str = connection.ops.compose_sql(
        *rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
    )
    return text


def _read(value: bytes | None) -> Column:
    if value is None:
        return np.empty(0, dtype=np.int64)
    dimensions, has_nulls, kind, length, _lower = _HEAD.unpack_from(value)
    if dimensions != 1 or has_nulls:
        raise ValueError("Only arrays of one dimension without nulls are read.")
    if kind == _BYTES:
        return _read_bytes(value, length)
    stored, wanted = _NUMBERS[kind]
    return np.frombuffer(value, dtype=stored, offset=_HEAD.size)["value"].astype(wanted)


def _read_bytes(value: bytes, number: int) -> Column:
    found = np.empty(number, dtype=np.object_)
    position = _HEAD.size
    for index in range(number):
        (length,) = _LENGTH.unpack_from(value, position)
        position += _LENGTH.size
        found[index] = value[position : position + length]
        position += length
    return found
