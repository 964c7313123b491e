"""The abstract test suite of OGC API - Features Part 3 (OGC 19-079r2, annex A), each test by its id.

Every collection is asked. /conf/filter/get-functions is for servers with functions of their own, which this is not.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from mapping.exports.fields import RESERVED
from mapping.models import Campaign, District, DistrictLayer, Question, QuestionKind
from mapping.ogc.crs import SUPPORTED
from mapping.ogc.description.conformance import conformance_classes
from mapping.ogc.parameters import FORMS, OF_FEATURES
from mapping.services.releases.making import make_release
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
    linked,
)
from tests.personas import EPOCH, GOOD_ANSWERS, STATION, TOWN_HALL, area, line, make_contribution, square

SPEC = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SIMPLE = {"string", "integer", "number", "boolean"}
INVALID = "THIS IS NOT A FILTER"
NOWHERE = "http://www.opengis.net/def/crs/OGC/0/does_not_exist"
KINDS = {"contributions", "points", "lines", "areas", "cells", "districts", "area"}


@pytest.fixture
def filled(campaign: Campaign) -> list[dict[str, Any]]:
    """A campaign with every kind of collection, none of them empty."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    District.objects.create(layer=layer, code="01", name="Centre", geom=area())
    Campaign.objects.update(district_layer=layer, opens_at=EPOCH)
    make_contribution(campaign, TOWN_HALL, text="town hall", created_at=EPOCH)
    make_contribution(campaign, STATION, text="station")
    make_contribution(campaign, STATION, category="survey", text="asked", answers=GOOD_ANSWERS)
    make_contribution(campaign, json.dumps(line()), category="street", text="street")
    make_contribution(campaign, json.dumps(square()), category="meadow", text="meadow")
    return collections()


def collections() -> list[dict[str, Any]]:
    """/conf/features-filter/get-collections: the collections that there are."""
    response = get(f"{ROOT}collections")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    found: list[dict[str, Any]] = response.json()["collections"]
    return found


def items_of(collection: dict[str, Any]) -> str:
    return linked(collection, "items", "application/geo+json")


def features(url: str, **query: object) -> dict[str, dict[str, Any]]:
    """The features of an answer that must be one, by id."""
    response = get(url, query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/geo+json"
    return {feature["id"]: feature for feature in response.json()["features"]}


def value_of(feature: dict[str, Any], name: str) -> Any:
    return feature[name] if name in ("id", "geometry") else feature["properties"].get(name)


def schema_of(collection: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = body(linked(collection, QUERYABLES))
    return schema


# --- A.1 Queryables -------------------------------------------------------------------------------------------------


def test_get_conformance() -> None:
    """/conf/queryables/get-conformance, /conf/queryables-query-parameters/…, /conf/filter/…, /conf/features-filter/…"""
    names = ("queryables", "queryables-query-parameters", "filter", "features-filter")
    assert {f"{SPEC}/{name}" for name in names} <= set(conformance_classes())


def test_get_queryables_uris(filled: list[dict[str, Any]]) -> None:
    """/conf/queryables/get-queryables-uris, /req/queryables/queryables-link"""
    assert {one["id"].rpartition("-")[2] for one in filled} == KINDS
    for collection, accept in itertools.product(filled, ("application/json", "text/html")):
        response = Client().head(items_of(collection), headers={"Accept": accept})
        assert response.status_code == 200
        links = dict(re.findall(r'<([^>]*)>; rel="([^"]*)"', response["Link"]))
        assert QUERYABLES in links.values()
        assert links[linked(collection, QUERYABLES)] == QUERYABLES


def test_get_queryables(filled: list[dict[str, Any]]) -> None:
    """/conf/queryables/get-queryables, /req/queryables/get-queryables-op, /req/queryables/get-queryables-response"""
    for collection in filled:
        address = linked(collection, QUERYABLES)
        response = get(address, Accept="application/schema+json")
        assert (response.status_code, response["Content-Type"]) == (200, "application/schema+json")
        schema = response.json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert (schema["$id"], schema["type"], schema["additionalProperties"]) == (address, "object", False)
        Draft202012Validator.check_schema(schema)
        for name, one in schema["properties"].items():
            if name == "geometry":
                assert one["format"].startswith("geometry-")
                assert not {"type", "$ref"} & set(one)
            else:
                assert one["type"] in SIMPLE | {"array"}
        assert {"created", "opens", "contributions", "code"} & set(schema["properties"])
        for name in {"created", "opens"} & set(schema["properties"]):
            assert schema["properties"][name]["format"] == "date-time"


# --- A.2 Queryables as query parameters -----------------------------------------------------------------------------


def test_query_param(filled: list[dict[str, Any]]) -> None:
    """/conf/queryables-query-parameters/query-param, /req/queryables-query-parameters/parameters"""
    for collection in filled:
        url, everything = items_of(collection), features(items_of(collection))
        for name, schema in schema_of(collection)["properties"].items():
            if schema.get("type") not in SIMPLE:
                continue
            for value in {value_of(one, name) for one in everything.values()} - {None}:
                expected = {key for key, one in everything.items() if value_of(one, name) == value}
                written = json.dumps(value) if isinstance(value, bool) else value
                assert set(features(url, **{name: written})) == expected, (name, value)
            if schema["type"] != "string" or "format" in schema:
                assert is_problem(get(url, {name: "x"}), 400)
            else:
                assert features(url, **{name: "not a value of any"}) == {}


def test_query_parameters_are_in_the_description(filled: list[dict[str, Any]]) -> None:
    """/req/queryables-query-parameters/parameters C: with the schema of the queryable."""
    paths = body(f"{ROOT}api")["paths"]
    for collection in filled:
        if collection["id"].endswith("-cells"):
            continue
        operation = paths[f"/collections/{collection['id']}/items"]["get"]
        described = {one["name"]: one["schema"] for one in operation["parameters"] if "name" in one}
        for name, schema in schema_of(collection)["properties"].items():
            if schema.get("type") in SIMPLE:
                assert described[name].items() <= schema.items()


@pytest.mark.parametrize(
    "moment", ["2026-05-01T10:00:00Z", "2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00.000Z"]
)
def test_query_param_of_a_moment(filled: list[dict[str, Any]], moment: str) -> None:
    assert [one["properties"]["text"] for one in features(ITEMS, created=moment).values()] == ["town hall"]


@pytest.mark.parametrize(
    "text", ["2026-05-01", "2026-05-01T10:00:00", "2026-13-01T10:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_query_param_of_what_is_no_moment(filled: list[dict[str, Any]], text: str) -> None:
    assert is_problem(get(ITEMS, {"created": text}), 400)


def test_no_attribute_is_hidden_by_a_parameter(campaign: Campaign) -> None:
    """/req/queryables-query-parameters/parameters C: of two with one name, the attribute is called otherwise."""
    spot = campaign.categories.get(slug="spot")
    for slug in ("limit", "filter-lang"):
        Question.objects.create(category=spot, slug=slug, title=slug, kind=QuestionKind.NUMBER, options={})
    for number in (1, 2):
        make_contribution(campaign, answers={"limit": number})
    assert {"answer_limit", "answer_filter-lang"} <= set(body(f"{COLLECTION}/queryables")["properties"])
    assert len(ids(limit=1)) == 1
    [found] = features(ITEMS, answer_limit=2).values()
    assert found["properties"]["answer_limit"] == 2
    assert {name.lower() for name in (*FORMS, *OF_FEATURES)} <= RESERVED


# --- A.3 Filter, A.4 Features filter --------------------------------------------------------------------------------


def test_get_collection(filled: list[dict[str, Any]]) -> None:
    """/conf/features-filter/get-collection, /req/features-filter/get-queryables-op, queryables-link"""
    for listed in filled:
        alone = body(linked(listed, "self", "application/json"))
        assert linked(alone, QUERYABLES) == f"http://testserver{ROOT}collections/{listed['id']}/queryables"


def test_parameters_are_described(campaign: Campaign) -> None:
    """/req/filter/filter-param, /req/filter/filter-lang-param, /req/filter/filter-crs-param"""
    document = body(f"{ROOT}api")
    offered = document["paths"]["/collections/{collectionId}/items"]["get"]["parameters"]
    parameters = document["components"]["parameters"]
    for name in ("filter", "filter-lang", "filter-crs"):
        assert {"$ref": f"#/components/parameters/{name}"} in offered
        form = {"name": name, "in": "query", "required": False, "style": "form", "explode": False}
        assert form.items() <= parameters[name].items()
        assert parameters[name]["schema"]["type"] == "string"
    language = parameters["filter-lang"]["schema"]
    assert (language["enum"], language["default"]) == (["cql2-text", "cql2-json", "cql-text"], "cql2-text")


@pytest.mark.parametrize("more", [{}, {"filter-lang": "cql2-text"}, {"filter-lang": "cql2-json"}])
def test_filter_param(filled: list[dict[str, Any]], more: dict[str, object]) -> None:
    """/conf/filter/filter-param, /conf/filter/filter-lang-default, /conf/features-filter/filter-on-items"""
    for collection in filled:
        url, everything = items_of(collection), features(items_of(collection))
        for name in schema_of(collection)["properties"]:
            tree = {"op": "isNull", "args": [{"property": name}]}
            valid = json.dumps(tree) if "cql2-json" in more.values() else f'"{name}" IS NULL'
            expected = {key for key, one in everything.items() if value_of(one, name) is None}
            assert set(features(url, filter=valid, **more)) == expected, name
        assert is_problem(get(url, {"filter": INVALID, **more}), 400)


def test_filter_param_of_another_language_is_refused(filled: list[dict[str, Any]]) -> None:
    """/req/features-filter/response E"""
    response = get(ITEMS, {"filter": "TRUE", "filter-lang": "ecql"})
    assert is_problem(response, 400)
    assert response.json()["errors"][0]["field"] == "filter-lang"


def test_expression_construction(filled: list[dict[str, Any]]) -> None:
    """/conf/filter/expression-construction, /req/queryables/get-queryables-response G"""
    for collection in filled:
        response = get(items_of(collection), {"filter": "this_is_not_a_queryable IS NULL"})
        assert is_problem(response, 400)
        assert response.json()["errors"][0]["code"] == "cql_unknown_property"


def box_of(collection: dict[str, Any], uri: str = CRS84) -> str:
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    corners = in_registry_order([(west, south), (east, north)], uri)
    return f"S_INTERSECTS(geometry, BBOX({', '.join(f'{one:.9f}' for one in corners.ravel())}))"


def test_filter_crs_wgs84(filled: list[dict[str, Any]]) -> None:
    """/conf/filter/filter-crs-wgs84, /req/filter/filter-crs-wgs84"""
    for collection in filled:
        url = items_of(collection)
        assert features(url, filter=box_of(collection)) == features(url)
        far = "S_INTERSECTS(geometry, BBOX(1000000, 1000000, 2000000, 2000000))"
        assert is_problem(get(url, {"filter": far}), 400)


@pytest.mark.parametrize("uri", [crs.uri for crs in SUPPORTED])
def test_filter_crs_param(filled: list[dict[str, Any]], uri: str) -> None:
    """/conf/filter/filter-crs-param, /req/filter/filter-crs-param, /req/features-filter/filter-crs-param"""
    for collection in filled:
        assert uri in collection["crs"]
        url = items_of(collection)
        assert features(url, filter=box_of(collection, uri), **{"filter-crs": uri}) == features(url)
        assert is_problem(get(url, {"filter": box_of(collection), "filter-crs": NOWHERE}), 400)


def test_filter_crs_has_the_axes_of_its_registry(filled: list[dict[str, Any]]) -> None:
    """/req/filter/filter-crs-param B"""
    text = "S_INTERSECTS(geometry, POLYGON((49.436 7.768, 49.437 7.768, 49.437 7.769, 49.436 7.769, 49.436 7.768)))"
    points = f"{ROOT}collections/fear-spaces-points/items"
    met = features(points, filter=text, **{"filter-crs": f"{EPSG}/4326"})
    assert {one["properties"]["text"] for one in met.values()} == {"station", "asked"}
    assert features(points, filter=text) == {}


def test_mixing_expression(filled: list[dict[str, Any]]) -> None:
    """/conf/features-filter/mixing-expression, /req/filter/mixing-expressions"""
    for collection in filled:
        url = items_of(collection)
        box = ",".join(map(str, collection["extent"]["spatial"]["bbox"][0]))
        assert features(url, filter=box_of(collection), bbox=box) == features(url)
        assert features(url, filter=box_of(collection), bbox="0,0,1,1") == {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"filter": "category = 'spot'"}, {"town hall", "station"}),
        ({"filter": "category = 'spot'", "bbox": "7.768,49.436,7.769,49.437"}, {"station"}),
        ({"filter": "category = 'spot'", "datetime": "2026-05-01"}, {"town hall"}),
        ({"filter": "category = 'spot'", "text": "station"}, {"station"}),
        ({"filter": "category = 'spot'", "text": "asked"}, set()),
        ({"filter": "scale > 3 OR text = 'street'", "yes-no": "true"}, {"asked"}),
    ],
)
def test_filter_and_all_others_must_hold(
    filled: list[dict[str, Any]], query: dict[str, object], expected: set[str]
) -> None:
    """/req/filter/response, /req/features-filter/response: what is neither true nor false is left out too."""
    assert {one["properties"]["text"] for one in body(ITEMS, query)["features"]} == expected


# --- Beyond the suite -----------------------------------------------------------------------------------------------


def test_cells_are_filtered_by_what_they_hold(filled: list[dict[str, Any]]) -> None:
    cells = f"{ROOT}collections/fear-spaces-cells/items"
    for grid in ("square", "hexagon", "district"):
        everything = features(cells, grid=grid, size=200)
        for text in ("contributions > 1", "participants * 2 = 2", "contributions <> participants"):
            expected = {
                key
                for key, one in everything.items()
                if {
                    "contributions > 1": one["properties"]["contributions"] > 1,
                    "participants * 2 = 2": one["properties"]["participants"] == 1,
                    "contributions <> participants": False,
                }[text]
            }
            assert set(features(cells, grid=grid, size=200, filter=text)) == expected
        met = features(
            cells, grid=grid, size=200, filter=f"S_INTERSECTS(geometry, POINT({TOWN_HALL[0]} {TOWN_HALL[1]}))"
        )
        assert len(met) == 1
        assert set(met) <= set(everything)


def test_pages_of_filtered_cells_belong_to_the_filter(filled: list[dict[str, Any]]) -> None:
    cells = f"{ROOT}collections/fear-spaces-cells/items"
    query = {"size": 200, "filter": "contributions >= 1", "limit": 1}
    first = body(cells, query)
    second = body(linked(first, "next"))
    assert first["numberMatched"] == len(features(cells, size=200)) > 1
    assert first["features"] != second["features"]
    assert is_problem(get(linked(first, "next").replace("contributions", "participants")), 400)


def test_cells_of_a_release_are_filtered_by_what_is_published(cells_campaign: Campaign) -> None:
    for number in range(24):
        make_contribution(cells_campaign, TOWN_HALL if number % 2 else STATION)
    assert make_release(cells_campaign) is not None
    cells = f"{ROOT}collections/night-routes-cells/items"
    everything = features(cells)
    assert everything
    for name in ("contributions", "participants_at_least", "size"):
        for value in {value_of(one, name) for one in everything.values()}:
            expected = {key for key, one in everything.items() if value_of(one, name) == value}
            assert (
                set(features(cells, filter=f"{name} = {value}"))
                == set(features(cells, **{name: value}))
                == expected
            )
    assert features(cells, filter="contributions < 0") == {}
    assert is_problem(get(cells, {"filter": "participants > 0"}), 400)


def test_pages_of_a_filter_belong_to_it(filled: list[dict[str, Any]]) -> None:
    first = body(ITEMS, {"filter": "category = 'spot'", "limit": "1"})
    assert (first["numberMatched"], first["numberReturned"]) == (2, 1)
    second = body(linked(first, "next"))
    assert second["features"][0]["id"] != first["features"][0]["id"]
    assert second["numberMatched"] == 2
    other = get(linked(first, "next").replace("spot", "survey"))
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize("text", ["categori = 'spot'", "category = ", "category = 1", "(((("])
def test_fault_is_told_with_its_position(campaign: Campaign, text: str) -> None:
    response = get(ITEMS, {"filter": text})
    assert is_problem(response, 400)
    [error] = response.json()["errors"]
    assert error["field"] == "filter"
    assert error["code"].startswith("cql_")


def test_id_that_is_none_finds_nothing(filled: list[dict[str, Any]]) -> None:
    assert ids(id="x") == set()
    assert ids(f"{ROOT}collections/fear-spaces-districts/items", id="02") == set()
    assert len(ids(id=next(iter(ids())))) == 1
    assert get(f"{COLLECTION}/items?id=%00").status_code == 400
