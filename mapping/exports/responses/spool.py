"""All responses in a temporary file of Arrow batches, for formats that read them more than once.

One snapshot of the database, memory for one batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time
from pathlib import Path
from typing import Final

import pyarrow as pa

from mapping.exports.registry import Progress
from mapping.exports.responses.column import Column, Type
from mapping.exports.responses.reading import batches_of
from mapping.exports.responses.values import Cell
from mapping.models import Campaign

# Few formats have a type for times of day: they are texts.
_ARROW: Final[dict[Type, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "time": pa.string(),
}


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    """The schema of all columns."""
    return pa.schema([pa.field(column.name, _ARROW[column.type]) for column in columns])


def spool(campaign: Campaign, columns: Sequence[Column], path: Path, progress: Progress | None = None) -> int:
    """Write all responses; returns their number."""
    schema, number = schema_of(columns), 0
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as file:
        for rows in batches_of(campaign, columns, progress):
            number += len(rows)
            file.write_batch(_batch(rows, columns, schema))
    return number


def spooled(path: Path) -> Iterator[pa.RecordBatch]:
    """Read the batches back."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
        for index in range(file.num_record_batches):
            yield file.get_batch(index)


def _batch(rows: Sequence[Sequence[Cell]], columns: Sequence[Column], schema: pa.Schema) -> pa.RecordBatch:
    arrays = []
    for cells, column, field in zip(zip(*rows, strict=True), columns, schema, strict=True):
        plain = map(_minutes, cells) if column.type == "time" else cells
        arrays.append(pa.array(list(plain), field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _minutes(cell: Cell) -> str | None:
    return cell.isoformat("minutes") if isinstance(cell, time) else None
