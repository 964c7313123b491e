"""SPSS system files (.sav) of responses, by pyreadstat.

Values are written as they are stored, with their titles as value labels: codes that were numbered would change with
every new choice. Labels are cut where SPSS cuts them: 256 bytes for variables, 120 for values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from mapping.exports.registry import Progress
from mapping.exports.responses.column import Column
from mapping.exports.responses.columns import columns_of
from mapping.exports.responses.spool import spool
from mapping.exports.streams.writing import workplace
from mapping.models import Campaign

_LONGEST_NAME: Final = 64
_LONGEST_LABEL: Final = 256
_LONGEST_VALUE_LABEL: Final = 120
_LONGEST_FILE_LABEL: Final = 64
_LONGEST_TEXT: Final = 32_767
_UNWANTED: Final = re.compile(r"[^A-Za-z0-9_]+")
_RESERVED: Final = frozenset(
    ("ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH")
)
_EPOCH: Final = 12_219_379_200
"""Seconds from the beginning of the Gregorian calendar, from which SPSS counts, to 1970."""
_DAY: Final = 86_400
_FORMATS: Final = {"date": "SDATE10", "time": "TIME5", "integer": "F8.0"}


def write_file(campaign: Campaign, path: Path, progress: Progress | None = None) -> None:
    """Write all responses as cases, with labels, value labels, formats and levels of measurement."""
    # Imported here: pandas takes half a second and 60 MB, of every process that writes no such file too.
    import pyreadstat

    columns = columns_of(campaign)
    names = variable_names(column.name for column in columns)
    with workplace(path) as place:
        kept = place / "responses.arrow"
        spool(campaign, columns, kept, progress)
        with pa.memory_map(str(kept)) as source:
            frame = _frame(pa.ipc.open_file(source).read_all(), columns, names)
            pyreadstat.write_sav(
                frame,
                str(path),
                file_label=shortened(campaign.title, _LONGEST_FILE_LABEL),
                column_labels=[shortened(column.title, _LONGEST_LABEL) for column in columns],
                row_compress=True,
                variable_value_labels={
                    name: labels
                    for name, column in zip(names, columns, strict=True)
                    if (labels := _value_labels(column))
                },
                variable_measure={name: column.measure for name, column in zip(names, columns, strict=True)},
                variable_format={
                    name: _FORMATS[column.type]
                    for name, column in zip(names, columns, strict=True)
                    if column.type in _FORMATS
                },
            )


def variable_names(names: Iterable[str]) -> list[str]:
    """Names that SPSS allows: ASCII letters, digits and underscores, a letter first, 64 bytes, no keyword, unique."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = _UNWANTED.sub("_", name).strip("_")
        if not plain[:1].isalpha() or plain.upper() in _RESERVED:
            plain = f"v_{plain}".rstrip("_")
        unique, number = plain[:_LONGEST_NAME].rstrip("_"), 1
        while unique.upper() in taken:
            number += 1
            ending = f"_{number}"
            unique = f"{plain[: _LONGEST_NAME - len(ending)].rstrip('_')}{ending}"
        taken.add(unique.upper())
        found.append(unique)
    return found


def shortened(text: str, most: int) -> str:
    """Cut a text to a number of bytes in UTF-8, between two characters."""
    data = text.encode()
    if len(data) <= most:
        return text
    ellipsis = "…"
    return data[: most - len(ellipsis.encode())].decode(errors="ignore") + ellipsis


def _frame(table: pa.Table, columns: Sequence[Column], names: Sequence[str]) -> Any:
    arrays = [_converted(array, column) for array, column in zip(table.columns, columns, strict=True)]
    return pa.table(arrays, names=list(names)).to_pandas()


def _converted(array: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """Numbers as floating-point numbers, days and times in seconds, texts no longer than SPSS holds."""
    if column.type == "date":
        days = pc.cast(pc.cast(array, pa.int32()), pa.float64())
        return pc.add(pc.multiply(days, _DAY), _EPOCH)
    if column.type == "time":
        hours = pc.cast(pc.utf8_slice_codeunits(array, 0, 2), pa.float64())
        minutes = pc.cast(pc.utf8_slice_codeunits(array, 3, 5), pa.float64())
        return pc.add(pc.multiply(hours, 3600), pc.multiply(minutes, 60))
    if column.type == "boolean":
        return pc.cast(pc.cast(array, pa.int8()), pa.float64())
    if column.type != "text":
        return pc.cast(array, pa.float64())
    longest = pc.max(pc.binary_length(array)).as_py() or 0
    if longest <= _LONGEST_TEXT:
        return array
    texts = [None if text is None else shortened(text, _LONGEST_TEXT) for text in array.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _value_labels(column: Column) -> dict[Any, str]:
    labels = {one.value: shortened(str(one.title), _LONGEST_VALUE_LABEL) for one in column.choices}
    if column.type == "boolean":
        return {float(value == "true"): title for value, title in labels.items()}
    if column.type in {"integer", "number"}:
        return {float(value): title for value, title in labels.items()}
    return dict(labels) if column.type == "text" else {}
