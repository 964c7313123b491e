"""GeoJSON geometries and typed coordinates from outside."""

from __future__ import annotations

import json
import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import (
    CATEGORY_TYPES,
    GEOJSON_TYPES,
    MAX_VERTICES,
    geometry_type_name,
    parse_geometry,
    parse_point,
    swap_axes,
)

SQUARE = [[7.7, 49.4], [7.8, 49.4], [7.8, 49.5], [7.7, 49.5], [7.7, 49.4]]
BOWTIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def point(*coordinates: object) -> dict[str, object]:
    return {"type": "Point", "coordinates": list(coordinates)}


def line(*positions: object) -> dict[str, object]:
    return {"type": "LineString", "coordinates": list(positions)}


def polygon(*rings: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def problem(value: object, **options: object) -> GeometryProblem:
    with pytest.raises(GeometryProblem) as caught:
        parse_geometry(value, **options)  # type: ignore[arg-type]
    # Every code has a sentence.
    assert str(caught.value) != caught.value.code
    return caught.value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "not_an_object"),
        ([], "not_an_object"),
        ("POINT (7 49)", "not_an_object"),
        ({}, "missing"),
        ({"type": None, "coordinates": [7, 49]}, "missing"),
        ({"type": "Point"}, "missing"),
        ({"type": "Point", "coordinates": None}, "missing"),
        ({"type": "Circle", "coordinates": [7, 49]}, "unknown_type"),
        ({"type": "point", "coordinates": [7, 49]}, "unknown_type"),
        ({"type": ["Point"], "coordinates": [7, 49]}, "unknown_type"),
        ({"type": {}, "coordinates": [7, 49]}, "unknown_type"),
        ({"type": "MultiPoint", "coordinates": [[7, 49]]}, "type_not_allowed"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, "type_not_allowed"),
        ({"type": "GeometryCollection", "geometries": []}, "type_not_allowed"),
        ({"type": "Feature", "geometry": point(7, 49), "properties": {}}, "type_not_allowed"),
        (point(7, 49) | {"properties": {}}, "member_not_allowed"),
        (point(7, 49) | {"crs": None}, "crs_member_not_supported"),
        (
            point(7, 49) | {"crs": {"type": "name", "properties": {"name": "EPSG:4326"}}},
            "crs_member_not_supported",
        ),
        ({"type": "Point", "coordinates": "7,49"}, "not_a_list"),
        ({"type": "Point", "coordinates": {"lon": 7, "lat": 49}}, "not_a_list"),
        (point(), "empty"),
        (point(7), "not_two_dimensional"),
        (point(7, 49, 250), "not_two_dimensional"),
        (point("7", 49), "not_a_number"),
        (point(7, None), "not_a_number"),
        (point(True, False), "not_a_number"),
        (point([7], [49]), "not_a_number"),
        (point(math.nan, 49), "not_finite"),
        (point(7, math.inf), "not_finite"),
        (point(7, -math.inf), "not_finite"),
        (point(10**400, 49), "not_finite"),
        (point(181, 49), "out_of_range"),
        (point(7, 200), "out_of_range"),
        (point(3_400_000, 5_480_000), "out_of_range"),
        (point(49, 171), "swapped_axes_suspected"),
        (line(), "empty"),
        (line([7, 49]), "too_few_positions"),
        (line([7, 49], [7, 49]), "invalid_geometry"),
        (line([7, 49], [7.00000001, 49]), "invalid_geometry"),
        (line([7, 49], [7.1, 49, 3]), "not_two_dimensional"),
        (line([7, 49], []), "empty"),
        (line([7, 49], 5), "not_a_list"),
        (line([7, 49], "78"), "not_a_list"),
        (polygon(), "empty"),
        (polygon([]), "empty"),
        (polygon([[0, 0], [1, 0], [0, 0]]), "too_few_positions"),
        (polygon(SQUARE[:-1]), "ring_not_closed"),
        (polygon(SQUARE, [[7.72, 49.42], [7.73, 49.42], [7.73, 49.43], [7.72, 49.43]]), "ring_not_closed"),
        (polygon(BOWTIE), "self_intersection"),
        (polygon([[0, 0], [2, 0], [2, 2], [1, 0], [0, 2], [0, 0]]), "self_intersection"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "invalid_geometry"),
        (polygon([[7, 49]] * 4), "invalid_geometry"),
        (polygon([[7, 49], [7.00000001, 49], [7, 49.00000001], [7, 49]]), "invalid_geometry"),
        (polygon(SQUARE, [[8, 50], [8.1, 50], [8.1, 50.1], [8, 50]]), "invalid_geometry"),
        (polygon(SQUARE, SQUARE), "self_intersection"),
        (polygon([[0, 0], [0, 91], [1, 1], [0, 0]]), "swapped_axes_suspected"),
    ],
)
def test_bad_geometry_is_refused_with_its_reason(value: object, code: str) -> None:
    assert problem(value).code == code


def test_type_outside_the_allowed_ones_is_refused() -> None:
    found = problem(point(7, 49), allowed=("Polygon",))
    assert (found.code, found.params) == ("type_not_allowed", {"type": "Point"})


def test_self_crossing_ring_says_where() -> None:
    found = problem(polygon(BOWTIE))
    assert (found.params["lon"], found.params["lat"]) == (0.5, 0.5)


def test_line_that_crosses_itself_is_welcome() -> None:
    assert parse_geometry(line(*BOWTIE)).geom_type == "LineString"


def test_thousand_vertices_are_accepted_and_one_more_is_not() -> None:
    positions = [[7 + step / 10_000, 49] for step in range(MAX_VERTICES + 1)]
    assert shapely.get_num_coordinates(parse_geometry(line(*positions[:-1]))) == MAX_VERTICES
    assert problem(line(*positions)).code == "too_many_vertices"


def test_vertices_are_counted_before_anything_reads_them() -> None:
    # 100,000 positions that would each be refused for another reason.
    assert problem(line(*["x"] * 100_000)).code == "too_many_vertices"
    assert problem(polygon(["x"] * 100_000)).code == "too_many_vertices"
    assert problem(polygon(*[["x"] * 20] * 100)).code == "too_many_vertices"
    assert problem(polygon(*[[]] * 100_000)).code == "too_many_vertices"


def test_exterior_runs_counterclockwise_and_holes_clockwise() -> None:
    hole = [[7.72, 49.42], [7.73, 49.42], [7.73, 49.43], [7.72, 49.43], [7.72, 49.42]]
    parsed = parse_geometry(polygon(SQUARE[::-1], hole))
    assert isinstance(parsed, shapely.Polygon)
    assert parsed.exterior.is_ccw
    assert not parsed.interiors[0].is_ccw


def test_coordinates_are_rounded_to_seven_decimals() -> None:
    parsed = parse_geometry(point(7.123456789, -1e-12))
    assert shapely.get_coordinates(parsed).tolist() == [[7.1234568, 0.0]]
    assert math.copysign(1, shapely.get_y(parsed)) == 1


def test_area_spoiled_by_the_rounding_alone_is_repaired() -> None:
    # The lower edge passes (0.4, 1.2e-7); the tip of the hole lies just above it, but below once rounded.
    exterior = [[0.0, 0.0], [1.0, 3e-7], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
    hole = [[0.4, 1.3e-7], [0.3, 0.5], [0.5, 0.5], [0.4, 1.3e-7]]
    assert shapely.Polygon(exterior, [hole]).is_valid
    assert not shapely.Polygon(exterior, [[[round(x, 7), round(y, 7)] for x, y in hole]]).is_valid
    assert parse_geometry(polygon(exterior, hole)).is_valid


def test_area_that_the_rounding_tears_apart_is_refused() -> None:
    ring = [[0.0, 0.0], [1.0, 3e-7], [1.0, 1.0], [0.4, 1.3e-7], [0.0, 1.0], [0.0, 0.0]]
    assert shapely.Polygon(ring).is_valid
    assert problem(polygon(ring)).code == "invalid_geometry"


def test_area_thinner_than_the_rounding_is_refused() -> None:
    assert problem(polygon([[0, 0], [1, 0], [1, 0.00000002], [0, 0]])).code == "invalid_geometry"


def test_hole_smaller_than_the_rounding_is_dropped() -> None:
    hole = [[7.75, 49.45], [7.75000001, 49.45], [7.75, 49.45000001], [7.75, 49.45]]
    parsed = parse_geometry(polygon(SQUARE, hole))
    assert isinstance(parsed, shapely.Polygon)
    assert len(parsed.interiors) == 0


def test_foreign_members_and_bbox_are_ignored() -> None:
    assert parse_geometry(point(7, 49) | {"bbox": "nonsense", "title": "x"}) == shapely.Point(7, 49)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=20,
    ),
    st.sampled_from(["Point", "LineString", "Polygon"]),
)
@pytest.mark.slow
def test_whatever_the_coordinates_hold_the_answer_is_a_geometry_or_a_problem(
    value: object, name: str
) -> None:
    try:
        parsed = parse_geometry({"type": name, "coordinates": value})
    except GeometryProblem as refused:
        assert str(refused) != refused.code
    else:
        assert parsed.is_valid


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=3, max_size=8))
@settings(max_examples=300)
def test_accepted_polygon_is_valid_rounded_and_reads_back_unchanged(ring: list[tuple[float, float]]) -> None:
    try:
        parsed = parse_geometry(polygon([*map(list, ring), list(ring[0])]))
    except GeometryProblem as refused:
        assert refused.code in {"self_intersection", "invalid_geometry"}
        return
    assert parsed.is_valid
    assert not parsed.is_empty
    assert all(value == round(value, 7) for value in shapely.get_coordinates(parsed).ravel().tolist())
    again = parse_geometry(json.loads(shapely.to_geojson(parsed)))
    assert shapely.equals_exact(again, parsed, 0)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=7),
    st.floats(0.6e-8, 4e-8),
)
def test_tiny_polygon_is_valid_after_rounding_or_refused(ring: list[tuple[int, int]], step: float) -> None:
    positions = [[7 + x * step, 49 + y * step] for x, y in ring]
    try:
        parsed = parse_geometry(polygon([*positions, positions[0]]))
    except GeometryProblem as refused:
        assert refused.code in {"self_intersection", "invalid_geometry"}
    else:
        assert parsed.is_valid
        assert parsed.area > 0


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("7.7689", "49.4447"),
        ("7,7689", " 49,4447\n"),
        (7.7689, 49.4447),
        ("+7.7689", "49.44470"),
    ],
)
def test_typed_coordinates_are_read(lon: object, lat: object) -> None:
    assert parse_point(lon, lat) == shapely.Point(7.7689, 49.4447)


def test_typed_minus_sign_of_a_word_processor_is_read() -> None:
    assert parse_point("\N{MINUS SIGN}7,5", "-49") == shapely.Point(-7.5, -49)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ("", "49", "missing"),
        ("7", "  ", "missing"),
        (None, 49, "missing"),
        ("7.7.7", "49", "not_a_number"),
        ("7,7,7", "49", "not_a_number"),
        ("1e1", "49", "not_a_number"),
        ("1_0", "49", "not_a_number"),
        ("0x7", "49", "not_a_number"),
        ("٧", "49", "not_a_number"),
        ("seven", "49", "not_a_number"),
        ("7° 46'", "49", "not_a_number"),
        (True, 49, "not_a_number"),
        (["7"], 49, "not_a_number"),
        ("NaN", "49", "not_finite"),
        ("-inf", "49", "not_finite"),
        (math.nan, 49, "not_finite"),
        ("9" * 500, "49", "not_a_number"),
        ("4159100", "2928100", "out_of_range"),
        ("49", "171", "swapped_axes_suspected"),
    ],
)
def test_typed_nonsense_is_refused_with_its_reason(lon: object, lat: object, code: str) -> None:
    with pytest.raises(GeometryProblem) as caught:
        parse_point(lon, lat)
    assert caught.value.code == code


def test_our_words_and_geojson_types_map_both_ways() -> None:
    assert {CATEGORY_TYPES[name]: name for name in CATEGORY_TYPES} == dict(GEOJSON_TYPES)
    assert geometry_type_name(shapely.Point(7, 49)) == "point"
    assert geometry_type_name(shapely.LineString([(7, 49), (8, 49)])) == "line"
    assert geometry_type_name(shapely.box(0, 0, 1, 1)) == "polygon"
    with pytest.raises(GeometryProblem):
        geometry_type_name(shapely.MultiPoint([(0, 0)]))


def test_swapped_axes_are_swapped_back() -> None:
    assert swap_axes(shapely.Point(49, 7)) == shapely.Point(7, 49)
