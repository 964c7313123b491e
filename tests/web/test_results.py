"""The citizens' page with the results of a survey."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from accounts.models import User
from mapping.models import Audience, Campaign, Contribution, ContributionStatus, ResultsShown
from mapping.services.identity import new_secret
from mapping.services.surveys.responses import Sheet, respond, withdraw_response
from tests.personas import Citizen, make_contribution, staff_browser
from tests.surveys.answering import answer, times
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, title="Welche Farbe?")
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF, title="Wie alt?")
    return campaign


def page(campaign: Campaign, language: str = "en") -> str:
    browser = Client()
    browser.cookies["django_language"] = language
    response = browser.get(f"/campaigns/{campaign.slug}/results/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_people_first_then_bars_and_a_table(survey: Campaign) -> None:
    answer(survey, *times(12, colour="red"), *times(8, colour="green", age=44))
    text = page(survey)
    assert "At least 20 people" in text
    assert 'id="q-colour"' in text
    assert 'href="#q-colour"' in text
    assert "20 people answered this." in text
    assert text.count("(60%)") == 1
    assert '<td class="number">12</td>' in text
    assert "Wie alt?" not in text


def test_small_group_is_told_in_words(survey: Campaign) -> None:
    answer(survey, *times(12, colour="red"), *times(8, colour="green"), *times(2, colour="other"))
    text = page(survey)
    assert "not shown" in text
    assert "fewer than 5 people" in text
    assert "At least 20 people answered this." in text


def test_page_waits_for_people(survey: Campaign) -> None:
    answer(survey, *times(4, colour="red"))
    text = page(survey)
    assert "There are not enough answers yet" in text
    assert "Welche Farbe?" not in text


def test_page_names_what_follows_after_the_end(survey: Campaign) -> None:
    ask(survey, "later", "yes_no", title="Und später?", results=ResultsShown.AFTER)
    answer(survey, *times(9, colour="red", later=True))
    text = page(survey)
    assert "After the end" in text
    assert "Und später?" in text
    assert 'id="q-later"' not in text


def test_every_kind_has_a_picture_and_german_words(campaign: Campaign) -> None:
    for kind in (
        "matrix",
        "ranking",
        "multiple_choice",
        "scale",
        "number",
        "date",
        "time_of_day",
        "text",
        "note",
    ):
        ask(campaign, kind, kind)
    answer(
        campaign,
        *times(
            9,
            matrix={"safe": "day"},
            ranking=["day"],
            multiple_choice=["day", "night"],
            scale=2,
            number=30,
            date="2026-05-02",
            time_of_day="08:15",
            text="x",
        ),
    )
    with translation.override("de"):
        text = page(campaign, "de")
    for words in (
        "ersten Plätze",
        "mehr als 100",
        "Mittelwert",
        "Mai 2026",
        "08:00 bis 08:59",
        "liest nur die Stadt",
    ):
        assert words in text, words
    assert "result-stack" in text


def test_page_and_tab_exist_only_where_something_may_be_shown(survey: Campaign, campaign: Campaign) -> None:
    browser = Client()
    address = f"/campaigns/{survey.slug}/results/"
    assert address in browser.get(f"/campaigns/{survey.slug}/").content.decode()
    survey.survey_questions.filter(slug="colour").update(results=ResultsShown.NEVER)
    assert address not in browser.get(f"/campaigns/{survey.slug}/").content.decode()
    assert browser.get(address).status_code == 404


def test_no_public_number_changes_with_a_single_response(survey: Campaign) -> None:
    """Neither a response nor a draft, a withdrawal or the person behind it is seen before k people have answered."""
    answer(survey, *times(9, colour="red"))
    everything_public(survey)
    before = everything_public(survey)
    for is_draft in (False, True):
        sent = respond(survey, Sheet({"colour": "green"}, is_draft=is_draft), new_secret()).response
        assert everything_public(survey) == before
        withdraw_response(sent)
        assert everything_public(survey) == before


def test_no_public_number_changes_with_a_response_of_whom_something_else_waits(survey: Campaign) -> None:
    """Nor does any when the contribution that waits comes later, is refused, or is withdrawn."""
    answer(survey, *times(9, colour="red"))
    everything_public(survey)
    before = everything_public(survey)
    for has_answered in (False, True):
        person = Citizen("", new_secret())
        if has_answered:
            sent = respond(survey, Sheet({"colour": "green"}), person.secret).response
        waiting = make_contribution(survey, by=person, status=ContributionStatus.PENDING)
        assert everything_public(survey) == before
        if not has_answered:
            sent = respond(survey, Sheet({"colour": "green"}), person.secret).response
        assert everything_public(survey) == before
        Contribution.objects.filter(pk=waiting.pk).update(status=ContributionStatus.REJECTED)
        assert everything_public(survey) == before
        withdraw_response(sent)
        assert everything_public(survey) == before


def everything_public(campaign: Campaign) -> dict[str, str]:
    cache.clear()
    browser = Client()
    browser.cookies["django_language"] = "en"
    api = f"/api/v1/campaigns/{campaign.slug}"
    pages = ("/", f"/campaigns/{campaign.slug}/", f"/campaigns/{campaign.slug}/results/")
    bodies = (f"{api}/", f"{api}/statistics", f"{api}/survey/", f"{api}/survey/results/")
    found = {}
    for address in (*pages, *bodies):
        response = browser.get(address)
        assert response.status_code == 200, address
        found[address] = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return found


def test_card_and_head_show_the_people_of_the_results(survey: Campaign) -> None:
    answer(survey, *times(12, colour="red"), *times(8, colour="green"), *times(2, colour="other"))
    for address in ("/", f"/campaigns/{survey.slug}/"):
        text = everything_public(survey)[address]
        assert "At least 20 people answered the survey" in " ".join(text.split())
        assert "took part" not in text
        assert "Be the first" not in text
    survey.survey_questions.filter(slug="colour").update(results=ResultsShown.NEVER)
    browser = Client()
    for address in ("/", f"/campaigns/{survey.slug}/"):
        assert "20" not in re.findall(r"\d+ people", browser.get(address).content.decode())


def test_staff_finds_the_way_to_exact_numbers(survey: Campaign, analyst: User, moderator: User) -> None:
    address, way = f"/campaigns/{survey.slug}/results/", f"/planning/{survey.slug}/survey/"
    assert way in staff_browser(analyst).get(address).content.decode()
    assert way not in staff_browser(moderator).get(address).content.decode()


def test_number_of_queries_is_constant(
    survey: Campaign, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    answer(survey, *times(9, colour="red"))
    page(survey)
    with django_assert_max_num_queries(9) as before:
        page(survey)
    number_before = len(before)  # the next request begins the list anew
    for number in range(4):
        ask(survey, f"more-{number}", "scale")
    answer(survey, *[{f"more-{number}": 3 for number in range(4)}] * 9)
    page(survey)
    with django_assert_num_queries(number_before):
        page(survey)
