"""Vector tiles made by PostGIS (Mapbox Vector Tile 2.1, `ST_AsMVT`).

For the search the bounds of a tile are transformed to the storage CRS, never the stored places; the results are then
transformed, clipped and rounded to the tile's 4,096 steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import GeoFunc
from django.contrib.gis.geos import Polygon
from django.db import connections, router
from django.db.models import F, Func, TextField

from mapping.aggregation.releases.publication import PublicRelease
from mapping.exports.cells.release import outline
from mapping.exports.fields import Field
from mapping.exports.sources import Source
from mapping.geo.crs import LAEA, WGS84, transform_geometry
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import BASE_SIZE, KEY_FACTOR, SIZES
from mapping.models import Campaign, Contribution, Tally
from mapping.models.contribution import ContributionQuerySet
from mapping.models.footprint import STATUS_CODES
from mapping.ogc.tiles.matrix import Tile

FEATURE_LAYER: Final = "contributions"
"""The layer of single contributions."""
CELL_LAYER: Final = "cells"
"""The layer of cells."""
STEPS: Final = 4096
"""Steps of a tile's edge."""
BUFFER: Final = 128
"""Buffer around a tile in steps: 8 pixels, half a marker."""
_SEGMENTS: Final = 16
_EVERYWHERE: Final = (0, 0, KEY_FACTOR - 1, KEY_FACTOR - 1)
_WHOLE_EUROPE: Final = 4
"""Levels of Web Mercator below this one reach beyond what EPSG:3035 can express."""


_IN_TILE: Final = """
    coalesce(
        ST_AsMVTGeom({place}, {bounds}, {steps}, {buffer}, true),
        ST_AsMVTGeom(ST_PointOnSurface({place}), {bounds}, {steps}, {buffer}, true)
    )
"""
"""A place in steps of a tile: shapes smaller than a step become points instead of vanishing; NULL outside."""
_BOUNDS: Final = "ST_MakeEnvelope(%(x1)s, %(y1)s, %(x2)s, %(y2)s, %(epsg)s)"


class _TileGeometry(GeoFunc):
    """A place in steps of a tile; NULL where it lies outside."""

    function = "ST_AsMVTGeom"
    geom_param_pos = (0,)
    output_field = TextField()

    def __init__(self, place: Any, tile: Tile) -> None:
        west, south, east, north = tile.sides
        self.numbers = (west, south, east, north, tile.matrix_set.epsg)
        super().__init__(place)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Compile the call with the tile's bounds."""
        sql, params = compiler.compile(self.get_source_expressions()[0])
        bounds = "ST_MakeEnvelope(%s, %s, %s, %s, %s)"
        text = _IN_TILE.format(place=sql, bounds=bounds, steps=STEPS, buffer=BUFFER)
        return text, [*params, *self.numbers] * 2


class _Moment(Func):
    """A moment as text in UTC (RFC 3339): tiles have no type for moments."""

    template = """to_char((%(expressions)s) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    output_field = TextField()


def features_tile(source: Source, fields: Sequence[Field], tile: Tile) -> bytes:
    """The rows of a source whose place intersects the tile, with id and the given attributes; empty without any."""
    values = [
        _Moment(source.values[field.name]) if field.kind == "datetime" else source.values[field.name]
        for field in fields
    ]
    place = _TileGeometry(source.place_in(tile.matrix_set.epsg), tile)
    box = Polygon.from_bbox(_box_in_degrees(tile))
    rows = source.rows.filter(**{f"{source.place}__bboverlaps": box}).order_by("pk")
    query = rows.values_list(place, F(source.identifier), *values).query
    sql, params = query.sql_with_params()
    connection = connections[router.db_for_read(Contribution)]
    names = ", ".join(
        connection.ops.quote_name(name) for name in ("geom", "id", *(one.name for one in fields))
    )
    statement = f"""
        SELECT ST_AsMVT(kept, %s, {STEPS}, 'geom')
        FROM (SELECT * FROM ({sql} OFFSET 0) AS found ({names}) WHERE geom IS NOT NULL) AS kept
    """  # OFFSET 0 and MATERIALIZED: otherwise each place would be clipped twice, for the condition and for the tile
    return _read(statement, (FEATURE_LAYER, *params))


def cells_tile(campaign: Campaign, statuses: tuple[str, ...], size: int, tile: Tile) -> bytes:
    """The squares of `size` metres that intersect the tile, counted by the tally.

    Participants are included for a single status only; those of several cannot be added.
    """
    people = "sum(participants)" if len(statuses) == 1 else "NULL::bigint"
    counted = f"""
        SELECT cell %% {KEY_FACTOR} * %(size)s AS east, cell / {KEY_FACTOR} * %(size)s AS north,
            sum(contributions) AS contributions, {people} AS participants
        FROM mapping_tally
        WHERE campaign_id = %(campaign)s AND status = ANY(%(statuses)s::smallint[]) AND level = %(level)s
            AND cell BETWEEN %(south)s::bigint * {KEY_FACTOR} AND (%(north)s::bigint + 1) * {KEY_FACTOR}
            AND cell %% {KEY_FACTOR} BETWEEN %(west)s AND %(east)s
        GROUP BY cell
    """
    params = {"campaign": campaign.pk, "statuses": [STATUS_CODES[status] for status in statuses]}
    return _read_cells(counted, params, size, tile, _range_of_cells(tile, size))


def filtered_cells_tile(rows: ContributionQuerySet, size: int, tile: Tile) -> bytes:
    """The squares of filtered contributions that intersect the tile, counted from footprints."""
    cells = _range_of_cells(tile, size)
    if cells != _EVERYWHERE:
        # Cells at the edge of the tile are counted completely.
        rows = rows.filter(geom__bboverlaps=Polygon.from_bbox(_box_of_cells(cells, size)))
    connection: Any = connections[router.db_for_read(Contribution)]
    chosen = connection.ops.compose_sql(*rows.order_by().values("pk").query.sql_with_params())
    counted = f"""
        SELECT cell %% {KEY_FACTOR} / %(per_edge)s * %(size)s AS east,
            cell / {KEY_FACTOR} / %(per_edge)s * %(size)s AS north,
            count(*) FILTER (WHERE sizes >> %(level)s & 1 = 1) AS contributions,
            count(DISTINCT participant_id) AS participants
        FROM mapping_footprint
        WHERE contribution_id IN ({chosen.replace("%", "%%")}) AND cell >= 0
            AND cell / {KEY_FACTOR} / %(per_edge)s BETWEEN %(south)s AND %(north)s
            AND cell %% {KEY_FACTOR} / %(per_edge)s BETWEEN %(west)s AND %(east)s
        GROUP BY 1, 2
    """
    return _read_cells(counted, {"per_edge": size // BASE_SIZE}, size, tile, cells)


def _read_cells(
    counted: str, params: dict[str, object], size: int, tile: Tile, cells: tuple[int, int, int, int]
) -> bytes:
    square = (
        f"ST_Transform(ST_MakeEnvelope(east, north, east + %(size)s, north + %(size)s, {LAEA}), %(epsg)s)"
    )
    statement = f"""
        WITH counted AS ({counted}), placed AS MATERIALIZED (
            SELECT {_IN_TILE.format(place=square, bounds=_BOUNDS, steps=STEPS, buffer=BUFFER)} AS geom,
                'CRS{LAEA}RES' || %(size)s::integer || 'mN' || north || 'E' || east AS id, %(size)s::integer AS size,
                contributions, participants
            FROM counted ORDER BY north, east
        )
        SELECT ST_AsMVT(placed, '{CELL_LAYER}', {STEPS}, 'geom') FROM placed WHERE geom IS NOT NULL
    """
    return _read(
        statement,
        {
            **params,
            "level": SIZES.index(size),
            "size": size,
            "epsg": tile.matrix_set.epsg,
            **dict(zip(("west", "south", "east", "north"), cells, strict=True)),
            **dict(zip(("x1", "y1", "x2", "y2"), tile.sides, strict=True)),
        },
    )


def release_tile(release: PublicRelease | None, tile: Tile) -> bytes:
    """The cells of a release that intersect the tile; tiles of a protected campaign hold nothing else."""
    cells = () if release is None else release.cells
    area = f"ST_Transform(ST_GeomFromWKB(cell.place, {LAEA}), %(epsg)s)"
    statement = f"""
        WITH placed AS MATERIALIZED (
            SELECT {_IN_TILE.format(place=area, bounds=_BOUNDS, steps=STEPS, buffer=BUFFER)} AS geom,
                cell.id, cell.contributions, cell.participants_at_least
            FROM unnest(%(places)s::bytea[], %(ids)s::text[], %(numbers)s::integer[], %(people)s::integer[])
                AS cell (place, id, contributions, participants_at_least)
        )
        SELECT ST_AsMVT(placed, '{CELL_LAYER}', {STEPS}, 'geom') FROM placed WHERE geom IS NOT NULL
    """
    return _read(
        statement,
        {
            "places": [shapely.to_wkb(outline(cell)) for cell in cells],
            "ids": [cell.id for cell in cells],
            "numbers": [cell.contributions for cell in cells],
            "people": [cell.participants_at_least for cell in cells],
            "epsg": tile.matrix_set.epsg,
            **dict(zip(("x1", "y1", "x2", "y2"), tile.sides, strict=True)),
        },
    )


def _read(statement: str, params: Any) -> bytes:
    with connections[router.db_for_read(Tally)].cursor() as cursor:
        cursor.execute(statement, params)
        row = cursor.fetchone()
    return b"" if row is None or row[0] is None else bytes(row[0])


def _bounds(tile: Tile, epsg: int) -> tuple[float, float, float, float]:
    """The sides, in another CRS, of a box around a tile and its buffer; raises GeometryProblem."""
    west, south, east, north = tile.sides
    margin = (east - west) * BUFFER / STEPS
    box = shapely.box(west - margin, south - margin, east + margin, north + margin)
    edges = shapely.segmentize(box, (east - west) / _SEGMENTS)
    found = transform_geometry(edges, tile.matrix_set.epsg, epsg).bounds
    return found[0], found[1], found[2], found[3]


def _box_in_degrees(tile: Tile) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = _bounds(tile, WGS84)
    except GeometryProblem:
        return (-180.0, -90.0, 180.0, 90.0)
    if tile.level == 0 or west > east:
        return (-180.0, -90.0, 180.0, 90.0)
    return (max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))


def _box_of_cells(cells: tuple[int, int, int, int], size: int) -> tuple[float, float, float, float]:
    """A box in degrees around a range of cells."""
    west, south, east, north = cells
    box = shapely.box(west * size, south * size, (east + 1) * size, (north + 1) * size)
    edges = shapely.segmentize(box, max(size, (east - west + 1) * size / _SEGMENTS))
    found = transform_geometry(edges, LAEA, WGS84).bounds
    return found[0], found[1], found[2], found[3]


def _range_of_cells(tile: Tile, size: int) -> tuple[int, int, int, int]:
    """Numbers of the first and last column and row of cells (west, south, east, north) that a tile can intersect."""
    if tile.matrix_set.epsg != LAEA and tile.level < _WHOLE_EUROPE:
        return _EVERYWHERE
    try:
        bounds = np.array(_bounds(tile, LAEA))
    except GeometryProblem:
        return _EVERYWHERE
    numbers = np.clip(np.floor(bounds / size), -1, KEY_FACTOR - 1).astype(int).tolist()
    return numbers[0], numbers[1], numbers[2], numbers[3]
