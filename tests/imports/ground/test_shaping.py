"""From the geometry of a row to what is stored of it, in metres of Web Mercator."""

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.geo.ground import AREA, LABEL, LAST_ZOOM, LINE, pixel, zoom_of_size
from mapping.imports.ground import shaping
from mapping.imports.ground.kinds import Drawn, Feature, Labelled
from mapping.imports.ground.shaping import (
    NewFeature,
    NotDrawn,
    clean_name,
    is_within,
    label_by_size,
    on_map,
    shape_of,
    shaped,
    single_labels,
)

PARK = Feature("Volkspark", Drawn("park", 9), is_labelled=True)
STREET = Feature("Lauterstraße", Drawn("street", 12))
SQUARE = shapely.box(0, 0, 1_000, 1_000)


def label(name: str, x: float, rank: int = 5, from_zoom: int = 12) -> NewFeature:
    return NewFeature(LABEL, "station", name, from_zoom, shapely.Point(x, 0), rank)


def test_pixels_halve_with_each_zoom() -> None:
    assert pixel(0) == pytest.approx(78_271.5, rel=1e-5)
    assert pixel(15) == pytest.approx(pixel(0) / 2**15)


@pytest.mark.parametrize("pixels", [2, 40])
def test_area_is_seen_from_the_zoom_at_which_it_is_large_enough(pixels: int) -> None:
    for zoom in (3, 9, 15):
        edge = pixel(zoom) * pixels
        assert zoom_of_size((edge * 1.001) ** 2, pixels) == zoom
    assert zoom_of_size((pixel(LAST_ZOOM) * pixels * 0.999) ** 2, pixels) is None


def test_area_is_drawn_and_labelled_at_a_point_inside() -> None:
    horseshoe = shapely.Polygon(
        [(0, 0), (900, 0), (900, 900), (600, 900), (600, 300), (300, 300), (300, 900), (0, 900)]
    )
    area, written = shaped(PARK, horseshoe)
    assert (area.layer, area.kind, area.name, area.rank) == (AREA, "park", "Volkspark", None)
    assert area.from_zoom == max(9, zoom_of_size(horseshoe.area, shaping.SEEN) or 0)
    assert (written.layer, written.kind, written.name) == (LABEL, "park", "Volkspark")
    assert horseshoe.contains(written.geometry)


def test_label_of_several_areas_stands_in_the_largest() -> None:
    small, large = shapely.box(5_000, 0, 5_100, 100), SQUARE
    _area, written = shaped(PARK, shapely.MultiPolygon([small, large]))
    assert large.contains(written.geometry)


def test_larger_areas_have_more_important_labels_earlier() -> None:
    sizes = [edge**2 for edge in (20, 200, 600, 2_000, 20_000)]
    found = [label_by_size(size) for size in sizes]
    assert found == sorted(found, reverse=True)
    assert found[0] == (15, 9)
    assert found[-1] == (10, 4)


def test_areas_too_small_to_be_seen_are_left_out() -> None:
    assert list(shaped(PARK, shapely.box(0, 0, 4, 4))) == []


def test_border_that_crosses_itself_is_repaired() -> None:
    bow_tie = shapely.Polygon([(0, 0), (1_000, 1_000), (1_000, 0), (0, 1_000)])
    area, _label = shaped(PARK, bow_tie)
    assert area.geometry.is_valid
    assert area.geometry.area == pytest.approx(500_000)


def test_overlapping_parts_of_an_area_are_one() -> None:
    twice = shapely.MultiPolygon([SQUARE, shapely.box(500, 0, 1_500, 1_000)])
    area, _label = shaped(PARK, twice)
    assert area.geometry.is_valid
    assert area.geometry.area == pytest.approx(1_500_000)


def test_area_without_extent_is_not_drawn() -> None:
    with pytest.raises(NotDrawn, match="extent"):
        list(shaped(PARK, shapely.Polygon([(0, 0), (10, 10), (0, 0)])))


def test_parts_of_a_line_are_lines_of_their_own() -> None:
    parts = shapely.MultiLineString([[(0, 0), (10, 0)], [(20, 0), (30, 0)], [(40, 0), (40, 0)]])
    found = list(shaped(STREET, parts))
    assert [(one.layer, one.kind, one.geometry.geom_type) for one in found] == [
        (LINE, "street", "LineString")
    ] * 2


def test_label_stands_on_the_geometry_of_its_row() -> None:
    tower = Feature("Humbergturm", label=Labelled("landmark", 6, 13))
    for geometry in (shapely.Point(3, 4), SQUARE, shapely.LineString([(0, 0), (8, 0)])):
        [found] = shaped(tower, geometry)
        assert (found.layer, found.kind, found.rank, found.from_zoom) == (LABEL, "landmark", 6, 13)
        assert found.geometry.distance(geometry) < 1e-6


@pytest.mark.parametrize(
    ("geometry", "what"),
    [
        (shapely.Point(8, 89), "edge of the map"),
        (shapely.Point(180, 49), "edge of the map"),
        (shapely.Point(412_345, 5_477_000), "edge of the map"),
        (
            shapely.LineString([(8 + number * 1e-5, 49) for number in range(shaping.MOST_CORNERS + 1)]),
            "corners",
        ),
    ],
)
def test_what_no_map_shows_is_not_drawn(geometry: BaseGeometry, what: str) -> None:
    with pytest.raises(NotDrawn, match=what):
        on_map(geometry)


def test_collections_have_no_shape() -> None:
    with pytest.raises(NotDrawn):
        shape_of(shapely.GeometryCollection([shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)])]))


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        (shapely.Point(7.7, 49.4), True),
        (shapely.Point(8.1, 49.4), False),
        (shapely.LineString([(7, 49), (9, 50)]), True),
    ],
)
def test_box_keeps_what_reaches_into_it(geometry: BaseGeometry, expected: bool) -> None:
    assert is_within(geometry, (7.6, 49.3, 7.9, 49.5)) is expected
    assert is_within(geometry, None)


def test_near_labels_of_one_name_are_one_and_the_most_important_stays() -> None:
    stop, station, elsewhere, other = (
        label("Hauptbahnhof", 0, rank=6),
        label("HAUPTBAHNHOF", 100, rank=4),
        label("Hauptbahnhof", shaping.APART * 3),
        label("Westbahnhof", 50),
    )
    kept = single_labels([(1, stop), (2, station), (1, elsewhere), (1, other)])
    assert sorted(kept, key=lambda one: one[1].geometry.bounds) == [(1, other), (2, station), (1, elsewhere)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("  Am\n Markt ", "Am Markt"),
        ("Markt\u202e\x00platz", "Marktplatz"),
        ("x" * 300, "x" * 200),
        ("\u200b", ""),
    ],
)
def test_names_are_one_line_that_hides_nothing(given: str, expected: str) -> None:
    assert clean_name(given) == expected
