"""Shapefiles in a ZIP archive: one layer per geometry type, UTF-8, with the full names of columns in `fields.csv`.

Limits of the format: names of 10 letters, texts of 254 bytes (cut at a letter), neither moments nor booleans (they
become texts), files of 2 GB (larger ones are refused), no rows without place in a layer (a table of their own).
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext_lazy as _

from mapping.exports.errors import TooLargeForFormat
from mapping.exports.fields import Field
from mapping.exports.formats import csv
from mapping.exports.labels import LABELS
from mapping.exports.registry import EXTRAS, Content, ExportOptions, Format, Origin, Progress
from mapping.exports.selection import Selection
from mapping.exports.streams.tables import GEOMETRY, Counter, Table, layers
from mapping.exports.streams.writing import workplace, write_layer

_LONGEST_NAME: Final = 10
_LONGEST_TEXT: Final = 254
_LARGEST: Final = 2_000_000_000
_NUMBER_WIDTH: Final = 24
_WIDTHS: Final = {"integer": 18, "number": _NUMBER_WIDTH, "boolean": 5, "datetime": 20}
_AS_TEXT: Final = frozenset({"boolean", "datetime"})


def write_file(
    content: Content, origin: Origin, options: ExportOptions, path: Path, progress: Progress
) -> None:
    """Write layers one by one and pack each before the next is made."""
    tables = [table for table in layers(content, origin, options) if table.name not in EXTRAS]
    counter = Counter(tables, progress)
    with (
        workplace(path) as place,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        rows: list[tuple[str, ...]] = []
        for table in tables:
            rows += _write(table, place, counter)
            for part in sorted(place.iterdir()):
                archive.write(part, part.name)
                part.unlink()
        head = ("layer", "column", "name", "title", "description", "unit")
        archive.writestr("fields.csv", csv.table([head, *rows]))
        if isinstance(content, Selection):
            _add_extras(archive, content, options)


def _add_extras(archive: zipfile.ZipFile, selection: Selection, options: ExportOptions) -> None:
    for extra in EXTRAS:
        if extra in options.include:
            with archive.open(f"{extra}.csv", "w") as file:
                for piece in csv.write_extra(extra, selection, options.labels):
                    file.write(piece)


def _write(table: Table, place: Path, counter: Counter) -> list[tuple[str, ...]]:
    """Write one layer; returns its rows of `fields.csv`."""
    names = short_names(table.fields)
    widths = _text_widths(table)
    total = sum(widths[field.name] if field.name in widths else _WIDTHS[field.kind] for field in table.fields)
    if total * table.count > _LARGEST:
        raise TooLargeForFormat("shp.zip")
    columns = []
    for field in table.fields:
        is_text = field.name in widths
        column = pa.field(names[field.name], pa.string() if is_text else table.schema.field(field.name).type)
        columns.append(
            column.with_metadata({"GDAL:OGR:width": str(widths[field.name])}) if is_text else column
        )
    if table.shape:
        columns.append(table.schema.field(GEOMETRY))
    schema = pa.schema(columns)
    batches = (_shortened(batch, schema) for batch in table.batches(counter))
    options = {"ENCODING": "UTF-8", "RESIZE": "NO"} | ({} if table.shape else {"SHPT": "NULL"})
    write_layer(
        table,
        place / f"{table.name}.{'shp' if table.shape else 'dbf'}",
        "ESRI Shapefile",
        counter,
        options=options,
        schema=schema,
        batches=batches,
    )
    return [
        (table.name, names[field.name], field.name, str(field.title), str(field.description), field.unit)
        for field in table.fields
    ]


def short_names(fields: tuple[Field, ...]) -> dict[str, str]:
    """Unique names of ten letters at most (dBase ignores case)."""
    taken: set[str] = set()
    found = {}
    for field in fields:
        short = field.name.replace("-", "_")[:_LONGEST_NAME]
        number = 1
        while short.lower() in taken:
            number += 1
            ending = f"_{number}"
            short = field.name.replace("-", "_")[: _LONGEST_NAME - len(ending)] + ending
        taken.add(short.lower())
        found[field.name] = short
    return found


def _text_widths(table: Table) -> dict[str, int]:
    """Read the table once to find the widths of texts: a wider one later would make GDAL rewrite the file."""
    texts = [one for one in table.fields if one.kind not in {"integer", "number"}]
    widest = {field.name: _WIDTHS.get(field.kind, 1) for field in texts}
    for batch in table.begin():
        for field in texts:
            if field.kind in _AS_TEXT:
                continue
            longest = pc.max(pc.binary_length(batch.column(field.name))).as_py()
            widest[field.name] = max(widest[field.name], min(longest or 1, _LONGEST_TEXT))
    return widest


def _shortened(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for column, field in zip(batch.columns, schema, strict=True):
        if pa.types.is_string(field.type):
            columns.append(_cut(_as_text(column)))
        else:
            columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _as_text(column: pa.Array) -> pa.StringArray:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    return column.cast(pa.string())


def _cut(texts: pa.StringArray) -> pa.StringArray:
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= _LONGEST_TEXT:
        return texts
    return pa.array([None if text is None else _cut_text(text) for text in texts.to_pylist()], pa.string())


def _cut_text(text: str) -> str:
    return text.encode()[:_LONGEST_TEXT].decode(errors="ignore")


SHAPEFILE = Format(
    "shp.zip",
    _("Shapefile"),
    "application/zip",
    write_file=write_file,
    labels=LABELS,
    hint=_("For older programs: one layer per kind of place, long texts cut."),
)
