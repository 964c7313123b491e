"""Inside or outside, as people at the edge of the city meet it."""

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import to_laea, to_lonlat
from mapping.geo.errors import GeometryProblem
from mapping.models import Campaign
from mapping.services.checking.area import Area, check_inside_area
from tests import personas

SHAPE = shapely.Polygon(personas.AREA_CORNERS)
METRES = to_laea(SHAPE)


def at_distance(metres: float) -> shapely.Point:
    """A point at a signed distance outside the western edge's middle (negative: inside)."""
    start, end = METRES.exterior.coords[5], METRES.exterior.coords[6]
    middle = shapely.Point((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    outwards = METRES.buffer(abs(metres)).exterior if metres > 0 else METRES.buffer(metres).exterior
    return to_lonlat(outwards.interpolate(outwards.project(middle)))


@pytest.fixture
def city(campaign: Campaign) -> Campaign:
    return campaign


def code_of(campaign: Campaign, geom: BaseGeometry) -> str:
    try:
        check_inside_area(campaign, geom)
    except GeometryProblem as problem:
        return problem.code
    return "inside"


@pytest.mark.parametrize("corner", personas.AREA_CORNERS)
def test_corner_is_inside(city: Campaign, corner: tuple[float, float]) -> None:
    assert code_of(city, shapely.Point(corner)) == "inside"


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.77])
def test_point_on_the_outline_is_inside(city: Campaign, share: float) -> None:
    assert code_of(city, SHAPE.exterior.interpolate(share, normalized=True)) == "inside"


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(-500, "inside"), (-0.1, "inside"), (0.5, "inside"), (3, "outside_area"), (150, "outside_area")],
)
def test_points_beyond_the_outline_are_outside(city: Campaign, metres: float, expected: str) -> None:
    assert code_of(city, at_distance(metres)) == expected


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(-500, "inside"), (0.5, "inside"), (150, "inside"), (190, "inside"), (210, "outside_area")],
)
def test_lines_and_areas_may_reach_200_metres_across(city: Campaign, metres: float, expected: str) -> None:
    end = at_distance(metres)
    line = shapely.LineString([personas.TOWN_HALL, (end.x, end.y)])
    triangle = shapely.Polygon([personas.TOWN_HALL, (end.x, end.y), personas.STATION])
    assert code_of(city, line) == code_of(city, triangle) == expected


def test_line_that_leaves_and_comes_back_is_outside(city: Campaign) -> None:
    corners = personas.AREA_CORNERS
    line = shapely.LineString([corners[0], personas.OUTSIDE, corners[2]])
    assert code_of(city, line) == "outside_area"


def test_area_that_surrounds_the_city_is_outside(city: Campaign) -> None:
    assert code_of(city, SHAPE.buffer(0.05)) == "outside_area"


@pytest.mark.parametrize(
    "geom",
    [
        shapely.Point(personas.TOWN_HALL[::-1]),
        shapely.LineString([personas.TOWN_HALL[::-1], personas.STATION[::-1]]),
    ],
)
def test_swapped_axes_are_recognised(city: Campaign, geom: BaseGeometry) -> None:
    assert code_of(city, geom) == "swapped_axes_suspected"


def test_hole_in_the_area_is_outside() -> None:
    holed = Area(SHAPE.difference(shapely.Point(personas.TOWN_HALL).buffer(0.01)))
    with pytest.raises(GeometryProblem):
        holed.check(shapely.Point(personas.TOWN_HALL))
    holed.check(shapely.Point(personas.AREA_CORNERS[0]))


def test_changed_area_counts_at_once(city: Campaign) -> None:
    outside = shapely.Point(personas.OUTSIDE)
    assert code_of(city, outside) == "outside_area"
    assert city.area is not None
    city.area = MultiPolygon(GEOSGeometry(shapely.Point(personas.OUTSIDE).buffer(0.01).wkt), srid=4326)
    assert code_of(city, outside) == "inside"


def test_many_places_are_checked_at_once() -> None:
    area = Area(SHAPE)
    places = [personas.TOWN_HALL, personas.OUTSIDE, personas.CORNER, personas.BEYOND_THE_EDGE]
    points = [shapely.Point(place) for place in places]
    laea = shapely.get_coordinates([to_laea(point) for point in points])
    assert area.takes(points) == area.takes_points(laea) == [True, False, True, False]
