"""CSV (RFC 4180): a table with longitude, latitude and the whole place as WKT.

UTF-8 with a byte order mark: without one Excel assumes the machine's legacy character set; GDAL, QGIS, LibreOffice
and pandas skip it. Separated by commas, which German editions of Excel do not split on a double click: for them there
is XLSX. Texts that a spreadsheet would evaluate begin with an apostrophe (`geo.formulas`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterable
from typing import Any, Final

import shapely
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mapping.exports.cells.release import outline
from mapping.exports.cells.released import FIELDS, placed_cells, row_of
from mapping.exports.columns import Latitude, Longitude, WellKnownText, Written
from mapping.exports.extras import extra_source, with_extras
from mapping.exports.flat import decimals_of
from mapping.exports.labels import LABELS, Labels, labelled
from mapping.exports.registry import (
    AS_IT_IS,
    Content,
    ExportOptions,
    Extra,
    Format,
    Origin,
    Released,
)
from mapping.exports.selection import Selection
from mapping.exports.streams.copying import copied_table
from mapping.geo.crs import to_lonlat
from mapping.geo.formulas import guarded

BYTE_ORDER_MARK: Final = "\ufeff"
_LINE_END: Final = b"\r\n"
_PLACE: Final = ("lon", "lat", "wkt")


def write(
    content: Content, origin: Origin, options: ExportOptions = AS_IT_IS
) -> Generator[bytes, None, None]:
    """Stream a table; `lon` and `lat` are degrees whatever the CRS of `wkt` is."""
    if isinstance(content, Released):
        yield _released(content, options.crs)
        return
    source = labelled(with_extras(content, origin.photo_base, options.include), options.labels)
    columns: list[Any] = [Written(F(source.identifier), "text")]
    columns += [Written(source.values[one.name], one.kind, is_safe=True) for one in source.fields]
    columns += [Longitude(F(source.place)), Latitude(F(source.place))]
    columns.append(WellKnownText(source.place_in(options.crs), decimals_of(options.crs)))
    yield _head(("id", *(field.name for field in source.fields), *_PLACE))
    rows = source.in_order().values_list(*columns)
    count = yield from copied_table(rows, joined_by=_LINE_END, divided_by=source.divided_by)
    if count:
        yield _LINE_END


def write_extra(extra: Extra, selection: Selection, labels: Labels = "codes") -> Generator[bytes, None, None]:
    """Stream one table of data that accompany contributions."""
    source = labelled(extra_source(extra, selection), labels)
    columns = [Written(source.values[one.name], one.kind, is_safe=True) for one in source.fields]
    yield _head(field.name for field in source.fields)
    count = yield from copied_table(source.rows.values_list(*columns), joined_by=_LINE_END)
    if count:
        yield _LINE_END


def table(rows: Iterable[Iterable[object]]) -> bytes:
    """Write a whole file from rows of values; formulas are escaped."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([guarded(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _head(names: Iterable[str]) -> bytes:
    return table([names])


def _released(content: Released, crs: int) -> bytes:
    names = [field.name for field in FIELDS]
    rows: list[list[object]] = [[*names, *_PLACE]]
    for cell, area in placed_cells(content.release, crs):
        middle = to_lonlat(shapely.point_on_surface(outline(cell)))
        rows.append(
            [
                *row_of(cell),
                round(middle.x, 7),
                round(middle.y, 7),
                shapely.to_wkt(area, rounding_precision=decimals_of(crs)),
            ]
        )
    return table(rows)


CSV = Format(
    "csv",
    _("CSV"),
    "text/csv; charset=utf-8",
    write,
    labels=LABELS,
    hint=_("A plain table with longitude, latitude and WKT, for statistics programs and databases."),
    group="table",
)
