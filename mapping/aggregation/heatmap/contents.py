"""The ids of the contributions in a cell of a heat map, by the same filter as the heat map's counts."""

from __future__ import annotations

import uuid
from typing import Any, Final

import shapely

from mapping.aggregation.columns import fetch
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.rows import footprint_source
from mapping.filters.places import DISTRICT, district_ids
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import LAEA
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import BASE_SIZE, Cell, keys_touched, pack
from mapping.geo.hexagon import Hexagon
from mapping.models import Campaign, District

_IDS: Final = (
    "SELECT DISTINCT f.contribution_id {source} AND {inside} ORDER BY f.contribution_id DESC LIMIT %(limit)s"
)
_IN_SQUARES: Final = "f.cell = ANY(%(cells)s::bigint[])"
_IN_HEXAGON: Final = f"""
    {_IN_SQUARES} AND EXISTS (
        SELECT FROM mapping_contribution p
        WHERE p.id = f.contribution_id AND ST_Intersects(p.geom_laea, ST_GeomFromWKB(%(hexagon)s::bytea, {LAEA}))
    )
"""
_IN_DISTRICTS: Final = """
    f.contribution_id IN (
        SELECT p.id FROM mapping_contribution p
        JOIN mapping_district d ON d.id = ANY(%({name})s::bigint[]) AND ST_Intersects(p.geom, d.geom)
        WHERE p.campaign_id = %(campaign)s
    )
"""


def contributions_in(query: HeatmapQuery, cell: str, *, limit: int) -> list[uuid.UUID]:
    """Return the ids of the contributions that a cell of the query's grid holds, newest first (ids follow time).

    `cell` is the id used by the API: of a square, of a hexagon, or the code of a district. Raises QueryProblem as
    the heat map does, and `unknown_cell` (an id of another grid or size). A point exactly on the edge of hexagons or
    districts is listed in both neighbours here, whereas the heat map counts it in one of them.
    """
    query.check()
    source, params = footprint_source(query)
    conditions = [_inside(query, cell, params)]
    codes = query.filter.get(DISTRICT)
    if codes is not None:
        conditions.append(_IN_DISTRICTS.format(name="districts"))
        params["districts"] = district_ids(query.campaign_id, codes)
    params["limit"] = limit
    found = fetch(_IDS.format(source=source, inside=" AND ".join(conditions)), params)
    return [contribution for (contribution,) in found]


def _inside(query: HeatmapQuery, cell: str, params: dict[str, Any]) -> str:
    """Return the SQL condition of lying in the cell, and its parameters."""
    if query.grid == "district":
        layer = Campaign.objects.values("district_layer").filter(pk=query.campaign_id)
        params["district"] = list(
            District.objects.filter(layer__in=layer, code=cell).values_list("pk", flat=True)
        )
        return _IN_DISTRICTS.format(name="district")
    try:
        found = Hexagon.parse(cell) if query.grid == "hexagon" else Cell.parse(cell)
    except ValueError as error:
        raise QueryProblem("unknown_cell", parameter="cell") from error
    if found.size != query.size:
        raise QueryProblem("unknown_cell", parameter="cell")
    if isinstance(found, Hexagon):
        outline = shapely.Polygon(found.ring_laea())
        params["hexagon"] = outline.wkb
        params["cells"] = _squares_under(outline)
        return _IN_HEXAGON
    columns, rows = (
        range(corner // BASE_SIZE, (corner + found.size) // BASE_SIZE) for corner in (found.east, found.north)
    )
    params["cells"] = [pack(column, row) for row in rows for column in columns]
    return _IN_SQUARES


def _squares_under(outline: shapely.Polygon) -> list[int]:
    """Return the keys of the 100 m cells that a hexagon touches; none at the border of the grid, where nothing lies."""
    try:
        return keys_touched(outline, BASE_SIZE)
    except GeometryProblem:
        return []
