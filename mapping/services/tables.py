"""Opens files that cities bring as tables: GIS formats by GDAL (`vectors`), CSV and XLSX cell by cell (`sheets`)."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mapping.services.problems import TableProblem
from mapping.services.rows import Reading, Row, Table
from mapping.services.sheets.table import open_sheet
from mapping.services.unpacking import unpacked
from mapping.services.vectors import open_layer

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
    """Open a file as a table; `.gz` and `.zip` (of one file with data) are unpacked to a temporary folder first.

    How it is to be read is said as in `Reading`. Without `layer`, a file must have only one that holds rows, or the
    first one is taken with `first_layer`. At most `largest` bytes are unpacked. What takes long to read stays in the
    folder `kept` for later.

    Raises TableProblem for what is no plain file, for an unknown ending, and for content of another kind.
    """
    reading = Reading(layer, encoding, header, place_field, lat_first)
    _require_encoding(reading.encoding)
    with unpacked(path, largest) as (plain, form):
        if form.is_sheet:
            yield open_sheet(path.name, plain, form, reading, first_layer=first_layer, kept=kept)
        else:
            yield open_layer(path.name, form.prefix + str(plain), form, reading, first_layer=first_layer)


def _require_encoding(encoding: str | None) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except (LookupError, ValueError) as error:
        raise TableProblem(
            f"The file cannot be read: there is no encoding {encoding!r}.", "file_not_utf8"
        ) from error
