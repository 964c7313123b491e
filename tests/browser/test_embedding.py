"""A campaign in a frame of another site: permitted ones show it, others get nothing."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from mapping.models import Campaign
from tests import personas

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CITY, OTHER = "https://www.city.example", "https://www.other.example"


@pytest.fixture
def embedded(transactional_db: None) -> Campaign:
    return personas.make_campaign(embed_origins=[CITY])


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer, plain_ground: None) -> Iterator[BrowserContext]:
    """A browser in which both other sites show the campaign in a frame; nothing of them is on any network."""
    context = chromium.new_context()
    # Browsers ask people before a site of the internet may reach this machine; older ones do not.
    with suppress(Error):
        context.grant_permissions(["local-network-access"])
    address = f"{live_server.url}/campaigns/fear-spaces/embed/"

    def show(route: Route) -> None:
        frame = f'<iframe src="{address}" title="Take part" width="1000" height="700"></iframe>'
        route.fulfill(body=f"<!DOCTYPE html><title>The city</title>{frame}", content_type="text/html")

    for site in (CITY, OTHER):
        context.route(f"{site}/**", show)
    yield context
    context.close()


def framed(page: Page, site: str) -> Page:
    page.goto(f"{site}/")
    page.wait_for_load_state("networkidle")
    return page


def test_a_permitted_site_shows_the_campaign_to_read(context: BrowserContext, embedded: Campaign) -> None:
    page = framed(context.new_page(), CITY)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text(embedded.title)
    # Cookies of another site are kept in no frame: people take part in a window of its own, and this one says so.
    with context.expect_page() as opened:
        frame.get_by_role("link", name="In einem neuen Fenster mitmachen").click()
    expect(opened.value).to_have_url(
        f"{page.frames[1].url.partition('/campaigns')[0]}/campaigns/fear-spaces/"
    )
    assert embedded.contributions.count() == 0


def test_the_page_that_thanks_opens_in_a_window_of_its_own(desktop: Page, embedded: Campaign) -> None:
    desktop.goto("/campaigns/fear-spaces/embed/")
    expect(desktop.locator("campaign-page.is-ready")).to_be_attached()
    stays = desktop.evaluate(
        "!document.dispatchEvent(new CustomEvent('leave', { detail: '/mine/x/thanks/', cancelable: true }))"
    )
    assert stays
    link = desktop.get_by_role("link", name="What happens next, and your private link")
    expect(link).to_have_attribute("href", "/mine/x/thanks/")


def test_any_other_site_gets_an_empty_frame(context: BrowserContext, embedded: Campaign) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    framed(page, OTHER)
    assert any("frame-ancestors" in words for words in said)
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)
