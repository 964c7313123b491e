"""Coordinate reference systems and the way between them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mapping.geo.crs import LAEA, UTM32, WGS84, parse_crs, to_laea, to_lonlat, transform_geometry
from mapping.geo.errors import GeometryProblem


def test_centre_of_the_projection_has_the_false_origin() -> None:
    # EPSG:3035: centre 52 N 10 E, false easting 4321000, false northing 3210000.
    centre = to_laea(shapely.Point(10, 52))
    assert centre.distance(shapely.Point(4321000, 3210000)) < 1e-6


@given(st.floats(-10, 30), st.floats(35, 70))
def test_way_there_and_back_ends_within_a_millimetre(lon: float, lat: float) -> None:
    start = shapely.Point(lon, lat)
    assert to_lonlat(to_laea(start)).distance(start) < 1e-8


def test_swiss_coordinates_of_the_reference_point_are_bern() -> None:
    bern = transform_geometry(shapely.Point(2_600_000, 1_200_000), parse_crs("EPSG:2056"), WGS84)
    assert bern.distance(shapely.Point(7.4386, 46.9511)) < 0.0001


def test_codes_and_parsed_crs_give_the_same() -> None:
    point = shapely.Point(7.77, 49.44)
    assert transform_geometry(point, WGS84, UTM32) == transform_geometry(
        point, parse_crs("OGC:CRS84"), parse_crs("EPSG:25832")
    )


def test_type_stays_and_height_goes() -> None:
    line = to_laea(shapely.LineString([(7, 49, 100), (8, 49, 100)]))
    assert line.geom_type == "LineString"
    assert not line.has_z


def test_empty_geometry_stays_empty() -> None:
    assert to_laea(shapely.Polygon()).is_empty


@pytest.mark.parametrize(
    "text",
    [
        "EPSG:2056",
        " epsg:2056 ",
        "urn:ogc:def:crs:EPSG::2056",
        "http://www.opengis.net/def/crs/EPSG/0/2056",
        pyproj.CRS.from_epsg(2056).to_wkt(),
        pyproj.CRS.from_epsg(2056).to_wkt("WKT1_GDAL"),
        pyproj.CRS.from_epsg(2056).to_wkt("WKT1_ESRI"),
    ],
)
def test_known_crs_is_read(text: str) -> None:
    assert parse_crs(text).to_epsg(min_confidence=20) == 2056


@pytest.mark.parametrize("text", ["OGC:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"])
def test_crs84_is_read(text: str) -> None:
    assert parse_crs(text).is_geographic


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2056",
        "EPSG:",
        "EPSG:999999",
        "EPSG:99999999999999",
        "EPSG:2056+5728",
        "+proj=longlat +nadgrids=/etc/passwd +no_defs",
        "+init=epsg:2056",
        "/etc/passwd",
        '{"type": "name"}',
        "PROJCS[",
        "PROJCS[" * 10_000,
        pyproj.CRS.from_epsg(3857).to_wkt("WKT1_GDAL").replace("@null", "/etc/passwd"),
        "WGS 84 \0",
    ],
)
def test_unknown_or_unsafe_crs_is_refused(text: str) -> None:
    with pytest.raises(GeometryProblem) as caught:
        parse_crs(text)
    assert caught.value.code == "crs_unknown"


def test_web_mercator_text_without_a_grid_file_is_read() -> None:
    assert parse_crs(pyproj.CRS.from_epsg(3857).to_wkt("WKT1_GDAL")).is_projected


def test_code_that_does_not_exist_is_refused() -> None:
    with pytest.raises(GeometryProblem) as caught:
        transform_geometry(shapely.Point(7, 49), 999999, LAEA)
    assert caught.value.code == "crs_unknown"


@pytest.mark.parametrize(
    ("point", "source", "target"),
    [
        (shapely.Point(7, 91), WGS84, LAEA),
        (shapely.Point(float("nan"), 49), WGS84, LAEA),
        (shapely.Point(-170, -52), WGS84, LAEA),
        (shapely.Point(1e9, 1e9), LAEA, WGS84),
    ],
)
def test_position_without_image_is_refused(point: shapely.Point, source: int, target: int) -> None:
    with pytest.raises(GeometryProblem) as caught:
        transform_geometry(point, source, target)
    assert caught.value.code == "crs_transform_failed"
    assert caught.value.params == {"source": f"EPSG:{source}", "target": f"EPSG:{target}"}


def test_threads_transform_side_by_side() -> None:
    points = [shapely.Point(7 + step / 1000, 49) for step in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(to_laea, points)) == [to_laea(point) for point in points]
