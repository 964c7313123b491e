"""The street nearest to a place, for words."""

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from mapping.ground import streets
from mapping.ground.streets import nearest_street, street_near
from tests.ground.world import METRES_PER_DEGREE, add_feature, add_street, map_line
from tests.personas import TOWN_HALL

pytestmark = pytest.mark.django_db

LON, LAT = TOWN_HALL
HERE = Point(LON, LAT, srid=4326)


def north_to_south(metres_east: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of a line that runs past the town hall."""
    lon = LON + metres_east / METRES_PER_DEGREE
    return (lon, LAT - 0.002), (lon, LAT + 0.002)


def test_nearest_street_is_found_in_metres_on_the_ground() -> None:
    add_street("Burgstraße", *north_to_south(-30))
    add_street("Lauterstraße", *north_to_south(20))
    found = street_near(HERE)
    assert found is not None
    assert found.name == "Lauterstraße"
    assert found.metres == pytest.approx(20, rel=0.02)
    assert nearest_street(HERE) == "Lauterstraße"


@pytest.mark.parametrize(("within", "expected"), [(50, None), (70, "Lauterstraße")])
def test_street_far_away_is_none(within: float, expected: str | None) -> None:
    add_street("Lauterstraße", *north_to_south(60))
    assert nearest_street(HERE, within) == expected


def test_no_ground_has_no_streets() -> None:
    assert nearest_street(HERE) is None
    assert street_near(HERE) is None


def test_rivers_railways_and_streets_without_a_name_are_no_streets() -> None:
    add_feature("line", "river", map_line(*north_to_south(5)), name="Lauter")
    add_feature("line", "rail", map_line(*north_to_south(6)), name="Alsenztalbahn")
    add_street("", *north_to_south(7))
    add_street("Philosophenweg", *north_to_south(40), kind="path")
    assert nearest_street(HERE) == "Philosophenweg"


def test_nearest_street_is_found_by_its_index() -> None:
    add_street("Lauterstraße", *north_to_south(20))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {streets._NEAREST}", {"lon": LON, "lat": LAT})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "ground_named_streets" in plan
    assert "Sort" not in plan
