"""axe-core on the pages of being told by mail, and the story of somebody who follows a link of a mail on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from engagement.models import Subscriber, Subscription
from engagement.services.subscriptions import links
from mapping.models import Campaign
from tests.browser.judge import Judge
from tests.engagement.subscriptions.making import make_subscriber, make_subscription
from tests.engagement.subscriptions.places import last_part

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def sends_mail(settings: Settings) -> None:
    settings.SENDS_MAIL = True


def test_pages_of_subscriptions(
    visit: type_of_visit, device: str, topics: Campaign, settings: Settings
) -> None:
    reader = make_subscriber(mail="reader@example.org")
    make_subscription(reader)
    waiting = make_subscription(reader, campaign=topics, confirmed_at=None)
    confirming, ending = last_part(links.confirm_link(waiting)), last_part(links.end_link(waiting))
    page = visit(device)
    for status in (404, 422):
        page.watch.allow(f"status of {status}")  # type: ignore[attr-defined]
    judge = Judge(page)
    for path in (
        "",
        "?about=circle",
        f"?campaign={topics.slug}",
        "?plan=nothing",
        "sent/",
        "link/",
        f"confirm/{confirming}/",
        f"end/{ending}/",
        f"mine/{links.mine_token(reader)}/",
        "mine/x/",
    ):
        judge.open(f"/subscriptions/{path}")
    page.goto("/subscriptions/")
    page.get_by_role("button", name="Subscribe").click()
    judge.judge("form that comes back")
    settings.SENDS_MAIL = False
    judge.open("/subscriptions/", "no mail server")
    assert not judge.found, "\n".join(judge.found)


def test_link_of_a_mail_is_confirmed_and_everything_ended(phone: Page, topics: Campaign) -> None:
    reader = make_subscriber(mail="reader@example.org")
    waiting = make_subscription(reader, campaign=topics, confirmed_at=None)
    phone.goto(f"/subscriptions/confirm/{last_part(links.confirm_link(waiting))}/")
    phone.get_by_role("button", name="Yes, send me news").click()
    expect(phone.get_by_role("heading", name="Your subscriptions")).to_be_visible()
    assert Subscription.objects.get().confirmed_at is not None
    phone.get_by_label("How often?").select_option("weekly")
    phone.get_by_role("button", name="Change").click()
    expect(phone.get_by_text("Changed.")).to_be_visible()
    assert Subscription.objects.get().rhythm == "weekly"
    phone.get_by_role("button", name="End everything and delete the address").click()
    expect(phone.get_by_text("Your address is deleted.")).to_be_visible()
    assert not Subscriber.objects.exists()
