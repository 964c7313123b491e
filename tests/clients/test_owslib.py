"""OWSLib, by which QGIS's metadata search and many scripts read OGC API."""

from collections.abc import Callable
from typing import Any

import pytest
from owslib.ogcapi.features import Features  # type: ignore[import-untyped]

from mapping.models import Campaign
from tests.personas import STATION

pytestmark = pytest.mark.django_db(transaction=True)

LAYER = "topics-contributions"
type_of_items = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def features(root: str, topics: Campaign) -> Any:
    """The client, connected to the server."""
    return Features(root)


@pytest.fixture
def items(features: Any) -> type_of_items:
    """Items of the contributions."""
    return lambda **options: features.collection_items(LAYER, **options)["features"]


def test_landing_page_conformance_and_description(features: Any) -> None:
    assert {link["rel"] for link in features.links} >= {"service-desc", "conformance", "data", "self"}
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in features.conformance()["conformsTo"]
    )
    assert features.api()["openapi"].startswith("3.0")


def test_collections_and_what_they_hold(features: Any) -> None:
    assert LAYER in features.feature_collections()
    assert features.collection(LAYER)["itemType"] == "feature"
    assert "category" in features.collection_queryables(LAYER)["properties"]
    assert features.collection_schema(LAYER)["properties"]["created"]["format"] == "date-time"


def test_items_by_box_time_limit_filter_and_order(items: type_of_items) -> None:
    lon, lat = STATION
    assert len(items()) == 6
    assert len(items(limit=2)) == 2
    assert [
        one["properties"]["text"] for one in items(bbox=[lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001])
    ] == ["Dark"]
    assert items(datetime_="2001-01-01/2002-01-01") == []
    assert len(items(filter="category = 'spot' AND text LIKE 'D%'")) == 1
    categories = [one["properties"]["category"] for one in items(sortby=("category", "desc"))]
    assert categories == sorted(categories, reverse=True)


def test_one_item_and_the_next_page(features: Any, items: type_of_items) -> None:
    [first, *_others] = items()
    assert features.collection_item(LAYER, first["id"])["properties"] == first["properties"]
    page = features.collection_items(LAYER, limit=4)
    assert any(link["rel"] == "next" for link in page["links"])
    assert page["numberMatched"] == 6
