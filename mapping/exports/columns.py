"""Typed values as the text of a table's column, written by PostgreSQL.

Used by CSV files and Arrow batches: booleans are true and false, moments ISO 8601 in UTC, lists joined.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Func, TextField

from mapping.exports.fields import Kind
from mapping.exports.sources import Readable
from mapping.geo.formulas import FIRST_CHARACTERS, LIKE_FORMULA

BETWEEN: Final = "; "
"""Separator of the texts of a list."""

_TEMPLATES: Final[dict[Kind, str]] = {
    "text": "({0})::text",
    "integer": "({0})",
    "number": "({0})",
    "boolean": "({0})::text",
    "datetime": """to_char(({0}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
    "texts": "array_to_string({0}, %s)",
    "objects": "to_json({0})::text",
}
_FIRST, _WHOLE = ("'" + one.replace("'", "''") + "'" for one in (FIRST_CHARACTERS, LIKE_FORMULA))
# OFFSET 0 keeps PostgreSQL from evaluating the value once per reference; checking the first character spares most
# texts the whole expression, for which PostgreSQL copies them.
_SAFE: Final = (
    "(SELECT CASE WHEN left(one.v, 1) ~ {first} AND one.v ~ {whole} THEN '''' || one.v ELSE one.v END"
    " FROM (SELECT {value} AS v OFFSET 0) one)"
)
_WITH_TEXT_OF_OTHERS: Final = frozenset({"text", "texts"})


class Written(Func):
    """A value as text of its column.

    With `is_safe`, a text that a spreadsheet would evaluate is prefixed by an apostrophe, which spreadsheets hide.
    """

    output_field = TextField()

    def __init__(self, value: Readable, kind: Kind, *, between: str = BETWEEN, is_safe: bool = False) -> None:
        self.kind = kind
        self.between = between
        self.is_safe = is_safe and kind in _WITH_TEXT_OF_OTHERS
        super().__init__(value)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Put the compiled value into the template of its kind."""
        [value] = self.get_source_expressions()
        sql, params = compiler.compile(value)
        written = _TEMPLATES[self.kind].format(sql)
        params = [*params, *([self.between] if self.kind == "texts" else [])]
        if self.is_safe:
            written = _SAFE.format(first=_FIRST, whole=_WHOLE, value=written)
        return written, params


class PlaceText(Func):
    """A geometry as hexadecimal WKB (OGC 06-103r4, ISO dialect), little-endian."""

    template = "encode(ST_AsBinary(%(expressions)s, 'NDR'), 'hex')"
    output_field = TextField()


class WellKnownText(Func):
    """A geometry as WKT with a given number of decimals."""

    output_field = TextField()

    def __init__(self, place: Readable, decimals: int) -> None:
        super().__init__(place, template=f"ST_AsText(%(expressions)s, {int(decimals)})")


class Longitude(Func):
    """The longitude of a representative point: the point itself, the middle of a line, a point within an area."""

    template = "round(ST_X(representative_point)::numeric, 7)"
    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Choose the point by the type of the geometry."""
        [place] = self.get_source_expressions()
        sql, params = compiler.compile(place)
        assert not params  # noqa: S101 - a column, never a value
        point = (
            f"(CASE ST_Dimension({sql}) WHEN 0 THEN {sql} WHEN 1 THEN ST_LineInterpolatePoint({sql}, 0.5)"
            f" WHEN 2 THEN ST_PointOnSurface({sql}) END)"
        )
        return self.template.replace("representative_point", point), []


class Latitude(Longitude):
    """The latitude of the representative point (see `Longitude`)."""

    template = "round(ST_Y(representative_point)::numeric, 7)"
