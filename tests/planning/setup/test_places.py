"""The city's own places are drawn on the web, listed, edited and deleted."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.models import Campaign, Contribution, ContributionStatus, Source
from tests import personas
from tests.personas import line, point, staff_browser


@pytest.fixture
def browser(manager: User) -> Client:
    return staff_browser(manager)


def address(campaign: Campaign) -> str:
    return reverse("planning:setup-places", args=(campaign.slug,))


def test_drawn_line_is_public_at_once(campaign: Campaign, browser: Client, client: Client) -> None:
    data = {"category": "plan", "geometry": json.dumps(line()), "text": "Radweg Nord"}
    answer = browser.post(address(campaign), data)
    assert answer.status_code == 302
    stored = Contribution.objects.get()
    assert (stored.source, stored.status, stored.text) == (
        Source.CITY,
        ContributionStatus.PUBLISHED,
        "Radweg Nord",
    )
    assert stored.participant is None
    public = client.get(reverse("contribution", args=(campaign.slug, stored.pk)))
    assert "Radweg Nord" in public.content.decode()


def test_wrong_drawing_keeps_what_was_typed(campaign: Campaign, browser: Client) -> None:
    data = {"category": "plan", "geometry": json.dumps(point()), "text": "Radweg Nord"}
    page = browser.post(address(campaign), data)
    assert page.status_code == 422
    words = page.content.decode()
    assert "Radweg Nord" in words
    assert "coordinates" in words
    assert not Contribution.objects.exists()


def test_broken_geometry_is_refused_in_words(campaign: Campaign, browser: Client) -> None:
    page = browser.post(address(campaign), {"category": "plan", "geometry": "{", "text": "A"})
    assert page.status_code == 422
    assert "war nicht lesbar" in page.content.decode()


def test_place_of_the_city_is_deleted_and_those_of_people_are_not(
    campaign: Campaign, browser: Client
) -> None:
    browser.post(address(campaign), {"category": "plan", "geometry": json.dumps(line()), "text": "A"})
    drawn, theirs = Contribution.objects.get(), personas.make_contribution(campaign)
    for one, status in ((drawn, 302), (theirs, 404)):
        answer = browser.post(reverse("planning:setup-place-delete", args=(campaign.slug, one.pk)))
        assert answer.status_code == status
    assert list(Contribution.objects.all()) == [theirs]


def test_only_managers_draw_for_the_city(campaign: Campaign, moderator: User) -> None:
    assert staff_browser(moderator).get(address(campaign)).status_code == 403


def test_campaign_without_categories_says_so(db: None) -> None:
    empty = personas.make_campaign("empty", with_categories=False)
    user = personas.make_user("planner@example.org", empty, Role.MANAGER)
    page = staff_browser(user).get(address(empty))
    assert page.status_code == 200
    assert "Legen Sie bitte zuerst eine Kategorie an." in page.content.decode()
