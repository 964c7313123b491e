"""CQL2 on cells, which are in no table: they are passed to PostgreSQL as arrays for one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from django.contrib.gis.db.models import GeometryField
from django.db import connections, router
from django.db.models import BigIntegerField, Func, Q, TextField
from django.db.models.sql import Query

from mapping.exports.fields import Field
from mapping.models import Contribution
from mapping.ogc.cql2 import Queryable


@dataclass(frozen=True)
class CellRows:
    """Cells by column: ids, outlines in EPSG:4326 (None where removed meanwhile), and their numbers by name."""

    ids: Sequence[str]
    outlines: Sequence[shapely.Geometry | None]
    numbers: Mapping[str, Sequence[int]]


def cell_queryables(fields: Iterable[Field]) -> dict[str, Queryable]:
    """The attributes of cells, which are whole numbers, with `id` and `geometry`."""
    place = Func(template="ST_GeomFromWKB(cell.outline, 4326)", output_field=GeometryField(srid=4326))
    known = {
        "id": Queryable("id", "text", Func(template="cell.id", output_field=TextField())),
        "geometry": Queryable("geometry", "geometry", place),
    }
    for field in fields:
        column = Func(template=f'cell."{field.name}"', output_field=BigIntegerField())
        known[field.name] = Queryable(field.name, field.kind, column)
    return known


def holding(condition: Q, rows: CellRows) -> list[bool]:
    """Whether a condition on `cell_queryables` is true, for each cell."""
    query = Query(None)
    connection = connections[router.db_for_read(Contribution)]
    compiler = query.get_compiler(connection=connection)
    holds, params = compiler.compile(condition.resolve_expression(query))
    names = ", ".join(f'"{name}"' for name in rows.numbers)
    arrays = ", ".join("%s::bigint[]" for _name in rows.numbers)
    outlines = [None if one is None else shapely.to_wkb(one) for one in rows.outlines]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce({holds}, false) FROM unnest(%s::text[], %s::bytea[], {arrays})"
            f" WITH ORDINALITY AS cell(id, outline, {names}, number) ORDER BY number",
            [*params, [*rows.ids], outlines, *map(list, rows.numbers.values())],
        )
        return [row[0] for row in cursor.fetchall()]
