"""Managers write back: the city's own places and districts, and nothing of anybody else's."""

import pytest
import shapely.geometry
from django.test import Client

from accounts.models import Role, User
from mapping.geo.crs import WGS84, transform_geometry
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    District,
    DistrictLayer,
    Footprint,
    Source,
    Withdrawal,
)
from mapping.services import access_links
from mapping.services.submit import Submission, submit_city
from tests import personas
from tests.api.conftest import code, reasons, with_token
from tests.ogc.editing.writing import BASE, DISTRICTS, ITEMS, feature, send, sent_back, ward
from tests.personas import Citizen

LINES = "/ogc/collections/fear-spaces-lines/items"


@pytest.fixture
def drawn(campaign: Campaign, manager: User) -> Contribution:
    """A street that the city drew."""
    return submit_city(campaign, Submission("plan", personas.line(), "First idea"), actor=manager)


def test_manager_puts_up_a_place(campaign: Campaign, script: Client, manager: User) -> None:
    answer = send(script, "post", ITEMS, feature())
    assert answer.status_code == 201
    stored = Contribution.objects.get()
    assert answer.headers["Location"] == f"http://testserver{ITEMS}/{stored.pk}"
    assert (stored.source, stored.status, stored.participant) == (Source.CITY, "published", None)
    assert (stored.category.slug, stored.text) == ("plan", "A cycle street")
    assert Footprint.objects.filter(contribution=stored).exists()
    event = stored.moderation_events.get()
    assert (event.actor, event.to_status) == (manager, ContributionStatus.PUBLISHED)
    assert Client().get(answer.headers["Location"]).status_code == 200


def test_answers_are_flat_attributes(campaign: Campaign, script: Client) -> None:
    body = feature(
        personas.point(), **{"category": "survey", "yes-no": True, "scale": 4, "answer_text": "near"}
    )
    assert send(script, "post", ITEMS, body).status_code == 201
    assert Contribution.objects.get().answers == {"yes-no": True, "scale": 4, "text": "near"}


@pytest.mark.parametrize(("uri", "epsg", "swap"), [
    (f"{BASE}/4326", 4326, True),
    (f"{BASE}/25832", 25832, False),
    (f"{BASE}/3035", 3035, True),
    (f"{BASE}/3857", 3857, False),
])  # fmt: skip
def test_place_may_come_in_another_crs_in_its_order_of_axes(
    campaign: Campaign, script: Client, uri: str, epsg: int, swap: bool
) -> None:
    place = transform_geometry(shapely.Point(personas.TOWN_HALL), WGS84, epsg)
    position = [place.y, place.x] if swap else [place.x, place.y]
    body = feature({"type": "Point", "coordinates": position}, category="spot")
    answer = send(script, "post", ITEMS, body, **{"Content-Crs": f"<{uri}>"})
    assert answer.status_code == 201
    geom = Contribution.objects.get().geom
    assert geom is not None
    assert geom.coords == pytest.approx(personas.TOWN_HALL, abs=2e-7)


def test_same_id_twice_is_a_conflict(campaign: Campaign, script: Client) -> None:
    body = feature() | {"id": "0192f0c1-2d5e-7c3a-9b1e-6a1f0e7d4c2b"}
    assert send(script, "post", ITEMS, body).status_code == 201
    again = send(script, "post", ITEMS, body)
    assert (again.status_code, code(again)) == (409, "id_taken")


def test_replacing_keeps_the_old_words_in_the_record(
    campaign: Campaign, script: Client, drawn: Contribution, manager: User
) -> None:
    address = f"{ITEMS}/{drawn.pk}"
    body, tag = sent_back(script, address)
    body["properties"]["text"] = "Second idea"
    body["geometry"] = personas.line(personas.TOWN_HALL, personas.UNIVERSITY)
    cells = set(Footprint.objects.filter(contribution=drawn).values_list("cell", flat=True))
    assert send(script, "put", address, body, **{"If-Match": tag}).status_code == 204
    drawn.refresh_from_db()
    assert (drawn.text, drawn.source) == ("Second idea", Source.CITY)
    event = drawn.moderation_events.order_by("-pk")[0]
    assert event.original["text"] == "First idea"
    assert event.actor == manager
    assert set(Footprint.objects.filter(contribution=drawn).values_list("cell", flat=True)) != cells


def test_deleting_leaves_nothing_to_read(
    campaign: Campaign, script: Client, drawn: Contribution, manager: User
) -> None:
    address = f"{ITEMS}/{drawn.pk}"
    assert script.delete(address).status_code == 204
    assert Client().get(address).status_code == script.get(address).status_code == 404
    assert script.delete(address).status_code == 404
    assert not Footprint.objects.filter(contribution=drawn).exists()
    assert Withdrawal.objects.of(drawn.pk).get().actor == manager


@pytest.mark.parametrize("method", ["put", "delete"])
def test_stale_tag_is_refused(campaign: Campaign, script: Client, drawn: Contribution, method: str) -> None:
    address = f"{ITEMS}/{drawn.pk}"
    _body, tag = sent_back(script, address)
    assert send(script, "put", address, feature(text="Meanwhile")).status_code == 204
    answer = send(script, method, address, feature(), **{"If-Match": tag})
    assert (answer.status_code, code(answer)) == (412, "precondition_failed")
    drawn.refresh_from_db()
    assert drawn.text == "Meanwhile"
    assert send(script, method, address, feature(), **{"If-Match": "*"}).status_code == 204


def test_tag_of_any_representation_counts(campaign: Campaign, script: Client, drawn: Contribution) -> None:
    address = f"{ITEMS}/{drawn.pk}"
    seen = Client().get(f"{address}?crs={BASE}/25832", headers={"Accept-Encoding": "gzip"})
    headers = {"If-Match": f'"other", {seen.headers["ETag"]}'}
    assert send(script, "put", address, feature(), **headers).status_code == 204


@pytest.mark.parametrize("method", ["put", "delete"])
def test_what_must_not_be_there_is_there(script: Client, drawn: Contribution, method: str) -> None:
    """RFC 9110, section 13.1.2."""
    address = f"{ITEMS}/{drawn.pk}"
    tag = Client().get(address).headers["ETag"]
    for unwanted in ("*", tag):
        answer = send(script, method, address, feature(), **{"If-None-Match": unwanted})
        assert (answer.status_code, code(answer)) == (412, "precondition_failed")
    assert send(script, method, address, feature(), **{"If-None-Match": '"other"'}).status_code == 204


@pytest.mark.parametrize("method", ["put", "delete"])
@pytest.mark.parametrize("source", [Source.ONLINE, Source.PAPER, Source.IMPORT])
def test_what_people_contributed_is_never_changed(
    campaign: Campaign, script: Client, citizen: Citizen, method: str, source: Source
) -> None:
    stored = personas.make_contribution(campaign, by=citizen, source=source)
    answer = send(script, method, f"{ITEMS}/{stored.pk}", feature(personas.point(), category="spot"))
    assert (answer.status_code, code(answer)) == (403, "not_city_drawn")
    stored.refresh_from_db()
    assert stored.text == "Here it is dark."


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MODERATOR, None])
def test_others_write_nothing(
    campaign: Campaign, drawn: Contribution, layer: DistrictLayer, role: Role | None
) -> None:
    client = with_token(personas.make_user("other@example.org", campaign if role else None, role))
    unknown = "0192f0c1-2d5e-7c3a-9b1e-6a1f0e7d4c2b"
    for method, address, body in (
        ("post", ITEMS, feature()),
        ("put", f"{ITEMS}/{drawn.pk}", feature()),
        ("delete", f"{ITEMS}/{unknown}", None),
        ("post", DISTRICTS, ward()),
        ("put", f"{DISTRICTS}/01", ward(code="01")),
        ("delete", f"{DISTRICTS}/01", None),
    ):
        answer = send(client, method, address, body)
        assert (answer.status_code, code(answer)[:11]) == (403, "not_manager"), (method, address)
    assert (Contribution.objects.count(), District.objects.count()) == (1, 1)


def test_neither_session_nor_private_link_writes(
    campaign: Campaign, manager: User, drawn: Contribution
) -> None:
    _link, secret = access_links.make(campaign, "QGIS", actor=manager)
    browser = personas.staff_browser(manager)
    for method, rest in (("post", ""), ("put", f"/{drawn.pk}"), ("delete", f"/{drawn.pk}")):
        assert send(browser, method, f"{ITEMS}{rest}", feature()).status_code == 401
        assert send(Client(), method, f"{ITEMS}{rest}", feature()).status_code == 401
        answer = send(Client(), method, f"{ITEMS.replace('/ogc/', f'/ogc/key/{secret}/')}{rest}", feature())
        assert (answer.status_code, code(answer)) == (403, "link_reads_only")
    assert Contribution.objects.count() == 1


BAD: list[tuple[object, str, str]] = [
    ("[]", "type", "not_a_feature"),
    ({"type": "FeatureCollection", "features": []}, "type", "not_a_feature"),
    ({"type": "Feature", "geometry": None}, "properties", "wrong_type"),
    (feature() | {"crs": {}}, "crs", "crs_member_not_supported"),
    (feature() | {"id": 7}, "id", "not_a_uuid"),
    (feature(colour="red"), "colour", "unknown_property"),
    (feature(category="nothing"), "category", "unknown_category"),
    (feature(category=["plan"]), "category", "unknown_category"),
    (feature(category=None), "category", "value_required"),
    (feature(text=["x"]), "text", "not_a_text"),
    (feature(text="x" * 5001), "text", "too_long"),
    (feature(None), "geometry", "geometry_required"),
    (feature("POINT(1 2)"), "geometry", "not_an_object"),
    (feature(personas.point()), "geometry", "type_not_allowed"),
    (feature(personas.line(personas.TOWN_HALL, personas.BERLIN)), "geometry", "outside_area"),
    (feature({"type": "LineString", "coordinates": [[7.7, "x"], [7.8, 49.4]]}), "geometry", "not_a_number"),
    (feature(personas.point(), category="survey", scale=9), "scale", "not_on_the_scale"),
    (feature(personas.point(), category="survey", answer_text=3), "answer_text", "not_a_text"),
    (feature(scale=3), "scale", "unknown_question"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "field", "reason"), BAD)
def test_bad_features_are_refused_with_their_reason(
    script: Client, drawn: Contribution, body: object, field: str, reason: str
) -> None:
    for method, address in (("post", ITEMS), ("put", f"{ITEMS}/{drawn.pk}")):
        answer = send(script, method, address, body)
        assert answer.status_code == 400
        assert reasons(answer).get(field) == reason
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("crs", ["EPSG:31466", "nonsense", "<>"])
def test_unknown_crs_of_the_content_is_refused(campaign: Campaign, script: Client, crs: str) -> None:
    answer = send(script, "post", ITEMS, feature(), **{"Content-Crs": crs})
    assert reasons(answer) == {"Content-Crs": "crs_not_offered"}


@pytest.mark.parametrize("position", [[1e300, 5], [1, 2, 3], [], [True, 1], ["7", 49], {}])
def test_bad_positions_in_metres_are_refused(campaign: Campaign, script: Client, position: object) -> None:
    body = feature({"type": "Point", "coordinates": position}, category="spot")
    answer = send(script, "post", ITEMS, body, **{"Content-Crs": f"<{BASE}/25832>"})
    assert answer.status_code == 400
    assert "geometry" in reasons(answer)


def test_other_content_is_refused(campaign: Campaign, script: Client) -> None:
    assert script.post(ITEMS, "<gml/>", content_type="application/gml+xml").status_code == 415
    assert script.post(ITEMS, "{", content_type="application/geo+json").status_code == 400
    assert script.post(ITEMS, b" " * 3_000_000, content_type="application/geo+json").status_code == 413
    assert send(script, "post", f"{ITEMS}?crs=x", feature()).status_code == 400


def test_collections_by_type_take_their_type(campaign: Campaign, script: Client, drawn: Contribution) -> None:
    assert send(script, "post", LINES, feature()).status_code == 201
    wrong = send(script, "post", LINES, feature(personas.point(), category="anything"))
    assert reasons(wrong) == {"geometry": "type_not_allowed"}
    points = LINES.replace("-lines", "-points")
    assert send(script, "put", f"{points}/{drawn.pk}", feature()).status_code == 404
    assert send(script, "put", f"{ITEMS}/nonsense", feature()).status_code == 404


@pytest.mark.parametrize(
    ("collection", "writes"), [("contributions", True), ("points", True), ("cells", False), ("area", False)]
)
def test_options_tell_what_can_be_written(
    campaign: Campaign, script: Client, collection: str, writes: bool
) -> None:
    address = f"/ogc/collections/fear-spaces-{collection}/items"
    assert ("POST" in Client().options(address).headers["Allow"]) is writes
    assert ("DELETE" in Client().options(f"{address}/x").headers["Allow"]) is writes
    if not writes:
        answer = send(script, "post", address, feature())
        assert answer.status_code == 405
        assert "POST" not in answer.headers["Allow"]


def test_protected_campaign_takes_places_and_shows_none(cells_campaign: Campaign) -> None:
    script = with_token(personas.make_user("head@example.org", cells_campaign, Role.MANAGER))
    items = ITEMS.replace("fear-spaces", cells_campaign.slug)
    made = send(script, "post", items, feature())
    assert made.status_code == 201
    assert Client().get(made.headers["Location"]).status_code == 403


def test_writing_is_described(campaign: Campaign) -> None:
    described = Client().get("/ogc/api").json()["paths"]
    assert set(described["/collections/{collectionId}/items"]) == {"get", "post"}
    assert set(described["/collections/{collectionId}/items/{featureId}"]) == {
        "get",
        "put",
        "patch",
        "delete",
    }
    conforms = Client().get("/ogc/conformance").json()["conformsTo"]
    for name in ("create-replace-delete", "update"):
        assert f"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/{name}" in conforms
    schema = Client().get(f"{ITEMS.removesuffix('items')}schema").json()["properties"]
    assert schema["status"]["readOnly"]
    assert "readOnly" not in schema["text"]
