"""The planners' page of a survey: exact results, tables of two questions, free texts."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from mapping.models import Audience, Campaign, Phase
from tests.personas import staff_browser
from tests.surveys.answering import answer, times
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, title="Colour")
    ask(campaign, "when", "multiple_choice", title="When")
    ask(campaign, "age", "yes_no", audience=Audience.STAFF, title="Over sixty")
    ask(campaign, "why", "long_text", title="Why")
    answer(campaign, *times(3, colour="red", when=["day", "night"], age=True, why="because it is warm"))
    answer(campaign, *times(2, colour="green", when=["night"], age=False))
    answer(campaign, {"colour": "other", "colour:other": "lila", "why": "no reason"})
    return campaign


def page(user: User, campaign: Campaign, **query: str) -> str:
    browser = staff_browser(user)
    browser.cookies["django_language"] = "en"
    response = browser.get(f"/planning/{campaign.slug}/survey/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def cells(text: str) -> list[str]:
    """The numbers of the table of two questions, row by row."""
    table = (
        text.partition('aria-labelledby="cross-title"')[2].partition("<tbody>")[2].partition("</table>")[0]
    )
    return [part.partition("<")[0].strip() for part in table.split('<td class="number">')[1:]]


def test_exact_numbers_with_those_for_staff_only(survey: Campaign, analyst: User) -> None:
    text = page(analyst, survey)
    assert "<strong>6</strong>" in text
    assert "Over sixty" in text


def test_two_questions_in_one_table(survey: Campaign, analyst: User) -> None:
    text = page(analyst, survey, first="colour", second="when")
    # Colour by day and night, with the people of the row who answered both.
    assert cells(text) == ["3", "3", "3", "0", "2", "2", "0", "0", "0", "3", "5", "5"]
    assert "few people" in text
    assert "several rows or columns" in text


def test_answers_for_staff_only_may_be_crossed_and_filtered(survey: Campaign, analyst: User) -> None:
    text = page(analyst, survey, first="age", second="colour", only="when=day")
    assert cells(text)[:4] == ["3", "0", "0", "3"]
    assert cells(text)[-1] == "3"


def test_phases_may_be_crossed(survey: Campaign, analyst: User) -> None:
    now = timezone.now()
    spring, summer = (
        Phase.objects.create(
            campaign=survey,
            title=title,
            opens_at=now + timedelta(days=days),
            closes_at=now + timedelta(days=days + 9),
        )
        for title, days in (("Spring", -19), ("Summer", -9))
    )
    answer(survey, *times(4, colour="green"), at=now - timedelta(days=15))
    text = page(analyst, survey, first=":phase", second="colour")
    assert spring.title in text
    assert summer.title in text
    assert cells(text)[:4] == ["0", "4", "0", "4"]


def test_unknown_names_in_the_address_show_no_table(survey: Campaign, analyst: User) -> None:
    for query in (
        {"first": "colour", "second": "x"},
        {"first": "x\0"},
        {"only": "colour=x", "text": "x", "q": "\0"},
    ):
        assert 'class="cross-bar"' not in page(analyst, survey, **query)


def test_texts_are_searched_and_paged(survey: Campaign, analyst: User) -> None:
    answer(survey, *[{"why": f"reason {number}"} for number in range(70)])
    first = page(analyst, survey, text="why")
    assert first.count("reason ") >= 50
    way = first.partition('href="?text=why&amp;after=')[2].partition("#")[0]
    assert way
    older = page(
        analyst, survey, text="why", after=way.replace("%3A", ":").replace("%2B", "+").replace("%7E", "~")
    )
    assert "because it is warm" in older
    assert older.count("<li>reason") + first.count("<li>reason") == 70
    found = page(analyst, survey, text="why", q="WARM")
    assert found.count("<li>because") == 3
    assert "<li>reason" not in found
    assert "lila" in page(analyst, survey, text="colour:other")
    assert page(analyst, survey, text="why", after="nonsense").count("<li>reason") == 50


def test_page_is_for_those_who_may_read_responses(survey: Campaign, moderator: User, outsider: User) -> None:
    address = f"/planning/{survey.slug}/survey/"
    assert Client().get(address).status_code == 302
    for user in (moderator, outsider):
        assert staff_browser(user).get(address).status_code == 403


def test_tab_and_page_exist_only_with_a_survey(campaign: Campaign, analyst: User) -> None:
    address = f"/planning/{campaign.slug}/survey/"
    browser = staff_browser(analyst)
    assert browser.get(address).status_code == 404
    assert address not in browser.get(f"/planning/{campaign.slug}/numbers/").content.decode()
    ask(campaign, "colour", "yes_no")
    assert address in browser.get(f"/planning/{campaign.slug}/numbers/").content.decode()


def test_number_of_queries_is_constant(
    survey: Campaign, analyst: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = staff_browser(analyst)
    address = f"/planning/{survey.slug}/survey/?first=colour&second=age&only=when%3Dday"
    with django_assert_max_num_queries(20) as before:
        browser.get(address)
    number_before = len(before)  # the next request begins the list anew
    for number in range(4):
        ask(survey, f"more-{number}", "scale")
    answer(survey, *[{f"more-{number}": 3 for number in range(4)}] * 9)
    with django_assert_num_queries(number_before):
        browser.get(address)
