"""Who took part, in a browser: judged by axe, set up by a planner, read by everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from mapping.models import Campaign
from tests import personas
from tests.aggregation.statistics.conftest import fill
from tests.aggregation.statistics.test_residents import divide, populate
from tests.browser.judge import Judge
from tests.services.surveys.test_comparing import AGES
from tests.surveys.answering import answer, times
from tests.surveys.world import ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    """An open campaign with districts, inhabitants, places and a question about age."""
    divide(campaign, {"East": (1000, 0, 2000, 1000), "West": (0, 0, 1000, 1000)})
    populate("census", {(0, 0): 3000, (1000, 0): 1000})
    fill(campaign, [(1500, 500)] * 60 + [(500, 500)] * 30)
    ask(campaign, "age", "single_choice", options={"choices": AGES}, title="How old are you?")
    answer(campaign, *times(6, age="young"), *times(70, age="middle"), *times(18, age="old"))
    return campaign


@pytest.fixture
def planner(survey: Campaign) -> User:
    """Runs the campaign."""
    return personas.make_user("planner@example.org", survey, Role.MANAGER)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_planner_compares_age_groups(
    visit: type_of_visit, device: str, survey: Campaign, planner: User
) -> None:
    page = visit(device, user=planner)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open(f"/planning/{survey.slug}/who/")
    page.get_by_role("link", name="How old are you?").click()
    judge.judge("the form")
    page.get_by_label("Groups and their numbers").fill("18 bis 29; 200\n30–64; 100")
    page.get_by_role("radio", name="Shares in per cent").check()
    page.get_by_label("Source").fill("Census 2022")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The shares add up to 300 per cent")).to_be_visible()
    judge.judge("the form with an error")
    page.get_by_label("Groups and their numbers").fill("18 bis 29; 20\n30–64; 55\n65 und älter; 25")
    page.get_by_label("Show the comparison on the public page").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("combobox", name="30–64")).to_have_value("30–64")
    judge.judge("the form with choices")
    page.get_by_role("link", name="Who took part").first.click()
    part = page.get_by_role("region", name="How old are you?")
    expect(part.get_by_role("listitem").filter(has_text="18 bis 29")).to_contain_text(
        "6 of 94 voices (6%); among the people here it is 20%: less often than was to be expected."
    )
    part.get_by_text("As a table").click()
    expect(part.get_by_role("row", name="18 bis 29")).to_contain_text("0.32")
    judge.judge("with a comparison")
    judge.open(f"/campaigns/{survey.slug}/results/", "with a comparison")
    expect(page.get_by_role("heading", name="Who took part")).to_be_visible()
    assert not judge.found, "\n".join(judge.found)


def test_comparison_is_set_up_without_scripts(visit: type_of_visit, survey: Campaign, planner: User) -> None:
    page = visit("phone", user=planner, java_script_enabled=False)
    page.goto(f"/planning/{survey.slug}/who/age/?from=districts")
    expect(page.get_by_label("Groups and their numbers")).to_have_value("East; 1000\nWest; 3000")
    page.get_by_label("As of").fill("2022-05-15")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("combobox", name="18 bis 29").select_option("West")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("combobox", name="18 bis 29")).to_have_value("West")
    page.get_by_role("button", name="Remove the comparison").click()
    expect(page.get_by_text("The comparison was removed.")).to_be_visible()
