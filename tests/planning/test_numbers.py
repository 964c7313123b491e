"""Numbers over time and per category."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, ContributionStatus
from tests import personas
from tests.personas import staff_browser


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
    shown = browser.get(page(campaign)).context
    assert shown["totals"] == {
        "contributions": 3,
        "participants": 2,
        "per_person": 1.5,
        "comments": 1,
        "support": 1,
    }
    rows = {row.category.slug: (row.contributions, row.participants) for row in shown["rows"]}
    assert (rows["spot"], rows["idea"], rows["meadow"]) == ((1, 1), (1, 1), (0, 0))


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
