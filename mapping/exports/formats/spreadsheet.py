"""XLSX for Excel and LibreOffice: a sheet of contributions, sheets of accompanying data, and a data dictionary.

Every text is written as a text: nothing becomes a formula or a link. Moments are written in the site's time zone,
because spreadsheets have none. Rows are written to disk as they arrive (`constant_memory`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import pyarrow as pa
import shapely
import xlsxwriter
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from xlsxwriter.worksheet import Worksheet

from mapping.exports.fields import Field, Kind
from mapping.exports.flat import decimals_of
from mapping.exports.labels import LABELS
from mapping.exports.registry import Content, ExportOptions, Format, Origin, Progress
from mapping.exports.streams.tables import GEOMETRY, Counter, Table, extras, mixed
from mapping.geo.crs import WGS84, transform_positions
from mapping.models import Campaign

MOST_ROWS: Final = 1_048_575
"""Rows below the header; Excel's own limit."""
LONGEST_TEXT: Final = 32_767
_SLICE: Final = 1000
_PLACE: Final = (
    Field("lon", _("Longitude"), "number", _("Of a point on the place, degrees (WGS 84).")),
    Field("lat", _("Latitude"), "number", _("Of a point on the place, degrees (WGS 84).")),
    Field("wkt", _("Place as text"), "text", _("Well-known text in the CRS of the file.")),
)
_WIDTHS: Final[dict[Kind, int]] = {
    "text": 28,
    "integer": 10,
    "number": 12,
    "boolean": 8,
    "datetime": 18,
    "texts": 28,
    "objects": 28,
}
_LANGUAGE_NEUTRAL: Final = "yyyy-mm-dd hh:mm:ss"


def write_file(
    content: Content, origin: Origin, options: ExportOptions, path: Path, progress: Progress
) -> None:
    """Write one sheet per table, continued on further sheets beyond Excel's row limit, and the data dictionary."""
    tables = [mixed(content, origin, options), *extras(content, options)]
    counter = Counter(tables, progress)
    with opened_book(path, content.campaign, origin.url) as book:
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "moment": book.add_format({"num_format": _LANGUAGE_NEUTRAL}),
        }
        for table in tables:
            fields = (*table.fields, *_PLACE) if table.shape else table.fields
            _write_rows(book, str(table.title), fields, _rows(table, counter), styles)
        _write_dictionary(book, tables, options, styles)


@contextmanager
def opened_book(path: Path, campaign: Campaign, address: str) -> Iterator[xlsxwriter.Workbook]:
    """A new workbook in which texts stay texts and rows are written to disk as they arrive."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": campaign.title,
                "subject": campaign.attribution,
                "comments": address,
                "created": datetime.combine(timezone.localdate(), time()),
            }
        )
        yield book


def _write_rows(
    book: xlsxwriter.Workbook,
    title: str,
    fields: Sequence[Field],
    rows: Iterator[Sequence[object]],
    styles: dict[str, Any],
) -> None:
    sheet, line, number = _sheet(book, title, fields, styles), 0, 1
    writers = [_writer_of(field.kind, styles) for field in fields]
    for row in rows:
        if line == MOST_ROWS:
            number += 1
            sheet, line = _sheet(book, f"{title} {number}", fields, styles), 0
        line += 1
        for column, (value, write) in enumerate(zip(row, writers, strict=True)):
            if value is not None:
                write(sheet, line, column, value)


def _sheet(
    book: xlsxwriter.Workbook, title: str, fields: Sequence[Field], styles: dict[str, Any]
) -> Worksheet:
    sheet = book.add_worksheet(title[:31])
    for column, field in enumerate(fields):
        sheet.set_column(column, column, _WIDTHS[field.kind])
    for column, field in enumerate(fields):
        sheet.write_string(0, column, field.name, styles["head"])
    sheet.freeze_panes(1, 0)
    return sheet


_Write = Callable[[Worksheet, int, int, Any], object]


def _writer_of(kind: Kind, styles: dict[str, Any]) -> _Write:
    if kind in {"integer", "number"}:
        return lambda sheet, row, column, value: sheet.write_number(row, column, value)
    if kind == "boolean":
        return lambda sheet, row, column, value: sheet.write_boolean(row, column, value)
    if kind == "datetime":
        moment = styles["moment"]
        return lambda sheet, row, column, value: sheet.write_datetime(row, column, value, moment)
    return lambda sheet, row, column, value: sheet.write_string(row, column, value[:LONGEST_TEXT])


def _rows(table: Table, counter: Counter) -> Iterator[Sequence[object]]:
    for batch in table.batches(counter):
        for start in range(0, batch.num_rows, _SLICE):
            part = batch.slice(start, _SLICE)
            columns = [_values(part.column(field.name), field.kind) for field in table.fields]
            if table.shape:
                columns += _places(part.column(GEOMETRY), table.crs)
            yield from zip(*columns, strict=True)


def _values(column: pa.Array, kind: Kind) -> list[object]:
    values = cast("list[object]", column.to_pylist())
    if kind != "datetime":
        return values
    zone = timezone.get_default_timezone()
    return [
        value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else None
        for value in values
    ]


def _places(column: pa.Array, crs: int) -> list[list[object]]:
    """Longitudes, latitudes and WKT; the point is the same as in CSV files."""
    geometries = shapely.from_wkb(np.asarray(column.to_pylist(), dtype=object))
    points = shapely.point_on_surface(geometries)
    is_line = shapely.get_dimensions(geometries) == 1
    points[is_line] = shapely.line_interpolate_point(geometries[is_line], 0.5, normalized=True)
    there = ~shapely.is_missing(geometries)
    lonlat = np.full((len(geometries), 2), np.nan)
    lonlat[there] = np.round(transform_positions(shapely.get_coordinates(points[there]), crs, WGS84), 7)
    texts = shapely.to_wkt(geometries, rounding_precision=decimals_of(crs))
    return [
        [float(x) if known else None for x, known in zip(lonlat[:, axis], there, strict=True)]
        for axis in (0, 1)
    ] + [list(texts)]


def _write_dictionary(
    book: xlsxwriter.Workbook, tables: Sequence[Table], options: ExportOptions, styles: dict[str, Any]
) -> None:
    sheet = book.add_worksheet(str(_("Fields"))[:31])
    heads = (_("Sheet"), _("Column"), _("Title"), _("Explanation"), _("Unit"), _("Values"))
    for column, (head, width) in enumerate(zip(heads, (20, 22, 36, 48, 10, 60), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, str(head), styles["head"])
    line = 0
    for table in tables:
        for field in (*table.fields, *(_PLACE if table.shape else ())):
            line += 1
            values = "; ".join(f"{choice.value} = {choice.title}" for choice in field.choices)
            unit = field.unit
            if field.kind == "datetime":
                unit = settings.TIME_ZONE
            elif field.name == "wkt":
                unit = f"EPSG:{options.crs}"
            row = (table.title, field.name, field.title, field.description, unit, values)
            for column, value in enumerate(row):
                sheet.write_string(line, column, str(value)[:LONGEST_TEXT])


SPREADSHEET = Format(
    "xlsx",
    _("Excel (XLSX)"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write_file=write_file,
    labels=LABELS,
    hint=_("A workbook with all answers as columns and a sheet that explains them."),
    group="table",
)
