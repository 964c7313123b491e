"""Opens files as tables: GIS formats by GDAL (`vectors`), CSV and XLSX cell by cell (`sheets`)."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mapping.imports.problems import TableProblem
from mapping.imports.reading.rows import Reading, Row, Table
from mapping.imports.reading.sheets.table import open_sheet
from mapping.imports.reading.unpacking import LAYER_OF, Unpacked, unpacked
from mapping.imports.reading.vectors import open_layer

__all__ = ["Reading", "Row", "Table", "TableProblem", "open_table"]


@contextmanager
def open_table(
    path: Path,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    header: int | None = None,
    place_field: str | None = None,
    lat_first: bool | None = None,
    first_layer: bool = False,
    largest: int | None = None,
    kept: Path | None = None,
) -> Iterator[Table]:
    """Open a file as a table; `.gz` and `.zip` are unpacked to a temporary folder first. The files with data of an
    archive are its layers.

    Options are those of `Reading`. Without `layer`, a file must have only one layer with rows, or the first one is used
    with `first_layer`. At most `largest` bytes are unpacked. Expensive results are cached in the folder `kept`.

    Raises TableProblem for anything but a plain file, for an unknown ending, and for content of another kind.
    """
    _require_encoding(encoding)
    with unpacked(path, largest, layer=layer, first_layer=first_layer) as file:
        reading = Reading(file.layer, encoding, header, place_field, lat_first)
        if file.form.is_sheet:
            # The cached rows are those of one workbook.
            folder = None if file.members else kept
            table = open_sheet(
                path.name, file.plain, file.form, reading, first_layer=first_layer, kept=folder
            )
        else:
            address = file.form.prefix + str(file.plain)
            table = open_layer(path.name, address, file.form, reading, first_layer=first_layer)
        yield _of_archive(table, file) if file.members else table


def _of_archive(table: Table, file: Unpacked) -> Table:
    """The table with the layers of its whole archive: each file, and each layer of the file that was opened."""
    several = len(table.layers) > 1
    own = tuple(f"{file.member}{LAYER_OF}{one}" for one in table.layers) if several else (file.member,)
    return replace(
        table,
        layer=f"{file.member}{LAYER_OF}{table.layer}" if several else file.member,
        layers=tuple(one for member in file.members for one in (own if member == file.member else (member,))),
    )


def _require_encoding(encoding: str | None) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except (LookupError, ValueError) as error:
        raise TableProblem(
            f"The file cannot be read: there is no encoding {encoding!r}.", "file_not_utf8"
        ) from error
