"""GeoPackage of responses: a table of all answers, and a layer of points for each question about a place.

Points carry the `id` of their response, by which GIS programs join the table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from django.utils.translation import gettext

from mapping.exports.errors import TooManyColumns
from mapping.exports.fields import Field
from mapping.exports.formats.geopackage import KEY, add_metadata, describe
from mapping.exports.registry import Origin, Progress
from mapping.exports.responses.column import Column
from mapping.exports.responses.columns import columns_of
from mapping.exports.responses.spool import schema_of, spool, spooled
from mapping.exports.streams.tables import GEOMETRY, Counter, Table
from mapping.exports.streams.writing import workplace, write_layer
from mapping.geo.crs import WGS84
from mapping.models import Campaign, QuestionKind

_NAME: Final = "gpkg"
_MOST_COLUMNS: Final = 1990
"""SQLite allows 2,000, GDAL adds some."""
_RESPONSES: Final = "responses"
_PLACES: Final = "place_"


def write_file(campaign: Campaign, address: str, path: Path, progress: Progress | None = None) -> None:
    """Write table and layers, then their descriptions. Raises TooManyColumns."""
    columns = columns_of(campaign)
    if len(columns) > _MOST_COLUMNS:
        raise TooManyColumns(_NAME)
    with workplace(path) as place:
        kept = place / "responses.arrow"
        number = spool(campaign, columns, kept, progress)
        tables = [_table(columns, kept, number), *_layers(columns, kept)]
        counter = Counter(tables, lambda _done, _total: None)
        for table in tables:
            _write(campaign, table, path, counter, columns)
    with closing(sqlite3.connect(path)) as file, file:
        describe(file, tables)
        add_metadata(file, campaign, Origin(address, ""))


def _write(campaign: Campaign, table: Table, path: Path, counter: Counter, columns: Sequence[Column]) -> None:
    write_layer(
        table,
        path,
        "GPKG",
        counter,
        options={
            "FID": KEY,
            "IDENTIFIER": table.name,
            "DESCRIPTION": f"{campaign.title}: {table.title}",
        },
        dataset_options={"VERSION": "1.3"},
        schema=table.schema if table.shape else schema_of(columns),
    )


def _table(columns: Sequence[Column], kept: Path, number: int) -> Table:
    return Table(
        _RESPONSES,
        gettext("Responses"),
        tuple(map(_field, columns)),
        None,
        WGS84,
        number,
        has_lists=False,
        begin=lambda: spooled(kept),
    )


def _field(column: Column) -> Field:
    kind = {"integer": "integer", "number": "number", "boolean": "boolean"}.get(column.type, "text")
    return Field(
        column.name,
        column.title,
        kind,  # type: ignore[arg-type] # one of its literals
        column.description,
        column.unit,
        # SQLite keeps yes and no as 1 and 0, which need no explanation.
        () if column.type == "boolean" else column.choices,
    )


def _layers(columns: Sequence[Column], kept: Path) -> Iterator[Table]:
    places: dict[str, list[Column]] = {}
    for column in columns:
        if column.kind == QuestionKind.PLACE and column.part in {"lon", "lat"}:
            places.setdefault(column.question, []).append(column)
    for lon, lat in places.values():
        title = lon.title.rpartition(" – ")[0]
        yield Table(
            f"{_PLACES}{lon.question}",
            title,
            (_field(columns[0]),),
            "Point",
            WGS84,
            0,
            has_lists=False,
            begin=_points(kept, columns[0].name, lon.name, lat.name),
        )


def _points(kept: Path, pk: str, lon: str, lat: str) -> Callable[[], Iterator[pa.RecordBatch]]:
    def begin() -> Iterator[pa.RecordBatch]:
        for batch in spooled(kept):
            there = batch.filter(pc.is_valid(batch.column(lon)))
            positions = np.column_stack(
                [there.column(name).to_numpy(zero_copy_only=False) for name in (lon, lat)]
            )
            points = pa.array(shapely.to_wkb(shapely.points(positions)), pa.binary())
            yield pa.RecordBatch.from_arrays([there.column(pk), points], names=[pk, GEOMETRY])

    return begin
