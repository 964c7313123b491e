"""Open311 GeoReport v2: required members in JSON and XML, the same checks of reports, errors in its words."""

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from mapping.catalogue.open311 import requests as reading
from mapping.models import Campaign, Contribution, ContributionStatus, Participant, Publication, ReplyStatus
from tests import personas
from tests.personas import Citizen
from tests.walk import words_of

pytestmark = pytest.mark.django_db

ROOT = "/open311/v2"
# GeoReport v2, tables "Response" of each method: what must be there, whether empty or not.
SERVICE = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
ATTRIBUTE = {
    "variable",
    "code",
    "datatype",
    "required",
    "datatype_description",
    "order",
    "description",
}
REQUEST = {
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
}
LATITUDE, LONGITUDE = str(personas.TOWN_HALL[1]), str(personas.TOWN_HALL[0])


def parsed(document: bytes) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 - our own answers


def get(path: str) -> Any:
    """The JSON; XML is read as well and must say the same."""
    response = Client().get(f"{ROOT}/{path}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    content = response.json()
    other = Client().get(f"{ROOT}/{path.replace('.json', '.xml')}")
    assert other["Content-Type"] == "text/xml; charset=utf-8"
    assert other.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert plain(parsed(other.content)) == as_text(content)
    return content


def plain(element: ET.Element) -> Any:
    """An element as lists, dictionaries and texts."""
    if element.tag in {
        "services",
        "service_requests",
        "attributes",
        "values",
        "errors",
        "endpoints",
        "formats",
    }:
        return [plain(child) for child in element]
    if len(element):
        return {child.tag: plain(child) for child in element}
    return element.text or ""


def as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: as_text(member) for name, member in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def report(service: str = "fear-spaces.spot", **fields: Any) -> dict[str, Any]:
    return {"service_code": service, "lat": LATITUDE, "long": LONGITUDE, "description": "Dark here."} | fields


def post(fields: object, form: str = "json", client: Client | None = None, **more: Any) -> Any:
    body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True)  # type: ignore[arg-type]
    more.setdefault("content_type", "application/x-www-form-urlencoded")
    return (client or Client()).post(f"{ROOT}/requests.{form}", body, **more)


def reason(response: Any, status: int) -> str:
    """The description of the only error; proves the structure of the standard."""
    assert response.status_code == status
    [error] = response.json()
    assert set(error) == {"code", "description"}
    assert error["code"] == status
    return str(error["description"])


def test_discovery_names_the_endpoint() -> None:
    found = get("discovery.json")
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    [endpoint] = found["endpoints"]
    assert set(endpoint) == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["url"] == f"{settings.SITE_URL}/open311/v2"


def test_services_are_open_categories_that_take_points() -> None:
    personas.make_campaign(title="Fear & spaces")
    personas.make_campaign("cells", publication=Publication.CELLS)
    personas.make_campaign("draft", is_draft=True)
    personas.make_closed()
    personas.make_upcoming()
    found = get("services.json")
    assert [one["service_code"] for one in found] == [
        f"{campaign}.{category}"
        for campaign in ("cells", "fear-spaces")
        for category in ("spot", "anything", "survey")
    ]
    assert all(set(one) == SERVICE and one["type"] == "realtime" for one in found)
    assert {one["service_code"]: one["metadata"] for one in found}["fear-spaces.survey"] is True
    assert found[-1]["group"] == "Fear & spaces"


def test_definition_lists_every_kind_of_question() -> None:
    personas.make_campaign()
    found = get("services/fear-spaces.survey.json")
    attributes = {one["code"]: one for one in found["attributes"]}
    assert {code: one["datatype"] for code, one in attributes.items()} == {
        "text": "string",
        "long-text": "text",
        "single-choice": "singlevaluelist",
        "multiple-choice": "multivaluelist",
        "scale": "singlevaluelist",
        "number": "number",
        "yes-no": "singlevaluelist",
        "time-of-day": "string",
    }
    assert all(set(one) - {"values"} == ATTRIBUTE for one in attributes.values())
    assert [one["order"] for one in found["attributes"]] == list(range(1, 9))
    assert [one["code"] for one in found["attributes"] if one["required"]] == ["yes-no"]
    assert attributes["scale"]["values"][0] == {"key": "1", "name": "1 (safe)"}
    assert attributes["single-choice"]["values"] == [
        {"key": "day", "name": "By day"},
        {"key": "night", "name": "At night"},
    ]
    assert [one["key"] for one in attributes["yes-no"]["values"]] == ["true", "false"]
    assert get("services/fear-spaces.spot.json")["attributes"] == []


def test_requests_are_published_points_with_the_citys_answer() -> None:
    campaign = personas.make_campaign(organiser="Grünamt")
    contribution = personas.make_contribution(campaign, text='Control <&> "quotes" 💡')
    personas.make_contribution(campaign, "LINESTRING(7.76 49.44, 7.77 49.445)", category="anything")
    [before] = get("requests.json")
    assert set(before) == REQUEST
    assert (before["status"], before["status_notes"]) == ("open", None)
    contribution.replies.create(status=ReplyStatus.DONE, text="Repaired.")
    [one] = get("requests.json")
    assert get(f"requests/{contribution.pk}.json") == [one]
    assert (one["lat"], one["long"]) == (personas.TOWN_HALL[1], personas.TOWN_HALL[0])
    assert (one["status"], one["status_notes"]) == ("closed", "Repaired.")
    assert (one["service_code"], one["agency_responsible"]) == ("fear-spaces.spot", "Grünamt")


def test_arguments_narrow_the_requests() -> None:
    campaign = personas.make_campaign()
    now = timezone.now()
    ids = {}
    for name, days, category in (
        ("old", 100, "spot"),
        ("closed", 50, "spot"),
        ("planned", 40, "spot"),
        ("other", 10, "survey"),
    ):
        made = personas.make_contribution(campaign, category=category, created_at=now - timedelta(days=days))
        ids[str(made.pk)] = name
        if name in {"closed", "planned"}:
            status = ReplyStatus.NOT_POSSIBLE if name == "closed" else ReplyStatus.PLANNED
            made.replies.create(status=ReplyStatus.UNDER_REVIEW, text="…", created_at=now - timedelta(days=3))
            made.replies.create(status=status, text="…")
    by_name = {name: pk for pk, name in ids.items()}

    def found(**arguments: object) -> list[str]:
        return [ids[one["service_request_id"]] for one in get(f"requests.json?{urlencode(arguments)}")]

    assert found() == ["other", "planned", "closed"]
    assert found(status="open") == ["other", "planned"]
    assert found(status="closed") == ["closed"]
    assert found(status="open,closed") == ["other", "planned", "closed"]
    assert found(service_code="fear-spaces.survey") == ["other"]
    assert found(service_code="fear-spaces.survey,fear-spaces.spot", page_size=1, page=2) == ["planned"]
    assert found(page=9) == []
    day = (now - timedelta(days=45)).date()
    assert found(start_date=f"{day}T00:00:00Z") == ["other", "planned"]
    assert found(end_date=f"{day}T00:00:00Z") == ["closed", "old"]
    assert found(start_date=day - timedelta(days=80), end_date=day) == ["closed", "old"]
    both = f"{by_name['old']},{by_name['other']}"
    assert found(service_request_id=both, status="closed", service_code="x") == ["other", "old"]
    assert found(service_request_id=uuid.uuid4(), api_key="x", jurisdiction_id="127.0.0.1") == []


@pytest.mark.parametrize(
    ("query", "status", "argument"),
    [
        ("start_date=2026-01-01&end_date=2026-12-31", 400, "start_date"),
        ("start_date=2026-02-01&end_date=2026-01-01", 400, "end_date"),
        ("start_date=yesterday", 400, "start_date"),
        ("status=done", 400, "status"),
        ("page=0", 400, "page"),
        ("page=-1", 400, "page"),
        ("page_size=1001", 400, "page_size"),
        ("page=1000&page_size=1000", 400, "page"),
        ("service_request_id=1", 400, "service_request_id"),
        ("service_code=nothing.spot", 404, "service_code"),
        ("service_code=%00", 404, "service_code"),
        ("service_code=fear-spaces.spot'%20OR%201=1--", 404, "service_code"),
        ("jurisdiction_id=elsewhere.gov", 404, "jurisdiction_id"),
        ("radius=100", 400, "radius"),
    ],
)
def test_wrong_arguments_are_told_by_name(query: str, status: int, argument: str) -> None:
    personas.make_campaign()
    assert reason(Client().get(f"{ROOT}/requests.json?{query}"), status).startswith(argument)
    response = Client().get(f"{ROOT}/requests.xml?{query}")
    assert [child.tag for child in parsed(response.content)] == ["error"]


def test_unknown_things_are_not_found_in_the_standards_words() -> None:
    personas.make_campaign("draft", is_draft=True)
    for path in ("services/draft.spot.json", "services/x.y.json", f"requests/{uuid.uuid4()}.json"):
        assert reason(Client().get(f"{ROOT}/{path}"), 404)
    for path in ("/requests.csv", "", "/", "/services/a.b.c.json", "/requests/1.json"):
        assert reason(Client().get(f"{ROOT}{path}"), 404)
    assert reason(Client().post("/open311/v3/requests.json"), 404)
    assert reason(Client().put(f"{ROOT}/requests.json"), 405)
    assert Client().options(f"{ROOT}/requests.json").status_code == 204


def test_deep_pages_end_before_they_hurt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "DEEPEST", 10)
    assert reason(Client().get(f"{ROOT}/requests.json?page=6&page_size=2"), 400).startswith("page")


def test_report_becomes_a_contribution_that_waits_for_review() -> None:
    campaign = personas.make_campaign()
    response = post(report(email="me@example.org", first_name="Ann", phone="1", api_key="any"))
    assert response.status_code == 201
    [told] = response.json()
    contribution = Contribution.objects.get(pk=told["service_request_id"])
    assert (contribution.campaign, contribution.category.slug) == (campaign, "spot")
    assert contribution.status == ContributionStatus.PENDING
    assert contribution.geom is not None
    assert contribution.geom.coords == personas.TOWN_HALL
    assert contribution.text == "Dark here."
    assert "nicht gespeichert" in told["service_notice"]
    link = told["service_notice"].rpartition(" ")[2]
    assert Client().get(link.removeprefix("http://testserver")).status_code == 200
    assert reason(Client().get(f"{ROOT}/requests/{contribution.pk}.json"), 404)
    assert "me@example.org" not in json.dumps(list(Contribution.objects.values()), default=str)


def test_report_is_public_at_once_where_the_campaign_says_so() -> None:
    personas.make_open_at_once()
    response = post(report("bike-streets.spot"), form="xml")
    assert (response.status_code, response["Content-Type"]) == (201, "text/xml; charset=utf-8")
    [request] = parsed(response.content)
    pk = request.findtext("service_request_id")
    assert "veröffentlicht" in str(request.findtext("service_notice"))
    assert get(f"requests/{pk}.json")[0]["description"] == "Dark here."


def test_cells_campaign_takes_reports_and_shows_none() -> None:
    campaign = personas.make_open_at_once(publication=Publication.CELLS)
    anonymous = report(f"{campaign.slug}.spot")
    assert reason(post(anonymous), 400).startswith("device_id: ")
    [told] = post(anonymous | {"device_id": "device-0001"}).json()
    assert "keinen einzelnen" in told["service_notice"]
    assert get("requests.json") == []
    assert reason(Client().get(f"{ROOT}/requests/{told['service_request_id']}.json"), 404)


def test_attributes_answer_the_questions() -> None:
    personas.make_campaign()
    answers = {
        "attribute[text]": "near the bridge",
        "attribute[long-text]": "The lamps are broken.\nSince March.",
        "attribute[single-choice]": "night",
        "attribute[multiple-choice][]": ["day", "night"],
        "attribute[scale]": "4",
        "attribute[number]": "12.5",
        "attribute[yes-no]": "true",
        "attribute[time-of-day]": "22:30",
    }
    response = post(report("fear-spaces.survey", **answers))
    assert response.status_code == 201
    assert Contribution.objects.get().answers == personas.GOOD_ANSWERS


@pytest.mark.parametrize(
    ("fields", "status", "argument"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "fear-spaces.nothing"}, 404, "service_code"),
        ({"service_code": "fear-spaces.plan"}, 404, "service_code"),
        ({"service_code": "fear-spaces.street"}, 404, "service_code"),
        ({"lat": ""}, 400, "lat, long"),
        ({"lat": "", "address_string": "Rathausplatz 1"}, 400, "lat, long"),
        ({"lat": "49,4"}, 400, "lat"),
        ({"long": "nan"}, 400, "long"),
        ({"long": "1e3"}, 400, "long"),
        ({"lat": "91"}, 400, "lat, long"),
        ({"lat": "52.52", "long": "13.405"}, 400, "lat, long"),
        ({"media_url": "https://example.org/x.jpg"}, 400, "media_url"),
        ({"title": "x"}, 400, "title"),
        ({"description": ["a", "b"]}, 400, "description"),
        ({"description": "x" * 5001}, 400, "description"),
        ({"jurisdiction_id": "elsewhere.gov"}, 404, "jurisdiction_id"),
        ({"attribute[nothing]": "x"}, 400, "attribute[nothing]"),
        ({"service_code": "fear-spaces.survey"}, 400, "attribute[yes-no]"),
        ({"service_code": "fear-spaces.survey", "attribute[yes-no]": "maybe"}, 400, "attribute[yes-no]"),
        (
            {"service_code": "fear-spaces.survey", "attribute[yes-no]": ["true", "false"]},
            400,
            "attribute[yes-no]",
        ),
    ],
)
def test_wrong_reports_are_refused_by_argument(fields: dict[str, Any], status: int, argument: str) -> None:
    personas.make_campaign()
    assert reason(post(report(**fields)), status).startswith(f"{argument}: ")
    assert not Contribution.objects.exists()


def test_closed_campaign_takes_no_report() -> None:
    personas.make_closed()
    assert reason(post(report("last-year.spot")), 403)


def test_bodies_that_are_no_form_are_refused() -> None:
    personas.make_campaign()
    assert reason(post(b"{}", content_type="application/json"), 415)
    assert reason(post(b"description=%FF%FE"), 400).startswith("body")
    assert reason(post(b"description=\xff"), 400).startswith("body")
    assert reason(post(b"description=" + b"x" * 70_000), 413)
    assert reason(post(b"&".join(b"a%d=1" % number for number in range(600))), 413)
    assert reason(Client().generic("POST", f"{ROOT}/requests.json"), 400).startswith("service_code")


def test_control_characters_never_reach_xml() -> None:
    campaign = personas.make_open_at_once(title="A\x0bB")
    contribution = personas.make_contribution(campaign, text="stored \x01 before\ufffe")
    for path in ("services.xml", "requests.xml", f"requests/{contribution.pk}.xml"):
        parsed(Client().get(f"{ROOT}/{path}").content)
    response = post(report("bike-streets.spot", description="a\x00b"), form="xml")
    assert response.status_code in {201, 400}
    parsed(response.content)


def test_reports_know_no_cookie(citizen: Citizen) -> None:
    """Any page's form may send this in a visitor's name: it must not become the visitor's."""
    campaign = personas.make_campaign()
    browser = citizen.browser()
    response = post(report(), client=browser)
    assert response.status_code == 201
    assert settings.PARTICIPANT_COOKIE_NAME not in response.cookies
    assert Contribution.objects.get().participant != citizen.participant(campaign)


def test_foreign_pages_are_refused() -> None:
    personas.make_campaign()
    for origin in ("https://evil.example", "null", "http://[bad"):
        assert reason(post(report(), headers={"Origin": origin}), 403)
    assert post(report(), headers={"Origin": "http://testserver"}).status_code == 201


def test_one_device_is_one_person_with_limits(settings: Settings) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 2
    personas.make_campaign()
    for number in range(2):
        assert post(report(device_id="device-0001", description=f"{number}")).status_code == 201
    assert Participant.objects.count() == 1
    refused = post(report(device_id="device-0001", description="third"))
    assert reason(refused, 429)
    assert int(refused["Retry-After"]) > 0
    assert post(report(device_id="short")).status_code == 201
    assert post(report()).status_code == 201
    assert Participant.objects.count() == 3
    assert b"device-0001" not in b"".join(bytes(one.key) for one in Participant.objects.all())


@pytest.mark.parametrize("hidden", ["pending", "rejected", "cells", "draft", "city"])
def test_what_is_not_published_is_no_request(hidden: str) -> None:
    statuses = {"pending": personas.PENDING, "rejected": personas.REJECTED}
    publication = Publication.CELLS if hidden == "cells" else Publication.POINTS
    campaign = personas.make_campaign(publication=publication, is_draft=hidden == "draft")
    if hidden == "city":
        campaign.categories.filter(slug="spot").update(takes_contributions=False)
    contribution = personas.make_contribution(
        campaign, text="HIDDEN", status=statuses.get(hidden, personas.PUBLISHED)
    )
    for path in (f"requests.json?service_request_id={contribution.pk}", "requests.xml"):
        assert "HIDDEN" not in words_of(Client().get(f"{ROOT}/{path}"))
    assert Client().get(f"{ROOT}/requests/{contribution.pk}.json").status_code == 404


def test_staff_sees_no_more_than_everyone(campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign, status=personas.PENDING)
    user = personas.make_user("root@example.org", is_superuser=True)
    browser = personas.staff_browser(user)
    assert browser.get(f"{ROOT}/requests.json").json() == []
    assert browser.get(f"{ROOT}/requests/{contribution.pk}.json").status_code == 404
