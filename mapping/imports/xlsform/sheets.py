"""The sheets of an XLSForm as rows of texts by column and language."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final, get_args

from mapping.imports.problems import TableProblem
from mapping.imports.reading.sheets.workbook import opened_sheets
from mapping.imports.reading.unpacking import unpacked
from mapping.imports.xlsform.form import Finding, SheetName

MOST_BYTES: Final = 2 * 2**20
"""Most bytes of a workbook: forms have some hundred kilobytes at most."""
MOST_UNPACKED: Final = 8 * 2**20
"""Most bytes after unpacking, which is checked before a sheet is read: 2,000 rows with long texts are about two."""
MOST_ROWS: Final = 2_000
"""Most rows of a sheet."""
MOST_COLUMNS: Final = 100

_SEPARATOR: Final = re.compile(r"(?<!\s)\s*::?\s*")
_PREFIXES: Final = frozenset({"bind", "body", "control", "media"})
_ALIASES: Final[Mapping[str, str]] = {
    "caption": "label",
    "relevance": "relevant",
    "calculate": "calculation",
    "readonly": "read_only",
    "list": "list_name",
    "title": "form_title",
    "big_image": "big-image",
}
_TRANSLATED: Final = frozenset(
    {"label", "hint", "image", "audio", "video", "big-image", "start_label", "end_label", "unit", "alt"}
)
_NAMES: Final[tuple[SheetName, ...]] = get_args(SheetName)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its plain name, e.g. "label", and its language, empty where it names none."""

    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its number as spreadsheets show it and its filled cells."""

    number: int
    cells: Mapping[Column, str]

    def __getitem__(self, name: str) -> str:
        """The text of a column without languages; empty where there is none."""
        return self.cells.get(Column(name), "")

    def translated(self, name: str, languages: Iterable[str]) -> str:
        """The text in the first of the languages that has one."""
        return next((text for one in languages if (text := self.cells.get(Column(name, one), ""))), "")

    def filled(self, *names: str) -> bool:
        """Whether one of these columns has a text, in whichever language."""
        return any(column.name in names for column in self.cells)


@dataclass(slots=True)
class Sheet:
    """A sheet: its columns with the number of the row that names them, and the rows below."""

    header: int = 0
    columns: tuple[Column, ...] = ()
    rows: list[SheetRow] = field(default_factory=list)


def read_sheets(data: bytes) -> tuple[dict[SheetName, Sheet], list[Finding]]:
    """Read the sheets `survey`, `choices` and `settings` of a workbook, and their faults.

    Raises TableProblem for anything but a workbook, or one beyond the limits, which are checked before it is read.
    """
    if len(data) > MOST_BYTES:
        raise TableProblem("The file is too large.", "upload_too_large", megabytes=MOST_BYTES // 2**20)
    found: list[Finding] = []
    sheets: dict[SheetName, Sheet] = {}
    with tempfile.TemporaryDirectory(prefix="geoparticipation-") as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(data)
        with (
            unpacked(path, MOST_UNPACKED) as form,
            opened_sheets(form.plain, path.name, MOST_COLUMNS) as opened,
        ):
            lines_of = {title.strip().lower(): lines for title, lines in opened.items()}
            for name in _NAMES:
                if name in lines_of:
                    sheets[name] = _sheet(name, lines_of[name], found)
    if "survey" not in sheets:
        found.append(Finding("survey", 0, "sheet_missing"))
    return sheets, found


def _sheet(name: SheetName, lines: Iterator[Sequence[object]], found: list[Finding]) -> Sheet:
    sheet = Sheet()
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        if not sheet.header:
            sheet.header = number
            sheet.columns = tuple(_column(_text(cell)) for cell in line)
            found += (
                Finding(name, number, "column_twice", {"column": one}) for one in _doubles(sheet.columns)
            )
            continue
        texts = [_text(cell) for cell in line[: len(sheet.columns)]]
        cells = {
            column: text for column, text in zip(sheet.columns, texts, strict=False) if text and column.name
        }
        if not cells:
            continue
        if len(sheet.rows) == MOST_ROWS:
            found.append(Finding(name, number, "too_many_rows", {"most": MOST_ROWS}))
            break
        sheet.rows.append(SheetRow(number, cells))
    return sheet


def _doubles(columns: Sequence[Column]) -> Iterator[str]:
    seen: set[Column] = set()
    for one in columns:
        if one.name and one in seen:
            yield f"{one.name}::{one.language}" if one.language else one.name
        seen.add(one)


def _column(header: str) -> Column:
    """Parse a heading: "label::Deutsch (de)", "Label", "bind::relevant", "media::image::English (en)"."""
    first, *rest = _SEPARATOR.split(" ".join(header.split()))
    name = _plain(first)
    if name in _PREFIXES and rest:
        name, rest = _plain(rest[0]), rest[1:]
    name = _ALIASES.get(name, name)
    if name in _TRANSLATED:
        return Column(name, " ".join(rest).strip())
    return Column("::".join([name, *rest]))


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()
