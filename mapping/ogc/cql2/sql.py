"""The operators of CQL2 as SQL. Values are parameters always; everything keeps SQL's three-valued logic.

Django's `Q` negations and lookups are avoided: `~Q` adds IS NOT NULL, so that NOT of unknown would become true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    DateTimeField,
    DecimalField,
    Expression,
    FloatField,
    Func,
    IntegerField,
    TextField,
    Value,
)

from mapping.exports.sources import Readable


class Condition(Func):
    """An expression that is true, false or unknown."""

    output_field = BooleanField()


class _Numeric(Func):
    output_field = DecimalField(max_digits=1000, decimal_places=100)


class Power(Func):
    """A power; unknown where it is not defined, or beyond some 260 digits.

    Each operand is written once, in a subquery, since powers of powers would grow exponentially otherwise.
    """

    output_field = DecimalField(max_digits=1000, decimal_places=100)
    arity = 2

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Compile the subquery."""
        base, exponent = (compiler.compile(one) for one in self.get_source_expressions())
        sql = (
            "(SELECT CASE WHEN abs(base) > 1e100 OR abs(exponent) > 1e4 THEN NULL"
            " WHEN base = 0 THEN CASE WHEN exponent > 0 THEN 0::numeric WHEN exponent = 0 THEN 1::numeric END"
            " WHEN base < 0 AND exponent <> trunc(exponent) THEN NULL"
            " WHEN abs(exponent * ln(abs(base))) > 600 THEN NULL"
            " ELSE power(base::double precision, exponent::double precision)::numeric END"
            f" FROM (SELECT round(({base[0]})::numeric, 30) AS base, round(({exponent[0]})::numeric, 30) AS exponent)"
            " AS operands)"
        )
        return sql, [*base[1], *exponent[1]]


def conjunction(*conditions: Expression) -> Condition:
    """AND of conditions."""
    return Condition(*conditions, template="(%(expressions)s)", arg_joiner=" AND ")


def disjunction(*conditions: Expression) -> Condition:
    """OR of conditions."""
    return Condition(*conditions, template="(%(expressions)s)", arg_joiner=" OR ")


def negation(condition: Readable) -> Condition:
    """NOT of a condition; unknown stays unknown."""
    return Condition(condition, template="(NOT (%(expressions)s))")


def is_null(value: Readable) -> Condition:
    """Whether a value is NULL."""
    return Condition(value, template="((%(expressions)s) IS NULL)")


_OPERATORS: Final = frozenset({"=", "<>", "<", "<=", ">", ">=", "@>", "<@", "&&", "LIKE"})


def compared(left: Readable, operator: str, right: Readable) -> Condition:
    """Compare two values of one type."""
    if operator not in _OPERATORS:
        raise ValueError(operator)
    return Condition(left, right, template="(%(expressions)s)", arg_joiner=f" {operator} ")


def one_of(value: Readable, values: list[Readable]) -> Condition:
    """Whether a value is in a list."""
    return compared_to_list(value, Func(*values, template="(%(expressions)s)", output_field=TextField()))


def compared_to_list(value: Readable, values: Func) -> Condition:
    """`value IN (…)` of a list in brackets."""
    return Condition(value, values, template="(%(expressions)s)", arg_joiner=" IN ")


def spatial(function: str, left: Readable, right: Readable) -> Condition:
    """A predicate of PostGIS, which uses the index of a column on either side where it has one."""
    return Condition(left, right, function=function)


_ARITHMETIC: Final = {"+": " + ", "-": " - ", "*": " * "}


def calculated(left: Readable, operator: str, right: Readable) -> Expression:
    """Arithmetic of exact decimals, which does not overflow; a division by zero gives no value."""
    if operator == "^":
        return Power(left, right)
    one, other = decimal(left), decimal(right)
    if operator in _ARITHMETIC:
        return _Numeric(one, other, template="(%(expressions)s)", arg_joiner=_ARITHMETIC[operator])
    divisor = _Numeric(other, template="NULLIF(%(expressions)s, 0)")
    if operator == "/":
        return _Numeric(one, divisor, template="(%(expressions)s)", arg_joiner=" / ")
    return _Numeric(one, divisor, function={"%": "mod", "div": "div"}[operator])


def decimal(value: Readable) -> Expression:
    """A number as an exact decimal."""
    return _Numeric(value, template="(%(expressions)s)::numeric")


def without_case(value: Readable) -> Expression:
    """Case-fold a text, ß and SS included; independent of the database's locale."""
    # The code point collation is outermost, since two texts of different explicit collations cannot be compared.
    return Func(
        value,
        template='(upper(lower((%(expressions)s) COLLATE "und-x-icu")) COLLATE "C")',
        output_field=TextField(),
    )


def without_accents(value: Readable) -> Expression:
    """A text without diacritics: decomposed, then freed of the combining marks U+0300 to U+036F."""
    return Func(
        value,
        template=r"(regexp_replace(normalize((%(expressions)s)::text, NFD), '[\u0300-\u036f]', '', 'g'))",
        output_field=TextField(),
    )


def texts(values: list[Readable]) -> Expression:
    """An array of texts."""
    return Func(*values, template="(ARRAY[%(expressions)s]::text[])", output_field=ArrayField(TextField()))


def constant(value: str | float | bool) -> Expression:
    """A value of the filter as a typed parameter."""
    if isinstance(value, bool):
        return Func(Value(value), template="(%(expressions)s)::boolean", output_field=BooleanField())
    if isinstance(value, str):
        return Func(Value(value), template="(%(expressions)s)::text", output_field=TextField())
    if isinstance(value, int):
        return Func(Value(value), template="(%(expressions)s)::bigint", output_field=IntegerField())
    return Func(Value(value), template="(%(expressions)s)::double precision", output_field=FloatField())


def moment(value: datetime) -> Expression:
    """A moment as a parameter."""
    return Func(
        Value(value, output_field=DateTimeField()),
        template="(%(expressions)s)::timestamptz",
        output_field=DateTimeField(),
    )


def unbounded(*, is_start: bool) -> Expression:
    """The infinite end of an open interval."""
    sign = "-" if is_start else ""
    return Func(template=f"'{sign}infinity'::timestamptz", output_field=DateTimeField())


def place(geometry: GEOSGeometry) -> Expression:
    """A geometry as a parameter."""
    return Value(geometry, output_field=GeometryField(srid=4326))
