"""One row of a source as GeoJSON text with flat attributes, in a CRS of one's choice, built by PostgreSQL.

What GIS programs get, in downloads and from the OGC API. Like `features` it is an expression in an ordinary QuerySet:
the gate and every filter come from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

from mapping.exports.fields import Field
from mapping.exports.sources import Source
from mapping.geo.crs import WGS84

DECIMALS: Final = 7
"""Of a degree: about 1 cm, and what `mapping.geo` keeps."""
DECIMALS_OF_METRES: Final = 3


def decimals_of(crs: int) -> int:
    """Return the decimals of coordinates in a CRS given by its EPSG code."""
    return DECIMALS if crs == WGS84 else DECIMALS_OF_METRES


class FlatFeatureText(Func):
    """A feature with flat properties.

    Attributes that are always there are written even when they are empty, the others only where there are some.
    `northing_first` swaps the axes: the OGC API writes them in the registry's order (OGC 18-058r1, Part 2).
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
        values = (source.values[field.name] for field in self.fields)
        super().__init__(F(source.identifier), source.place_in(crs), *values)

    def as_sql(  # type: ignore[override]
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - the interface
        **_context: Any,
    ) -> tuple[str, list[Any]]:
        """Put the compiled values into one concatenation."""
        params: list[Any] = []

        def compiled(expression: Any) -> str:
            sql, own = compiler.compile(expression)
            params.extend(own)
            return sql

        identifier, place, *values = self.get_source_expressions()
        head = f"""'{{"type":"Feature","id":' || to_json({compiled(identifier)}) || ',"geometry":'"""
        geometry = self._geometry(compiled(place)) if self.with_place else "'null'"
        pairs = [self._pair(field, compiled(value)) for field, value in zip(self.fields, values, strict=True)]
        properties = self._joined(pairs)
        return f"""({head} || {geometry} || ',"properties":{{' {properties} || '}}}}')""", params

    def _geometry(self, place: str) -> str:
        turned = f"ST_FlipCoordinates({place})" if self.northing_first else place
        return f"coalesce(ST_AsGeoJSON({turned}, {self.decimals}, 0), 'null')"

    def _pair(self, field: Field, value: str) -> str:
        # A name is a slug or ours: there is nothing in it to escape.
        text = f"""',"{field.name}":' || to_json({value})"""
        return text if field.is_always_there else f"coalesce({text}, '')"

    def _joined(self, pairs: list[str]) -> str:
        if not pairs:
            return ""
        if self.fields[0].is_always_there:
            pairs = [pairs[0].replace(',"', '"', 1), *pairs[1:]]
            return "".join(f"\n|| {pair}" for pair in pairs)
        everything = " || ".join(pairs)
        return f"|| ltrim({everything}, ',')"
