"""Tables of translations for translators, as XLSX or CSV; `mapping.imports.translations` reads them again.

Every text is written as a text: nothing becomes a formula. In CSV, what a spreadsheet would evaluate begins with an
apostrophe, which is taken off when the table is read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

import xlsxwriter

from mapping.exports.formats import csv
from mapping.imports.translations import KEY, ORIGINAL, TRANSLATION

COLUMNS: Final = (KEY, "where", ORIGINAL, TRANSLATION, "state", "most_characters")
_WIDTHS: Final = (28, 34, 60, 60, 14, 10)

Line = tuple[str, str, str, str, str, int]
"""The cells of `COLUMNS`; `where` and `state` are in words."""


def csv_of(lines: Sequence[Line]) -> bytes:
    """The table as CSV in UTF-8."""
    return csv.table(_with_heads(lines))


def workbook_of(lines: Sequence[Line], title: str, *, is_rtl: bool = False) -> bytes:
    """The table as a workbook with one sheet; `is_rtl` aligns translations to the right."""
    target = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(title[:31])
        plain = {"text_wrap": True, "valign": "top"}
        head, wrapped = book.add_format(plain | {"bold": True}), book.add_format(plain)
        # Reading order 2: from right to left (ECMA-376, 18.8.1).
        own = book.add_format(plain | ({"reading_order": 2, "align": "right"} if is_rtl else {}))
        sheet.freeze_panes(1, 0)
        for at, width in enumerate(_WIDTHS):
            sheet.set_column(at, at, width)
        for number, line in enumerate(_with_heads(lines)):
            for at, cell in enumerate(line):
                style = head if not number else own if COLUMNS[at] == TRANSLATION else wrapped
                if isinstance(cell, int):
                    sheet.write_number(number, at, cell, style)
                else:
                    sheet.write_string(number, at, cell, style)
    return target.getvalue()


def _with_heads(lines: Sequence[Line]) -> Iterator[tuple[str | int, ...]]:
    yield COLUMNS
    yield from lines
