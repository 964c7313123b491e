"""Exports as tables of Arrow batches: contributions by geometry type, accompanying data, cells.

PostgreSQL sends CSV in pieces of whole rows (`copying`), Arrow parses each piece in C++; places travel as hexadecimal
WKB. So memory holds one piece, and no value becomes a Python object.
"""

from __future__ import annotations

from binascii import unhexlify
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, F, Func, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyarrow import csv

from mapping.exports.cells.released import FIELDS as CELL_FIELDS
from mapping.exports.cells.released import cells_batch, cells_of
from mapping.exports.columns import BETWEEN, PlaceText, Written
from mapping.exports.extras import extra_source, with_extras
from mapping.exports.fields import EXTRA_TITLES, Field, Kind
from mapping.exports.labels import labelled
from mapping.exports.registry import EXTRAS, Content, ExportOptions, Origin, Progress, Released
from mapping.exports.selection import Selection
from mapping.exports.sources import Source, contributions_source
from mapping.exports.streams.copying import copied_table
from mapping.models.campaign import PlaceType

GEOMETRY: Final = "geom"
"""Name of the geometry column."""

Shape = Literal["Point", "LineString", "Polygon", "MultiPolygon", "Unknown"]

ID: Final = Field("id", _("Id"), "text", is_always_there=True)

_UNIT: Final = "\x1f"
# Types for parsing the text that PostgreSQL wrote.
_TYPES: Final[dict[Kind, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "datetime": pa.timestamp("ms", tz="UTC"),
    "texts": pa.string(),
    "objects": pa.string(),
}
_LARGEST_PIECE: Final = 1 << 30


@dataclass(frozen=True)
class Table:
    """One layer (with a `shape`) or plain table (without): its columns, its number of rows, and how to read them.

    Lists are texts joined by "; ", or lists where `has_lists`.
    """

    name: str
    title: str | Promise
    fields: tuple[Field, ...]
    shape: Shape | None
    crs: int
    count: int
    has_lists: bool
    begin: Callable[[], Iterator[pa.RecordBatch]]

    @property
    def schema(self) -> pa.Schema:
        """The columns in their order, the place last."""
        columns = [
            pa.field(
                field.name,
                pa.list_(pa.string()) if self.has_lists and field.kind == "texts" else _TYPES[field.kind],
            )
            for field in self.fields
        ]
        return pa.schema([*columns, *([pa.field(GEOMETRY, pa.binary())] if self.shape else [])])

    def batches(self, progress: Callable[[int], None]) -> Generator[pa.RecordBatch, None, None]:
        """Read all rows; `progress` is called with the number of rows added."""
        with closing(self.begin()) as read:  # type: ignore[type-var] # generators can be closed
            for batch in read:
                yield batch
                progress(batch.num_rows)


class Counter:
    """Adds up the rows of several tables for one progress."""

    def __init__(self, tables: Sequence[Table], progress: Progress) -> None:
        self.total = sum(table.count for table in tables)
        self._done = 0
        self._progress = progress
        progress(0, self.total)

    def __call__(self, more: int) -> None:
        """Add a number of rows and report progress."""
        self._done += more
        self._progress(self._done, max(self.total, self._done))


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    title: str | Promise
    shape: Shape | None


# Geometry types, which GIS programs keep in separate layers.
_PLACES: Final = {
    PlaceType.POINT: _Layer("points", _("Points"), "Point"),
    PlaceType.LINE: _Layer("lines", _("Lines"), "LineString"),
    PlaceType.POLYGON: _Layer("areas", _("Areas"), "Polygon"),
}
_NOWHERE: Final = _Layer("without_place", _("Contributions without a place"), None)
_STORED: Final = {"POINT": "points", "LINESTRING": "lines", "POLYGON": "areas", None: "without_place"}


def layers(content: Content, origin: Origin, options: ExportOptions) -> list[Table]:
    """One layer per geometry type that occurs, then a table of contributions without a place, then accompanying data.

    Without any contributions, one empty layer.
    """
    if isinstance(content, Released):
        return [cells(content, options)]
    counts = _counts(content)
    found = [
        _contributions(
            replace(content, place_types=(place_type,)), origin, options, layer, counts.get(layer.name, 0)
        )
        for place_type, layer in _PLACES.items()
        if counts.get(layer.name) or (not counts and place_type == PlaceType.POINT)
    ]
    if counts.get(_NOWHERE.name):
        nowhere = Q(geom=None) if content.condition is None else content.condition & Q(geom=None)
        without = replace(content, condition=nowhere)
        found.append(_contributions(without, origin, options, _NOWHERE, counts[_NOWHERE.name]))
    return [*found, *extras(content, options)]


def mixed(content: Content, origin: Origin, options: ExportOptions, *, has_lists: bool = False) -> Table:
    """All contributions in one table of mixed geometry types, accompanying data as JSON; `count` is their number."""
    if isinstance(content, Released):
        return cells(content, options)
    count = sum(_counts(content).values())
    everything = _Layer("contributions", _("Contributions"), "Unknown")
    source = labelled(with_extras(content, origin.photo_base, options.include), options.labels)
    return _table(source, options, everything, count, has_lists=has_lists)


def without_place(content: Content) -> int:
    """Count the contributions without a place."""
    return 0 if isinstance(content, Released) else _counts(content).get(_NOWHERE.name, 0)


def extras(content: Content, options: ExportOptions) -> list[Table]:
    """The tables of accompanying data."""
    if isinstance(content, Released):
        return []
    found = []
    for extra in EXTRAS:
        if extra in options.include:
            source = labelled(extra_source(extra, content), options.labels)
            found.append(
                Table(
                    extra,
                    EXTRA_TITLES[extra],
                    source.fields,
                    None,
                    options.crs,
                    source.rows.count(),
                    has_lists=False,
                    begin=lambda source=source: _read(source, source.fields, None),  # type: ignore[misc]
                )
            )
    return found


def cells(content: Released, options: ExportOptions) -> Table:
    """The cells of a release."""
    count = len(cells_of(content.release))
    table = Table(
        "cells",
        _("Cells"),
        CELL_FIELDS,
        "MultiPolygon",
        options.crs,
        count,
        has_lists=False,
        begin=lambda: iter(()),
    )
    schema = table.schema
    return replace(table, begin=lambda: cells_batch(content.release, options.crs, schema))


def _counts(selection: Selection) -> dict[str, int]:
    rows = selection.contributions().order_by().values("geom__place_type").annotate(number=Count("pk"))
    return {_STORED[row["geom__place_type"]]: row["number"] for row in rows}


def _contributions(
    selection: Selection, origin: Origin, options: ExportOptions, layer: _Layer, count: int
) -> Table:
    source = labelled(contributions_source(selection, origin.photo_base, is_whole=True), options.labels)
    return _table(source, options, layer, count)


def _table(
    source: Source, options: ExportOptions, layer: _Layer, count: int, *, has_lists: bool = False
) -> Table:
    fields = (ID, *source.fields)
    return Table(
        layer.name,
        layer.title,
        fields,
        layer.shape,
        options.crs,
        count,
        has_lists,
        begin=lambda: _read(source, fields, options.crs if layer.shape else None, has_lists=has_lists),
    )


def _read(
    source: Source, fields: Sequence[Field], crs: int | None, *, has_lists: bool = False
) -> Generator[pa.RecordBatch, None, None]:
    """Read a source; with a CRS the place is included."""
    between = _UNIT if has_lists else BETWEEN
    columns: list[Func] = [
        Written(source.values[field.name], field.kind, between=between)
        if field is not ID
        else Written(_identifier(source), "text")
        for field in fields
    ]
    if crs is not None:
        columns.append(PlaceText(source.place_in(crs)))
    rows = (source.in_order() if source.identifier and source.order else source.rows).values_list(*columns)
    lists = {field.name for field in fields if has_lists and field.kind == "texts"}
    types = {field.name: _TYPES[field.kind] for field in fields}
    if crs is not None:
        types[GEOMETRY] = pa.string()
    with closing(copied_table(rows, divided_by=source.divided_by)) as pieces:
        for piece in pieces:
            yield _parsed(piece, types, lists)


def _identifier(source: Source) -> F:
    return F(source.identifier)


def _parsed(piece: bytes, types: dict[str, pa.DataType], lists: set[str]) -> pa.RecordBatch:
    table = csv.read_csv(
        pa.BufferReader(piece),
        read_options=csv.ReadOptions(
            column_names=list(types), block_size=min(len(piece) + 1, _LARGEST_PIECE), use_threads=False
        ),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    [batch] = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]
    columns = []
    for name, column in zip(types, batch.columns, strict=True):
        if name == GEOMETRY:
            columns.append(_binary(column))
        elif name in lists:
            columns.append(_lists(column))
        else:
            columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=list(types))


def _binary(column: pa.StringArray) -> pa.BinaryArray:
    """Decode hexadecimal texts to bytes, all at once, because two letters are always one byte."""
    validity, offsets, letters = column.buffers()
    if letters is None:
        return pa.nulls(len(column), pa.binary())
    ends = np.frombuffer(offsets, dtype=np.int32)[: len(column) + 1]
    values = unhexlify(memoryview(letters)[: int(ends[-1])])
    halved = pa.py_buffer((ends // 2).astype(np.int32))
    return pa.Array.from_buffers(pa.binary(), len(column), [validity, halved, pa.py_buffer(values)])


def _lists(column: pa.StringArray) -> pa.ListArray:
    """Split texts joined by a control character into lists; null for the empty list."""
    parts = pc.split_pattern(column, _UNIT)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, parts.type), parts)
