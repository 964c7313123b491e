"""Numbers over time and per category."""

import re
from datetime import UTC, datetime
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mapping.models import Campaign, ContributionStatus, Response
from tests import personas
from tests.personas import staff_browser

STREET: Final = "LINESTRING(7.7680 49.4440, 7.7700 49.4450)"


@pytest.fixture
def browser(analyst: User) -> Client:
    return staff_browser(analyst)


def page(campaign: Campaign) -> str:
    return reverse("planning:numbers", args=(campaign.slug,))


def test_totals_and_categories(campaign: Campaign, browser: Client) -> None:
    person = personas.make_participant(campaign)
    first = personas.make_contribution(campaign, by=person)
    personas.make_contribution(campaign, category="anything", by=person)
    personas.make_contribution(campaign, None, category="idea", status=ContributionStatus.PENDING)
    personas.make_comment(first)
    personas.make_support(first)
    personas.make_support(first, -1)
    shown = browser.get(page(campaign), {"status": "all"}).context
    assert shown["totals"] == {
        "contributions": 3,
        "participants": 2,
        "took_part": 5,
        "per_person": 1.5,
        "unnamed": 0,
        "comments": 1,
        "support": 1,
        "opposition": 1,
        "balance": 0,
    }
    rows = {row.category.slug: (row.contributions, row.participants) for row in shown["rows"]}
    assert (rows["spot"], rows["idea"], rows["meadow"]) == ((1, 1), (1, 1), (0, 0))
    opinions = {row.category.slug: (row.support, row.opposition, row.balance) for row in shown["rows"]}
    assert (opinions["spot"], opinions["idea"]) == ((1, 1, 0), (0, 0, 0))


def test_who_answered_the_survey_and_did_something_else_took_part(
    cells_campaign: Campaign, administrator: User
) -> None:
    """Whatever of it is public: nothing in a protected campaign, nor what waits for a review."""
    for status in (ContributionStatus.PUBLISHED, ContributionStatus.PENDING):
        person = personas.make_participant(cells_campaign)
        personas.make_contribution(cells_campaign, by=person, status=status)
        Response.objects.create(campaign=cells_campaign, participant=person, completed_at=timezone.now())
    only_answered = personas.make_participant(cells_campaign)
    Response.objects.create(campaign=cells_campaign, participant=only_answered, completed_at=timezone.now())
    shown = staff_browser(administrator).get(page(cells_campaign), {"status": "all"})
    totals = shown.context["totals"]
    assert (totals["participants"], totals["took_part"]) == (2, 2)


def test_opposition_and_balance_are_read_beside_support(campaign: Campaign, browser: Client) -> None:
    contribution = personas.make_contribution(campaign)
    for value in (1, -1, -1, -1):
        personas.make_support(contribution, value)
    browser.cookies["django_language"] = "en"
    text = browser.get(page(campaign)).content.decode()
    for title, words in (("Support", "1"), ("Opposition", "3"), ("Balance", "−2")):
        assert re.search(rf"<dt>{title}</dt>\s*<dd>\s*{words}\s*</dd>", text)


def test_places_of_the_city_have_no_contributors_and_count_for_nobody(
    campaign: Campaign, browser: Client
) -> None:
    person = personas.make_participant(campaign)
    for _ in range(3):
        personas.make_contribution(campaign, by=person)
    for _ in range(5):
        plan = personas.make_contribution(campaign, STREET, category="plan", source="city")
        type(plan).objects.filter(pk=plan.pk).update(participant=None)
    browser.cookies["django_language"] = "en"
    shown = browser.get(page(campaign))
    assert shown.context["totals"]["per_person"] == 3
    assert shown.context["totals"]["unnamed"] == 5
    rows = {row.category.slug: row.participants for row in shown.context["rows"]}
    assert (rows["spot"], rows["plan"], rows["meadow"]) == (1, None, 0)
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", shown.content.decode()))
    assert "Plan 5 – 0 0 0 0" in text
    assert "5 contributions came without a person" in text


def test_numbers_start_where_the_heat_map_starts_and_say_so(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign)
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    browser.cookies["django_language"] = "en"
    heatmap = reverse("planning:heatmap", args=(campaign.slug,))
    for address in (page(campaign), heatmap):
        shown = browser.get(address)
        assert shown.context["totals"]["contributions"] == 1 if address != heatmap else True
        assert "Counted are contributions with the status: Published." in shown.content.decode()
    everything = browser.get(page(campaign), {"status": "all"})
    assert everything.context["totals"]["contributions"] == 2
    assert "with the status: Published, Waiting, Rejected." in everything.content.decode()
    waiting = browser.get(heatmap, {"status": "pending"}).content.decode()
    assert "with the status: Waiting." in waiting


def test_ideas_without_a_place_count_in_the_timeline(campaign: Campaign, browser: Client) -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    made = personas.make_contribution(campaign, None, category="idea", created_at=moment)
    from mapping.aggregation import footprint

    footprint.write(made)
    (only,) = browser.get(page(campaign)).context["bins"]
    assert only.value == 1


def test_status_filters_everything(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign)
    personas.make_contribution(campaign, status=ContributionStatus.REJECTED)
    shown = browser.get(page(campaign), {"status": "rejected"}).context
    assert shown["totals"]["contributions"] == 1
    assert sum(one.value for one in shown["bins"]) == 1


@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_steps(campaign: Campaign, browser: Client, unit: str) -> None:
    personas.make_contribution(campaign)
    shown = browser.get(page(campaign), {"by": unit}).context
    assert shown["unit"] == unit
    assert shown["bins"][-1].so_far == 1


def test_ten_years_are_not_shown_by_day(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign, created_at=datetime(2016, 1, 1, tzinfo=UTC))
    personas.make_contribution(campaign, created_at=datetime(2025, 12, 31, tzinfo=UTC))
    assert browser.get(page(campaign), {"by": "day"}).context["unit"] == "week"


def test_an_empty_campaign_says_so(campaign: Campaign, browser: Client) -> None:
    shown = browser.get(page(campaign), {"status": "withdrawn", "by": "century"})
    assert shown.status_code == 200
    assert shown.context["totals"]["per_person"] is None
