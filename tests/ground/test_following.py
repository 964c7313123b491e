"""Ways along streets of the ground, in degrees."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from pytest_django.fixtures import DjangoAssertNumQueries

from mapping.ground import following
from mapping.ground.following import Followed, NotFollowed, follow, has_streets
from tests.ground.world import METRES_PER_DEGREE, add_feature, add_street, map_line
from tests.personas import TOWN_HALL

pytestmark = pytest.mark.django_db

LON, LAT = TOWN_HALL
NORTH = 1 / 111_200
EAST = 1 / METRES_PER_DEGREE


def at(east: float, north: float) -> tuple[float, float]:
    """A place so many metres from the town hall, in degrees."""
    return LON + east * EAST, LAT + north * NORTH


@pytest.fixture
def corner() -> None:
    """Two streets that meet at the town hall."""
    add_street("Eisenbahnstraße", at(0, 0), at(400, 0))
    add_street("Fruchthallstraße", at(0, 0), at(0, 300))


def test_way_has_metres_names_and_ends_on_the_streets(corner: None) -> None:
    way = follow(at(300, 10), at(-10, 200))
    assert isinstance(way, Followed)
    assert way.metres == pytest.approx(500, rel=0.01)
    assert way.streets == ("Eisenbahnstraße", "Fruchthallstraße")
    wanted = (at(300, 0), at(0, 0), at(0, 200))
    assert [lon for lon, _lat in way.positions] == pytest.approx([lon for lon, _lat in wanted], abs=2e-6)
    assert [lat for _lon, lat in way.positions] == pytest.approx([lat for _lon, lat in wanted], abs=2e-6)
    assert all(round(value, 7) == value for one in way.positions for value in one)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (at(300, 0), at(300, 0), NotFollowed.SAME_PLACE),
        (at(300, 0), at(300, 5200), NotFollowed.TOO_FAR),
        (at(300, 0), at(300, 80), NotFollowed.NO_STREET),
        ((7.0, 89.0), (7.0, 89.001), NotFollowed.NO_STREET),
        ((180.0, 0.0), (-180.0, 0.001), NotFollowed.NO_STREET),
        (at(300, 10), at(300, -10), NotFollowed.NO_WAY),
    ],
)
def test_there_is_no_way(
    corner: None, start: tuple[float, float], end: tuple[float, float], reason: NotFollowed
) -> None:
    assert follow(start, end) is reason


def test_unconnected_streets_have_no_way(corner: None) -> None:
    add_street("Insel", at(200, 100), at(300, 100))
    assert follow(at(300, 0), at(250, 100)) is NotFollowed.NO_WAY


def test_without_a_ground_there_is_no_street() -> None:
    assert follow(at(0, 0), at(100, 0)) is NotFollowed.NO_STREET


@pytest.mark.parametrize("kind", ["motorway", "rail", "river"])
def test_nobody_walks_there(kind: str) -> None:
    add_street("A 6", at(0, 0), at(400, 0), kind=kind)
    assert follow(at(0, 0), at(100, 0)) is NotFollowed.NO_STREET
    assert not has_streets(None)


def test_more_streets_than_are_read(corner: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_STREETS", 1)
    assert follow(at(0, 0), at(100, 0)) is NotFollowed.TOO_MANY_STREETS
    monkeypatch.setattr(following, "MOST_STREETS", 2)
    assert isinstance(follow(at(0, 0), at(100, 0)), Followed)
    monkeypatch.setattr(following, "MOST_CORNERS", 3)
    assert follow(at(0, 0), at(100, 0)) is NotFollowed.TOO_MANY_STREETS


def test_ways_of_many_corners_have_few_points() -> None:
    zigzag = [at(number * 2, number % 2 * 20) for number in range(1_000)]
    add_feature("line", "path", map_line(*zigzag))
    way = follow(zigzag[0], zigzag[-1])
    assert isinstance(way, Followed)
    assert 2 <= len(way.positions) <= following.MOST_POINTS
    assert way.metres > 15_000


def test_a_way_is_found_in_one_query(corner: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        follow(at(300, 10), at(-10, 200))


def test_streets_of_an_area_are_those_in_its_box(corner: None) -> None:
    lon, lat = TOWN_HALL
    assert has_streets(None)
    assert has_streets(
        MultiPolygon(Polygon.from_bbox((lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)), srid=4326)
    )
    assert not has_streets(MultiPolygon(Polygon.from_bbox((lon + 1, lat, lon + 1.01, lat + 0.01)), srid=4326))
