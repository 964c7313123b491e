"""CSV of responses, in the dialect of the other tables (`exports.formats.csv`)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Generator, Iterable
from datetime import date, time

from mapping.exports.formats.csv import BYTE_ORDER_MARK, table
from mapping.exports.labels import Labels
from mapping.exports.registry import Progress
from mapping.exports.responses.codebook import codebook
from mapping.exports.responses.column import Column
from mapping.exports.responses.columns import columns_of
from mapping.exports.responses.reading import batches_of
from mapping.exports.responses.values import Cell
from mapping.geo.formulas import guarded
from mapping.models import Campaign


def write(
    campaign: Campaign, labels: Labels, progress: Progress | None = None
) -> Generator[bytes, None, None]:
    """Stream all responses; choices are written as values, or as their titles."""
    columns = columns_of(campaign)
    yield (BYTE_ORDER_MARK + _rows([[column.name for column in columns]])).encode()
    writers = [_writer(column, labels) for column in columns]
    for batch in batches_of(campaign, columns, progress):
        yield _rows(
            [write_cell(cell) for write_cell, cell in zip(writers, row, strict=True)] for row in batch
        ).encode()


def write_codebook(campaign: Campaign) -> bytes:
    """The codebook as a table of its own."""
    return table(codebook(columns_of(campaign)))


def _rows(rows: Iterable[list[object]] | Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _writer(column: Column, labels: Labels) -> Callable[[Cell], object]:
    if column.type == "text":
        titles = {one.value: str(one.title) for one in column.choices} if labels == "titles" else {}
        return lambda cell: None if cell is None else guarded(titles.get(str(cell), cell))
    return in_text


def in_text(cell: Cell) -> object:
    """Days and times in ISO 8601, yes and no as true and false, numbers as they are."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return cell.isoformat() if isinstance(cell, date) else cell
