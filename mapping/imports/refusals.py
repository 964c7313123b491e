"""Reasons to reject a row of a file, raised during validation."""

from collections.abc import Mapping

import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from mapping.geo.errors import GeometryProblem, TextProblem
from mapping.geo.geojson import parse_geometry, parse_point
from mapping.geo.text import cell_text, clean_text
from mapping.imports.parts import has_parts
from mapping.imports.reading.rows import Row


class Refused(Exception):
    """A row fails a check: the field at fault, a code, an English message, and its parameters for other languages."""

    def __init__(
        self, field_name: str, code: str, detail: str, params: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(detail)
        self.field_name, self.code, self.params = field_name, code, params or {}


def geometry_of(row: Row) -> BaseGeometry | None:
    """Validate the geometry like that of a submission: type, range, size, validity, seven decimals; raises Refused."""
    try:
        if row.problem is not None:
            raise row.problem
        if row.geometry is None:
            return None
        if isinstance(row.geometry, shapely.Point):
            return parse_point(row.geometry.x, row.geometry.y)
        if not has_parts(row.geometry):
            return parse_geometry(shapely.geometry.mapping(row.geometry))
        raise GeometryProblem("several_parts")  # noqa: TRY301 - the same way out for all of them
    except GeometryProblem as problem:
        raise of_geometry(problem) from problem


def of_geometry(problem: GeometryProblem) -> Refused:
    """Turn a problem with a geometry into a reason to reject its row."""
    return Refused("geometry", problem.code, str(problem), problem.params)


def cleaned(field_name: str, value: object, longest: int, *, multiline: bool) -> str:
    """Clean the text of a cell for publication; raises Refused."""
    try:
        return clean_text(cell_text(value), max_length=longest, multiline=multiline)
    except TextProblem as problem:
        raise Refused(field_name, problem.code, str(problem), problem.params) from problem
