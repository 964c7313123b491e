"""Type-checks a tree against the attributes of a collection and translates it to an SQL condition.

Days: a date is the day in UTC, from its first to its last moment. `created = DATE('2026-05-01')` holds all that day,
`>` begins after it. Numbers in arithmetic are exact decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from typing import Literal as OneOf

from django.db.models import Expression

from mapping.exports.sources import Readable
from mapping.ogc.cql2 import literals, sql
from mapping.ogc.cql2.lenient import moment_text
from mapping.ogc.cql2.problems import FaultError
from mapping.ogc.cql2.queryables import Queryable
from mapping.ogc.cql2.temporal import TEMPORAL, Span, related, span_compared
from mapping.ogc.cql2.tree import Call, Geometry, Literal, Node, Property
from mapping.ogc.crs import Crs

Type = OneOf["text", "number", "boolean", "time", "interval", "texts", "geometry"]

_COMPARISONS: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})
_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%", "div", "^"})
_MOST_ARITHMETIC: Final = 16
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
_SPATIAL: Final = {
    "s_intersects": "ST_Intersects",
    "s_disjoint": "ST_Disjoint",
    "s_contains": "ST_Contains",
    "s_within": "ST_Within",
    "s_crosses": "ST_Crosses",
    "s_overlaps": "ST_Overlaps",
    "s_touches": "ST_Touches",
    "s_equals": "ST_Equals",
}
_OF_COLLECTIONS: Final = frozenset({"s_intersects", "s_disjoint"})
_ARRAYS: Final = {"a_contains": "@>", "a_containedby": "<@", "a_overlaps": "&&", "a_equals": "="}
_OF_TEXTS: Final[Mapping[str, Callable[[Readable], Expression]]] = {
    "casei": sql.without_case,
    "accenti": sql.without_accents,
}
_KINDS: Final[Mapping[str, Type]] = {
    "text": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "datetime": "time",
    "texts": "texts",
    "geometry": "geometry",
}


@dataclass(frozen=True, eq=False)
class Typed:
    """A value and its type. Times have a span instead of one value; `is_day` where it is a whole day.

    `is_decimal` marks exact decimals, `is_collection` geometries that PostGIS relates by intersection only.
    """

    type: Type
    value: Readable
    span: Span | None = None
    is_day: bool = False
    is_decimal: bool = False
    is_collection: bool = False


class Translator:
    """Translates the trees of one filter to conditions."""

    def __init__(self, queryables: Mapping[str, Queryable], crs: Crs, *, is_lenient: bool = False) -> None:
        self.queryables = queryables
        self.crs = crs
        self.is_lenient = is_lenient
        """Whether bare texts are days, moments and numbers, and 1 and 0 are yes and no, beside such values."""
        self.arithmetic = 0

    def condition(self, node: Node) -> Readable:
        """Translate a node to a condition; raises FaultError where it is not boolean."""
        return self._of_type(node, "boolean").value

    def typed(self, node: Node) -> Typed:
        """Translate a node to a typed value; raises FaultError."""
        if isinstance(node, Property):
            return self._property(node)
        if isinstance(node, Literal):
            return _literal(node)
        if isinstance(node, Geometry):
            place = literals.geometry(node, self.crs)
            return Typed("geometry", sql.place(place), is_collection=place.geom_type == "GeometryCollection")
        return self._call(node)

    def _of_type(self, node: Node, *types: Type) -> Typed:
        found = self.typed(node)
        if found.type not in types:
            raise FaultError("cql_type", node.at, found=found.type, wanted=", ".join(types))
        return found

    def _property(self, node: Property) -> Typed:
        known = self.queryables.get(node.name)
        if known is None:
            raise FaultError("cql_unknown_property", node.at, name=node.name, known=_List(self.queryables))
        kind = _KINDS[known.kind]
        span = (known.expression, known.expression) if kind == "time" else None
        return Typed(kind, known.expression, span)

    def _call(self, node: Call) -> Typed:  # noqa: C901, PLR0911, PLR0912
        op = node.op
        if op in ("and", "or"):
            return self._junction(node)
        if op == "not":
            [operand] = _operands(node, 1)
            return _boolean(sql.negation(self.condition(operand)))
        if op in _COMPARISONS:
            left, right = _operands(node, 2)
            return _boolean(self._compared(self._beside(left, right), op, self._beside(right, left), right))
        if op == "isnull":
            [operand] = _operands(node, 1)
            return _boolean(sql.is_null(self.typed(operand).value))
        if op == "between":
            return self._between(node)
        if op == "in":
            return self._in(node)
        if op == "like":
            return self._like(node)
        if op in _ARITHMETIC:
            return self._calculated(node)
        if op in _OF_TEXTS:
            [operand] = _operands(node, 1)
            return Typed("text", _OF_TEXTS[op](self._of_type(operand, "text").value))
        if op in _SPATIAL:
            return self._spatial(node)
        if op in TEMPORAL:
            return self._temporal(node)
        if op in _ARRAYS:
            return self._arrays(node)
        if op == "list":
            return Typed("texts", sql.texts([self._of_type(one, "text").value for one in node.args]))
        if op in ("date", "timestamp"):
            return _time(node)
        if op == "interval":
            return self._interval(node)
        if op == "bbox":
            return Typed("geometry", sql.place(literals.box(node, self.crs)))
        raise FaultError("cql_unknown_function", node.at, name=op)

    def _junction(self, node: Call) -> Typed:
        if len(node.args) < 2:
            raise FaultError("cql_operands", node.at, name=node.op, count=2)
        conditions = [_condition(self.condition(one)) for one in node.args]
        return _boolean((sql.conjunction if node.op == "and" else sql.disjunction)(*conditions))

    def _compared(self, left: Typed, op: str, right: Typed, at: Node) -> Expression:
        if left.type != right.type:
            raise FaultError("cql_type", at.at, found=right.type, wanted=left.type)
        if left.span is not None and right.span is not None and left.type == "time":
            return span_compared(left.span, op, right.span)
        if left.type not in ("text", "number", "boolean"):
            raise FaultError("cql_not_comparable", at.at, found=left.type, operator=op)
        one, other = _alike(left, right)
        return sql.compared(one, op, other)

    def _between(self, node: Call) -> Typed:
        # The schema of the standard lists three operands; drafts nested the last two, and clients still do.
        args = node.args
        if len(args) == 2 and isinstance(args[1], Call) and args[1].op == "list":
            args = (args[0], *args[1].args)
        value_node, low_node, high_node = _counted(node, args, 3)
        value = self.typed(value_node)
        low, high = (self._beside(one, value_node) for one in (low_node, high_node))
        if value.type not in ("number", "time"):
            raise FaultError("cql_type", value_node.at, found=value.type, wanted="number, time")
        return _boolean(
            sql.conjunction(
                self._compared(value, ">=", low, low_node), self._compared(value, "<=", high, high_node)
            )
        )

    def _in(self, node: Call) -> Typed:
        value_node, list_node = _operands(node, 2)
        if not isinstance(list_node, Call) or list_node.op != "list" or not list_node.args:
            raise FaultError("cql_not_a_list", list_node.at)
        value = self.typed(value_node)
        return _boolean(
            sql.disjunction(
                *(
                    self._compared(value, "=", self._listed(one, value, value_node), one)
                    for one in list_node.args
                )
            )
        )

    def _listed(self, node: Node, value: Typed, value_node: Node) -> Typed:
        """One value of IN. Among times a plain text is a day or a moment, as in /conf/advanced-comparison-operators/in,
        though the grammar of the standard requires DATE and TIMESTAMP there too.
        """
        if self.is_lenient:
            return self._beside(node, value_node)
        if value.type == "time" and isinstance(node, Literal) and isinstance(node.value, str):
            return _bare_time(node, node.value)
        return self.typed(node)

    def _beside(self, node: Node, other: Node) -> Typed:
        """Translate an operand; where allowed, a literal takes the type of the other operand."""
        if not self.is_lenient or not isinstance(node, Literal) or isinstance(other, Literal):
            return self.typed(node)
        kind, value = self.typed(other).type, node.value
        if kind == "time" and isinstance(value, str):
            return _bare_time(node, moment_text(value))
        if kind == "boolean" and value in (0, 1):
            return _literal(Literal(bool(value), node.at))
        if kind == "number" and isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            return _literal(Literal(float(value), node.at))
        return _literal(node)

    def _like(self, node: Call) -> Typed:
        value, pattern = _operands(node, 2)
        innermost = pattern
        while isinstance(innermost, Call) and innermost.op in _OF_TEXTS and innermost.args:
            innermost = innermost.args[0]
        if not isinstance(innermost, Literal) or not isinstance(innermost.value, str):
            raise FaultError("cql_pattern", pattern.at)
        trailing = len(innermost.value) - len(innermost.value.rstrip("\\"))
        if trailing % 2:
            raise FaultError("cql_pattern_end", innermost.at)
        return _boolean(
            sql.compared(self._of_type(value, "text").value, "LIKE", self._of_type(pattern, "text").value)
        )

    def _calculated(self, node: Call) -> Typed:
        self.arithmetic += 1
        if self.arithmetic > _MOST_ARITHMETIC:
            raise FaultError("cql_too_large", node.at, max=_MOST_ARITHMETIC)
        left, right = (self._of_type(one, "number").value for one in _operands(node, 2))
        return Typed("number", sql.calculated(left, node.op, right), is_decimal=True)

    def _spatial(self, node: Call) -> Typed:
        operands = _operands(node, 2)
        left, right = (self._of_type(one, "geometry") for one in operands)
        for one, found in zip(operands, (left, right), strict=True):
            if found.is_collection and node.op not in _OF_COLLECTIONS:
                raise FaultError("cql_collection", one.at, name=node.op.upper())
        return _boolean(sql.spatial(_SPATIAL[node.op], left.value, right.value))

    def _temporal(self, node: Call) -> Typed:
        left, right = (self._of_type(one, "time", "interval") for one in _operands(node, 2))
        if left.span is None or right.span is None:
            raise FaultError("cql_type", node.at, found=left.type, wanted="time, interval")
        if node.op == "t_equals" and left.type == right.type == "time":
            return _boolean(span_compared(left.span, "=", right.span))
        return _boolean(related(left.span, node.op, right.span))

    def _arrays(self, node: Call) -> Typed:
        left, right = (self._array(one) for one in _operands(node, 2))
        if node.op == "a_equals":
            both = (sql.compared(left, operator, right) for operator in ("@>", "<@"))
            return _boolean(sql.conjunction(*both))
        return _boolean(sql.compared(left, _ARRAYS[node.op], right))

    def _array(self, node: Node) -> Readable:
        """Translate an array; a text in round brackets is an array of one element."""
        if isinstance(node, Literal) and isinstance(node.value, str):
            return sql.texts([sql.constant(node.value)])
        return self._of_type(node, "texts").value

    def _interval(self, node: Call) -> Typed:
        ends = [self._end(one, is_start=not number) for number, one in enumerate(_operands(node, 2))]
        first, last = node.args
        given = [_fixed(one, is_start=not number) for number, one in enumerate((first, last))]
        if given[0] is not None and given[1] is not None and given[0] > given[1]:
            raise FaultError("cql_interval_reversed", node.at)
        return Typed("interval", ends[0], (ends[0], ends[1]))

    def _end(self, node: Node, *, is_start: bool) -> Readable:
        if isinstance(node, Literal):
            fixed = _fixed(node, is_start=is_start)
            return sql.unbounded(is_start=is_start) if fixed is None else sql.moment(fixed)
        found = self._of_type(node, "time")
        if found.span is None:
            raise FaultError("cql_type", node.at, found=found.type, wanted="time")
        return found.span[0 if is_start else 1]


class _List:
    """The known names for an error message, joined lazily; never truncated."""

    def __init__(self, names: Mapping[str, Queryable]) -> None:
        self.names = tuple(names)

    def __str__(self) -> str:
        return ", ".join(self.names)


def _fixed(node: Node, *, is_start: bool) -> datetime | None:
    """The literal end of an interval; None for `..` and for attributes."""
    if isinstance(node, Call) and node.op in ("date", "timestamp") and len(node.args) == 1:
        node = node.args[0]
    if not isinstance(node, Literal):
        return None
    if not isinstance(node.value, str):
        raise FaultError("cql_timestamp", node.at, found=str(node.value))
    if node.value in ("..", ""):
        return None
    if "T" in node.value:
        return literals.moment_of(node.value, node.at)
    return literals.day_of(node.value, node.at)[0 if is_start else 1]


def _time(node: Call) -> Typed:
    [operand] = _operands(node, 1)
    if not isinstance(operand, Literal) or not isinstance(operand.value, str):
        raise FaultError("cql_date" if node.op == "date" else "cql_timestamp", operand.at, found="")
    if node.op == "date":
        first, last = literals.day_of(operand.value, operand.at)
        return Typed("time", sql.moment(first), (sql.moment(first), sql.moment(last)), is_day=True)
    value = sql.moment(literals.moment_of(operand.value, operand.at))
    return Typed("time", value, (value, value))


def _bare_time(node: Literal, text: str) -> Typed:
    """Parse a plain text as a day or a moment."""
    return _time(Call("timestamp" if "T" in text else "date", (Literal(text, node.at),), node.at))


def _literal(node: Literal) -> Typed:
    kind: Type = "number"
    if isinstance(node.value, bool):
        kind = "boolean"
    elif isinstance(node.value, str):
        kind = "text"
    return Typed(kind, sql.constant(node.value))


def _boolean(condition: Expression) -> Typed:
    return Typed("boolean", condition)


def _condition(value: Readable) -> Expression:
    return value if isinstance(value, sql.Condition) else sql.Condition(value, template="(%(expressions)s)")


def _alike(left: Typed, right: Typed) -> tuple[Readable, Readable]:
    """Cast two numbers to one SQL type: exact decimals are not compared as floats, whose range they may exceed."""
    if left.type == "number" and (left.is_decimal or right.is_decimal):
        return sql.decimal(left.value), sql.decimal(right.value)
    return left.value, right.value


def _operands(node: Call, count: int) -> tuple[Node, ...]:
    return _counted(node, node.args, count)


def _counted(node: Call, args: tuple[Node, ...], count: int) -> tuple[Node, ...]:
    if len(args) != count:
        raise FaultError("cql_operands", node.at, name=node.op, count=count)
    return args
