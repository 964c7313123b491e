"""The abstract test suite of OGC API - Features Part 1 (OGC 17-069r4, annex A), each test by its requirement."""

import json
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import LineString, MultiPolygon, Polygon
from django.test import Client
from openapi_spec_validator import validate

from mapping.models import Campaign, Contribution
from mapping.ogc.description.conformance import conformance_classes
from tests.ogc.asking import COLLECTION, CRS84, ITEMS, ROOT, body, get, ids, is_problem, linked
from tests.personas import AREA_CORNERS, GOOD_ANSWERS, TOWN_HALL, make_contribution

SPEC = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"


# --- A.2.1 general, A.2.2 landing page, API definition, conformance -------------------------------------------------


def test_http_is_1_1_and_wrong_methods_are_refused(campaign: Campaign) -> None:
    """/conf/core/http"""
    for url in (ROOT, f"{ROOT}collections", ITEMS):
        assert Client().head(url).status_code == 200
        assert Client().options(url).status_code == 204
        assert Client().patch(url, "{}", content_type="application/json").status_code == 405


def test_root_op_and_success(campaign: Campaign) -> None:
    """/conf/core/root-op, /conf/core/root-success"""
    landing = body(ROOT)
    assert linked(landing, "service-desc", "application/vnd.oai.openapi+json;version=3.0")
    assert linked(landing, "service-doc", "text/html")
    assert linked(landing, "conformance")
    assert linked(landing, "data")
    assert linked(landing, "self", "application/json")
    assert linked(landing, "alternate", "text/html")


def test_api_definition_op_and_success(campaign: Campaign) -> None:
    """/conf/core/api-definition-op, /conf/core/api-definition-success, /conf/oas30/oas-definition-1 and -2"""
    response = get(linked(body(ROOT), "service-desc"))
    assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = response.json()
    assert document["openapi"].startswith("3.0")
    validate(document)


def test_every_path_is_described_with_its_parameters(campaign: Campaign) -> None:
    """/conf/oas30/completeness, /conf/core/fc-limit-definition, -bbox-definition, -time-definition"""
    document = body(f"{ROOT}api")
    operation = document["paths"]["/collections/{collectionId}/items"]["get"]
    named = {
        one["$ref"].rpartition("/")[2] if "$ref" in one else one["name"] for one in operation["parameters"]
    }
    assert {"limit", "bbox", "datetime", "crs", "bbox-crs", "filter", "filter-lang", "filter-crs"} <= named
    parameters = document["components"]["parameters"]
    limit = parameters["limit"]
    assert (limit["in"], limit["required"], limit["style"], limit["explode"]) == (
        "query",
        False,
        "form",
        False,
    )
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000}
    box = parameters["bbox"]["schema"]
    assert box["type"] == "array"
    assert (box["minItems"], box["maxItems"]) == (4, 6)
    assert [one["minItems"] for one in box["oneOf"]] == [4, 6]
    assert parameters["datetime"]["style"] == "form"


def test_conformance_op_and_success(campaign: Campaign) -> None:
    """/conf/core/conformance-op, /conf/core/conformance-success"""
    declared = body(f"{ROOT}conformance")["conformsTo"]
    assert declared == list(conformance_classes())
    assert len(declared) == len(set(declared))
    assert {f"{SPEC}/{name}" for name in ("core", "oas30", "html", "geojson")} <= set(declared)


# --- A.2.3 collections ----------------------------------------------------------------------------------------------


def test_fc_md_op_and_success(campaign: Campaign) -> None:
    """/conf/core/fc-md-op, fc-md-success, fc-md-links, fc-md-items, fc-md-items-links, fc-md-extent"""
    document = body(f"{ROOT}collections")
    assert linked(document, "self")
    assert linked(document, "alternate", "text/html")
    found = {one["id"]: one for one in document["collections"]}
    assert set(found) >= {"fear-spaces-contributions", "fear-spaces-cells", "fear-spaces-area"}
    for collection in found.values():
        assert linked(collection, "items", "application/geo+json")
        assert linked(collection, "items", "text/html")
        assert all({"href", "rel", "type"} <= set(link) for link in collection["links"])
        [box] = collection["extent"]["spatial"]["bbox"]
        assert box[0] < TOWN_HALL[0] < box[2]
        assert box[1] < TOWN_HALL[1] < box[3]
        assert collection["extent"]["spatial"]["crs"] == CRS84


def test_sfc_md_op_and_success_say_what_the_list_says(campaign: Campaign) -> None:
    """/conf/core/sfc-md-op, /conf/core/sfc-md-success"""

    def without_links(collection: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in collection.items() if name != "links"}

    for listed in body(f"{ROOT}collections")["collections"]:
        alone = body(f"{ROOT}collections/{listed['id']}")
        assert without_links(alone) == without_links(listed)
        rels = {link["rel"] for link in alone["links"]}
        assert {link["rel"] for link in listed["links"]} <= rels


# --- A.2.4 features -------------------------------------------------------------------------------------------------


def test_fc_op_and_response(three: list[Contribution]) -> None:
    """/conf/core/fc-op, fc-response, fc-numberMatched, fc-numberReturned, fc-links, fc-rel-type"""
    response = get(ITEMS)
    assert response["Content-Type"] == "application/geo+json"
    document = response.json()
    assert document["type"] == "FeatureCollection"
    assert document["numberMatched"] == document["numberReturned"] == len(document["features"]) == 3
    assert linked(document, "self", "application/geo+json")
    assert linked(document, "alternate", "text/html")
    assert all({"href", "rel", "type"} <= set(link) for link in document["links"])
    assert {feature["id"] for feature in document["features"]} == {str(one.pk) for one in three}


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_fc_limit_response_1(three: list[Contribution], limit: int) -> None:
    """/conf/core/fc-limit-response-1: no more than asked for, and the link `next` leads to all the others."""
    seen: list[str] = []
    url, query = ITEMS, dict[str, object]({"limit": limit})
    for _ in range(5):
        document = body(url, query)
        assert document["numberReturned"] == len(document["features"]) <= limit
        assert document["numberMatched"] == 3
        seen += [feature["id"] for feature in document["features"]]
        following = [link["href"] for link in document["links"] if link["rel"] == "next"]
        if not following:
            break
        url, query = following[0], {}
    assert sorted(seen) == sorted(str(one.pk) for one in three)


def test_fc_limit_response_1_more_than_the_maximum_means_the_maximum(
    three: list[Contribution], monkeypatch: pytest.MonkeyPatch
) -> None:
    """OGC 17-069r4, requirement 22 B: no error."""
    monkeypatch.setattr("mapping.ogc.parameters.MOST", 2)
    assert body(ITEMS, {"limit": 1_000_000_000})["numberReturned"] == 2


def test_fc_bbox_response(three: list[Contribution]) -> None:
    """/conf/core/fc-bbox-response"""
    town_hall, station, _other = (str(one.pk) for one in three)
    around = "7.7688,49.4446,7.7690,49.4448"
    assert ids(bbox=around) == {town_hall}
    assert ids(bbox="7.7688,49.4446,-50,7.7690,49.4448,900") == {town_hall}
    assert ids(bbox="7.7686,49.4360,7.7688,49.4362") == {station}
    assert ids(bbox="0,0,1,1") == set()
    assert ids(bbox="-180,-90,180,90") == {str(one.pk) for one in three}
    # On the very point: a box without width.
    assert ids(bbox=f"{TOWN_HALL[0]},{TOWN_HALL[1]},{TOWN_HALL[0]},{TOWN_HALL[1]}") == {town_hall}


def test_fc_bbox_response_asks_for_the_place_not_its_box(campaign: Campaign) -> None:
    """A line whose own box meets the asked one, but which passes by it."""
    line = make_contribution(campaign, LineString((7.76, 49.43), (7.78, 49.45), srid=4326), category="street")
    assert ids(bbox="7.775,49.431,7.779,49.435") == set()
    assert ids(bbox="7.769,49.439,7.771,49.441") == {str(line.pk)}


@pytest.mark.parametrize(
    ("place", "category"),
    [
        ("LINESTRING(7.70 49.40, 7.80 49.50)", "street"),
        ("POLYGON((7.70 49.40, 7.80 49.40, 7.80 49.50, 7.70 49.50, 7.70 49.40))", "meadow"),
    ],
)
@pytest.mark.parametrize(
    ("box", "is_met"),
    [
        ("7.74,49.44,7.76,49.46", True),  # within: the place reaches beyond the box on every side
        ("7.78,49.48,7.90,49.60", True),  # one end
        ("7.80,49.50,7.90,49.60", True),  # a corner, touched
        ("7.69,49.39,7.81,49.51", True),  # around
        ("7.81,49.51,7.90,49.60", False),
    ],
)
def test_fc_bbox_response_finds_what_meets_the_box(
    campaign: Campaign, place: str, category: str, box: str, is_met: bool
) -> None:
    """Lines and areas that the box does not contain are found too, in items, lists, downloads and heat maps."""
    pk = str(make_contribution(campaign, place, category=category).pk)
    assert ids(bbox=box) == ({pk} if is_met else set())
    for address in ("contributions/", "download.geojson"):
        response = Client().get(f"/api/v1/campaigns/fear-spaces/{address}", {"bbox": box})
        found = {one["id"] for one in json.loads(response.getvalue())["features"]}
        assert found == ({pk} if is_met else set())
    for address in ("heatmap", "heatmap?grid=hexagon", "statistics"):
        response = Client().get(f"/api/v1/campaigns/fear-spaces/{address}", {"bbox": box})
        assert response.json()["totals"]["contributions"] == int(is_met), address


def test_fc_bbox_response_crosses_the_antimeridian(three: list[Contribution]) -> None:
    """West greater than east (RFC 7946 section 5.2): the other way round the world."""
    assert ids(bbox="170,49,-170,50") == set()
    assert ids(bbox="7.0,49,6.9,50") == {str(one.pk) for one in three}


def test_places_that_are_missing_are_in_no_box(campaign: Campaign) -> None:
    idea = make_contribution(campaign, None, category="idea")
    assert ids() == {str(idea.pk)}
    assert ids(bbox="-180,-90,180,90") == set()


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        ("2026-05-01", {0}),
        ("2026-05-02T10:00:00Z", {1}),
        ("2026-05-02T12:00:00+02:00", {1}),
        ("2026-05-01/2026-05-02", {0, 1}),
        ("2026-05-02T00:00:00Z/..", {1, 2}),
        ("../2026-05-02T10:00:00Z", {0, 1}),
        ("/2026-05-01", {0}),
        ("../..", {0, 1, 2}),
        ("2030-01-01/..", set()),
    ],
)
def test_fc_time_response(three: list[Contribution], interval: str, days: set[int]) -> None:
    """/conf/core/fc-time-response"""
    assert ids(datetime=interval) == {str(three[day].pk) for day in days}


def test_query_parameters_named_like_attributes(campaign: Campaign) -> None:
    """OGC 17-069r4, section 7.15.5"""
    asked = make_contribution(campaign, category="survey", answers=GOOD_ANSWERS)
    other = make_contribution(campaign)
    assert ids(category="spot") == {str(other.pk)}
    for name, value in (("yes-no", "true"), ("scale", "4"), ("number", "12.5"), ("single-choice", "night")):
        assert ids(**{name: value}) == {str(asked.pk)}
        assert ids(**{name: "false" if name == "yes-no" else "1"}) == set()


@pytest.mark.parametrize("name", ["categori", "Limit", "q", "bbox_crs"])
def test_query_param_unknown(campaign: Campaign, name: str) -> None:
    """/conf/core/query-param-unknown"""
    for url in (ROOT, f"{ROOT}conformance", f"{ROOT}collections", COLLECTION, ITEMS, f"{COLLECTION}/schema"):
        response = get(url, {name: "1"})
        assert is_problem(response, 400)
        assert response.json()["errors"][0]["field"] == name


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "limit=0",
        "limit=-1",
        "limit=1.5",
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "datetime=yesterday",
        "f=xml",
    ],
)
def test_query_param_invalid(campaign: Campaign, query: str) -> None:
    """/conf/core/query-param-invalid"""
    response = Client().get(f"{ITEMS}?{query}")
    assert is_problem(response, 400)
    assert response.json()["errors"][0]["field"] == query.partition("=")[0]


def test_f_op_and_success(three: list[Contribution]) -> None:
    """/conf/core/f-op, /conf/core/f-success, f-links, f-rel-type: the feature is what the collection says of it."""
    for listed in body(ITEMS)["features"]:
        url = f"{ITEMS}/{listed['id']}"
        response = get(url)
        assert response["Content-Type"] == "application/geo+json"
        alone = response.json()
        assert linked(alone, "self", "application/geo+json")
        assert linked(alone, "alternate", "text/html")
        assert linked(alone, "collection")
        assert {name: value for name, value in alone.items() if name != "links"} == listed


def test_feature_that_is_not_there(three: list[Contribution]) -> None:
    for identifier in ("x", "00000000-0000-7000-8000-000000000000", "%00", "ü", "'"):
        assert is_problem(get(f"{ITEMS}/{identifier}"), 404)


# --- A.3 GeoJSON, A.4 HTML ------------------------------------------------------------------------------------------


def test_geojson_content_is_rfc_7946(campaign: Campaign) -> None:
    """/conf/geojson/content: types, positions of two numbers in longitude and latitude, rings that go round left."""
    make_contribution(campaign, category="survey", answers=GOOD_ANSWERS)
    make_contribution(campaign, shapely.box(7.76, 49.43, 7.77, 49.44, ccw=True).wkt, category="meadow")
    make_contribution(campaign, None, category="idea")
    for feature in body(ITEMS)["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["id"], str)
        assert isinstance(feature["properties"], dict)
        geometry = feature["geometry"]
        if geometry and geometry["type"] == "Polygon":
            assert shapely.LinearRing(geometry["coordinates"][0]).is_ccw
        assert "crs" not in feature
    assert {one["geometry"] and one["geometry"]["type"] for one in body(ITEMS)["features"]} == {
        "Point",
        "Polygon",
        None,
    }
    # Outlines are stored as the file had them.
    Campaign.objects.update(area=MultiPolygon(Polygon(AREA_CORNERS[::-1]), srid=4326))
    [outline] = body(f"{ROOT}collections/fear-spaces-area/items")["features"]
    assert shapely.LinearRing(outline["geometry"]["coordinates"][0][0]).is_ccw


@pytest.mark.parametrize("way", ["f", "accept"])
def test_html_definition_and_content(three: list[Contribution], way: str) -> None:
    """/conf/html/definition, /conf/html/content: every answer has a page, with what it says."""
    urls = [
        ROOT,
        f"{ROOT}conformance",
        f"{ROOT}api",
        f"{ROOT}collections",
        COLLECTION,
        ITEMS,
        f"{ITEMS}/{three[0].pk}",
    ]
    for url in urls:
        response = (
            get(url, {"f": "html"})
            if way == "f"
            else get(url, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
        )
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/html")
        assert "Accept" in response["Vary"]
    assert "day 0" in get(ITEMS, {"f": "html"}).content.decode()


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("application/geo+json, text/html;q=0.5", "application/geo+json"),
        ("text/html", "text/html"),
        ("application/geo+json;q=0.1, text/html", "text/html"),
        ("image/png", "application/geo+json"),
        (";;;,,,/", "application/geo+json"),
    ],
)
def test_header_accept_decides_without_f(campaign: Campaign, accept: str, media_type: str) -> None:
    assert get(ITEMS, Accept=accept)["Content-Type"].startswith(media_type)


def test_errors_are_pages_for_people(campaign: Campaign) -> None:
    response = get(ITEMS, {"limit": 0}, Accept="text/html")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")
    assert "limit" in response.content.decode()
