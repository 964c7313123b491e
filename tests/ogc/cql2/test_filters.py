"""CQL2 filters on rows of a database, against what each should find, beyond the abstract tests of OGC 21-065r2."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.db import connection
from pyproj import Transformer

from mapping.exports.sources import districts_source
from mapping.models import Campaign, Contribution, Question, QuestionKind
from mapping.ogc.cql2 import CqlProblem, Queryable, contribution_queryables, parse, source_queryables
from tests.personas import STATION, TOWN_HALL, make_contribution

ROWS: dict[str, dict[str, Any]] = {
    "a": {"n": 1, "x": 1.5, "ok": True, "wie-oft": "täglich", "tags": ["bus", "rad"]},
    "b": {"n": 2, "x": 2.5, "ok": False, "wie-oft": "STRASSE", "tags": ["rad"]},
    "c": {"n": -7, "x": 0.1, "wie-oft": "50%_O'Hara", "tags": []},
    "d": {},
}


@pytest.fixture
def rows(campaign: Campaign) -> Campaign:
    """Four contributions: a at the town hall on 1 May, b at the station on 2 May, c without place, d an area."""
    spot = campaign.categories.get(slug="spot")
    kinds = {
        "n": QuestionKind.SCALE,
        "x": QuestionKind.NUMBER,
        "ok": QuestionKind.YES_NO,
        "wie-oft": QuestionKind.TEXT,
        "tags": QuestionKind.MULTIPLE_CHOICE,
    }
    for slug, kind in kinds.items():
        Question.objects.create(category=spot, slug=slug, title=slug, kind=kind, options={})
    places: dict[str, Any] = {
        "a": Point(TOWN_HALL, srid=4326),
        "b": Point(STATION, srid=4326),
        "c": None,
        "d": Polygon(((7.75, 49.42), (7.76, 49.42), (7.76, 49.43), (7.75, 49.43), (7.75, 49.42)), srid=4326),
    }
    for day, (name, answers) in enumerate(ROWS.items(), 1):
        made = make_contribution(campaign, category="spot", text=name, answers=answers)
        Contribution.objects.filter(pk=made.pk).update(
            geom=places[name], created_at=datetime(2026, 5, day, 12, 30, tzinfo=UTC), support_count=day
        )
    return campaign


def found(campaign: Campaign, text: str, language: Any = "cql2-text", **crs: Any) -> str:
    condition = parse(text, language, contribution_queryables(campaign), **crs)
    return "".join(sorted(campaign.contributions.filter(condition).values_list("text", flat=True)))


def refused(campaign: Campaign, text: str, language: Any = "cql2-text", **crs: Any) -> CqlProblem:
    with pytest.raises(CqlProblem) as error:
        parse(text, language, contribution_queryables(campaign), **crs)
    return error.value


TABLE = [
    # comparisons, logic, NULL
    ("n > -7", "ab"),
    ("n >= 1.0", "ab"),
    ("NOT n = 1", "bc"),
    ("NOT (n = 1 AND ok = TRUE)", "bc"),
    ("n = 1 OR n = 2 AND x > 9", "a"),
    ("(n = 1 OR n = 2) AND x > 2", "b"),
    ("not not n = 1", "a"),
    ("NOT n IS NULL", "abc"),
    ("ok", "a"),
    ("NOT ok", "b"),
    ("ok <> TRUE", "b"),
    ("ok IS NULL OR FALSE", "cd"),
    ("\"wie-oft\" = '50%_O''Hara'", "c"),
    ("\"wie-oft\" = '50%_O\\'Hara'", "c"),
    ("text = 'a'; --' OR 1=1", None),
    ("text = 'a'' OR TRUE --'", ""),
    ("category = 'spot' AND text > 'b'", "cd"),
    # advanced comparison operators
    ("text LIKE '_'", "abcd"),
    ("\"wie-oft\" LIKE '%O%'", "c"),
    # case and accents
    ("CASEI(\"wie-oft\") = CASEI('straße')", "b"),
    ("CASEI(\"wie-oft\") LIKE casei('TÄG%')", "a"),
    ("CASEI(text) = text", ""),
    # spatial
    ("S_INTERSECTS(geometry, BBOX(170, 49, 7.755, 50))", "d"),
    ("S_INTERSECTS(geometry, POINT Z(7.7689 49.4447 200))", "a"),
    ("NOT S_INTERSECTS(geometry, POINT(7.7689 49.4447))", "bd"),
    ("S_INTERSECTS(MULTIPOINT((7.7689 49.4447), (7.7687 49.4361)), geometry)", "ab"),
    ("S_INTERSECTS(geometry, MULTIPOINT(7.7689 49.4447, 7.7687 49.4361))", "ab"),
    ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(7.7689 49.4447), LINESTRING(7.75 49, 7.75 50)))", "ad"),
    ("S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(7.7689 49.4447), POINT(7.7687 49.4361)))", "ab"),
    ("S_INTERSECTS(geometry, geometry)", "abd"),
    # temporal; relations of intervals take moments too, which the standard leaves out
    ("created = DATE('2026-05-01')", "a"),
    ("created <> DATE('2026-05-01')", "bcd"),
    ("created > DATE('2026-05-02')", "cd"),
    ("created >= DATE('2026-05-02')", "bcd"),
    ("created <= DATE('2026-05-02')", "ab"),
    ("created = TIMESTAMP('2026-05-01T12:30:00Z')", "a"),
    ("created < TIMESTAMP('2026-05-01T14:30:01+02:00')", "a"),
    ("T_BEFORE(created, TIMESTAMP('2026-05-02T00:00:00Z'))", "a"),
    ("T_DURING(created, INTERVAL('2026-05-02', '2026-05-03'))", "bc"),
    ("T_EQUALS(INTERVAL(created, created), TIMESTAMP('2026-05-03T12:30:00Z'))", "c"),
    ("T_MEETS(created, INTERVAL('2026-05-03T12:30:00Z', '..'))", "c"),
    ("T_METBY(created, INTERVAL('..', '2026-05-03T12:30:00Z'))", "c"),
    ("T_STARTS(created, INTERVAL('2026-05-03T12:30:00Z', '..'))", "c"),
    ("T_FINISHES(created, INTERVAL('..', '2026-05-03T12:30:00Z'))", "c"),
    ("T_CONTAINS(INTERVAL('2026-05-01', '2026-05-02'), created)", "ab"),
    ("T_OVERLAPS(INTERVAL('2026-05-01', '2026-05-02'), INTERVAL(created, '..'))", "ab"),
    ("created IS NULL OR reply_created IS NULL", "abcd"),
    ("created BETWEEN DATE('2026-05-02') AND DATE('2026-05-03')", "bc"),
    # arrays, as sets
    ("A_CONTAINS(tags, ['rad', 'bus'])", "a"),
    ("A_CONTAINEDBY(tags, ('rad', 'tram'))", "bc"),
    ("A_EQUALS(tags, ())", "c"),
    ("A_OVERLAPS(tags, ['bus', 'x'])", "a"),
    ("NOT A_OVERLAPS(tags, ['bus', 'x'])", "bc"),
    # properties with properties, arithmetic
    ("TRUE = (1 = 1)", "abcd"),
    ("n * 2 - 1 = x + 0.5 OR n / 2 = 1", "b"),
    ("2 + 3 * 2 = 8 AND 2 ^ 3 = 8", "abcd"),
    ("n % 2 = 1 OR n div 2 = -3", "ac"),
    ("-n = 7", "c"),
    ("-2 ^ 2 = 4", "abcd"),
    ("0.1 + 0.2 = 0.3", "abcd"),
    ("n / 0 = 1", ""),
    ("n % 0 = 1 OR n DIV 0 = 1", ""),
    ("n ^ 0.5 = 1", "a"),
    ("0 ^ n > 0", ""),
    ("9 ^ 9 ^ 9 = 1", ""),
    ("n * 9223372036854775807 * 9223372036854775807 > 1e37", "ab"),
    ("n = 99999999999999999999999999", ""),
    ("n < 1e308 * 1e308", "abc"),
    ("x = 1e308 * 10", ""),
    ("n ^ 99999 > 0", ""),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_filter_finds_what_it_says(rows: Campaign, text: str, expected: str | None) -> None:
    if expected is None:
        refused(rows, text)
    else:
        assert found(rows, text) == expected


JSON_TABLE: list[tuple[Any, str]] = [
    ({"op": "=", "args": [{"property": "n"}, 1]}, "a"),
    ({"op": "not", "args": [{"op": "=", "args": [{"property": "n"}, 1]}]}, "bc"),
    ({"op": "isNull", "args": [{"property": "n"}]}, "d"),
    ({"op": "between", "args": [{"property": "n"}, 1, 2]}, "ab"),
    ({"op": "in", "args": [{"property": "wie-oft"}, ["täglich", "x"]]}, "a"),
    (
        {
            "op": "like",
            "args": [{"op": "casei", "args": [{"property": "wie-oft"}]}, {"op": "casei", "args": ["stra%"]}],
        },
        "b",
    ),
    (
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [7.768, 49.444, 7.77, 49.445]}]},
        "a",
    ),
    (
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Point", "coordinates": TOWN_HALL}],
        },
        "a",
    ),
    ({"op": "t_during", "args": [{"property": "created"}, {"interval": ["2026-05-02", "2026-05-03"]}]}, "bc"),
    ({"op": "t_after", "args": [{"property": "created"}, {"date": "2026-05-03"}]}, "d"),
    ({"op": "=", "args": [{"property": "created"}, {"timestamp": "2026-05-01T12:30:00Z"}]}, "a"),
    ({"op": "a_contains", "args": [{"property": "tags"}, ["rad", "bus"]]}, "a"),
    ({"op": "=", "args": [{"op": "+", "args": [{"property": "n"}, 1]}, 2]}, "a"),
    ({"op": "and", "args": [{"property": "ok"}, True, True]}, "a"),
]


@pytest.mark.parametrize(("tree", "expected"), JSON_TABLE)
def test_filter_in_json_finds_the_same(rows: Campaign, tree: Any, expected: str) -> None:
    assert found(rows, json.dumps(tree), "cql2-json") == expected


@pytest.mark.parametrize(
    ("epsg", "northing_first", "margin"),
    [(4326, False, 0.001), (4326, True, 0.001), (25832, False, 90), (3035, True, 90), (3857, False, 90)],
)
def test_filter_reads_geometries_in_other_systems(
    rows: Campaign, epsg: int, northing_first: bool, margin: float
) -> None:
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(*TOWN_HALL)
    low, high = (x - margin, y - margin), (x + margin, y + margin)
    corners = [low, (high[0], low[1]), high, (low[0], high[1]), low]
    if northing_first:
        low, high, corners = low[::-1], high[::-1], [corner[::-1] for corner in corners]
    ring = ", ".join(f"{one} {other}" for one, other in corners)
    for area in (f"POLYGON(({ring}))", f"BBOX({low[0]}, {low[1]}, {high[0]}, {high[1]})"):
        text = f"S_INTERSECTS(geometry, {area})"
        assert found(rows, text, filter_crs=epsg, northing_first=northing_first) == "a"


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("n = ", "cql_ends_early", 4),
        ("n = 'x", "cql_unclosed", 4),
        ("n = 1 1", "cql_unexpected", 6),
        ("", "cql_ends_early", 0),
        ("text = 'a' AND wie-oft = 'x'", "cql_unknown_property", 15),
        ("n = 'x'", "cql_type", 4),
        ("text = 5", "cql_type", 7),
        ("created > '2026-05-01'", "cql_type", 10),
        ("created > DATE('2026-02-30')", "cql_date", 15),
        ("created > TIMESTAMP('2026-05-01T12:00:00')", "cql_timestamp", 20),
        ("T_DURING(created, INTERVAL('2026-05-02', '2026-05-01'))", "cql_interval_reversed", 18),
        ("n", "cql_type", 0),
        ("n = 1e400", "cql_number", 4),
        ("n = NaN", "cql_unknown_property", 4),
        ("text = 'a\0'", "cql_character", 9),
        ("text = '\ud800'", "cql_character", 8),
        ("text LIKE 'a\\\\\\'", "cql_unclosed", 10),
        ("text LIKE text", "cql_pattern", 10),
        ("pg_sleep(5) = 1", "cql_unknown_function", 0),
        ("geometry = POINT(1 2)", "cql_not_comparable", 11),
        ("photos < photos", "cql_not_comparable", 9),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0)))", "cql_geometry", 23),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))", "cql_geometry", 23),
        ("S_INTERSECTS(geometry, POINT EMPTY)", "cql_geometry", 23),
        ("S_INTERSECTS(geometry, POINT M(1 2 3))", "cql_measures", 23),
        ("S_INTERSECTS(geometry, POINT(200 2))", "cql_out_of_range", 23),
        ("S_INTERSECTS(geometry, BBOX(1, 3, 2, 2))", "cql_bbox", 23),
        ("S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(2 2, 3 3)))", "cql_collection", 19),
        ("S_INTERSECTS(geometry, 'x')", "cql_type", 23),
        ("n IN (" + "1," * 200 + "1)", "cql_list_too_long", 2),
        ("NOT " * 40 + "ok", "cql_too_deep", 40),
        ("(" * 10_000, "cql_ends_early", 10_000),
        (" " * 16_385, "cql_too_long", 16_384),
    ],
)
def test_wrong_filter_is_told_where(campaign: Campaign, text: str, code: str, offset: int) -> None:
    problem = refused(campaign_with_questions(campaign), text)
    assert problem.code == code
    if code != "cql_too_deep":
        assert problem.params["offset"] == offset


def campaign_with_questions(campaign: Campaign) -> Campaign:
    spot = campaign.categories.get(slug="spot")
    for slug, kind in (("n", QuestionKind.SCALE), ("ok", QuestionKind.YES_NO)):
        Question.objects.create(category=spot, slug=slug, title=slug, kind=kind, options={})
    return campaign


def test_position_counts_lines_and_columns(campaign: Campaign) -> None:
    problem = refused(campaign, "text = 'a'\n  AND nothing = 1")
    assert (problem.params["line"], problem.params["column"]) == (2, 7)
    assert "category" in str(problem.params["known"])


@pytest.mark.parametrize(
    ("text", "code", "pointer"),
    [
        ('{"op":"=","args":[{"property":"nothing"},1]}', "cql_unknown_property", "/args/0"),
        (
            '{"op":"and","args":[true,{"op":"=","args":[{"property":"text"},5]}]}',
            "cql_type",
            "/args/1/args/1",
        ),
        ('{"op":"=","args":[1]}', "cql_operands", "/"),
        ('{"op":"pg_sleep","args":[1]}', "cql_unknown_function", "/"),
        ("null", "cql_unexpected", "/"),
        ('{"op":"and","args":"x"}', "cql_not_a_list", "/args"),
    ],
)
def test_wrong_json_is_told_by_a_pointer(campaign: Campaign, text: str, code: str, pointer: str) -> None:
    problem = refused(campaign, text, "cql2-json")
    assert (problem.code, problem.params["pointer"]) == (code, pointer)


@pytest.mark.parametrize("text", ["{", "[" * 10_000, '{"a":1e999}', "NaN", '"\\u0000"', "1" * 5000, ""])
def test_what_is_no_json_is_refused(campaign: Campaign, text: str) -> None:
    assert "offset" in refused(campaign, text, "cql2-json").params


def test_nested_collections_are_refused(campaign: Campaign) -> None:
    text = "GEOMETRYCOLLECTION(" * 400 + "POINT(1 2)" + ")" * 400
    assert refused(campaign, f"S_INTERSECTS(geometry, {text})").code == "cql_geometry"


def test_spatial_filter_can_use_the_index(rows: Campaign) -> None:
    condition = parse(
        "S_INTERSECTS(geometry, BBOX(7.768, 49.444, 7.77, 49.445))",
        "cql2-text",
        contribution_queryables(rows),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Contribution.objects.filter(condition).order_by().explain()
    assert "geom &&" in plan
    assert "Index" in plan


def test_districts_are_filtered_by_their_source(campaign: Campaign) -> None:
    known = source_queryables(districts_source(campaign))
    assert set(known) == {"id", "geometry", "code", "name"}
    assert isinstance(known["code"], Queryable)
    condition = parse("name LIKE 'A%' OR id = '1'", "cql2-text", known)
    assert districts_source(campaign).rows.filter(condition).count() == 0
