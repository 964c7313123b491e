"""Random filters: what PostgreSQL finds is what three-valued logic in Python says, in text and in JSON alike."""

from __future__ import annotations

import json
import operator
from typing import Any, Final

import pytest
from django.db.models import BooleanField, F, IntegerField, TextField, Value
from hypothesis import HealthCheck, given, settings, strategies

from mapping.models import Campaign
from mapping.ogc.cql2 import CqlProblem, Queryable, parse

Row = dict[str, Any]
ROWS: Final[tuple[Row, ...]] = (
    {"n": 1, "m": 2, "t": "a", "b": True},
    {"n": 2, "m": None, "t": "A%", "b": None},
    {"n": None, "m": -1, "t": None, "b": False},
    {"n": -3, "m": -3, "t": "it's", "b": None},
)
_COMPARE: Final = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
QUOTE: Final = "'"


def prop(name: str) -> Any:
    return {"property": name}


numbers = strategies.one_of(strategies.sampled_from(["n", "m"]).map(prop), strategies.integers(-4, 4))
texts = strategies.one_of(
    strategies.just(prop("t")), strategies.sampled_from(["a", "A%", "it's", "", "'; --"])
)


def call(op: str, *args: Any) -> Any:
    return {"op": op, "args": [*args]}


leaves = strategies.one_of(
    strategies.builds(call, strategies.sampled_from(sorted(_COMPARE)), numbers, numbers),
    strategies.builds(call, strategies.sampled_from(["=", "<>"]), texts, texts),
    strategies.builds(lambda one: call("isNull", one), strategies.one_of(numbers, texts)),
    strategies.builds(
        lambda one, some: call("in", one, some), numbers, strategies.lists(numbers, min_size=1, max_size=3)
    ),
    strategies.builds(lambda one, low, high: call("between", one, low, high), numbers, numbers, numbers),
    strategies.just(prop("b")),
    strategies.booleans(),
)
trees = strategies.recursive(
    leaves,
    lambda inner: strategies.one_of(
        strategies.builds(lambda one: call("not", one), inner),
        strategies.builds(
            lambda op, some: call(op, *some),
            strategies.sampled_from(["and", "or"]),
            strategies.lists(inner, min_size=2, max_size=3),
        ),
    ),
    max_leaves=8,
)


def value(tree: Any, row: Row) -> Any:
    """The value of a tree for a row; None is unknown."""
    if not isinstance(tree, dict):
        return tree
    if "property" in tree:
        return row[tree["property"]]
    op, args = tree["op"], tree["args"]
    if op == "in":
        return junction("or", [value(call("=", args[0], one), row) for one in args[1]])
    if op == "between":
        return value(call("and", call(">=", args[0], args[1]), call("<=", args[0], args[2])), row)
    values = [value(one, row) for one in args]
    if op in ("and", "or"):
        return junction(op, values)
    if op == "isNull":
        return values[0] is None
    if None in values:
        return None
    return (not values[0]) if op == "not" else _COMPARE[op](*values)


def junction(op: str, values: list[bool | None]) -> bool | None:
    decisive = op == "or"
    if any(one is decisive for one in values):
        return decisive
    return None if None in values else not decisive


def written(tree: Any) -> str:  # noqa: PLR0911
    """The tree in CQL2 text."""
    if isinstance(tree, bool):
        return str(tree).upper()
    if isinstance(tree, str):
        return f"'{tree.replace(QUOTE, QUOTE * 2)}'"
    if isinstance(tree, int):
        return str(tree)
    if "property" in tree:
        return f'"{tree["property"]}"'
    op, args = tree["op"], tree["args"]
    if op == "in":
        return f"{written(args[0])} IN ({', '.join(map(written, args[1]))})"
    first, *rest = map(written, args)
    if op == "not":
        return f"NOT ({first})"
    if op == "isNull":
        return f"{first} IS NULL"
    if op == "between":
        return f"{first} BETWEEN {rest[0]} AND {rest[1]}"
    if op in ("and", "or"):
        return f" {op.upper()} ".join(f"({one})" for one in (first, *rest))
    return f"{first} {op} {rest[0]}"


def queryables(row: Row | None = None) -> dict[str, Queryable]:
    """Attributes; of the values of a row, so that one row of any table is enough to ask."""
    row = row or {}
    return {
        "n": Queryable("n", "integer", Value(row.get("n"), output_field=IntegerField())),
        "m": Queryable("m", "integer", Value(row.get("m"), output_field=IntegerField())),
        "t": Queryable("t", "text", Value(row.get("t"), output_field=TextField())),
        "b": Queryable("b", "boolean", Value(row.get("b"), output_field=BooleanField())),
        "geometry": Queryable("geometry", "geometry", F("geom")),
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(tree=trees)
def test_database_and_three_valued_logic_agree(campaign: Campaign, tree: Any) -> None:
    for row in ROWS:
        known = queryables(row)
        for language, text in (("cql2-text", written(tree)), ("cql2-json", json.dumps(tree))):
            condition = parse(text, language, known)  # type: ignore[arg-type]
            assert Campaign.objects.filter(condition, pk=campaign.pk).exists() is (
                value(tree, row) is True
            ), text


_PIECES: Final = (
    *(
        "n",
        "t",
        "b",
        "geometry",
        "1",
        "'a'",
        "(",
        ")",
        ",",
        "[",
        "]",
        "=",
        "<",
        "-",
        "*",
        "^",
        "%",
        "NOT",
        "AND",
        "OR",
    ),
    *(
        "IN",
        "LIKE",
        "BETWEEN",
        "IS",
        "NULL",
        "TRUE",
        "DATE('2026-05-01')",
        "INTERVAL('..','..')",
        "POINT(1 2)",
        "POINT",
    ),
    *(
        "S_INTERSECTS(",
        "T_AFTER(",
        "A_CONTAINS(",
        "CASEI(",
        "BBOX(1,2,3,4)",
        "EMPTY",
        "POLYGON((",
        "'",
        '"',
        "\\",
        "é",
    ),
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    text=strategies.one_of(
        strategies.text(max_size=60),
        strategies.lists(strategies.sampled_from(_PIECES), max_size=14).map(" ".join),
    )
)
@pytest.mark.slow
def test_no_text_raises_anything_else(text: str) -> None:
    for language in ("cql2-text", "cql2-json"):
        try:
            parse(text, language, queryables())
        except CqlProblem as problem:
            assert problem.params["place"]


_json = strategies.recursive(
    strategies.one_of(
        strategies.none(),
        strategies.booleans(),
        strategies.integers(),
        strategies.floats(),
        strategies.text(max_size=5),
    ),
    lambda inner: strategies.one_of(
        strategies.lists(inner, max_size=4),
        strategies.builds(
            lambda op, args: {"op": op, "args": args},
            strategies.sampled_from(
                ["and", "not", "=", "in", "like", "between", "+", "casei", "s_equals", "t_after"]
            ),
            inner,
        ),
        strategies.builds(
            lambda key, held: {key: held},
            strategies.sampled_from(["property", "date", "timestamp", "interval", "bbox"]),
            inner,
        ),
        strategies.builds(
            lambda kind, held: {"type": kind, "coordinates": held, "geometries": held},
            strategies.sampled_from(["Point", "Polygon", "MultiPoint", "GeometryCollection", "x"]),
            inner,
        ),
    ),
    max_leaves=10,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(tree=_json)
@pytest.mark.slow
def test_no_json_raises_anything_else(tree: Any) -> None:
    try:
        parse(json.dumps(tree), "cql2-json", queryables())
    except CqlProblem as problem:
        assert problem.params["place"]
