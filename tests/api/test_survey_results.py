"""Results of surveys by the API: public numbers, exact ones for analysts, entity tags, errors."""

import logging
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from mapping.models import Audience, Campaign
from tests import personas
from tests.personas import staff_browser
from tests.surveys.answering import answer, times
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS})
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF)
    answer(campaign, *times(12, colour="red", age=40), *times(7, colour="green"), *times(3, colour="other"))
    return campaign


def address(campaign: Campaign) -> str:
    return f"/api/v1/campaigns/{campaign.slug}/survey/results/"


def test_public_results(survey: Campaign) -> None:
    body = Client().get(address(survey)).json()
    assert (body["responses"], body["k"], body["exact"]) == (20, 5, False)
    [colour] = body["questions"]
    assert colour["counts"] == {"red": 12, "green": None, "other": None}
    assert (colour["responses"], colour["suppressed"], colour["kind"]) == (20, True, "single_choice")


def test_analyst_reads_exact_numbers_and_may_see_the_public_ones(survey: Campaign, analyst: User) -> None:
    browser = staff_browser(analyst)
    body = browser.get(address(survey)).json()
    assert (body["responses"], body["exact"], body["made_at"]) == (22, True, None)
    assert body["questions"][0]["counts"] == {"red": 12, "green": 7, "other": 3}
    assert body["questions"][1]["mean"] == 40
    assert browser.get(address(survey), {"release": "current"}).json() == Client().get(address(survey)).json()


def test_other_members_read_what_everybody_reads(survey: Campaign, moderator: User, outsider: User) -> None:
    for user in (moderator, outsider):
        assert staff_browser(user).get(address(survey)).json()["exact"] is False


def test_exact_access_to_a_protected_campaign_is_logged(
    cells_campaign: Campaign, administrator: User, caplog: pytest.LogCaptureFixture
) -> None:
    ask(cells_campaign, "safe", "yes_no")
    with caplog.at_level(logging.INFO, "geoparticipation.access"):
        Client().get(address(cells_campaign))
        assert not caplog.records
        staff_browser(administrator).get(address(cells_campaign))
    assert "view=survey-results" in caplog.text


def test_public_results_have_an_entity_tag(survey: Campaign) -> None:
    first = Client().get(address(survey))
    again = Client().get(address(survey), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Access-Control-Allow-Origin"] == "*"
    answer(survey, *times(5, colour="red"))
    assert Client().get(address(survey), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_number_of_queries_is_constant(survey: Campaign, django_assert_num_queries: Any) -> None:
    Client().get(address(survey))
    for number in range(5):
        ask(survey, f"more-{number}", "yes_no")
    answer(survey, *[{"colour": "red", **{f"more-{number}": True for number in range(5)}}] * 5)
    Client().get(address(survey))
    with django_assert_num_queries(4):
        Client().get(address(survey))


def test_campaign_without_survey_and_wrong_parameters_are_problems(campaign: Campaign) -> None:
    missing = Client().get(address(campaign))
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert missing.json()["code"] == "no_survey"
    ask(campaign, "safe", "yes_no")
    for query in ({"release": "all"}, {"colour": "red"}):
        assert Client().get(address(campaign), query).status_code == 400
    draft = personas.make_campaign("draft", is_draft=True)
    ask(draft, "safe", "yes_no")
    assert Client().get(address(draft)).status_code == 404
