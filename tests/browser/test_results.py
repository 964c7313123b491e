"""Results of surveys in a browser: judged by axe, read on a phone, crossed and tagged by staff."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.models import Campaign, ResultsShown
from tests import personas
from tests.browser.judge import Judge
from tests.surveys.answering import answer, times
from tests.surveys.world import COLOURS, ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def survey(transactional_db: None) -> Campaign:
    """A survey with results of all looks: bars, stacked bars, numbers that are not shown, a question for later."""
    campaign = personas.make_campaign("figures", title="Traffic lights", with_categories=False)
    ask(campaign, "intro", "note", title="About you", help_text="Two questions.")
    ask(campaign, "colour", "single_choice", title="Which colour?", options={"choices": COLOURS})
    ask(campaign, "safety", "scale", title="How safe?")
    ask(campaign, "views", "matrix", title="What do you think?")
    ask(campaign, "why", "long_text", title="Why?")
    ask(campaign, "later", "yes_no", title="Shall it stay?", results=ResultsShown.AFTER)
    answer(
        campaign,
        *times(12, colour="red", safety=2, views={"safe": "day"}, why="because", later=True),
        *times(8, colour="green", safety=5, views={"safe": "night"}),
        *times(2, colour="other"),
    )
    return campaign


@pytest.fixture(params=["phone", "desktop"])
def device(request: pytest.FixtureRequest) -> str:
    """Each page is judged twice."""
    return str(request.param)


def test_citizens_read_results(visit: type_of_visit, device: str, survey: Campaign) -> None:
    page = visit(device)
    judge = Judge(page)
    judge.open(f"/campaigns/{survey.slug}/results/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Results of the survey")
    question = page.get_by_role("region", name="Which colour?")
    expect(question.get_by_role("listitem").filter(has_text="Rot")).to_contain_text("12")
    expect(question.get_by_role("listitem").filter(has_text="Anderes")).to_contain_text("not shown")
    question.get_by_text("As a table").click()
    expect(question.get_by_role("row", name="Rot")).to_contain_text("12")
    page.get_by_role("link", name="Address of the result: How safe?").click()
    expect(page).to_have_url(f"/campaigns/{survey.slug}/results/#q-safety")
    judge.judge("with a table and a question that is linked")
    answered = personas.make_campaign("waiting", with_categories=False)
    ask(answered, "colour", "yes_no")
    judge.open(f"/campaigns/{answered.slug}/results/", "before enough people have answered")
    assert not judge.found, "\n".join(judge.found)


def test_planner_crosses_two_questions(
    visit: type_of_visit, device: str, survey: Campaign, administrator: User
) -> None:
    page = visit(device, user=administrator)
    judge = Judge(page)
    judge.open(f"/planning/{survey.slug}/survey/")
    page.get_by_label("Rows").select_option("Which colour?")
    page.get_by_label("Columns").select_option("How safe?")
    page.get_by_role("button", name="Show the table").click()
    expect(page.get_by_role("row", name="Rot").first).to_contain_text("100%")
    judge.judge("with a table of two questions")
    page.get_by_label("Shares of the").select_option("people of a column")
    page.get_by_role("button", name="Show the table").click()
    expect(page).to_have_url(re.compile("=column"))
    expect(page.get_by_role("link", name="Table as CSV")).to_be_visible()
    judge.judge("with shares of columns")
    assert not judge.found, "\n".join(judge.found)


def test_analyst_tags_texts(visit: type_of_visit, device: str, survey: Campaign, administrator: User) -> None:
    page = visit(device, user=administrator)
    judge = Judge(page)
    judge.open(f"/planning/{survey.slug}/survey/texts/?text=why")
    page.get_by_label("Contains").fill("cause")
    page.get_by_role("button", name="Show the texts").click()
    # Every text holds the word, so that the list before the answer looks like the list after it.
    expect(page).to_have_url(re.compile("=cause"))
    page.wait_for_load_state()
    expect(page.get_by_role("checkbox", name="because")).to_have_count(12)
    page.get_by_role("checkbox", name="because").first.focus()
    for key in "xjjx":
        page.keyboard.press(key)
    expect(page.get_by_role("status").filter(has_text="2 selected")).to_be_attached()
    page.get_by_label("New tag").fill("Warm")
    page.get_by_role("button", name="Tag the ticked texts").click()
    expect(page.get_by_text("2 texts were tagged.")).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("row", name="Warm")).to_contain_text("17%")
    judge.judge("with a tag")
    page.get_by_role("link", name="Edit the tags").click()
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    page.get_by_label("Name").first.fill("warm")
    page.get_by_role("button", name="Make the tag").click()
    expect(page.get_by_text("This survey has a tag with this name already.")).to_be_visible()
    judge.judge("tags with a fault")
    page.get_by_label("Name").first.fill("Loud")
    page.get_by_role("button", name="Make the tag").click()
    expect(page.get_by_role("region", name="Loud")).to_be_visible()
    page.get_by_role("region", name="Warm").get_by_role("button", name="Merge").click()
    expect(page.get_by_role("region", name="Loud")).to_contain_text("2 people")
    judge.judge("tags")
    assert not judge.found, "\n".join(judge.found)


def test_texts_are_tagged_without_scripts(
    visit: type_of_visit, device: str, survey: Campaign, administrator: User
) -> None:
    page = visit(device, user=administrator, java_script_enabled=False)
    page.goto(f"/planning/{survey.slug}/survey/texts/?text=why")
    page.get_by_role("checkbox", name="because").first.check()
    page.get_by_label("New tag").fill("Warm")
    page.get_by_role("button", name="Tag the ticked texts").click()
    expect(page.get_by_text("1 text was tagged.")).to_be_visible()
