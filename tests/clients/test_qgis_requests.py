"""What QGIS asks (src/providers/wfs/oapif, 3.22 and newer), step by step and with its own headers."""

from typing import Any

import pytest
from django.test import Client

from mapping.models import Campaign
from tests.personas import STATION

pytestmark = pytest.mark.django_db(transaction=True)

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
ACCEPT_API = f"{OPENAPI}, application/openapi+json;version=3.0, application/json"
ACCEPT_ITEMS = "application/geo+json, application/json"


def ask(address: str, accept: str) -> Any:
    response = Client(HTTP_HOST="localhost").get(
        address, HTTP_ACCEPT=accept, HTTP_USER_AGENT="Mozilla/5.0 QGIS/32216"
    )
    assert response.status_code == 200, response.content
    offered = [one.split(";")[0].strip() for one in accept.split(",")]
    assert response["Content-Type"].split(";")[0] in offered
    return response.json()


def link_of(body: dict[str, Any], rel: str, media_type: str) -> str:
    """As QgsOAPIFJson::findLink: the first link of the wanted type."""
    return next(str(one["href"]) for one in body["links"] if one["rel"] == rel and one["type"] == media_type)


def test_connecting_and_loading_a_layer(topics: Campaign) -> None:
    landing = ask("/ogc/", "application/json")
    api = ask(link_of(landing, "service-desc", OPENAPI), ACCEPT_API)
    limit = api["components"]["parameters"]["limit"]["schema"]
    assert limit["maximum"] == 10_000
    collections = ask(link_of(landing, "data", "application/json"), "application/json")
    layer = next(one for one in collections["collections"] if one["id"] == "topics-points")
    assert layer["extent"]["spatial"]["bbox"][0][0] < STATION[0]
    # The first ten tell the attributes, then pages are read by their links.
    items = link_of(layer, "items", "application/geo+json")
    assert len(ask(f"{items}?limit=10", ACCEPT_ITEMS)["features"]) == 3
    page = ask(f"{items}?limit=2", ACCEPT_ITEMS)
    rest = ask(link_of(page, "next", "application/geo+json"), ACCEPT_ITEMS)
    ids = [one["id"] for one in (*page["features"], *rest["features"])]
    assert len(set(ids)) == page["numberMatched"] == 3


def test_moving_the_map_and_filtering(topics: Campaign) -> None:
    lon, lat = STATION
    items = "/ogc/collections/topics-points/items"
    box = f"bbox={lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"
    assert len(ask(f"{items}?limit=1000&{box}", ACCEPT_ITEMS)["features"]) == 1
    axes = (
        "bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326&crs=http://www.opengis.net/def/crs/EPSG/0/4326"
    )
    turned = f"bbox={lat - 0.001},{lon - 0.001},{lat + 0.001},{lon + 0.001}"
    [feature] = ask(f"{items}?limit=1000&{turned}&{axes}", ACCEPT_ITEMS)["features"]
    assert feature["geometry"]["coordinates"] == [STATION[1], STATION[0]]
    cql = "filter=(category%20%3D%20%27survey%27)&filter-lang=cql2-text"
    assert len(ask(f"{items}?{cql}", ACCEPT_ITEMS)["features"]) == 1


def test_filter_by_date_without_an_end_is_an_open_interval(topics: Campaign) -> None:
    """As QGIS 3.22 sends `"created" > …` and `<`."""
    items = "/ogc/collections/topics-points/items?limit=1000&datetime="
    for interval, number in (
        ("2001-01-01T00:00:00Z%2F9999-12-31T00:00:00Z", 3),
        ("0000-01-01T00:00:00Z%2F2001-01-01T00:00:00Z", 0),
        ("0001-01-01T00:00:00Z%2F9999-12-31T00:00:00Z", 3),
    ):
        assert len(ask(f"{items}{interval}", ACCEPT_ITEMS)["features"]) == number


def test_simple_filters_are_found_in_the_description(topics: Campaign) -> None:
    """QGIS before 3.28 and GDAL read from the path of a collection by which attributes it can be filtered."""
    api = ask("/ogc/api", ACCEPT_API)
    parameters = api["paths"]["/collections/topics-points/items"]["get"]["parameters"]
    simple = {one["name"]: one for one in parameters if "$ref" not in one}
    assert {"category", "status", "support", "yes-no", "single-choice"} <= set(simple)
    assert simple["support"]["schema"]["type"] == "integer"
    assert all((one["style"], one["explode"]) == ("form", False) for one in simple.values())
    for name in api["paths"]:
        assert "cells" not in name
