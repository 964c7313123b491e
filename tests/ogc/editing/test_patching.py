"""PATCH (OGC API Features Part 4, 20-002r1): single attributes of districts and of the city's own places."""

import json
from typing import Any

import pytest
import shapely
from django.test import Client

from accounts.models import Role, User
from mapping.geo.crs import WGS84, transform_geometry
from mapping.models import Campaign, Contribution, District, DistrictLayer
from mapping.ogc.features import read_item
from mapping.ogc.writing import merged
from mapping.services.submit import Submission, submit_city
from tests import personas
from tests.api.conftest import code, reasons, with_token
from tests.ogc.editing.writing import BASE, DISTRICTS, ITEMS, feature, sent_back
from tests.personas import Citizen

ANSWERS: dict[str, object] = {"yes-no": True, "scale": 4}


def patch(client: Client, address: str, body: object, **headers: str) -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    return client.patch(address, data, content_type="application/merge-patch+json", headers=headers)


@pytest.fixture
def drawn(campaign: Campaign, manager: User) -> Contribution:
    """A place of the city with answers."""
    submission = Submission("survey", personas.point(), "First idea", answers=ANSWERS)
    return submit_city(campaign, submission, actor=manager)


@pytest.mark.parametrize(
    ("given", "changes", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging_is_that_of_rfc_7396(given: object, changes: object, result: object) -> None:
    """The examples of its appendix A."""
    assert merged(given, changes) == result


def test_one_attribute_is_changed_and_nothing_else(
    script: Client, drawn: Contribution, manager: User
) -> None:
    before = drawn.geom
    answer = patch(script, f"{ITEMS}/{drawn.pk}", {"properties": {"text": "Second idea"}})
    assert (answer.status_code, answer.content) == (204, b"")
    drawn.refresh_from_db()
    assert (drawn.text, drawn.category.slug, drawn.answers) == ("Second idea", "survey", ANSWERS)
    assert drawn.geom == before
    event = drawn.moderation_events.order_by("-pk")[0]
    assert (event.original, event.actor) == ({"text": "First idea"}, manager)


def test_null_takes_an_answer_away(script: Client, drawn: Contribution) -> None:
    body = {"properties": {"scale": None, "answer_text": "near"}}
    assert patch(script, f"{ITEMS}/{drawn.pk}", body).status_code == 204
    drawn.refresh_from_db()
    assert drawn.answers == {"yes-no": True, "text": "near"}


def test_place_comes_in_its_crs_and_words_stay(script: Client, drawn: Contribution) -> None:
    place = transform_geometry(shapely.Point(personas.STATION), WGS84, 25832)
    body = {"geometry": {"type": "Point", "coordinates": [place.x, place.y]}}
    headers = {"Content-Crs": f"<{BASE}/25832>"}
    assert patch(script, f"{ITEMS}/{drawn.pk}", body, **headers).status_code == 204
    drawn.refresh_from_db()
    assert drawn.geom is not None
    assert drawn.geom.coords == pytest.approx(personas.STATION, abs=2e-7)
    assert drawn.text == "First idea"


def test_crs_without_a_place_moves_nothing(script: Client, drawn: Contribution) -> None:
    before = drawn.geom
    body = {"properties": {"text": "Second idea"}}
    answer = patch(script, f"{ITEMS}/{drawn.pk}", body, **{"Content-Crs": f"<{BASE}/3857>"})
    assert answer.status_code == 204
    drawn.refresh_from_db()
    assert drawn.geom == before


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"properties": {"category": "nothing"}}, "category", "unknown_category"),
        ({"properties": {"category": None}}, "category", "value_required"),
        ({"properties": {"scale": 99}}, "scale", "out_of_range"),
        ({"properties": {"colour": "red"}}, "colour", "unknown_property"),
        ({"properties": None}, "properties", "wrong_type"),
        ({"geometry": None}, "geometry", "geometry_required"),
        ({"type": "Collection"}, "type", "not_a_feature"),
        ([], "body", "wrong_type"),
        ("{", "body", "not_json"),
    ],
)
def test_what_it_becomes_is_checked_as_a_replacement_is(
    script: Client, drawn: Contribution, body: object, field: str, reason: str
) -> None:
    answer = patch(script, f"{ITEMS}/{drawn.pk}", body)
    assert answer.status_code == 400
    found = reasons(answer)
    assert list(found) == [field]
    if reason not in {"out_of_range", "not_json"}:
        assert found[field] == reason
    drawn.refresh_from_db()
    assert drawn.text == "First idea"


def test_stale_tag_is_refused(script: Client, drawn: Contribution) -> None:
    address = f"{ITEMS}/{drawn.pk}"
    _body, tag = sent_back(script, address)
    changed = {"properties": {"text": "Meanwhile"}}
    assert patch(script, address, changed, **{"If-Match": tag}).status_code == 204
    answer = patch(script, address, {"properties": {"text": "Later"}}, **{"If-Match": tag})
    assert (answer.status_code, code(answer)) == (412, "precondition_failed")
    drawn.refresh_from_db()
    assert drawn.text == "Meanwhile"


def test_change_between_reading_and_storing_is_not_undone(
    script: Client, drawn: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_item

    def read_and_change(*arguments: Any) -> str | None:
        text = read(*arguments)
        Contribution.objects.filter(pk=drawn.pk).update(text="Meanwhile")
        return text

    monkeypatch.setattr("mapping.ogc.views.writing.read_item", read_and_change)
    answer = patch(script, f"{ITEMS}/{drawn.pk}", {"properties": {"scale": 2}})
    assert (answer.status_code, code(answer)) == (412, "precondition_failed")
    drawn.refresh_from_db()
    assert (drawn.text, drawn.answers) == ("Meanwhile", ANSWERS)


def test_district_gets_another_name(script: Client, campaign: Campaign, layer: DistrictLayer) -> None:
    before = District.objects.get().geom
    assert patch(script, f"{DISTRICTS}/01", {"properties": {"name": "North"}}).status_code == 204
    stored = District.objects.get()
    assert (stored.code, stored.name) == ("01", "North")
    assert stored.geom.equals(before)
    answer = patch(script, f"{DISTRICTS}/01", {"properties": {"code": "02"}})
    assert reasons(answer) == {"code": "code_differs"}


def test_each_method_has_its_media_type(script: Client, drawn: Contribution) -> None:
    address = f"{ITEMS}/{drawn.pk}"
    for content_type in ("application/json", "application/geo+json", "text/plain"):
        answer = script.patch(address, "{}", content_type=content_type)
        assert answer.status_code == 415
    answer = script.put(address, json.dumps(feature()), content_type="application/merge-patch+json")
    assert answer.status_code == 415


def test_what_people_contributed_is_never_changed(
    campaign: Campaign, script: Client, citizen: Citizen
) -> None:
    stored = personas.make_contribution(campaign, by=citizen)
    answer = patch(script, f"{ITEMS}/{stored.pk}", {"properties": {"text": "Mine"}})
    assert (answer.status_code, code(answer)) == (403, "not_city_drawn")
    stored.refresh_from_db()
    assert stored.text == "Here it is dark."


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, None])
def test_others_change_nothing(
    campaign: Campaign, drawn: Contribution, layer: DistrictLayer, role: Role | None
) -> None:
    client = with_token(personas.make_user("other@example.org", campaign if role else None, role))
    for address, body in (
        (f"{ITEMS}/{drawn.pk}", {"properties": {"text": "Mine"}}),
        (f"{DISTRICTS}/01", {"properties": {"name": "Mine"}}),
    ):
        answer = patch(client, address, body)
        assert (answer.status_code, code(answer)[:11]) == (403, "not_manager")
        assert patch(Client(), address, body).status_code == 401
    drawn.refresh_from_db()
    assert (drawn.text, District.objects.get().name) == ("First idea", "Centre")


def test_item_that_is_not_there_is_not_found(
    script: Client, campaign: Campaign, layer: DistrictLayer
) -> None:
    unknown = "0192f0c1-2d5e-7c3a-9b1e-6a1f0e7d4c2b"
    for address in (f"{ITEMS}/{unknown}", f"{ITEMS}/x", f"{DISTRICTS}/99"):
        assert patch(script, address, {"properties": {"text": "x"}}).status_code == 404


def test_collection_that_is_counted_takes_no_patch(script: Client, campaign: Campaign) -> None:
    address = f"/ogc/collections/{campaign.slug}-area/items/{campaign.slug}"
    assert patch(script, address, {"properties": {"title": "x"}}).status_code == 405
    assert "PATCH" in script.options(f"{ITEMS}/x").headers["Allow"]
    assert "PATCH" not in script.options(address).headers["Allow"]
