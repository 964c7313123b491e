"""Support per line and the heat map by answers to the survey, in a browser: judged by axe, drawn, filtered."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.models import Campaign, Response
from tests import personas
from tests.browser.judge import Judge
from tests.personas import STATION, make_contribution, make_support
from tests.surveys.world import ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def judged(transactional_db: None) -> Campaign:
    """Two lines with opinions, and two points whose authors answered a question."""
    campaign = personas.make_campaign("bike-streets", title="Bike streets", allows_opposition=True)
    ask(
        campaign,
        "age",
        "single_choice",
        title="How old are you?",
        options={"choices": [{"value": age, "title": f"{age} years"} for age in ("18-25", "26-40")]},
    )
    ask(campaign, "satisfaction", "scale", title="How satisfied are you?")
    for place, name, values in (
        ("LINESTRING(7.75 49.44, 7.77 49.445)", "King street", (1, 1, 1, -1)),
        ("LINESTRING(7.76 49.45, 7.78 49.445)", "Queen street", (1, -1, -1)),
    ):
        line = make_contribution(campaign, place, category="street", text=name)
        for value in values:
            make_support(line, value)
    for age, steps in (("18-25", 4), ("26-40", 2)):
        mine = make_contribution(campaign, STATION)
        Response.objects.create(
            campaign=campaign,
            participant=mine.participant,
            answers={"age": age, "satisfaction": steps},
            completed_at=timezone.now(),
        )
    return campaign


@pytest.fixture(params=["phone", "desktop"])
def device(request: pytest.FixtureRequest) -> str:
    """Each page is judged twice."""
    return str(request.param)


def test_citizens_read_the_balance_of_each_line(visit: type_of_visit, device: str, judged: Campaign) -> None:
    page = visit(device)
    judge = Judge(page)
    judge.open(f"/campaigns/{judged.slug}/results/")
    rows = page.get_by_role("region", name="Support, opposition and balance").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("King street")
    expect(rows.nth(2)).to_contain_text("Queen street")
    expect(page.locator("opinion-map .opinion-label").filter(has_text="1. (+2)")).to_be_visible()
    expect(page.locator("opinion-map path.opinion-shape--opposed")).to_have_count(1)
    assert not judge.found, "\n".join(judge.found)


def test_planner_filters_by_answers(
    visit: type_of_visit, device: str, judged: Campaign, administrator: User
) -> None:
    page = visit(device, user=administrator)
    judge = Judge(page)
    address = f"/planning/{judged.slug}/heatmap/?responses[age]=18-25&measure=mean:responses[satisfaction]"
    judge.open(address, ready="planner-heatmap")
    expect(page.locator("#heatmap-facts")).to_contain_text("people’s own answers")
    expect(page.locator("#response-age-18-25")).to_be_checked()
    expect(page.locator("#filter-measure")).to_have_value("mean:responses[satisfaction]")
    judge.open(f"/planning/{judged.slug}/numbers/", "with support per line")
    assert not judge.found, "\n".join(judge.found)
