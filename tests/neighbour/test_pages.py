"""A neighbour's sections and tabs stand on the pages of `mapping`."""

import pytest
from django.test import Client

from accounts.models import User
from mapping.models import Campaign
from tests import personas
from tests.neighbour.models import Meeting

CAMPAIGN = "/campaigns/fear-spaces/"
PLANNING = "/planning/fear-spaces/meetings/"


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def text(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_home_page_has_its_section_among_those_of_mapping(
    browser: Client, meeting: Meeting, closed_campaign: Campaign
) -> None:
    page = text(browser, "/")
    places = [page.index(f'id="{name}"') for name in ("running", "meetings", "closed")]
    assert places == sorted(places)
    assert meeting.title in page


def test_empty_section_is_left_out(browser: Client, neighbour: None, campaign: Campaign) -> None:
    assert 'id="meetings"' not in text(browser, "/")


def test_campaign_has_its_tab_where_there_is_something(
    browser: Client, neighbour: None, campaign: Campaign, meeting: Meeting
) -> None:
    link = f'<a class="tab" href="{CAMPAIGN}meetings/">Meetings</a>'
    page = text(browser, CAMPAIGN)
    assert page.index('data-tab="about"') < page.index(link) < page.index(f'href="{CAMPAIGN}heatmap/"')
    assert text(browser, f"{CAMPAIGN}meetings/") == meeting.title
    Meeting.objects.all().delete()
    assert link not in text(browser, CAMPAIGN)


def test_planners_find_its_tab_in_the_order_of_positions(meeting: Meeting, manager: User) -> None:
    page = text(personas.staff_browser(manager), "/planning/fear-spaces/queue/")
    places = [
        page.index(f'href="/planning/fear-spaces/{name}/"')
        for name in ("queue", "numbers", "meetings", "access")
    ]
    assert places == sorted(places)


def test_its_page_stands_in_the_frame_of_planners(meeting: Meeting, manager: User) -> None:
    page = text(personas.staff_browser(manager), PLANNING)
    assert "Here meetings are planned." in page
    assert f'href="{PLANNING}" aria-current="page"' in page


def test_tab_is_for_those_whom_the_rule_admits(meeting: Meeting, analyst: User) -> None:
    browser = personas.staff_browser(analyst)
    assert PLANNING not in text(browser, "/planning/fear-spaces/numbers/")
    assert browser.get(PLANNING).status_code == 403


def test_planners_find_its_section_of_the_whole_site(meeting: Meeting, manager: User) -> None:
    browser = personas.staff_browser(manager)
    assert 'href="/planning/meetings/"' in text(browser, "/planning/")
    assert text(browser, "/planning/meetings/") == "All meetings"


def test_site_without_neighbours_has_no_sections_to_choose_from(analyst: User) -> None:
    assert 'href="/planning/" aria-current' not in text(personas.staff_browser(analyst), "/planning/")
