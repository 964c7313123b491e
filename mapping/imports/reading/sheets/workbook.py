"""Workbooks (XLSX), read by openpyxl row by row: as a whole, two cells in far corners would be 17 thousand million.

Dates and times are recognised by the format of each single cell. openpyxl is thorough rather than fast; therefore a
sheet is read once and its rows are kept beside the workbook.
"""

import pickle
import uuid
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Final, Protocol, cast
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from mapping.imports.problems import TableProblem

_LAST_ROW: Final = 1_048_576
"""The last row of any sheet (ECMA-376); a larger number in a file is an error or an attack."""
_BATCH: Final = 5_000
_LOOKED_AT: Final = 1_000
"""Number of rows in which a table is detected."""
_BROKEN: Final = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    InvalidFileException,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""Exceptions of openpyxl for damaged or forged workbooks; errors of both XML parsers that it uses are SyntaxErrors."""

Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook; each iteration yields its lines, blank ones as empty lists."""

    _kept: Path

    def __iter__(self) -> Iterator[Cells]:
        with self._kept.open("rb") as file:
            while True:
                try:
                    yield from pickle.load(file)  # noqa: S301 - as in `workbook`
                except EOFError:
                    return


class _Rows(Protocol):
    """The part of openpyxl's worksheet interface that is used."""

    title: str
    sheet_state: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(
        self, *, min_row: int, max_row: int, min_col: int, max_col: int, values_only: bool
    ) -> Iterator[tuple[object, ...]]: ...


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook: the visible ones that hold tables, and the names of all."""

    tables: tuple[str, ...]
    names: tuple[str, ...]


def workbook(path: Path, name: str, folder: Path) -> Workbook:
    """Open a workbook and cache its sheets in a folder. Raises TableProblem if it cannot be read."""
    kept = folder / "sheets.rows"
    if kept.is_file():
        with kept.open("rb") as file:
            return Workbook(*pickle.load(file))  # noqa: S301 - written below, into a folder that nobody else reaches
    with _opened(path, name) as sheets:
        names = tuple(one.title for one in sheets)
        visible = [one for one in sheets if one.sheet_state == "visible"] or sheets
        tables = tuple(one.title for one in visible if _holds_table(one)) or tuple(
            one.title for one in visible
        )
    _write(kept, [(tables, names)])
    return Workbook(tables, names)


def sheet(path: Path, name: str, number: int, folder: Path, most_fields: int) -> Sheet:
    """A sheet by its number, from the cache if possible; raises TableProblem if it cannot be read."""
    kept = folder / f"sheet-{number}.rows"
    if not kept.is_file():
        with _opened(path, name) as sheets:
            _write(kept, _batches(sheets[number], most_fields))
    return Sheet(kept)


@contextmanager
def opened_sheets(path: Path, name: str, most_fields: int) -> Iterator[Mapping[str, Iterator[Cells]]]:
    """The lines of each sheet by its title, blank ones as empty lists; nothing of a sheet is read before its lines are.

    Raises TableProblem if the workbook cannot be read, also while lines are read.
    """
    with _opened(path, name) as sheets:
        yield {one.title: _lines(one, _LAST_ROW, most_fields) for one in sheets}


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Sequence[_Rows]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that have no meaning for a table
            with closing(
                openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            ) as book:
                yield cast("Sequence[_Rows]", book.worksheets)
    except TableProblem:
        raise
    except _BROKEN as error:
        raise TableProblem(f"{name} cannot be read: {error}", "file_unreadable") from error


def _lines(sheet: _Rows, last_row: int, last_column: int) -> Iterator[list[object]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(min_row=1, max_row=last_row, min_col=1, max_col=last_column, values_only=True)
    for row in rows:
        if row.count(None) == len(row):  # a gap of a million rows is passed over quickly
            yield []
            continue
        width = next((at for at in range(len(row), 0, -1) if row[at - 1] is not None), 0)
        yield [_plain(value) for value in row[:width]]


def _holds_table(sheet: _Rows) -> bool:
    """Whether there are two non-blank lines: one with names, one with values."""
    filled = (line for line in _lines(sheet, _LOOKED_AT, 50) if line)
    return len(list(islice(filled, 2))) == 2


def _batches(sheet: _Rows, most_fields: int) -> Iterator[list[list[object]]]:
    """The lines of a sheet, without the blank ones at its end."""
    batch: list[list[object]] = []
    blank = 0
    for line in _lines(sheet, _LAST_ROW, most_fields + 1):
        if not line:
            blank += 1
            continue
        batch += [[]] * blank
        blank = 0
        batch.append(line)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    yield batch


def _write(kept: Path, objects: Iterable[object]) -> None:
    """Write atomically: concurrent readers never find a partial file."""
    written = kept.with_suffix(f".{uuid.uuid4().hex}")
    with written.open("wb") as file:
        for one in objects:
            pickle.dump(one, file)
    written.replace(kept)


def _plain(value: object) -> object:
    """Normalise a cell: midnight becomes a date, a duration a text."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
