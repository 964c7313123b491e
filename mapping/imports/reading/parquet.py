"""GeoParquet, which the GDAL of the wheels cannot read: converted to FlatGeobuf, which it can.

GeoParquet 1.1: the key "geo" of the file's metadata names the column with the geometries (WKB) and its CRS as
PROJJSON; a missing one means OGC:CRS84, an explicit null means unknown.
"""

import json
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
from pyogrio.errors import DataSourceError
from pyproj.exceptions import CRSError

from mapping.geo.crs import parse_crs
from mapping.geo.errors import GeometryProblem
from mapping.imports.problems import TableProblem
from mapping.imports.reading.archives import bomb, most_unpacked

_BATCH: Final = 5_000
_GEOMETRY: Final = "geometry_of_row"


def as_flat_geobuf(source: Path, target: Path, largest: int) -> Path:
    """Convert a GeoParquet file to FlatGeobuf: lists become JSON text, other nested columns are left out.

    Raises TableProblem for files without geometries in WKB or with more than `largest` bytes.
    """
    with pq.ParquetFile(source) as file:
        groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
        if sum(one.total_byte_size for one in groups) > most_unpacked(source.stat().st_size):
            raise bomb(source.name)
        primary, crs = _geometry_of(file)
        kept = [one.name for one in file.schema_arrow if one.name != primary and _is_plain(one.type)]
        # Raised inside of the stream, a problem would become an uninformative error of GDAL.
        problems: list[TableProblem] = []
        batches = _batches(file, [*kept, primary], primary, largest, problems)
        reader = pa.RecordBatchReader.from_batches(_schema(file, kept), batches)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # an unknown CRS must be chosen later
                pyogrio.write_arrow(
                    reader,
                    target,
                    driver="FlatGeobuf",
                    geometry_name=_GEOMETRY,
                    geometry_type="Unknown",
                    crs=crs,
                    SPATIAL_INDEX="NO",
                )
        except (DataSourceError, pa.lib.ArrowException, RuntimeError) as error:
            if problems:
                raise problems[0] from error
            raise TableProblem(f"{source.name} cannot be read: {error}") from error
    return target


def _geometry_of(file: pq.ParquetFile) -> tuple[str, str | None]:
    """The column with the geometries and the CRS as text."""
    try:
        # The key is in the file's own metadata; the Arrow schema has a copy only if Arrow wrote one.
        geo = json.loads((file.metadata.metadata or {})[b"geo"])
        primary = str(geo["primary_column"])
        column = geo["columns"][primary]
        if column["encoding"] != "WKB" or primary not in file.schema_arrow.names:
            raise KeyError(primary)  # noqa: TRY301 - the same sentence for all of them
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise TableProblem(
            "The file holds no GeoParquet with geometries in WKB.", "file_other_content", driver="GeoParquet"
        ) from error
    return primary, _crs_of(column)


def _crs_of(column: Mapping[str, object]) -> str | None:
    if "crs" not in column:
        return "OGC:CRS84"
    written = column["crs"]
    if not isinstance(written, Mapping):
        return None
    known = written.get("id")
    try:
        if isinstance(known, Mapping):
            return str(parse_crs(f"{known.get('authority')}:{known.get('code')}").to_wkt())
        return str(parse_crs(pyproj.CRS.from_json_dict(dict(written)).to_wkt()).to_wkt())
    except (CRSError, GeometryProblem):
        return None


def _is_list(kind: pa.DataType) -> bool:
    return (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and not pa.types.is_nested(
        kind.value_type
    )


def _is_plain(kind: pa.DataType) -> bool:
    """Whether FlatGeobuf supports a type: numbers, texts, booleans, dates; and lists of them as text."""
    if _is_list(kind):
        return _is_plain(kind.value_type)
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    checks = (pa.types.is_integer, pa.types.is_floating, pa.types.is_string, pa.types.is_large_string)
    others = (pa.types.is_boolean, pa.types.is_date, pa.types.is_timestamp)
    return any(check(kind) for check in (*checks, *others))


def _schema(file: pq.ParquetFile, kept: list[str]) -> pa.Schema:
    plain = [_plain(file.schema_arrow.field(name)) for name in kept]
    return pa.schema([*plain, pa.field(_GEOMETRY, pa.binary())])


def _plain(one: pa.Field) -> pa.Field:
    """Decode dictionaries to values, and lists to text."""
    if _is_list(one.type):
        return one.with_type(pa.string())
    return one.with_type(one.type.value_type) if pa.types.is_dictionary(one.type) else one


def _batches(
    file: pq.ParquetFile, columns: list[str], primary: str, largest: int, problems: list[TableProblem]
) -> Iterator[pa.RecordBatch]:
    left = largest
    schema = _schema(file, columns[:-1])
    for batch in file.iter_batches(_BATCH, columns=columns):
        left -= batch.nbytes
        if left < 0:
            problems.append(
                TableProblem(
                    f"The file holds more than {largest / 2**30:.3g} GB after unpacking.",
                    "file_too_large",
                    megabytes=largest // 2**20,
                )
            )
            raise problems[0]
        arrays = [batch.column(name) for name in columns[:-1]] + [batch.column(primary)]
        yield pa.RecordBatch.from_arrays(
            [_cast(array, one.type) for array, one in zip(arrays, schema, strict=True)], schema=schema
        )


def _cast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if not _is_list(array.type):
        return array.cast(kind)
    values = (
        None if value is None else json.dumps(value, ensure_ascii=False, default=str)
        for value in array.to_pylist()
    )
    return pa.array(list(values), kind)
