"""Who sees which of the planners' pages: a table of roles, pages and answers."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from mapping.models import Campaign
from tests.personas import make_user, staff_browser

PAGES = ("queue", "heatmap", "numbers")
FORBIDDEN, MISSING, FOUND = 403, 404, 200


@pytest.mark.parametrize(
    ("role", "queue", "heatmap", "numbers"),
    [
        (Role.MANAGER, FOUND, FOUND, FOUND),
        (Role.MODERATOR, FOUND, FORBIDDEN, FORBIDDEN),
        (Role.ANALYST, FORBIDDEN, FOUND, FOUND),
    ],
)
def test_each_role_sees_its_pages(
    campaign: Campaign, role: Role, queue: int, heatmap: int, numbers: int
) -> None:
    browser = staff_browser(make_user("someone@example.org", campaign, role))
    answers = [browser.get(reverse(f"planning:{page}", args=(campaign.slug,))).status_code for page in PAGES]
    assert answers == [queue, heatmap, numbers]


@pytest.mark.parametrize("page", PAGES)
def test_outsider_is_refused(campaign: Campaign, outsider: User, page: str) -> None:
    answer = staff_browser(outsider).get(reverse(f"planning:{page}", args=(campaign.slug,)))
    assert answer.status_code == FORBIDDEN
    assert campaign.title.encode() not in answer.content


@pytest.mark.parametrize("page", PAGES)
def test_outsider_learns_nothing_of_a_draft(draft_campaign: Campaign, outsider: User, page: str) -> None:
    answer = staff_browser(outsider).get(reverse(f"planning:{page}", args=(draft_campaign.slug,)))
    assert answer.status_code == MISSING


@pytest.mark.parametrize("page", PAGES)
def test_administrator_sees_everything(campaign: Campaign, administrator: User, page: str) -> None:
    answer = staff_browser(administrator).get(reverse(f"planning:{page}", args=(campaign.slug,)))
    assert answer.status_code == FOUND
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/planning/", "/planning/fear-spaces/queue/", "/planning/fear-spaces/heatmap/"]
)
def test_stranger_is_asked_to_log_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("login"))


def test_deactivated_member_is_a_stranger(campaign: Campaign, moderator: User) -> None:
    browser = staff_browser(moderator)
    moderator.is_active = False
    moderator.save()
    assert browser.get(reverse("planning:queue", args=(campaign.slug,))).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_looking_at_a_protected_campaign_is_recorded(
    cells_campaign: Campaign, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    manager = make_user("manager@example.org", cells_campaign, Role.MANAGER)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        staff_browser(manager).get(reverse(f"planning:{page}", args=(cells_campaign.slug,)))
    lines = [record.getMessage() for record in caplog.records if record.name == "geoparticipation.access"]
    assert lines == [f"user={manager.pk} campaign={cells_campaign.slug} view={page}"]
    assert manager.email not in lines[0]


def test_looking_at_a_public_campaign_is_not_recorded(
    campaign: Campaign, analyst: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        staff_browser(analyst).get(reverse("planning:heatmap", args=(campaign.slug,)))
    assert not [record for record in caplog.records if record.name == "geoparticipation.access"]


@pytest.mark.parametrize("role", Role)
def test_every_member_hands_on_posters_and_links(campaign: Campaign, role: Role) -> None:
    browser = staff_browser(make_user("someone@example.org", campaign, role))
    assert browser.get(reverse("planning:outreach", args=(campaign.slug,))).status_code == FOUND


def test_ways_within_a_campaign_follow_the_role(campaign: Campaign, moderator: User) -> None:
    page = staff_browser(moderator).get(reverse("planning:queue", args=(campaign.slug,))).content.decode()
    assert reverse("planning:heatmap", args=(campaign.slug,)) not in page
    Membership.objects.create(user=moderator, campaign=campaign, role=Role.ANALYST)
    page = staff_browser(moderator).get(reverse("planning:queue", args=(campaign.slug,))).content.decode()
    assert reverse("planning:heatmap", args=(campaign.slug,)) in page
