"""The page of protected areas: exact numbers, the rhythm, and orders by hand."""

import logging

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from mapping.models import Campaign, Release, ReleaseAttempt, ReleaseHold, ReleaseRhythm
from mapping.services.releases.making import make_release
from tests.personas import STATION, TOWN_HALL, make_contribution, make_user, staff_browser


@pytest.fixture
def manager_of_areas(cells_campaign: Campaign) -> User:
    return make_user("manager-of-nights@example.org", cells_campaign, Role.MANAGER)


@pytest.fixture
def browser(manager_of_areas: User) -> Client:
    browser = staff_browser(manager_of_areas)
    browser.cookies["django_language"] = "en"
    return browser


def page(campaign: Campaign) -> str:
    return reverse("planning:areas", args=(campaign.slug,))


def test_staff_see_exact_numbers_and_the_look_is_recorded(
    cells_campaign: Campaign, browser: Client, manager_of_areas: User, caplog: pytest.LogCaptureFixture
) -> None:
    for place, people in ((TOWN_HALL, 6), (STATION, 2)):
        for _ in range(people):
            make_contribution(cells_campaign, place)
    make_release(cells_campaign)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        answer = browser.get(page(cells_campaign))
    counts = answer.context["counts"]
    assert (counts.published, counts.not_shown) == (8, 2)
    assert "Areas follow with the next release, on " in answer.content.decode()
    assert f"user={manager_of_areas.pk} campaign=night-routes view=areas" in caplog.text


def test_rhythm_is_chosen(cells_campaign: Campaign, browser: Client) -> None:
    assert browser.post(page(cells_campaign), {"rhythm": "weekly"}).status_code == 302
    cells_campaign.refresh_from_db()
    assert cells_campaign.release_rhythm == ReleaseRhythm.WEEKLY
    answer = browser.post(page(cells_campaign), {"rhythm": "hourly"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["rhythm"]


def test_an_order_makes_no_release(cells_campaign: Campaign, browser: Client) -> None:
    cells_campaign.release_rhythm = ReleaseRhythm.BY_HAND
    cells_campaign.save()
    for _ in range(6):
        make_contribution(cells_campaign, TOWN_HALL)
    assert "which the city makes by hand" in browser.get(page(cells_campaign)).content.decode()
    browser.post(page(cells_campaign), {"order": "1"})
    assert not Release.objects.exists()
    assert ReleaseAttempt.objects.get().ordered_at is not None
    answer = browser.get(page(cells_campaign)).content.decode()
    assert "Areas follow with the next release, on " in answer
    assert 'name="order"' not in answer


def test_others_do_not_come_in(cells_campaign: Campaign, campaign: Campaign, administrator: User) -> None:
    for role in (Role.ANALYST, Role.MODERATOR):
        member = make_user(f"{role}-of-nights@example.org", cells_campaign, role)
        assert staff_browser(member).get(page(cells_campaign)).status_code == 403
    assert staff_browser(administrator).get(page(campaign)).status_code == 404


def test_page_says_that_releases_wait_after_a_restore(cells_campaign: Campaign, browser: Client) -> None:
    cells_campaign.release_rhythm = ReleaseRhythm.BY_HAND
    cells_campaign.save()
    ReleaseHold.objects.create(campaign=cells_campaign, known_until=timezone.now())
    answer = browser.get(page(cells_campaign)).content.decode()
    assert "No new areas are published: a backup was restored" in answer
    assert "Order a release" not in answer
