"""Database check constraints for geometry and JSON columns, stated once.

The services refuse bad input first and with a sentence; these constraints hold whatever path a row takes.
"""

from typing import Any

from django.contrib.gis.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CheckConstraint, F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler


class Repeating(Func):
    """A function whose template names its argument several times; a value (in `full_clean`) is passed as often."""

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The SQL, and the argument's parameters once for each time that it is named."""
        sql, params = super().as_sql(compiler, connection, *args, **extra)
        return sql, tuple(params) * str(self.template).count("%(expressions)s")


class InWorld(Repeating):
    """True where a geometry is finite and within longitude ±180° and latitude ±90° (EPSG:4326).

    PostgreSQL sorts NaN above every number, so the comparison refuses NaN as well as infinity.
    """

    arity = 1
    output_field = BooleanField()
    template = (
        "(ST_XMin(%(expressions)s) >= -180 AND ST_XMax(%(expressions)s) <= 180"
        " AND ST_YMin(%(expressions)s) >= -90 AND ST_YMax(%(expressions)s) <= 90)"
    )


class IsWellFormed(Repeating):
    """True where a geometry is not empty and valid in the sense of OGC Simple Features (06-103r4, section 6.1)."""

    arity = 1
    output_field = BooleanField()
    template = "(NOT ST_IsEmpty(%(expressions)s) AND ST_IsValid(%(expressions)s))"


class GeometryType(Func):
    """The OGC name of a geometry's type, e.g. `POINT`."""

    arity = 1
    function = "GeometryType"
    output_field = models.CharField()


class JsonType(Func):
    """The JSON type of a jsonb value: `object`, `array`, `string`, ..."""

    arity = 1
    function = "jsonb_typeof"
    output_field = models.CharField()


def geometry_is_sound(field: str, name: str, types: tuple[str, ...]) -> list[CheckConstraint]:
    """Constraints that every geometry column carries; NULL passes."""
    kind: Combinable = GeometryType(F(field))
    return [
        CheckConstraint(condition=InWorld(F(field)), name=f"{name}_in_world"),
        CheckConstraint(condition=IsWellFormed(F(field)), name=f"{name}_well_formed"),
        CheckConstraint(
            condition=Q(**{f"{field}__isnull": True}) | _is_one_of(kind, types),
            name=f"{name}_type_known",
        ),
    ]


def json_is(field: str, kind: str, name: str) -> CheckConstraint:
    """A constraint that a jsonb column holds an object or an array."""
    return CheckConstraint(condition=_is_one_of(JsonType(F(field)), (kind,)), name=name)


def _is_one_of(expression: Combinable, values: tuple[str, ...]) -> Q:
    from django.db.models.lookups import In

    return Q(In(expression, [Value(value) for value in values]))
