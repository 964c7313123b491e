r"""Parser of CQL2 text (OGC 21-065r2, section 6 and the BNF of annex B).

The grammar is our own, read by lark's LALR parser in linear time and without recursion. The CQL2 parser of pygeofilter
0.4 cannot be used: it gives AND and OR the same precedence (`a OR b AND c` becomes `(a OR b) AND c`), supports temporal
predicates as infix operators only, no array predicates, no TRUE, `''`, exponents, `%`, `div` and `^`, matches `.`
instead of `_` with LIKE, and loses the positions of nodes in the text.

All expressions are parsed by one grammar and type-checked afterwards (`conditions`): errors then name types instead of
characters. Extensions of the standard: arrays in round brackets, and ILIKE.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedToken, v_args

from mapping.ogc.cql2.problems import FaultError, Place
from mapping.ogc.cql2.tree import Call, Geometry, Literal, Node, Property, junction

_GRAMMAR: Final = r"""
?start: disjunction
?disjunction: conjunction | conjunction (OR conjunction)+ -> joined
?conjunction: negation | negation (AND negation)+ -> joined
?negation: comparison | NOT negation -> prefixed
?comparison: sum
    | sum COMPARATOR sum -> infix
    | sum LIKE sum -> infix
    | sum NOT LIKE sum -> not_infix
    | sum ILIKE sum -> alike
    | sum NOT ILIKE sum -> not_alike
    | sum BETWEEN sum AND sum -> between
    | sum NOT BETWEEN sum AND sum -> not_between
    | sum IN "(" list ")" -> contained
    | sum NOT IN "(" list ")" -> not_contained
    | sum IS NULL -> is_null
    | sum IS NOT NULL -> is_not_null
?sum: product | sum PLUS product -> infix | sum MINUS product -> infix
?product: power | product STAR power -> infix | product SLASH power -> infix
    | product PERCENT power -> infix | product DIV power -> infix
?power: factor | factor CARET power -> infix
?factor: atom | MINUS factor -> minus
?atom: STRING -> text | NUMBER -> number | TRUE -> yes | FALSE -> no | NAME -> property | QUOTED -> quoted
    | FUNCTION "(" ")" -> function
    | FUNCTION "(" list ")" -> function
    | "(" disjunction ")"
    | OPEN ")" -> array
    | OPEN disjunction "," list ")" -> longer_array
    | SQUARE "]" -> array
    | SQUARE list "]" -> array
    | wkt
list: disjunction ("," disjunction)*
wkt: WKT body
body: "(" item ("," item)* ")" | EMPTY
?item: body | position | wkt
position: signed+
signed: NUMBER | MINUS NUMBER | PLUS NUMBER

AND.3: /AND(?![\w.:])/i
OR.3: /OR(?![\w.:])/i
NOT.3: /NOT(?![\w.:])/i
LIKE.3: /LIKE(?![\w.:])/i
ILIKE.3: /ILIKE(?![\w.:])/i
BETWEEN.3: /BETWEEN(?![\w.:])/i
IN.3: /IN(?![\w.:])/i
IS.3: /IS(?![\w.:])/i
NULL.3: /NULL(?![\w.:])/i
TRUE.3: /TRUE(?![\w.:])/i
FALSE.3: /FALSE(?![\w.:])/i
DIV.3: /DIV(?![\w.:])/i
EMPTY.3: /EMPTY(?![\w.:])/i
WKT.4: /(?:(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)(?:\s*(?:ZM|Z|M))?(?=\s*\(|\s+EMPTY(?![\w.:]))/i
FUNCTION.2: /[^\W\d][\w.:]*(?=\s*\()/
NAME: /(?:[^\W\d]|:)[\w.:]*/
QUOTED: /"(?:[^"]|"")+"(?!")/
STRING: /'(?:''|\\'|[^'\\]|\\(?!'))*'/
NUMBER: /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/
COMPARATOR: "=" | "<>" | "<=" | ">=" | "<" | ">"
PLUS: "+"
MINUS: "-"
STAR: "*"
SLASH: "/"
PERCENT: "%"
CARET: "^"
OPEN: "("
SQUARE: "["
%ignore /\s+/
"""
_POSITIONS_IN: Final = {"POINT": 1, "MULTIPOINT": 2}
_NAMES: Final = {
    name.upper(): name
    for name in (
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    )
}
_LARGEST: Final = 2**63
_ESCAPED: Final = re.compile(r"\\'|''")


def parse_text(text: str) -> Node:
    """Parse a filter; raises FaultError."""
    try:
        found = _PARSER.parse(text)
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END":
            raise FaultError("cql_ends_early", len(text)) from None
        raise FaultError("cql_unexpected", token.start_pos or 0, found=str(token)) from None
    except UnexpectedCharacters as error:
        at: Any = error.pos_in_stream  # declared as None by lark, an int in fact
        code = "cql_unclosed" if text[at] in "'\"" else "cql_unexpected"
        raise FaultError(code, at, found=text[at]) from None
    except UnexpectedEOF:
        raise FaultError("cql_ends_early", len(text)) from None
    if not isinstance(found, Property | Literal | Geometry | Call):
        raise TypeError(found)
    return found


def number_of(digits: str, at: Place) -> int | float:
    """Parse a number in PostgreSQL's range; whole numbers beyond 64 bits become floating-point numbers."""
    number = float(digits)
    if not math.isfinite(number):
        raise FaultError("cql_number", at, found=digits)
    return int(digits) if digits.isdigit() and number <= _LARGEST and int(digits) < _LARGEST else number


def _at(token: Token) -> int:
    return token.start_pos or 0


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds the tree during parsing."""

    def joined(self, *parts: Node | Token) -> Call:
        operator = parts[1]
        if not isinstance(operator, Token):
            raise TypeError(operator)
        operands = [part for part in parts if not isinstance(part, Token)]
        return junction(operator.lower(), operands, _at(operator))

    def prefixed(self, operator: Token, operand: Node) -> Call:
        return Call("not", (operand,), _at(operator))

    def infix(self, left: Node, operator: Token, right: Node) -> Call:
        return Call(operator.lower(), (left, right), _at(operator))

    def not_infix(self, left: Node, negation: Token, operator: Token, right: Node) -> Call:
        return self.prefixed(negation, self.infix(left, operator, right))

    def alike(self, left: Node, operator: Token, right: Node) -> Call:
        """ILIKE, used by GDAL and many databases: CASEI on both sides."""
        at = _at(operator)
        return Call("like", (Call("casei", (left,), at), Call("casei", (right,), at)), at)

    def not_alike(self, left: Node, negation: Token, operator: Token, right: Node) -> Call:
        return self.prefixed(negation, self.alike(left, operator, right))

    def between(self, value: Node, operator: Token, low: Node, _and: Token, high: Node) -> Call:
        return Call("between", (value, low, high), _at(operator))

    def not_between(
        self, value: Node, negation: Token, operator: Token, low: Node, _and: Token, high: Node
    ) -> Call:
        return self.prefixed(negation, self.between(value, operator, low, _and, high))

    def contained(self, value: Node, operator: Token, values: tuple[Node, ...]) -> Call:
        return Call("in", (value, Call("list", values, _at(operator))), _at(operator))

    def not_contained(self, value: Node, negation: Token, operator: Token, values: tuple[Node, ...]) -> Call:
        return self.prefixed(negation, self.contained(value, operator, values))

    def is_null(self, value: Node, operator: Token, _null: Token) -> Call:
        return Call("isnull", (value,), _at(operator))

    def is_not_null(self, value: Node, operator: Token, negation: Token, _null: Token) -> Call:
        return self.prefixed(negation, self.is_null(value, operator, _null))

    def minus(self, operator: Token, operand: Node) -> Node:
        """A sign before a digit belongs to the number, so that -9223372036854775808 is one."""
        if isinstance(operand, Literal) and type(operand.value) in (int, float):
            return Literal(-operand.value, _at(operator))  # type: ignore[operator]
        return Call("*", (Literal(-1, _at(operator)), operand), _at(operator))

    def text(self, token: Token) -> Literal:
        return Literal(_ESCAPED.sub("'", token[1:-1]), _at(token))

    def number(self, token: Token) -> Literal:
        return Literal(number_of(token, _at(token)), _at(token))

    def yes(self, token: Token) -> Literal:
        return Literal(value=True, at=_at(token))

    def no(self, token: Token) -> Literal:
        return Literal(value=False, at=_at(token))

    def property(self, token: Token) -> Property:
        return Property(str(token), _at(token))

    def quoted(self, token: Token) -> Property:
        return Property(token[1:-1].replace('""', '"'), _at(token))

    def list(self, *items: Node) -> tuple[Node, ...]:
        return items

    def array(self, start: Token, items: tuple[Node, ...] = ()) -> Call:
        return Call("list", items, _at(start))

    def longer_array(self, start: Token, first: Node, rest: tuple[Node, ...]) -> Call:
        return Call("list", (first, *rest), _at(start))

    def function(self, name: Token, arguments: tuple[Node, ...] = ()) -> Call:
        return Call(name.lower(), arguments, _at(name))

    def signed(self, *parts: Token) -> float:
        digits = parts[-1]
        number = number_of(digits, _at(digits))
        return -number if parts[0] == "-" else number

    def position(self, *numbers: float) -> tuple[float, ...]:
        return numbers

    def body(self, *items: object) -> object:
        return None if len(items) == 1 and isinstance(items[0], Token) else [*items]

    def wkt(self, name: Token, body: object) -> Geometry:
        """Convert well-known text to GeoJSON nesting: a point has one pair of brackets less."""
        words = name.upper().replace("ZM", " ZM").split()
        kind, at = words[0], _at(name)
        dimension = words[1] if len(words) > 1 else ""
        if kind not in _NAMES:
            kind, dimension = kind[:-1], kind[-1]
        if dimension.endswith("M"):
            raise FaultError("cql_measures", at)
        if body is None or not isinstance(body, list):
            raise FaultError("cql_geometry", at, reason="EMPTY")
        if kind == "GEOMETRYCOLLECTION":
            # Nested collections are useless, and a thousand levels would be an attack.
            members = tuple(one for one in body if isinstance(one, Geometry) and not one.members)
            if len(members) != len(body):
                raise FaultError("cql_geometry", at, reason=str(name))
            return Geometry(_NAMES[kind], [], at, members)
        return Geometry(_NAMES[kind], _coordinates(kind, body, at), at)


def _coordinates(kind: str, body: list[object], at: Place) -> object:
    if kind == "POINT":
        if len(body) != 1:
            raise FaultError("cql_geometry", at, reason=kind)
        return body[0]
    if kind == "MULTIPOINT":
        return [one[0] if isinstance(one, list) and len(one) == 1 else one for one in body]
    return body


_PARSER: Final = Lark(
    _GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder(), maybe_placeholders=False
)
