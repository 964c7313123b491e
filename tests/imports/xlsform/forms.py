"""Workbooks with a survey, made row by row."""

import io
from collections.abc import Mapping, Sequence

import openpyxl

from mapping.imports.xlsform.form import Form
from mapping.imports.xlsform.reading import read_xlsform

Row = Mapping[str, object]

COLOURS: tuple[Row, ...] = (
    {"list_name": "colours", "name": "red", "label": "Rot"},
    {"list_name": "colours", "name": "green", "label": "Grün"},
)
AGREEMENT: tuple[Row, ...] = (
    {"list_name": "agreement", "name": "yes", "label": "Stimmt"},
    {"list_name": "agreement", "name": "no", "label": "Stimmt nicht"},
)


def workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """A workbook with a sheet for each list of rows, whose columns are all names that occur."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        columns = list(dict.fromkeys(name for row in rows for name in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(name) for name in columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def form(*survey: Row, choices: Sequence[Row] = (*COLOURS, *AGREEMENT), **settings: object) -> Form:
    """What is read of these rows, the first of which is row 2."""
    sheets: dict[str, Sequence[Row]] = {"survey": survey, "choices": choices}
    if settings:
        sheets["settings"] = [settings]
    return read_xlsform(workbook(sheets))


def asked(type_: str, name: str, label: str | None = None, **cells: object) -> Row:
    """A row of the sheet survey."""
    return {"type": type_, "name": name, "label": label or f"{name}?", **cells}


def faults(found: Form) -> list[tuple[str, int, str]]:
    """Sheet, row and code of each problem."""
    return [(one.sheet, one.row, one.code) for one in found.problems]
