"""The abstract test suite of OGC API - Features Part 2 (OGC 18-058r1, annex A), each test by its requirement."""

from typing import Any

import numpy as np
import pyproj
import pytest
from django.contrib.gis.geos import LineString, Polygon

from mapping.models import Campaign
from mapping.ogc.crs import SUPPORTED
from tests.ogc.asking import (
    COLLECTION,
    CRS84,
    EPSG,
    ITEMS,
    ROOT,
    body,
    get,
    ids,
    in_registry_order,
    is_problem,
)
from tests.personas import STATION, TOWN_HALL, make_contribution

URIS = [crs.uri for crs in SUPPORTED]
CELLS = f"{ROOT}collections/fear-spaces-cells/items"
AREA = f"{ROOT}collections/fear-spaces-area/items"


def positions(feature: dict[str, Any]) -> Any:
    coordinates = feature["geometry"]["coordinates"]
    while feature["geometry"]["type"] != "Point" and isinstance(coordinates[0][0], list):
        coordinates = coordinates[0]
    return np.array([coordinates] if feature["geometry"]["type"] == "Point" else coordinates)


def test_crs_list_and_storage_crs(campaign: Campaign) -> None:
    """/conf/crs/crs-uri, fc-md-crs-list, fc-md-storageCrs, fc-md-crs-list-global"""
    assert body(f"{ROOT}collections")["crs"] == URIS
    collection = body(COLLECTION)
    assert collection["crs"] == URIS
    assert collection["storageCrs"] in collection["crs"]
    assert collection["crs"][0] == CRS84


@pytest.mark.parametrize("uri", URIS)
def test_crs_parameter_and_content_crs(campaign: Campaign, uri: str) -> None:
    """/conf/crs/fc-crs-definition, fc-crs-valid-value, crs-action, ogc-crs-header, ogc-crs-header-value, geojson"""
    made = make_contribution(campaign, LineString(TOWN_HALL, STATION, srid=4326), category="street")
    tolerance = 1e-7 if uri == CRS84 or uri.endswith("/4326") else 0.01
    for url in (ITEMS, f"{ITEMS}/{made.pk}"):
        response = get(url, {"crs": uri})
        assert response["Content-Crs"] == f"<{uri}>"
        found = response.json()
        feature = found["features"][0] if url == ITEMS else found
        expected = in_registry_order([TOWN_HALL, STATION], uri)
        assert np.abs(positions(feature) - expected).max() <= tolerance


@pytest.mark.parametrize("url", [CELLS, AREA])
@pytest.mark.parametrize("uri", URIS)
def test_other_collections_have_the_same_crs(campaign: Campaign, url: str, uri: str) -> None:
    make_contribution(campaign)
    plain, turned = (body(url, {"crs": one})["features"][0] for one in (CRS84, uri))
    tolerance = 1e-6 if uri == CRS84 or uri.endswith("/4326") else 0.05
    assert np.abs(positions(turned) - in_registry_order(positions(plain), uri)).max() <= tolerance


def test_default_crs_is_crs84(campaign: Campaign) -> None:
    """/conf/crs/fc-crs-default-value, fc-bbox-crs-default"""
    make_contribution(campaign)
    response = get(ITEMS)
    assert response["Content-Crs"] == f"<{CRS84}>"
    assert response.json()["features"][0]["geometry"]["coordinates"] == list(TOWN_HALL)


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize(
    "uri",
    [
        f"{EPSG}/2056",
        f"{EPSG}/999999999",
        "http://www.opengis.net/def/crs/EPSG/0/4326/",
        "+proj=longlat +nadgrids=/etc/passwd",
        "http://example.org/crs/4326",
        "EPSG:x",
        "4326",
        "'; DROP TABLE mapping_contribution; --",
    ],
)
def test_crs_that_is_not_offered_is_refused(campaign: Campaign, name: str, uri: str) -> None:
    """/conf/crs/fc-crs-valid-value, fc-bbox-crs-valid-value"""
    response = get(ITEMS, {name: uri, "bbox": "1,2,3,4"})
    assert is_problem(response, 400)
    assert response.json()["errors"][0]["field"] == name


@pytest.mark.parametrize("uri", URIS)
def test_bbox_in_another_crs(campaign: Campaign, uri: str) -> None:
    """/conf/crs/fc-bbox-crs-definition, fc-bbox-crs-action"""
    town_hall = make_contribution(campaign, TOWN_HALL)
    make_contribution(campaign, STATION)
    lon, lat = TOWN_HALL
    corners = in_registry_order([(lon - 0.001, lat - 0.001), (lon + 0.001, lat + 0.001)], uri)
    box = ",".join(f"{number:.8f}" for number in corners.ravel())
    assert ids(bbox=box, bbox_crs=uri) == {str(town_hall.pk)}
    assert len(body(CELLS, {"bbox": box, "bbox-crs": uri, "size": 200})["features"]) >= 1


def test_edges_of_a_box_in_metres_are_curves_in_degrees(campaign: Campaign) -> None:
    """A place between the straight line and the curved edge: it must be told by the box as it is in its own CRS."""
    corners = np.array([(3_000_000.0, 2_900_000.0), (5_300_000.0, 3_100_000.0)])
    to_lonlat = pyproj.Transformer.from_crs(3035, "OGC:CRS84", always_xy=True)
    inside = to_lonlat.transform(4_150_000, 2_900_500)
    outside = to_lonlat.transform(4_150_000, 2_899_500)
    first, second = make_contribution(campaign, inside), make_contribution(campaign, outside)
    box = ",".join(f"{north},{east}" for east, north in corners)
    found = ids(bbox=box, bbox_crs=f"{EPSG}/3035")
    assert str(first.pk) in found
    assert str(second.pk) not in found


def test_collections_of_one_type_of_place(campaign: Campaign) -> None:
    point = make_contribution(campaign)
    line = make_contribution(campaign, LineString(TOWN_HALL, STATION, srid=4326), category="street")
    area = make_contribution(
        campaign,
        Polygon.from_bbox((*TOWN_HALL, TOWN_HALL[0] + 0.01, TOWN_HALL[1] + 0.01)).wkt,
        category="meadow",
    )
    make_contribution(campaign, None, category="idea")
    for kind, one in (("points", point), ("lines", line), ("areas", area)):
        url = f"{ROOT}collections/fear-spaces-{kind}"
        assert ids(f"{url}/items") == {str(one.pk)}
        of_schema = {"points": "point", "lines": "linestring", "areas": "polygon"}[kind]
        assert body(f"{url}/schema")["properties"]["geometry"]["format"] == f"geometry-{of_schema}"
