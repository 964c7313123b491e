"""A campaign read in another language: the switch, on a phone and at a desk; a survey from right to left."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Response
from tests.browser.judge import Judge
from tests.surveys.every_kind import make_survey
from tests.translated.world import offer, translate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def spoken(everything: Campaign) -> Campaign:
    """A campaign with everything in it, translated into Turkish and Arabic."""
    if not everything.survey_questions.exists():
        make_survey(everything)
    offer(everything)
    for language in ("tr", "ar"):
        translate(everything, language)
    return everything


def test_visitor_chooses_a_language_and_answers_from_right_to_left(
    visit: Callable[..., Page], device: str, spoken: Campaign
) -> None:
    page = visit(device)
    judge = Judge(page)
    page.goto(spoken.get_absolute_url())
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    page.locator(".languages summary").click()
    choice = page.get_by_role("link", name="العربية")
    box = choice.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    judge.judge("the languages of a campaign")
    choice.click()
    title = page.get_by_role("heading", level=1).first
    expect(title).to_have_attribute("lang", "ar")
    expect(title).to_have_attribute("dir", "rtl")
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    judge.judge("a campaign in Arabic")
    page.goto(f"/campaigns/{spoken.slug}/survey/")
    question = page.locator("[data-question=colour]")
    expect(question).to_have_attribute("dir", "rtl")
    judge.judge("a survey in Arabic")
    page.goto(f"/campaigns/{spoken.slug}/results/")
    judge.judge("results in Arabic")
    assert not judge.found, "\n".join(judge.found)
    assert not Response.objects.exists()
