"""Responses on paper: entered in batches, counted with the others, deleted when entered twice."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Audience, Campaign, Response, Source, SurveyTally
from mapping.services.surveys.responses import Sheet, respond
from tests.personas import staff_browser
from tests.surveys.world import COLOURS, ask


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    """A survey: a colour, the age for staff only."""
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, required=True)
    ask(campaign, "age", "number", options={"minimum": 0, "maximum": 120}, audience=Audience.STAFF)
    return campaign


@pytest.fixture
def browser(moderator: User) -> Client:
    return staff_browser(moderator)


def address(campaign: Campaign) -> str:
    return reverse("planning:paper", args=(campaign.slug,))


def test_sheets_of_a_batch_are_counted_with_the_others(
    survey: Campaign, browser: Client, moderator: User
) -> None:
    respond(survey, Sheet({"colour": "red"}), "a" * 43)
    for age in ("30", ""):
        answer = browser.post(
            address(survey), {"batch": " Rathaus 1 ", "answers.colour": "green", "answers.age": age}
        )
        assert answer.status_code == 302
    stored = Response.objects.filter(source=Source.PAPER)
    assert {(one.batch, one.entered_by) for one in stored} == {("Rathaus 1", moderator)}
    assert [one.participant for one in stored] == [None, None]
    assert SurveyTally.objects.of(survey.pk)["colour"] == {"": 3, "red": 1, "green": 2}
    page = browser.get(address(survey), {"batch": "Rathaus 1"})
    assert list(page.context["batches"]) == [("Rathaus 1", 2)]
    assert len(page.context["newest"]) == 2


def test_required_answers_may_be_missing_but_not_all(survey: Campaign, browser: Client) -> None:
    assert browser.post(address(survey), {"answers.age": "30"}).status_code == 302
    page = browser.post(address(survey), {"batch": "7"})
    assert page.status_code == 422
    assert "mindestens eine Antwort" in page.content.decode()
    assert Response.objects.count() == 1


def test_wrong_answer_loses_nothing(survey: Campaign, browser: Client) -> None:
    page = browser.post(address(survey), {"batch": "7", "answers.colour": "green", "answers.age": "999"})
    words = page.content.decode()
    assert page.status_code == 422
    assert 'value="999"' in words
    assert 'value="7"' in words
    assert "von 0 bis 120" in words
    assert not Response.objects.exists()


def test_sheet_that_was_entered_twice_is_deleted(survey: Campaign, browser: Client) -> None:
    browser.post(address(survey), {"answers.colour": "green"})
    online = respond(survey, Sheet({"colour": "red"}), "a" * 43).response
    sheet = Response.objects.get(source=Source.PAPER)
    for one, status in ((sheet, 302), (online, 404)):
        answer = browser.post(reverse("planning:paper-delete", args=(survey.slug, one.pk)))
        assert answer.status_code == status
    assert list(Response.objects.all()) == [online]
    assert SurveyTally.objects.of(survey.pk)["colour"] == {"": 1, "red": 1}


def test_analysts_enter_nothing(survey: Campaign, analyst: User) -> None:
    assert staff_browser(analyst).get(address(survey)).status_code == 403


def test_campaign_without_survey_has_no_page_for_paper(campaign: Campaign, browser: Client) -> None:
    assert browser.get(address(campaign)).status_code == 404


def test_page_needs_few_queries(
    survey: Campaign, browser: Client, django_assert_max_num_queries: object
) -> None:
    for _ in range(12):
        browser.post(address(survey), {"answers.colour": "green"})
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        browser.get(address(survey))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Rathaus \x00  1", "Rathaus 1"), ("\u0958" * 50, "\u0915\u093c" * 20), ("x" * 39 + " y", "x" * 39)],
)
def test_batch_is_found_again_under_the_name_that_is_kept(
    survey: Campaign, browser: Client, typed: str, kept: str
) -> None:
    assert browser.get(address(survey), {"batch": typed}).context["batch"] == kept
    page = browser.post(address(survey), {"batch": typed, "answers.colour": "red"}, follow=True)
    assert Response.objects.get().batch == page.context["batch"] == kept
    assert len(page.context["newest"]) == 1
