"""Managers write districts back."""

import pytest
import shapely.geometry
from django.test import Client

from mapping.geo.crs import WGS84, transform_geometry
from mapping.models import (
    Campaign,
    District,
    DistrictLayer,
)
from tests import personas
from tests.api.conftest import code, reasons
from tests.ogc.editing.writing import BASE, DISTRICTS, send, sent_back, ward


def test_manager_adds_a_district(campaign: Campaign, script: Client, layer: DistrictLayer) -> None:
    answer = send(script, "post", DISTRICTS, ward())
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"http://testserver{DISTRICTS}/02"
    assert [one["id"] for one in Client().get(DISTRICTS).json()["features"]] == ["01", "02"]
    again = send(script, "post", DISTRICTS, ward())
    assert (again.status_code, code(again)) == (409, "code_taken")


def test_changed_district_is_counted_at_once(
    campaign: Campaign, script: Client, layer: DistrictLayer
) -> None:
    personas.make_contribution(campaign, personas.TOWN_HALL)
    heat = f"/ogc/collections/{campaign.slug}-cells/items?grid=district"
    assert len(Client().get(heat).json()["features"]) == 1
    body, tag = sent_back(script, f"{DISTRICTS}/01")
    body["geometry"] = personas.square((7.71, 49.44))
    body["properties"]["name"] = "West"
    assert send(script, "put", f"{DISTRICTS}/01", body, **{"If-Match": tag}).status_code == 204
    assert Client().get(f"{DISTRICTS}/01").json()["properties"]["name"] == "West"
    assert Client().get(heat).json()["features"] == []
    stale = send(script, "put", f"{DISTRICTS}/01", body, **{"If-Match": tag})
    assert stale.status_code == 412


def test_district_of_several_parts_in_metres(
    campaign: Campaign, script: Client, layer: DistrictLayer
) -> None:
    area = transform_geometry(shapely.geometry.shape(personas.square()), WGS84, 25832)
    rings = [shapely.get_coordinates(area).tolist()]
    body = ward() | {"geometry": {"type": "MultiPolygon", "coordinates": [rings]}}
    assert send(script, "post", DISTRICTS, body, **{"Content-Crs": f"<{BASE}/25832>"}).status_code == 201
    stored = District.objects.get(code="02").geom
    assert stored.extent == pytest.approx((7.7689, 49.4447, 7.7709, 49.4467), abs=1e-4)


def test_district_is_deleted(campaign: Campaign, script: Client, layer: DistrictLayer) -> None:
    assert script.delete(f"{DISTRICTS}/01").status_code == 204
    assert script.delete(f"{DISTRICTS}/01").status_code == 404
    assert not District.objects.exists()


@pytest.mark.parametrize(("body", "field", "reason"), [
    (ward(code=None), "code", "required"),
    (ward(name=" "), "name", "required"),
    (ward(name=3), "name", "not_a_text"),
    (ward(code="x" * 41), "code", "too_long"),
    (ward(size=3), "size", "unknown_property"),
    (ward() | {"geometry": None}, "geometry", "geometry_required"),
    (ward() | {"geometry": personas.point()}, "geometry", "type_not_allowed"),
    (ward() | {"geometry": {"type": "MultiPolygon", "coordinates": [[]]}}, "geometry", "empty"),
    (ward() | {"geometry": {"type": "MultiPolygon", "coordinates": 7}}, "geometry", "not_a_list"),
])  # fmt: skip
def test_bad_districts_are_refused(
    script: Client, layer: DistrictLayer, body: object, field: str, reason: str
) -> None:
    answer = send(script, "post", DISTRICTS, body)
    assert answer.status_code == 400
    assert reasons(answer) == {field: reason}
    assert District.objects.count() == 1


def test_code_of_a_district_stays(campaign: Campaign, script: Client, layer: DistrictLayer) -> None:
    assert reasons(send(script, "put", f"{DISTRICTS}/01", ward(code="03"))) == {"code": "code_differs"}


def test_districts_of_two_campaigns_need_both_managers(
    campaign: Campaign, script: Client, layer: DistrictLayer
) -> None:
    personas.make_campaign("second", with_categories=False, district_layer=layer)
    answer = send(script, "post", DISTRICTS, ward())
    assert (answer.status_code, code(answer)) == (403, "not_manager_of_layer")
