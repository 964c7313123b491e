"""The comparison on the public page of results: of public numbers alone, and only where a manager switched it on."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from mapping.models import Audience, Campaign, Comparison, Question, ResultsShown
from mapping.services.surveys.comparing import compare_with
from tests.services.surveys.test_comparing import AGES, draft
from tests.surveys.answering import answer, times
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def age(campaign: Campaign, manager: User) -> Question:
    question = ask(campaign, "age", "single_choice", options={"choices": AGES}, title="Wie alt?")
    compare_with(question, draft(is_public=True), actor=manager)
    return question


def page(campaign: Campaign, language: str = "en") -> str:
    browser = Client()
    browser.cookies["django_language"] = language
    response = browser.get(f"/campaigns/{campaign.slug}/results/")
    assert response.status_code == 200
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", body))


def test_public_comparison_in_words(campaign: Campaign, age: Question) -> None:
    answer(campaign, *times(6, age="young"), *times(70, age="middle"), *times(18, age="old"))
    assert "„18 bis 29“: 6 von 94 Stimmen (6 %); unter den Menschen hier sind es 20 %: seltener" in page(
        campaign, "de"
    )
    text = page(campaign)
    assert "no random sample" in text
    assert (
        "Compared with: Zensus, as of 15 May 2022" in text
        or "Compared with: Zensus, as of May 15, 2022" in text
    )


def test_comparison_follows_the_release_and_not_the_truth(campaign: Campaign, age: Question) -> None:
    answer(campaign, *times(20, age="young"), *times(70, age="middle"), *times(18, age="old"))
    before = page(campaign)
    for value in ("young", "old", "old", "middle"):
        answer(campaign, {"age": value})
        assert page(campaign) == before


def test_hidden_groups_are_left_out_on_both_sides(campaign: Campaign, age: Question) -> None:
    answer(
        campaign,
        *times(2, age="young"),
        *times(70, age="middle"),
        *times(18, age="old"),
        *times(9, age="none"),
    )
    text = page(campaign)
    assert "Left out on both sides, because their numbers are not shown: 18 bis 29" in text
    assert re.search(r"“\S+ ?\S*”: 2 of", text) is None
    assert "2 of 90" not in text


def test_nothing_is_compared_before_numbers_are_public(campaign: Campaign, age: Question) -> None:
    answer(campaign, *times(4, age="young"))
    assert "Who took part" not in page(campaign)


@pytest.mark.parametrize(
    "change",
    [
        {"audience": Audience.STAFF},
        {"results": ResultsShown.NEVER},
        {"results": ResultsShown.AFTER},
        {"kind": "multiple_choice"},
    ],
)
def test_questions_without_public_results_have_no_public_comparison(
    campaign: Campaign, age: Question, change: dict[str, Any]
) -> None:
    ask(campaign, "other", "yes_no")
    answer(campaign, *times(40, age="young", other=True), *times(60, age="middle"))
    Question.objects.filter(pk=age.pk).update(**change)
    text = page(campaign)
    assert "Who took part" not in text
    assert "18 bis 29”" not in text


def test_only_what_a_manager_switched_on(campaign: Campaign, age: Question) -> None:
    answer(campaign, *times(40, age="young"), *times(60, age="middle"))
    assert "Who took part" in page(campaign)
    Comparison.objects.update(is_public=False)
    assert "Who took part" not in page(campaign)
