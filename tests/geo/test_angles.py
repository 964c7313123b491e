"""Coordinates as people write them."""

import pytest

from mapping.geo.angles import parse_coordinate, parse_position
from mapping.geo.errors import GeometryProblem

EAST, NORTH = 7.768889, 49.444167


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7.7689", 7.7689),
        ("7,7689", 7.7689),
        ("7,7689° E", 7.7689),
        ("7,7689° O", 7.7689),
        ("E 7.7689", 7.7689),
        ("7°46'08\"E", EAST),
        ("7° 46′ 08″ Ost", EAST),
        ("7°46’08”", EAST),
        ("7°46'8''", EAST),
        ("7 46 08 E", EAST),
        ("-7°46'", -7.766667),
        ("7°46'W", -7.766667),
        ("7°46,1333'", EAST),
        ("1e3", 1000),
    ],
)
def test_one_coordinate_is_read(written: str, value: float) -> None:
    assert parse_coordinate(written, "lon") == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    "written",
    [
        "7.768.912",
        "12 34",
        "7°66'08\"",
        "7.5° 30'",
        "7°46'08\"E E",
        "-7° W",
        "Jul 76",
        "7°46'61\"",
        "1_000",
        "",
    ],
)
def test_what_is_no_coordinate_is_refused(written: str) -> None:
    with pytest.raises(GeometryProblem) as refused:
        parse_coordinate(written, "lon")
    assert refused.value.code == "not_a_number"


def test_latitude_in_the_place_of_a_longitude_is_refused_by_name() -> None:
    with pytest.raises(GeometryProblem) as refused:
        parse_coordinate("49°26'39\"N", "lon")
    assert refused.value.code == "wrong_axis"


@pytest.mark.parametrize(
    "written",
    [
        "49.444167, 7.768889",
        "49.444167,7.768889",
        "49,444167, 7,768889",
        "49,444167,7,768889",
        "49,444167 7,768889",
        "49,444167 / 7,768889",
        "49.444167; 7.768889",
        "(49.444167 7.768889)",
        "49.444167 7.768889 231.5 4.9",
        "geo:49.444167,7.768889",
        "49°26'39\"N 7°46'08\"E",
        "7°46'08\"E, 49°26'39\"N",
        "N 49° 26.65' E 7° 46.1333'",
        "49°26'39\", 7°46'08\"",
        "49.444167°N, 7.768889°E",
        "7.768889 E / 49.444167 N",
        "49 26 39 N 7 46 08 E",
    ],
)
def test_both_coordinates_in_one_text_are_read(written: str) -> None:
    assert parse_position(written, lat_first=True) == pytest.approx((EAST, NORTH), abs=1e-5)


def test_order_of_both_coordinates_can_be_told_and_letters_go_before() -> None:
    assert parse_position("412345,6 5477000,1", lat_first=False) == (412345.6, 5477000.1)
    assert parse_position("49.4 N, 7.7 E", lat_first=False) == (7.7, 49.4)


@pytest.mark.parametrize("written", ["Rathausplatz 1", "49.4443", "49.4 N, 49.5 N", "a, b", "1, 2, 3, 4, 5"])
def test_what_is_no_position_is_refused(written: str) -> None:
    with pytest.raises(GeometryProblem):
        parse_position(written, lat_first=True)
