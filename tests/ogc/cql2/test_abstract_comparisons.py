"""The abstract tests of CQL2's languages and comparisons (OGC 21-065r2, annexes A.1 to A.6, A.12), each by its id."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from mapping.models import Campaign
from mapping.ogc.cql2 import CqlProblem, contribution_queryables, parse
from tests.ogc.asking import COLLECTION, body
from tests.ogc.cql2.places import PLACES, found, queryables
from tests.ogc.cql2.predicates import COMPARED

EVERYWHERE = {place.text for place in PLACES}
VALUES = {
    "text": "'foo'",
    "boolean": "true",
    "number": "3.14",
    "integer": "1",
    "datetime": "TIMESTAMP('2022-04-14T14:48:46Z')",
}
"""A value of each scalar type; there is no attribute of the type Date."""
SCALARS = list(VALUES.items())
DISJOINT = (("=", "<>"), (">", "<="), ("<", ">="))


# --- CQL2 Text, CQL2 JSON -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["'O''Hara'", "'O\\'Hara'"])
def test_escaping(places: Campaign, written: str) -> None:
    """/conf/cql2-text/escaping, /req/cql2-text/escaping"""
    assert found(places, f"{written} = 'O''Hara'") == EVERYWHERE
    pattern = written.replace("'O", "'%O", 1)
    assert found(places, f"name LIKE {pattern}") == {"rhine"}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "(capital = TRUE OR people < 0) AND NOT name LIKE 'B%'",
            {
                "op": "and",
                "args": [
                    {
                        "op": "or",
                        "args": [
                            {"op": "=", "args": [{"property": "capital"}, True]},
                            {"op": "<", "args": [{"property": "people"}, 0]},
                        ],
                    },
                    {"op": "not", "args": [{"op": "like", "args": [{"property": "name"}, "B%"]}]},
                ],
            },
        ),
        (
            "CASEI(name) IN (CASEI('porto'), CASEI('BERLIN')) AND height IS NOT NULL",
            {
                "op": "and",
                "args": [
                    {
                        "op": "in",
                        "args": [
                            {"op": "casei", "args": [{"property": "name"}]},
                            [{"op": "casei", "args": ["porto"]}, {"op": "casei", "args": ["BERLIN"]}],
                        ],
                    },
                    {"op": "not", "args": [{"op": "isNull", "args": [{"property": "height"}]}]},
                ],
            },
        ),
        (
            "T_FINISHEDBY(INTERVAL(created, reply_created), INTERVAL('2022-04-16T10:13:19Z', '2022-04-16T10:16:06Z'))",
            {
                "op": "t_finishedBy",
                "args": [
                    {"interval": [{"property": "created"}, {"property": "reply_created"}]},
                    {"interval": ["2022-04-16T10:13:19Z", "2022-04-16T10:16:06Z"]},
                ],
            },
        ),
        (
            "A_CONTAINEDBY(tags, ('rail', 'port')) OR people BETWEEN 0 AND 2 ^ 3",
            {
                "op": "or",
                "args": [
                    {"op": "a_containedBy", "args": [{"property": "tags"}, ["rail", "port"]]},
                    {"op": "between", "args": [{"property": "people"}, 0, {"op": "^", "args": [2, 3]}]},
                ],
            },
        ),
        (
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(13.4 52.5), LINESTRING(7 50, 8 51)))",
            {
                "op": "s_intersects",
                "args": [
                    {"property": "geometry"},
                    {
                        "type": "GeometryCollection",
                        "geometries": [
                            {"type": "Point", "coordinates": [13.4, 52.5]},
                            {"type": "LineString", "coordinates": [[7, 50], [8, 51]]},
                        ],
                    },
                ],
            },
        ),
    ],
)
def test_validate(places: Campaign, text: str, tree: Any) -> None:
    """/conf/cql2-text/validate, /conf/cql2-json/validate: the same filter in both. All others are asked in both too."""
    condition = parse(json.dumps(tree), "cql2-json", contribution_queryables(places))
    assert {one.text for one in places.contributions.filter(condition)} == found(places, text)
    assert found(places, text) not in (set(), EVERYWHERE)


# --- Basic CQL2 -----------------------------------------------------------------------------------------------------


def test_basic_test(places: Campaign) -> None:
    """/conf/basic-cql2/basic-test: each queryable has a type, and there are some of scalar types."""
    types = {"string", "number", "integer", "boolean", "array"}
    described = body(f"{COLLECTION}/queryables")["properties"]
    for name, schema in described.items():
        assert schema.get("type") in types or schema["format"].startswith("geometry-"), name
    assert set(described) == set(contribution_queryables(places))
    assert all(queryables(places, kind) for kind in VALUES)


@pytest.mark.parametrize(("kind", "value"), SCALARS)
def test_comparison(places: Campaign, kind: str, value: str) -> None:
    """/conf/basic-cql2/comparison, /req/basic-cql2/property, /req/basic-cql2/binary-comparison-predicate"""
    for name in queryables(places, kind):
        answers = {sign: found(places, f"{name} {sign} {value}") for sign in COMPARED}
        assert all(answers[one].isdisjoint(answers[other]) for one, other in DISJOINT), name
        known = found(places, f"{name} IS NOT NULL")
        assert all(answers[one] | answers[other] == known for one, other in DISJOINT), name


def test_is_null(places: Campaign) -> None:
    """/conf/basic-cql2/is-null, /req/basic-cql2/null-predicate"""
    for name in queryables(places):
        missing, known = found(places, f"{name} IS NULL"), found(places, f"{name} is not null")
        assert missing.isdisjoint(known), name
        assert missing | known == EVERYWHERE, name


def test_boolean(places: Campaign) -> None:
    """/conf/basic-cql2/boolean, /req/basic-cql2/cql2-filter"""
    assert found(places, "true") == EVERYWHERE
    assert found(places, "false") == set()


# --- Advanced comparison operators ----------------------------------------------------------------------------------


def test_like(places: Campaign) -> None:
    """/conf/advanced-comparison-operators/like, /req/advanced-comparison-operators/like-predicate"""
    for name in queryables(places, "text"):
        patterns = ("%", "_%", "", "%%", "\\\\%\\\\_", "\\%\\_")
        whole, some, none, twice, *_escaped = (found(places, f"{name} LIKE '{one}'") for one in patterns)
        assert some.isdisjoint(none), name
        assert whole == twice == some | none == found(places, f"{name} IS NOT NULL"), name


def test_between(places: Campaign) -> None:
    """/conf/advanced-comparison-operators/between, /req/advanced-comparison-operators/between-predicate"""
    for name in queryables(places, "number", "integer"):
        assert found(places, f"{name} BETWEEN 0 AND 100") == found(places, f"{name} >= 0 AND {name} <= 100")
        assert found(places, f"{name} between 100.0 and 1.0") == set()


@pytest.mark.parametrize(
    ("kinds", "values"),
    [
        (("number", "integer"), "1, 2, 3"),
        (("text",), "'foo', 'bar'"),
        (("boolean",), "true"),
        (("datetime",), "'2022-04-14T14:48:46Z', '2022-04-16T10:15:10Z'"),
        (("datetime",), "'2022-04-14', '2022-04-15'"),
    ],
)
def test_in(places: Campaign, kinds: tuple[str, ...], values: str) -> None:
    """/conf/advanced-comparison-operators/in, /req/advanced-comparison-operators/in-predicate"""
    for name in queryables(places, *kinds):
        listed, others = found(places, f"{name} IN ({values})"), found(places, f"{name} NOT IN ({values})")
        assert listed.isdisjoint(others), name
        assert listed | others == found(places, f"{name} IS NOT NULL"), name


def test_times_may_be_listed_as_texts(places: Campaign) -> None:
    """The abstract test has them so; its grammar has DATE and TIMESTAMP. Both mean the same."""
    plain = "created IN ('2022-04-14', '2022-04-16T10:15:10Z')"
    typed = "created IN (DATE('2022-04-14'), TIMESTAMP('2022-04-16T10:15:10Z'))"
    assert found(places, plain) == found(places, typed) == {"oporto", "baerum"}
    with pytest.raises(CqlProblem, match="cql_date"):
        found(places, "created IN ('yesterday')")


# --- Letters --------------------------------------------------------------------------------------------------------


def test_casei(places: Campaign) -> None:
    """/conf/case-insensitive-comparison/casei, casei-like, /req/case-insensitive-comparison/casei-function"""
    for name in queryables(places, "text"):
        same, other = (
            found(places, f"CASEI({name}) = casei('foo')"),
            found(places, f"CASEI({name}) <> casei('FOO')"),
        )
        assert same.isdisjoint(other), name
        assert same | other == found(places, f"{name} IS NOT NULL"), name
        assert (
            same
            == found(places, f"CASEI({name}) LIKE casei('foo%')")
            == found(places, f"CASEI({name}) LIKE casei('FOO%')")
        ), name
    assert found(places, "CASEI(ascii) = casei('FOO')") == {"rhine"}


def test_accenti(places: Campaign) -> None:
    """/conf/accent-insensitive-comparison/accenti, accenti-like, /req/accent-insensitive-comparison/accenti-function"""
    for name in queryables(places, "text"):
        same = found(places, f"ACCENTI({name}) = accenti('äöüéáí')")
        assert same.isdisjoint(found(places, f"ACCENTI({name}) <> accenti('aoueai')")), name
        assert found(places, f"ACCENTI({name}) LIKE accenti('Ä%')") == found(
            places, f"ACCENTI({name}) LIKE accenti('A%')"
        ), name
    assert found(places, "ACCENTI(name) = accenti('äöüéáí')") == {"coast"}
    assert found(places, "ACCENTI(ascii) = accenti('äöüéáí')") == {"coast"}


def test_accenti_casei(places: Campaign) -> None:
    """/conf/accent-insensitive-comparison/accenti-casei, accenti-casei-like"""
    for name in queryables(places, "text"):
        for sign, one, other in (("=", "ÄÉ", "ae"), ("LIKE", "Ä%", "a%")):
            pair = (f"ACCENTI(CASEI({name})) {sign} accenti(casei('{word}'))" for word in (one, other))
            first, second = (found(places, text) for text in pair)
            assert first == second, name
    assert found(places, "ACCENTI(CASEI(name)) LIKE accenti(casei('Ä%'))") == {"coast"}


# --- Property-property comparisons ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "value"), SCALARS)
def test_comparison_value_property(places: Campaign, kind: str, value: str) -> None:
    """/conf/property-property/comparison-value-property, /req/property-property/withdraw-permissions"""
    mirrored = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
    for name in queryables(places, kind):
        answers = {sign: found(places, f"{value} {sign} {name}") for sign in COMPARED}
        assert all(answers[one].isdisjoint(answers[other]) for one, other in DISJOINT), name
        for sign, other in mirrored.items():
            assert answers[sign] == found(places, f"{name} {other} {value}"), name


@pytest.mark.parametrize("kind", VALUES)
def test_comparison_property_property(places: Campaign, kind: str) -> None:
    """/conf/property-property/comparison-property-property"""
    for name in queryables(places, kind):
        answers = {sign: found(places, f"{name} {sign} {name}") for sign in COMPARED}
        assert answers["<>"] == answers["<"] == answers[">"] == set(), name
        assert answers["="] == answers["<="] == answers[">="] == found(places, f"{name} IS NOT NULL"), name


@pytest.mark.parametrize("value", [*VALUES.values(), "DATE('2022-04-14')"])
def test_comparison_value_value(places: Campaign, value: str) -> None:
    """/conf/property-property/comparison-value-value"""
    for sign in COMPARED:
        expected = EVERYWHERE if sign in ("=", "<=", ">=") else set()
        assert found(places, f"{value} {sign} {value}") == expected, sign


def test_attributes_of_one_type_are_compared_with_each_other(places: Campaign) -> None:
    """/req/property-property/withdraw-permissions: no attribute is confined to the left."""
    for kind in VALUES:
        for one, other in itertools.permutations(queryables(places, kind)[:4], 2):
            assert found(places, f"{one} >= {other}") == found(places, f"{other} <= {one}")
