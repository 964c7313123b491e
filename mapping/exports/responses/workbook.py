"""XLSX of responses: a sheet of answers and the codebook. Rows are written to disk as they arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from datetime import time as clock
from itertools import chain
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from mapping.exports.errors import TooManyColumns
from mapping.exports.formats.spreadsheet import LONGEST_TEXT, MOST_ROWS, opened_book
from mapping.exports.labels import Labels
from mapping.exports.registry import Progress
from mapping.exports.responses.codebook import codebook
from mapping.exports.responses.column import Column, Type
from mapping.exports.responses.columns import columns_of
from mapping.exports.responses.comparisons import comparison_rows
from mapping.exports.responses.reading import batches_of
from mapping.exports.responses.values import Cell
from mapping.models import Campaign

_MOST_COLUMNS: Final = 16_384
"""Excel's own limit."""
_NAME: Final = "xlsx"
_WIDTHS: Final[dict[Type, int]] = {
    "text": 28,
    "integer": 10,
    "number": 12,
    "boolean": 8,
    "date": 12,
    "time": 8,
}
_CODEBOOK_WIDTHS: Final = (24, 48, 20, 20, 14, 14, 10, 16, 10, 20, 40, 48)
_COMPARISON_WIDTHS: Final = (40, 28, 10, 10, 10, 10, 12, 40, 12)
_FORMATS: Final = {"date": "yyyy-mm-dd", "time": "hh:mm"}

_Write = Callable[[Worksheet, int, int, Any], object]


def write_file(
    campaign: Campaign, labels: Labels, address: str, path: Path, progress: Progress | None = None
) -> None:
    """Write answers, continued on further sheets beyond Excel's number of rows, then the codebook and comparisons.

    With titles instead of values, the head of a column is its label. Raises TooManyColumns.
    """
    columns = columns_of(campaign)
    if len(columns) > _MOST_COLUMNS:
        raise TooManyColumns(_NAME)
    with opened_book(path, campaign, address) as book:
        batches = batches_of(campaign, columns, progress)
        _write_answers(book, chain.from_iterable(batches), columns, labels)
        _write_codebook(book, columns)
        _write_comparisons(book, campaign)


def _write_answers(
    book: Workbook, rows: Iterable[Sequence[Cell]], columns: Sequence[Column], labels: Labels
) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    styles = {name: book.add_format({"num_format": form}) for name, form in _FORMATS.items()}
    writers = [_writer(column, labels, styles) for column in columns]
    line, number = 0, 0
    sheet: Worksheet | None = None
    for row in rows:
        if sheet is None or line == MOST_ROWS:
            number += 1
            sheet, line = _answers_sheet(book, columns, labels, head, number), 0
        line += 1
        for position, (cell, write) in enumerate(zip(row, writers, strict=True)):
            if cell is not None:
                write(sheet, line, position, cell)
    if sheet is None:
        _answers_sheet(book, columns, labels, head, 1)


def _answers_sheet(
    book: Workbook, columns: Sequence[Column], labels: Labels, head: object, number: int
) -> Worksheet:
    name = gettext("Responses")
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    for position, column in enumerate(columns):
        sheet.set_column(position, position, _WIDTHS[column.type])
        title = column.title if labels == "titles" else column.name
        sheet.write_string(0, position, title[:LONGEST_TEXT], head)
    sheet.freeze_panes(1, 0)
    return sheet


def _writer(column: Column, labels: Labels, styles: dict[str, Any]) -> _Write:
    if column.type in {"integer", "number"}:
        return lambda sheet, row, position, cell: sheet.write_number(row, position, cell)
    if column.type == "boolean":
        return lambda sheet, row, position, cell: sheet.write_boolean(row, position, cell)
    if column.type in _FORMATS:
        style = styles[column.type]
        return lambda sheet, row, position, cell: sheet.write_datetime(row, position, _moment(cell), style)
    titles = {one.value: str(one.title) for one in column.choices} if labels == "titles" else {}

    def write_text(sheet: Worksheet, row: int, position: int, cell: str) -> object:
        return sheet.write_string(row, position, titles.get(cell, cell)[:LONGEST_TEXT])

    return write_text


def _moment(cell: date | clock) -> datetime | clock:
    return cell if isinstance(cell, clock) else datetime.combine(cell, clock())


def _write_codebook(book: Workbook, columns: Sequence[Column]) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(gettext("Codebook"))
    for position, width in enumerate(_CODEBOOK_WIDTHS):
        sheet.set_column(position, position, width)
    for line, row in enumerate(codebook(columns)):
        for position, value in enumerate(row):
            sheet.write_string(line, position, str(value)[:LONGEST_TEXT], *([head] if line == 0 else []))
    sheet.freeze_panes(1, 0)


def _write_comparisons(book: Workbook, campaign: Campaign) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet: Worksheet | None = None
    for line, row in enumerate(comparison_rows(campaign)):
        if sheet is None:
            sheet = book.add_worksheet(gettext("Comparisons"))
            for position, width in enumerate(_COMPARISON_WIDTHS):
                sheet.set_column(position, position, width)
            sheet.freeze_panes(1, 0)
        for position, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, position, value[:LONGEST_TEXT], *([head] if line == 0 else []))
            elif value is not None:
                sheet.write_number(line, position, value)
