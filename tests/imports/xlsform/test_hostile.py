"""Workbooks that are made to take long or to break the reader."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter

from mapping.imports.problems import TableProblem
from mapping.imports.xlsform import sheets
from mapping.imports.xlsform.reading import read_xlsform
from tests.imports.xlsform.forms import COLOURS, asked, faults, workbook
from tests.work import bounded_work

GOOD = {"survey": [asked("select_one colours", "q")], "choices": COLOURS}


def many_rows(number: int) -> bytes:
    """A workbook of as many questions, as small as spreadsheets write it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("survey")
        sheet.write_row(0, 0, ("type", "name", "label"))
        for row in range(1, number + 1):
            sheet.write_row(row, 0, ("text", f"q{row}", "Frage?"))
    return target.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with changed parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(one, old.read(one)))
    return target.getvalue()


@pytest.mark.slow
def test_200_000_rows_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = many_rows(200_000)
    assert len(data) > sheets.MOST_BYTES
    opened: list[object] = []
    monkeypatch.setattr(sheets, "opened_sheets", opened.append)
    for most, code in ((sheets.MOST_BYTES, "upload_too_large"), (len(data), "file_too_large")):
        monkeypatch.setattr(sheets, "MOST_BYTES", most)
        with pytest.raises(TableProblem) as refused:
            read_xlsform(data)
        assert refused.value.code == code
    assert opened == []


def test_no_row_behind_the_limit_is_read() -> None:
    with bounded_work():
        assert faults(read_xlsform(many_rows(20_000))) == [("survey", 2_002, "too_many_rows")]


def test_row_at_the_end_of_a_huge_sheet() -> None:
    """A gap of a million rows takes no list of a million rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    sheet.append(["type", "name", "label"])
    sheet.cell(1_048_576, 1, "geotrace")
    target = io.BytesIO()
    book.save(target)
    with bounded_work():
        assert faults(read_xlsform(target.getvalue())) == [("survey", 1_048_576, "unknown_type")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"type,name,label\ntext,q,Q?\n",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        workbook(GOOD)[:-200],
        repacked(workbook(GOOD), lambda name, part: part[: len(part) // 2] if "sheet1" in name else part),
        repacked(workbook(GOOD), lambda name, part: b"<!DOCTYPE a>" + part if "sheet1" in name else part),
        repacked(workbook(GOOD), lambda name, part: b"" if name == "xl/workbook.xml" else part),
        repacked(workbook(GOOD), lambda name, part: part.replace(b'r="A2"', b'r="ZZZZZ9"')),
        repacked(workbook(GOOD), lambda name, part: part + b" " * 40_000_000 if "sheet1" in name else part),
    ],
    ids=["empty", "zip", "csv", "xls", "cut", "half a sheet", "doctype", "no workbook", "wrong cell", "bomb"],
)
def test_damaged_workbooks_are_refused(data: bytes) -> None:
    with pytest.raises(TableProblem):
        read_xlsform(data)


def test_many_columns_and_long_cells() -> None:
    row = {
        "type": "text",
        "name": "n" * 40_000,
        "label": "x" * 32_000,
        **{f"c{at}": "y" for at in range(500)},
    }
    found = read_xlsform(workbook({"survey": [row]}))
    assert faults(found) == [("survey", 2, "too_long"), ("survey", 2, "name_changed")][:1]
