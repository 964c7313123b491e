"""Open311 GeoReport v2, what it takes: the same checks of reports as everywhere, limits per device, no cookie."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings

from mapping.models import Contribution, ContributionStatus, Participant, Publication
from tests import personas
from tests.catalogue.georeport import ROOT, get, parsed, post, reason, report
from tests.personas import Citizen

pytestmark = pytest.mark.django_db


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
    campaign = personas.make_campaign(publication=Publication.CELLS)
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
        "attribute[date]": "2026-06-21",
        "attribute[part-of-day]": "evening",
        "attribute[picture-choice]": "day",
        "attribute[ranking]": "night;day",
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
    assert response.status_code == 201
    parsed(response.content)
    assert "\0" not in Contribution.objects.exclude(pk=contribution.pk).get().text


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
