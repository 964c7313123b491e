"""Bounding boxes from URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.bbox import BoundingBox, parse_bbox
from mapping.geo.errors import GeometryProblem


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bbox_malformed"),
        ("7,49,8", "bbox_malformed"),
        ("7,49,8,50,", "bbox_malformed"),
        ("7,49,0,8,50,9", "bbox_malformed"),
        ("7;49;8;50", "bbox_malformed"),
        ("7,49,8,x", "bbox_malformed"),
        ("7,49,8,0x10", "bbox_malformed"),
        ("7,49,8,1_0", "bbox_malformed"),
        ("7,49,8,٥٠", "bbox_malformed"),
        ("7,49,8,50\n", "bbox_malformed"),
        ("7,49,8," + "9" * 10_000, "bbox_malformed"),
        ("7,49,8,NaN", "bbox_not_finite"),
        ("-inf,49,8,50", "bbox_not_finite"),
        ("7,49,8,1e400", "bbox_not_finite"),
        ("7,49,181,50", "bbox_out_of_range"),
        ("7,-91,8,50", "bbox_out_of_range"),
        ("4100000,2900000,4200000,3000000", "bbox_out_of_range"),
        ("7,50,8,49", "bbox_inverted"),
    ],
)
def test_bad_box_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(GeometryProblem) as caught:
        parse_bbox(text)
    assert caught.value.code == code
    assert str(caught.value) != code


def test_plain_box_is_one_box() -> None:
    box = parse_bbox("7.5, 49, 8e0,+50.25")
    assert box == BoundingBox(7.5, 49.0, 8.0, 50.25)
    assert box.boxes() == ((7.5, 49.0, 8.0, 50.25),)


def test_box_across_the_antimeridian_is_two_boxes() -> None:
    assert parse_bbox("170,-20,-170,-10").boxes() == ((170, -20, 180, -10), (-180, -20, -170, -10))


def test_box_of_one_position_is_a_box() -> None:
    assert parse_bbox("7,49,7,49").boxes() == ((7, 49, 7, 49),)


@given(st.text(alphabet="0123456789.,-+eE nainf"))
def test_whatever_arrives_the_answer_is_a_box_or_a_problem(text: str) -> None:
    try:
        box = parse_bbox(text)
    except GeometryProblem:
        return
    assert all(west <= east and south <= north for west, south, east, north in box.boxes())
