"""Database check constraints for geometry and JSON columns, stated once.

The services refuse bad input first and with a sentence; these constraints hold whatever path a row takes.
"""

from typing import Any

from django.contrib.gis.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CheckConstraint, F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from mapping.links.origins import MOST

UNKNOWN_VALUE = _("Please choose one of the values that are offered.")
"""The sentence about a value that is none of its field's choices."""


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
        CheckConstraint(
            condition=InWorld(F(field)),
            name=f"{name}_in_world",
            violation_error_message=_("The place lies outside of the world: longitude ±180°, latitude ±90°."),
        ),
        CheckConstraint(
            condition=IsWellFormed(F(field)),
            name=f"{name}_well_formed",
            violation_error_message=_(
                "The shape is empty or broken: its border must not cross or touch itself. Please draw it again."
            ),
        ),
        CheckConstraint(
            condition=Q(**{f"{field}__isnull": True}) | _is_one_of(kind, types),
            name=f"{name}_type_known",
            violation_error_message=_("This kind of shape cannot be stored here."),
        ),
    ]


def json_is(field: str, kind: str, name: str) -> CheckConstraint:
    """A constraint that a jsonb column holds an object or an array."""
    return CheckConstraint(
        condition=_is_one_of(JsonType(F(field)), (kind,)),
        name=name,
        violation_error_message=_("This must be a JSON object with names and values."),
    )


class InWords(Func):
    """The elements of an array of texts between blanks; NULL elements as `?`. Not NULL."""

    arity = 1
    output_field = models.TextField()
    template = "array_to_string(%(expressions)s, ' ', '?')"


def origins_are_sound(field: str, name: str) -> CheckConstraint:
    """A constraint that an array holds at most `links.origins.MOST` origins of sites, and nothing else of a policy."""
    from django.db.models.lookups import Regex

    one = "https://[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?"
    return CheckConstraint(
        condition=Q(**{f"{field}__len__lte": MOST})
        & Q(Regex(InWords(F(field)), Value(f"^({one}( {one})*)?$"))),
        name=name,
        violation_error_message=_("Please give at most 20 addresses that begin with https://."),
    )


def _is_one_of(expression: Combinable, values: tuple[str, ...]) -> Q:
    from django.db.models.lookups import In

    return Q(In(expression, [Value(value) for value in values]))
