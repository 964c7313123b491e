"""The page of the preview: the citizens' pages of a draft in a frame, as wide as a phone or a desktop."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Campaign
from tests import personas
from tests.personas import staff_browser, user_called
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(campaign: Campaign) -> Campaign:
    campaign.is_draft = True
    campaign.save()
    ask(campaign, "why", "text")
    return campaign


@pytest.fixture
def browser(manager: User) -> Client:
    client = staff_browser(manager)
    client.cookies["django_language"] = "en"
    return client


def frame_of(browser: Client, query: str = "") -> tuple[str, str, str]:
    """The address in the frame, its title, and the width of the stage."""
    html = browser.get(f"/planning/fear-spaces/setup/preview/{query}").content.decode()
    frame = re.search(r'<iframe[^>]*\ssrc="([^"]*)"[^>]*\stitle="([^"]*)"', html, re.DOTALL)
    width = re.search(r"preview-stage--(\w+)", html)
    assert frame is not None
    assert width is not None
    return frame[1], frame[2], width[1]


def test_page_and_width_are_chosen_by_links(draft: Campaign, browser: Client) -> None:
    of = "/campaigns/fear-spaces/"
    assert frame_of(browser) == (of, "Page of the campaign as citizens see it: Phone", "phone")
    assert frame_of(browser, "?page=survey&width=desktop")[::2] == (f"{of}survey/", "desktop")
    assert frame_of(browser, "?page=contribute")[0] == f"{of}contribute/"
    for odd in ("?page=admin&width=9", "?page=//evil.example", "?page=%00&page=survey&page=x"):
        assert frame_of(browser, odd)[::2] == (of, "phone")
    html = browser.get("/planning/fear-spaces/setup/preview/?page=survey").content.decode()
    assert 'href="?page=survey&amp;width=desktop"' in html
    chosen = re.findall(r'class="button[^>]*aria-current="true">([^<]*)<', html)
    assert chosen == ["Survey", "Phone"]


def test_only_pages_that_the_campaign_has_are_offered(browser: Client, draft: Campaign) -> None:
    draft.categories.all().delete()
    draft.survey_questions.all().delete()
    html = browser.get("/planning/fear-spaces/setup/preview/").content.decode()
    assert "page=campaign" in html
    assert "page=contribute" not in html
    assert "page=survey" not in html


def test_steps_show_the_preview_of_a_draft_only(draft: Campaign, browser: Client) -> None:
    for step in ("texts", "area", "period", "publication", "people", "publish"):
        html = browser.get(f"/planning/fear-spaces/setup/{step}/").content.decode()
        assert html.count('<iframe class="preview-frame"') == 1, step
        assert 'loading="lazy"' in html
    Campaign.objects.update(is_draft=False)
    assert "<iframe" not in browser.get("/planning/fear-spaces/setup/texts/").content.decode()


def test_public_campaign_has_a_link_because_what_is_sent_counts(campaign: Campaign, browser: Client) -> None:
    html = browser.get("/planning/fear-spaces/setup/preview/").content.decode()
    assert "<iframe" not in html
    assert 'href="/campaigns/fear-spaces/"' in html
    assert "what is sent from its page counts" in html


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("outsider", 404), ("analyst", 403), ("moderator", 403), ("manager", 200)],
)
def test_preview_of_a_draft_is_for_who_sets_it_up(draft: Campaign, who: str, status: int) -> None:
    user = user_called(who, draft)
    browser = staff_browser(user) if isinstance(user, User) else Client()
    assert browser.get("/planning/fear-spaces/setup/preview/").status_code == status


def test_number_of_queries_is_constant(
    draft: Campaign, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = "/planning/fear-spaces/setup/preview/"
    browser.get(address)
    with django_assert_max_num_queries(40) as first:
        browser.get(address)
    for number in range(5):
        ask(draft, f"more-{number}", "text")
        personas.make_contribution(draft)
    with django_assert_max_num_queries(len(first)):
        browser.get(address)
