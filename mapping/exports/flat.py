"""One row of a source as GeoJSON text with flat attributes, in a chosen CRS, built by PostgreSQL.

Used for downloads and the OGC API. Like `features` it is an expression in an ordinary QuerySet, which brings the gate
and every filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, TextField, UUIDField
from django.db.models.sql.compiler import SQLCompiler

from mapping.exports.fields import Field
from mapping.exports.sources import Readable, Source
from mapping.exports.values import NewestReply
from mapping.geo.crs import WGS84

DECIMALS: Final = 7
"""Decimals of a degree: about 1 cm, and the precision that `mapping.geo` stores."""
DECIMALS_OF_METRES: Final = 3
_PLAIN: Final = frozenset({"status", "source"})
"""Attributes that a database constraint limits to known words, which need no escaping."""
_MOST_ARGUMENTS: Final = 90
"""Arguments of one function call; PostgreSQL accepts 100."""


def decimals_of(crs: int) -> int:
    """Return the decimals of coordinates in a CRS given by its EPSG code."""
    return DECIMALS if crs == WGS84 else DECIMALS_OF_METRES


class FlatFeatureText(Func):
    """A feature with flat properties.

    Every attribute is written, null where it has no value: clients derive their columns from the first features (GDAL
    3.12 from 20, QGIS 3.22 from 10), and would never show one that is filled later. `northing_first` swaps the axes:
    the OGC API writes them in the registry's order (OGC 18-058r1, Part 2).
    """

    output_field = TextField()

    def __init__(
        self,
        source: Source,
        fields: Iterable[Field] | None = None,
        *,
        crs: int = WGS84,
        northing_first: bool = False,
        with_place: bool = True,
    ) -> None:
        self.fields = source.fields if fields is None else tuple(fields)
        self.decimals = decimals_of(crs)
        self.northing_first = northing_first
        self.with_place = with_place
        pairs = _Pairs([(field, source.values[field.name]) for field in self.fields], is_start=True)
        super().__init__(F(source.identifier), source.place_in(crs), pairs)

    def as_sql(  # type: ignore[override]
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - the interface
        **_context: Any,
    ) -> tuple[str, list[Any]]:
        """Put the compiled values into one concatenation."""
        identifier, place, pairs = self.get_source_expressions()
        identifier_sql, identifier_params = compiler.compile(identifier)
        params: list[Any] = [*identifier_params]
        geometry = "'null'"
        if self.with_place:
            place_sql, place_params = compiler.compile(place)
            geometry = self._geometry(place_sql)
            params += place_params
        pairs_sql, pairs_params = compiler.compile(pairs)
        is_uuid = isinstance(identifier.output_field, UUIDField)
        head = ["""'{"type":"Feature","id":'""", *_json(identifier_sql, is_plain=is_uuid)]
        head += ["""',"geometry":'""", geometry]
        parts = [*head, """',"properties":{'""", pairs_sql, "'}}'"]
        return _concatenated(parts), [*params, *pairs_params]

    def _geometry(self, place: str) -> str:
        turned = f"ST_FlipCoordinates({place})" if self.northing_first else place
        return f"coalesce(ST_AsGeoJSON({turned}, {self.decimals}, 0), 'null')"


class _Pairs(Func):
    """Names and values of a JSON object, each preceded by a comma except the first one."""

    output_field = TextField()

    def __init__(self, attributes: Sequence[tuple[Field, Readable]], *, is_start: bool = False) -> None:
        self.is_start = is_start
        nulls = ",".join(f'"{field.name}":null' for field, _value in attributes)
        self.nulls = nulls if is_start else f",{nulls}"
        # One lookup of the newest reply for all attributes read from it.
        together = groupby(attributes, key=lambda attribute: isinstance(attribute[1], NewestReply))
        self.fields: list[Field | str] = []
        values: list[Readable] = []
        for is_of_reply, group in together:
            if is_of_reply:
                replies = [(field, value) for field, value in group if isinstance(value, NewestReply)]
                columns = [(field, value.column) for field, value in replies]
                pairs = _Pairs(columns, is_start=is_start and not self.fields)
                self.fields.append(pairs.nulls)
                values.append(NewestReply(pairs, TextField(), is_whole=replies[0][1].is_whole))
            else:
                for field, value in group:
                    self.fields.append(field)
                    values.append(value)
        super().__init__(*values)

    def as_sql(  # type: ignore[override]
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - the interface
        **_context: Any,
    ) -> tuple[str, list[Any]]:
        """Prefix each value with its name; a group of pairs already has its names."""
        parts: list[str] = []
        params: list[Any] = []
        for field, expression in zip(self.fields, self.get_source_expressions(), strict=True):
            value, own = compiler.compile(expression)
            params += own
            if isinstance(field, str):
                parts.append(f"coalesce({value}, '{field}')")
                continue
            # A name is a slug or a constant: nothing in it needs escaping.
            parts.append(f"""',"{field.name}":'""")
            if not field.is_always_there:
                parts.append(f"coalesce(to_json({value})::text, 'null')")
            else:
                is_plain = field.name in _PLAIN and not field.question
                # A number is JSON as it is.
                parts += [value] if field.kind == "integer" else _json(value, is_plain=is_plain)
        if self.is_start and parts and not isinstance(self.fields[0], str):
            parts[0] = parts[0].replace(",", "", 1)
        return _concatenated(parts), params


def _json(value: str, *, is_plain: bool) -> list[str]:
    """A value as JSON; values with nothing to escape are only quoted, in a third of the time."""
    return ["""'"'""", value, """'"'"""] if is_plain else [f"to_json({value})"]


def _concatenated(parts: Sequence[str]) -> str:
    """Concatenate texts, skipping NULL.

    `concat` writes into one buffer, whereas a chain of `||` copies the text so far for each part.
    """
    if len(parts) > _MOST_ARGUMENTS:
        groups = range(0, len(parts), _MOST_ARGUMENTS)
        return _concatenated([_concatenated(parts[start : start + _MOST_ARGUMENTS]) for start in groups])
    return f"concat({', '.join(parts)})" if parts else "''"
