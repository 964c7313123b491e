"""A sheet as a table: header line, rows, places in cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import parse_crs
from mapping.geo.errors import GeometryProblem
from mapping.imports.problems import TableProblem
from mapping.imports.reading.formats import Format
from mapping.imports.reading.rows import (
    MOST_FIELDS,
    Batch,
    Reading,
    RowFault,
    Table,
    chosen_layer,
    require_few,
    require_fields,
)
from mapping.imports.reading.shapes import Found, usable
from mapping.imports.reading.sheets.delimited import delimited
from mapping.imports.reading.sheets.heads import (
    LOOKED_AT,
    as_words,
    guessed_header,
    is_filled,
    names_coordinates,
    names_of,
)
from mapping.imports.reading.sheets.places import (
    geometry_column,
    holds_geometries,
    is_lat_first,
    place_in,
    position_column,
)
from mapping.imports.reading.sheets.workbook import sheet, workbook

_BATCH: Final = 5_000
_SAMPLE: Final = 200
"""Number of rows in which the content of columns is detected."""
_TOTALS: Final = frozenset(
    ("summe", "summen", "gesamt", "gesamtsumme", "insgesamt", "gesamtergebnis", "ergebnis", "total", "totals", "sum",
     "grand total", "zwischensumme", "subtotal", "anzahl", "count")
)  # fmt: skip

Line = Sequence[object]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The rows of a sheet: the non-blank lines below the header."""

    lines: Iterable[Line]
    header: int
    width: int
    total: int
    """The number of the row of totals, 0 without one."""
    place: int | None = None
    lat_first: bool = True

    def batches(self, most: int, *, drop_heights: bool) -> Iterator[Batch]:
        rows = islice(self.rows(), most)
        while part := list(islice(rows, _BATCH)):
            padded = [_padded(line, self.width) for _, line in part]
            yield Batch(
                [number for number, _ in part],
                list(zip(*padded, strict=True)),
                self._places(padded, drop_heights=drop_heights),
                {index: fault for index, row in enumerate(part) if (fault := self._fault(*row)) is not None},
            )

    def values(self, index: int, most: int) -> Iterator[object]:
        for number, line in islice(self.rows(), most):
            if number != self.total:
                yield line[index] if index < len(line) else None

    def rows(self) -> Iterator[tuple[int, Line]]:
        """Each row with its number: lines are counted as in a spreadsheet, from the one below the header."""
        for number, line in enumerate(islice(self.lines, self.header, None), start=1):
            if any(map(is_filled, line)):
                yield number, line

    def _places(self, lines: Sequence[Line], *, drop_heights: bool) -> list[Found]:
        if self.place is None:
            return [None] * len(lines)
        found = [place_in(line[self.place], lat_first=self.lat_first) for line in lines]
        return [
            usable(one, drop_heights=drop_heights) if isinstance(one, BaseGeometry) else one for one in found
        ]

    def _fault(self, number: int, line: Line) -> RowFault | None:
        if number == self.total:
            return RowFault("total")
        if len(line) > self.width and any(map(is_filled, line[self.width :])):
            return RowFault("too_many_cells", {"cells": len(line), "fields": self.width})
        return None


def open_sheet(
    name: str, plain: Path, form: Format, reading: Reading, *, first_layer: bool, kept: Path | None
) -> Table:
    """A text with separators or a sheet of a workbook as a table; rows of a workbook stay in the folder `kept`.

    Raises TableProblem if it is not a table.
    """
    lines: Iterable[Line]
    if form.driver == "CSV":
        layers: tuple[str, ...] = (plain.stem,)
        layer = chosen_layer(name, layers, layers, reading.layer, first=first_layer)
        lines = delimited(plain, name, reading.encoding)
    else:
        folder = kept or plain.parent
        book = workbook(plain, name, folder)
        layers = book.tables
        layer = chosen_layer(name, book.names, layers, reading.layer, first=first_layer)
        lines = sheet(plain, name, book.names.index(layer), folder, MOST_FIELDS)
    first = list(islice(lines, _SAMPLE))
    header = _header(name, first, reading.header)
    count, widest, total = _measured(lines, header)
    named = first[header - 1] if header else None
    # In a text, a cell beyond the header is a superfluous separator; in a workbook, it was written deliberately.
    width = len(named) if named is not None and form.driver == "CSV" else max(widest, len(named or ()))
    require_few(name, width)
    fields = names_of(named, width, "field_" if form.driver == "CSV" else "Field")
    require_fields(fields, reading.place_field)
    rows = _Sheet(lines, header, width, total)
    columns = _columns(rows)
    place_field = reading.place_field or _place_field(fields, columns)
    lat_first = None
    if place_field:
        place = fields.index(place_field)
        if not holds_geometries(columns[place]):
            lat_first = is_lat_first(columns[place]) if reading.lat_first is None else reading.lat_first
        rows = replace(rows, place=place, lat_first=lat_first is not False)
    return Table(
        fields=fields,
        has_geometries=place_field is not None,
        crs=_crs(rows, columns),
        count=count,
        layer=layer,
        layers=layers,
        source=rows,
        header=header,
        heads=tuple(map(as_words, first[:LOOKED_AT])),
        place_field=place_field,
        lat_first=lat_first,
    )


def _header(name: str, first: Sequence[Line], wanted: int | None) -> int:
    """The number of the header line."""
    if not any(any(map(is_filled, line)) for line in first):
        raise TableProblem(f"{name} has no rows.", "file_without_rows")
    if wanted is None:
        return guessed_header(first[:LOOKED_AT])
    if not 0 <= wanted <= len(first):
        raise TableProblem(
            f"{name} has no line {wanted} that could name its fields.", "file_without_header", line=wanted
        )
    return wanted


def _measured(lines: Iterable[Line], header: int) -> tuple[int, int, int]:
    """The number of rows, the cells of the widest one, and the number of the row of totals at the end."""
    count = widest = last = 0
    end: Line = ()
    for number, line in enumerate(islice(lines, header, None), start=1):
        if any(map(is_filled, line)):
            count, widest, last, end = count + 1, max(widest, len(line)), number, line
    word = next((str(cell).strip().rstrip(":").lower() for cell in end if is_filled(cell)), "")
    return count, widest, last if word in _TOTALS else 0


def _place_field(fields: Sequence[str], columns: Sequence[Sequence[object]]) -> str | None:
    """The column with places, by content; columns of both coordinates only if there are no two separate columns."""
    found = geometry_column(fields, columns)
    if found is None and not names_coordinates(fields):
        found = position_column(fields, columns)
    return found


def _columns(sheet: _Sheet) -> list[Sequence[object]]:
    """The first cells of each column."""
    rows = [_padded(line, sheet.width) for _, line in islice(sheet.rows(), _SAMPLE)]
    return list(zip(*rows, strict=True)) if rows else [() for _ in range(sheet.width)]


def _padded(line: Line, width: int) -> Line:
    """Pad a line to the number of columns."""
    if len(line) == width:
        return line
    return [*line[:width], *[None] * (width - len(line))]


def _crs(sheet: _Sheet, columns: Sequence[Sequence[object]]) -> pyproj.CRS | None:
    """The CRS given by the geometries of the first rows, if they agree."""
    if sheet.place is None:
        return None
    found = [place_in(cell, lat_first=sheet.lat_first) for cell in columns[sheet.place]]
    named = {int(shapely.get_srid(one)) for one in found if isinstance(one, BaseGeometry)}
    if len(named) != 1 or not all(named):
        return None
    try:
        return parse_crs(f"EPSG:{named.pop()}")
    except GeometryProblem:
        return None
