"""Open311 GeoReport v2, what it tells: required members in JSON and XML, filters, errors in its words."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from mapping.catalogue.open311 import requests as reading
from mapping.models import Campaign, Publication, ReplyStatus
from tests import personas
from tests.catalogue.georeport import ROOT, get, parsed, reason
from tests.walk import words_of

pytestmark = pytest.mark.django_db


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
        "date": "string",
        "part-of-day": "singlevaluelist",
        "picture-choice": "singlevaluelist",
        "ranking": "string",
    }
    assert all(set(one) - {"values"} == ATTRIBUTE for one in attributes.values())
    assert [one["order"] for one in found["attributes"]] == list(range(1, 13))
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
