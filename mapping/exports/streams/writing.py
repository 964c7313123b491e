"""Writes tables with GDAL from a stream of Arrow batches."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from pyogrio.raw import write_arrow

from mapping.exports.fields import Field
from mapping.exports.streams.tables import GEOMETRY, Counter, Table


def write_layer(
    table: Table,
    path: Path,
    driver: str,
    counter: Counter,
    *,
    options: Mapping[str, str] | None = None,
    dataset_options: Mapping[str, str] | None = None,
    schema: pa.Schema | None = None,
    batches: Iterator[pa.RecordBatch] | None = None,
) -> None:
    """Write a table as a layer of a file; creates the file, or adds to it where the format holds several layers."""
    read = table.batches(counter) if batches is None else batches
    reader = pa.RecordBatchReader.from_batches(
        schema or described(table), (_as(batch, schema or described(table)) for batch in read)
    )
    place = (
        {"geometry_name": GEOMETRY, "geometry_type": table.shape, "crs": f"EPSG:{table.crs}"}
        if table.shape
        else {}
    )
    write_arrow(
        reader,
        path,
        layer=table.name,
        driver=driver,
        layer_options=dict(options or {}),
        dataset_options=None if path.exists() else dict(dataset_options or {}),
        **place,
    )


def described(table: Table, widths: Mapping[str, int] | None = None) -> pa.Schema:
    """The schema with the metadata that GDAL reads: titles, descriptions, widths (its ogrlayerarrow.cpp)."""
    columns = []
    known = {field.name: field for field in table.fields}
    for column in table.schema:
        field = known.get(column.name)
        columns.append(column if field is None else column.with_metadata(_metadata(field, widths or {})))
    return pa.schema(columns)


def _metadata(field: Field, widths: Mapping[str, int]) -> dict[str, str]:
    found = {"GDAL:OGR:alternative_name": str(field.title)}
    comment = ". ".join(filter(None, (str(field.description).rstrip("."), field.unit)))
    if comment:
        found["GDAL:OGR:comment"] = comment
    if field.name in widths:
        found["GDAL:OGR:width"] = str(widths[field.name])
    return found


def _as(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(batch.columns, schema=schema)


@contextmanager
def workplace(near: Path) -> Iterator[Path]:
    """A temporary directory beside a file, for its parts; removed afterwards."""
    found = Path(tempfile.mkdtemp(prefix=".parts-", dir=near.parent))
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)
