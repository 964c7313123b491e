"""The abstract tests of CQL2's functions and arithmetic (OGC 21-065r2, annexes A.7 to A.11, A.14), each by its id."""

from __future__ import annotations

import itertools

import pytest

from mapping.models import Campaign
from mapping.ogc.cql2 import CqlProblem
from tests.ogc.cql2.places import PLACES, found, queryables
from tests.ogc.cql2.times import OF_ALL, OF_INTERVALS, Span, interval_literals

EVERYWHERE = {place.text for place in PLACES}
PLACED = EVERYWHERE - {"nowhere"}
BOX = "BBOX(-180, -90, 180, 90)"
RING = "POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"
LINE = "LINESTRING(7 50, 8 51)"
PAIR = "MULTIPOINT(7 50, 8 51)"
POINT = "POINT(13.4 52.5)"
NO_POINT = "POINT(90 180)"
MIXED = "GEOMETRYCOLLECTION(POINT(13.4 52.5), LINESTRING(7 50, 8 51), POLYGON((-9 40, -7 40, -7 42, -9 42, -9 40)))"


def refused(campaign: Campaign, text: str) -> str:
    with pytest.raises(CqlProblem) as problem:
        found(campaign, text)
    return problem.value.code


# --- Spatial functions ----------------------------------------------------------------------------------------------


def test_basic_s_intersects(places: Campaign) -> None:
    """/conf/basic-spatial-functions/s_intersects, /req/basic-spatial-functions/spatial-predicate, spatial-functions"""
    assert found(places, f"S_INTERSECTS(geometry, {BOX})") == PLACED
    assert found(places, f"S_INTERSECTS(geometry, {POINT})") == {"berlin"}
    assert refused(places, f"S_INTERSECTS(geometry, {NO_POINT})") == "cql_out_of_range"
    west, east = "BBOX(-180, -90, -1, 90)", "BBOX(1, -90, 180, 90)"
    assert found(places, f"S_INTERSECTS(geometry, {west}) AND S_INTERSECTS(geometry, {east})") == {"meridian"}


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("LINESTRING(-180 45, 0 45)", {"meridian"}),
        ("MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))", {"meridian"}),
        (
            "POLYGON((-180 -90, 0 -90, 0 90, -180 90, -180 -90), (-10 30, -5 30, -5 43, -10 43, -10 30))",
            {"meridian"},
        ),
        ("MULTIPOLYGON(((12 55, 13 55, 13 56, 12 55)), ((28 46, 29 46, 29 48, 28 48, 28 46)))", {"chisinau"}),
        (MIXED, {"berlin", "baerum", "oporto", "rhine", "coast"}),
    ],
)
def test_s_intersects_with_every_literal(places: Campaign, literal: str, expected: set[str]) -> None:
    """/conf/basic-spatial-functions-plus/s_intersects, /req/basic-spatial-functions-plus/spatial-data-types"""
    assert found(places, f"S_INTERSECTS(geometry, {literal})") == expected


def test_points_that_do_not_exist_are_refused(places: Campaign) -> None:
    """/conf/basic-spatial-functions-plus/s_intersects, its first expression."""
    assert refused(places, "S_INTERSECTS(geometry, MULTIPOINT(7.02 49.92, 90 180))") == "cql_out_of_range"


def test_s_intersects_and_s_disjoint(places: Campaign) -> None:
    """/conf/spatial-functions/s_intersects, s_disjoint, /req/spatial-functions/spatial-functions"""
    for whole in (BOX, RING):
        assert found(places, f"S_INTERSECTS(geometry, {whole})") == PLACED
        assert found(places, f"S_DISJOINT(geometry, {whole})") == set()
    for part in (LINE, POINT, MIXED):
        met, missed = (
            found(places, f"{function}(geometry, {part})") for function in ("S_INTERSECTS", "S_DISJOINT")
        )
        assert met.isdisjoint(missed)
        assert met | missed == PLACED
    for function in ("S_INTERSECTS", "S_DISJOINT"):
        assert refused(places, f"{function}(geometry, {NO_POINT})") == "cql_out_of_range"


def test_s_equals(places: Campaign) -> None:
    """/conf/spatial-functions/s_equals"""
    assert (
        found(places, f"S_EQUALS(geometry, {RING})") == found(places, f"S_EQUALS(geometry, {LINE})") == set()
    )
    assert found(places, f"S_EQUALS(geometry, {POINT})") == {"berlin"}
    # Where a ring begins and how often a straight line is interrupted makes no other place of it.
    assert found(places, "S_EQUALS(geometry, POLYGON((8 51, 7 51, 7 50, 7.5 50, 8 50, 8 51)))") == {"baerum"}


def test_s_touches(places: Campaign) -> None:
    """/conf/spatial-functions/s_touches"""
    assert (
        found(places, f"S_TOUCHES(geometry, {BOX})") == found(places, f"S_TOUCHES(geometry, {RING})") == set()
    )
    assert found(places, "S_TOUCHES(geometry, LINESTRING(7 50, 7 51))") == {"baerum", "coast", "rhine"}


def test_s_crosses(places: Campaign) -> None:
    """/conf/spatial-functions/s_crosses"""
    assert (
        found(places, f"S_CROSSES(geometry, {BOX})") == found(places, f"S_CROSSES(geometry, {RING})") == set()
    )
    assert found(places, "S_CROSSES(geometry, LINESTRING(0 44, 0 46))") == {"meridian"}
    assert found(places, "S_CROSSES(geometry, BBOX(0, 40, 10, 52))") == {"meridian", "rhine"}


def test_s_within_and_s_contains(places: Campaign) -> None:
    """/conf/spatial-functions/s_within, s_contains"""
    for whole in (BOX, RING):
        assert found(places, f"S_WITHIN(geometry, {whole})") == PLACED
        assert found(places, f"S_CONTAINS(geometry, {whole})") == set()
    for part, held in ((LINE, {"baerum", "rhine"}), (PAIR, {"rhine"})):
        within = found(places, f"S_WITHIN(geometry, {part})")
        containing = found(places, f"S_CONTAINS(geometry, {part})")
        assert within.isdisjoint(containing)
        assert containing == held
    assert found(places, f"S_WITHIN({POINT}, geometry)") == found(places, f"S_CONTAINS(geometry, {POINT})")


def test_s_overlaps(places: Campaign) -> None:
    """/conf/spatial-functions/s_overlaps: with one of the same dimension."""
    assert found(places, "S_OVERLAPS(geometry, MULTIPOINT(13.4 52.5, 12.57 55.68))") == set()
    assert found(places, "S_OVERLAPS(geometry, LINESTRING(0 45, 10 45))") == {"meridian"}
    assert found(places, "S_OVERLAPS(geometry, POLYGON((0 0, 7.5 0, 7.5 50.5, 0 50.5, 0 0)))") == {"baerum"}


@pytest.mark.parametrize("function", ["EQUALS", "TOUCHES", "CROSSES", "WITHIN", "CONTAINS", "OVERLAPS"])
def test_every_literal_is_taken(places: Campaign, function: str) -> None:
    """/req/spatial-functions/spatial-data-types: collections are the sets of their positions.

    Only one that cannot be read as points, lines or areas alone, as PostGIS relates them, is refused but by
    S_INTERSECTS and S_DISJOINT.
    """
    lower = "POLYGON((7 50, 8 50, 8 50.5, 7 50.5, 7 50))"
    upper = "POLYGON((7 50.4, 8 50.4, 8 51, 7 51, 7 50.4))"
    for one, other in (
        ("GEOMETRYCOLLECTION(POINT(7 50), MULTIPOINT(8 51, 13.4 52.5))", "MULTIPOINT(7 50, 8 51, 13.4 52.5)"),
        ("GEOMETRYCOLLECTION(LINESTRING(7 50, 7.5 50.5), LINESTRING(7.5 50.5, 8 51))", LINE),
        (f"GEOMETRYCOLLECTION({lower}, {upper})", "BBOX(7, 50, 8, 51)"),
        ("GEOMETRYCOLLECTION(POLYGON((0 40, 10 40, 10 50, 0 50, 0 40)), POINT(1 41))", "BBOX(0, 40, 10, 50)"),
    ):
        assert found(places, f"S_{function}(geometry, {one})") == found(
            places, f"S_{function}(geometry, {other})"
        )
    assert refused(places, f"S_{function}(geometry, {MIXED})") == "cql_collection"


# --- Temporal functions ---------------------------------------------------------------------------------------------

LITERALS = {
    **interval_literals(),
    "TIMESTAMP('2022-04-16T10:13:19Z')": None,
    "DATE('2022-04-16')": None,
}


@pytest.mark.parametrize("literal", LITERALS)
def test_temporal_functions_1(places: Campaign, literal: str) -> None:
    """/conf/temporal-functions/temporal-functions-1, /req/temporal-functions/temporal-predicates"""
    for name in queryables(places, "datetime"):
        answers = {function: found(places, f"{function}({name}, {literal})") for function in OF_ALL}
        assert answers["T_AFTER"] | answers["T_BEFORE"] == answers["T_DISJOINT"], name
        assert answers["T_DISJOINT"].isdisjoint(answers["T_INTERSECTS"]), name
        assert answers["T_EQUALS"] <= answers["T_INTERSECTS"], name
        known = found(places, f"{name} IS NOT NULL")
        assert answers["T_DISJOINT"] | answers["T_INTERSECTS"] == known, name


@pytest.mark.parametrize(("literal", "span"), interval_literals().items())
def test_temporal_functions_2(places: Campaign, literal: str, span: Span) -> None:
    """/conf/temporal-functions/temporal-functions-2, /req/temporal-functions/temporal-functions: both ways round."""
    converse = {
        "T_AFTER": "T_BEFORE",
        "T_CONTAINS": "T_DURING",
        "T_DISJOINT": "T_DISJOINT",
        "T_EQUALS": "T_EQUALS",
        "T_FINISHES": "T_FINISHEDBY",
        "T_INTERSECTS": "T_INTERSECTS",
        "T_MEETS": "T_METBY",
        "T_OVERLAPS": "T_OVERLAPPEDBY",
        "T_STARTS": "T_STARTEDBY",
    }
    own = "INTERVAL(created, reply_created)"
    assert {*converse, *converse.values()} == {*OF_ALL, *OF_INTERVALS}
    for function, other in converse.items():
        assert found(places, f"{function}({own}, {literal})") == found(
            places, f"{other}({literal}, {own})"
        ), function
        assert found(places, f"{other}({own}, {literal})") == found(
            places, f"{function}({literal}, {own})"
        ), function


# --- Arrays ---------------------------------------------------------------------------------------------------------


def test_array_predicates(places: Campaign) -> None:
    """/conf/array-functions/array-predicates, /req/array-functions/array-predicates.

    The abstract test has "foo" in double quotes, which by the grammar name attributes; here they are texts.
    """
    for name in queryables(places, "texts"):
        holding, held, same, sharing = (
            found(places, f"{function}({name}, ('foo', 'bar'))")
            for function in ("A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS")
        )
        assert same == holding & held, name
        assert holding <= sharing, name
    assert found(places, "A_EQUALS(tags, ('bar', 'foo', 'foo'))") == {"meridian"}
    assert found(places, "A_CONTAINEDBY(tags, ('foo', 'bar'))") == {"meridian", "coast", "chisinau"}


# --- Arithmetic -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{0} + 1 > {0}",
        "{0} - 1 < {0}",
        "2 * {0} = {0} + {0}",
        "{0} / 2 = {0} * 0.5",
        "{0} ^ 2 = {0} * {0}",
        "{0} div 7 * 7 + {0} % 7 = {0}",
        "-{0} = 0 - {0}",
        "({0} + 1) * 2 = {0} * 2 + 2",
        "{0} + 2 * 3 - 4 / 2 = {0} + 4",
        "{0} BETWEEN {0} - 1 AND {0} + 1",
        "{0} IN (1 + {0} - 1)",
    ],
)
def test_arithmetic(places: Campaign, text: str) -> None:
    """/conf/arithmetic/arithmetic, /req/arithmetic/arithmetic: what holds for every number."""
    for name in queryables(places, "number", "integer"):
        assert found(places, text.format(name)) == found(places, f"{name} IS NOT NULL"), name


def test_missing_operand_leaves_no_value(places: Campaign) -> None:
    """/req/arithmetic/arithmetic B"""
    for operator, order in itertools.product(
        ("+", "-", "*", "/", "%", "div", "^"), ("most {} 2", "2 {} most")
    ):
        missing = found(places, f"{order.format(operator)} IS NULL")
        assert {"coast", "nowhere"} <= missing
