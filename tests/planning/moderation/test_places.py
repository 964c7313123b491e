"""The queue says where a contribution is and what it answers, in a constant number of queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mapping.base_map import ground_source
from mapping.models import Campaign, ContributionStatus
from tests import personas
from tests.personas import staff_browser
from tests.places.making import make_address

PENDING = ContributionStatus.PENDING


@pytest.fixture
def browser(moderator: User) -> Client:
    browser = staff_browser(moderator)
    browser.cookies["django_language"] = "en"
    return browser


def make(campaign: Campaign, number: int) -> None:
    for _time in range(number):
        personas.make_contribution(
            campaign, category="survey", text="", answers={"single-choice": "night"}, status=PENDING
        )


@pytest.mark.parametrize("name", ["planning:queue", "planning:waiting"])
def test_rows_say_where_and_what_was_answered(campaign: Campaign, browser: Client, name: str) -> None:
    make_address("Fackelstraße 12")
    make(campaign, 1)
    address = reverse(name, args=(campaign.slug,) if name == "planning:queue" else ())
    page = browser.get(address).text
    assert "Near Fackelstraße 12" in page
    assert "At night" in page


def test_comments_say_where_their_contribution_is(campaign: Campaign, browser: Client) -> None:
    make_address("Fackelstraße 12")
    personas.make_comment(personas.make_contribution(campaign), status="pending")  # type: ignore[arg-type]
    page = browser.get(reverse("planning:queue", args=(campaign.slug,)), {"kind": "comments"}).text
    assert "Near Fackelstraße 12" in page


def test_more_rows_take_no_more_queries(campaign: Campaign, browser: Client) -> None:
    address = reverse("planning:queue", args=(campaign.slug,))
    numbers = []
    ground_source()  # kept for half a minute, whichever page asked
    for _time in range(2):
        make(campaign, 4)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(address)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
