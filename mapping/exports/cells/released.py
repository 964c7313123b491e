"""Released cells as rows: their attributes, their outlines, one Arrow batch of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import shapely
from django.utils.translation import gettext_lazy as _

from mapping.aggregation.releases.publication import PublicRelease, ReleasedCell
from mapping.exports.cells.outlines import rounded_in
from mapping.exports.cells.release import placed
from mapping.exports.fields import Field

FIELDS: Final = (
    Field("id", _("Id"), "text", _("GeoGitter ids of its squares, joined by +."), is_always_there=True),
    Field("contributions", _("Contributions"), "integer", minimum=0, is_always_there=True),
    Field("participants_at_least", _("Contributors, at least"), "integer", minimum=0, is_always_there=True),
    Field("size", _("Edge of a square"), "integer", unit="m", is_always_there=True),
)
"""The attributes of a released cell."""


def placed_cells(release: PublicRelease | None, crs: int) -> Iterator[tuple[ReleasedCell, shapely.Geometry]]:
    """Yield each cell with its outline in a CRS given by its EPSG code."""
    for cell in cells_of(release):
        yield cell, rounded_in(placed(cell, crs), crs)


def cells_of(release: PublicRelease | None) -> tuple[ReleasedCell, ...]:
    """The cells of a release; empty before the first release."""
    return () if release is None else release.cells


def row_of(cell: ReleasedCell) -> tuple[str, int, int, int]:
    """The values of a cell in the order of `FIELDS`."""
    return cell.id, cell.contributions, cell.participants_at_least, cell.squares[0][2]


def cells_batch(release: PublicRelease | None, crs: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield the cells as one Arrow batch, every outline a MultiPolygon as layers of one type want it."""
    found = list(placed_cells(release, crs))
    if not found:
        return
    columns = [
        *zip(*(row_of(cell) for cell, _area in found), strict=True),
        [shapely.to_wkb(_as_multipolygon(area)) for _cell, area in found],
    ]
    arrays = [pa.array(list(column), field.type) for column, field in zip(columns, schema, strict=True)]
    yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _as_multipolygon(area: shapely.Geometry) -> shapely.Geometry:
    return shapely.multipolygons([area]) if isinstance(area, shapely.Polygon) else area
