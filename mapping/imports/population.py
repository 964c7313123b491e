"""Population grids, replaced as a whole by a newer census."""

import re
from collections.abc import Generator, Mapping, Sequence
from typing import Final

from django.db import transaction

from mapping.geo.grid import Cell
from mapping.geo.text import cell_text
from mapping.imports.outlines import require_all_right
from mapping.imports.problems import TableProblem
from mapping.imports.reading.rows import Row, Table
from mapping.imports.rejections import ImportReport
from mapping.models import PopulationCell, PopulationGrid

MOST_INHABITANTS: Final = 2_000_000_000
"""The range of the database column."""

_NOTHING: Final = frozenset({"", "-", "–", ".", "-1"})
"""Notations of statistical offices for cells that are uninhabited or confidential."""
# The short codes of older tables (1kmN2916E4150, 100mN28567E43327) leave out the zeros of the corner.
_SHORT: Final = re.compile(r"([1-9][0-9]{0,3})(k?m)N([0-9]{1,6})E([0-9]{1,6})")
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,20})?")
LARGEST_CELL: Final = 100_000
"""Largest edge of cells in metres."""

_BATCH = 5_000


def import_population(
    slug: str, cells: Mapping[int, int], *, size: int, title: str = "", attribution: str = ""
) -> PopulationGrid:
    """Replace the cells of a grid (created when needed), atomically.

    `cells` maps `mapping.geo.grid.Cell.key` at `size` metres to inhabitants. An empty title or attribution
    keeps an existing grid's.
    """
    with transaction.atomic():
        grid, _ = PopulationGrid.objects.get_or_create(
            slug=slug, defaults={"title": title or slug, "size": size}
        )
        grid.title = title or grid.title
        grid.attribution = attribution or grid.attribution
        grid.size = size
        grid.save()
        grid.cells.all().delete()
        PopulationCell.objects.bulk_create(
            (
                PopulationCell(grid=grid, cell=cell, inhabitants=inhabitants)
                for cell, inhabitants in cells.items()
            ),
            batch_size=_BATCH,
        )
    return grid


def read_population(
    table: Table, report: ImportReport, *, id_field: str, count_fields: Sequence[str]
) -> Generator[int, None, tuple[int, dict[int, int]]]:
    """Read the size of a file's cells in metres and inhabitants by `Cell.key`; several counts are added up. Yields the
    rows of each batch.

    Raises TableProblem for invalid rows (the report lists all of them) or an empty file.
    """
    table.require(id_field, *count_fields)
    cells: dict[int, int] = {}
    size = 0
    for batch in table.rows():
        for row in report.sound(batch):
            cell = _cell(row, id_field, report)
            size = size or (cell.size if cell else 0)
            inhabitants = _inhabitants(row, count_fields, report) if cell else None
            if cell is None or inhabitants is None:
                continue
            if cell.size != size:
                report.reject(row, "cell", "other_size")
            elif cell.key in cells:
                report.reject(row, "cell", "repeated", params={"value": cell.id})
            else:
                cells[cell.key] = inhabitants
        yield len(batch)
    require_all_right(report)
    if not cells:
        raise TableProblem("The file has no rows.", "file_without_rows")
    report.stored = len(cells)
    return size, cells


def _cell(row: Row, field: str, report: ImportReport) -> Cell | None:
    text = cell_text(row.fields[field])
    short = _SHORT.fullmatch(text)
    try:
        cell: Cell | None
        if short:
            size = int(short[1]) * (1000 if short[2] == "km" else 1)
            cell = Cell(size, int(short[4]) * size, int(short[3]) * size)
        else:
            cell = Cell.parse(text)
    except ValueError:
        cell = None
    if cell is None or cell.size > LARGEST_CELL:
        report.reject(row, "cell", "unreadable", params={"value": text[:60]})
        return None
    return cell


def _inhabitants(row: Row, fields: Sequence[str], report: ImportReport) -> int | None:
    total = 0.0
    for field in fields:
        text = cell_text(row.fields[field])
        if text in _NOTHING:
            continue
        if not _NUMBER.fullmatch(text):
            report.reject(row, "count", "not_a_number", params={"value": text[:60], "field": field})
            return None
        total += float(text.replace(",", "."))
    if total > MOST_INHABITANTS:
        report.reject(row, "count", "too_large")
        return None
    return round(total)
