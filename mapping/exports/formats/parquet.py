"""GeoParquet 1.1: columns for analysis with DuckDB, pandas, R or a data lake; places as WKB with a box per row.

https://geoparquet.org/releases/v1.1.0/ - section numbers below are those of its specification.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyproj
import shapely
from django.utils.translation import gettext_lazy as _
from pyarrow import parquet

from mapping.exports.registry import Content, ExportOptions, Format, Origin, Progress
from mapping.exports.streams.tables import GEOMETRY, Counter, mixed
from mapping.exports.streams.writing import described
from mapping.geo.crs import WGS84

_BOX: Final = "bbox"
_SIDES: Final = ("xmin", "ymin", "xmax", "ymax")
_BOX_TYPE: Final = pa.struct([(side, pa.float64()) for side in _SIDES])
_ROWS_OF_A_GROUP: Final = 50_000


class _Extent:
    """The bounding box and types of all geometries, collected batch by batch."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self._low = np.full(2, np.inf)
        self._high = np.full(2, -np.inf)

    def boxes(self, places: pa.Array) -> pa.StructArray:
        """The bounding box of each geometry; null without one."""
        geometries = shapely.from_wkb(np.asarray(places.to_pylist(), dtype=object))
        bounds: npt.NDArray[np.float64] = shapely.bounds(geometries).reshape(-1, 4)
        missing = np.isnan(bounds[:, 0])
        placed = bounds[~missing]
        if len(placed):
            self._low = np.minimum(self._low, placed[:, :2].min(axis=0))
            self._high = np.maximum(self._high, placed[:, 2:].max(axis=0))
        ids = np.unique(shapely.get_type_id(geometries[~missing]))
        self.types |= {shapely.GeometryType(number).name for number in ids.tolist()}
        columns = [pa.array(bounds[:, side], mask=missing) for side in range(4)]
        return pa.StructArray.from_arrays(columns, fields=list(_BOX_TYPE), mask=pa.array(missing))

    def bounds(self) -> list[float] | None:
        """The total bounds: west, south, east, north."""
        return [*self._low.tolist(), *self._high.tolist()] if np.isfinite(self._low).all() else None


def write_file(
    content: Content, origin: Origin, options: ExportOptions, path: Path, progress: Progress
) -> None:
    """Write row groups as batches arrive; bounds and types, known at the end, go into the footer."""
    table = mixed(content, origin, options, has_lists=True)
    counter = Counter([table], progress)
    schema = described(table)
    schema = schema.append(pa.field(_BOX, _BOX_TYPE))
    extent = _Extent()
    waiting: list[pa.RecordBatch] = []
    with parquet.ParquetWriter(path, schema, compression="zstd", store_schema=True) as writer:
        for batch in table.batches(counter):
            boxes = extent.boxes(batch.column(GEOMETRY))
            waiting.append(pa.RecordBatch.from_arrays([*batch.columns, boxes], schema=schema))
            if sum(one.num_rows for one in waiting) >= _ROWS_OF_A_GROUP:
                writer.write_table(pa.Table.from_batches(waiting))
                waiting.clear()
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting))
        about = {"geo": json.dumps(_geo(extent, options.crs)), "title": str(content.campaign.title)}
        writer.add_key_value_metadata(about)


def _geo(extent: _Extent, crs: int) -> dict[str, Any]:
    """The metadata of the file (section "File metadata")."""
    known = pyproj.CRS.from_authority("OGC", "CRS84") if crs == WGS84 else pyproj.CRS.from_epsg(crs)
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(_TITLED.get(one, one) for one in extent.types),
        "crs": known.to_json_dict(),
        "orientation": "counterclockwise",
        "edges": "planar",
        "covering": {_BOX: {side: [_BOX, side] for side in _SIDES}},
    }
    bounds = extent.bounds()
    if bounds is not None:
        column["bbox"] = bounds
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


_TITLED: Final = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOLYGON": "MultiPolygon",
}

PARQUET = Format(
    "parquet",
    _("GeoParquet"),
    "application/vnd.apache.parquet",
    write_file=write_file,
    hint=_("Typed columns for analyses with DuckDB, pandas or R."),
    group="table",
)
