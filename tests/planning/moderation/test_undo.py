"""The button that takes the last decision back: on the queue, with and without scripts, in words."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, CommentStatus, Contribution, ContributionStatus, Reply
from mapping.services.moderation import moderate
from tests import personas
from tests.personas import staff_browser

PENDING = ContributionStatus.PENDING


@pytest.fixture
def browser(moderator: User) -> Client:
    browser = staff_browser(moderator)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def post(browser: Client, campaign: Campaign, name: str, *more: Any, **fields: Any) -> Any:
    """Send a form of the queue and follow it to the next page."""
    answer = browser.post(
        reverse(f"planning:{name}", args=(campaign.slug, *more)),
        fields,
        follow=True,
    )
    assert answer.status_code == 200
    return answer


def press_undo(browser: Client, campaign: Campaign, page: Any) -> Any:
    """Send the form as the page holds it."""
    form = re.search(r'<form [^>]*class="undo".*?</form>', page.content.decode(), re.DOTALL)
    assert form is not None
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[0]):
        fields.setdefault(name, []).append(value.replace("&amp;", "&"))
    return post(browser, campaign, "undo", **fields)


def words(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_nothing_is_to_be_undone_before_a_decision(pending: Contribution, browser: Client) -> None:
    page = browser.get(reverse("planning:queue", args=(pending.campaign.slug,)))
    assert page.context["last_decision"] is None
    assert ">Undo" not in page.content.decode()


def test_publishing_is_undone_and_shown_again(pending: Contribution, browser: Client) -> None:
    campaign = pending.campaign
    page = post(browser, campaign, "decide", id=pending.pk, action="publish", expected="pending")
    page = press_undo(browser, campaign, page)
    pending.refresh_from_db()
    assert pending.status == PENDING
    assert page.context["current"] == pending
    assert words(page) == [
        "The decision was taken back.",
        "It was public in between: who has read or downloaded it knows it.",
    ]
    assert page.context["last_decision"] is None
    assert "Taken back: Published" in page.content.decode()


def test_button_outlives_looking_at_other_pages(pending: Contribution, browser: Client) -> None:
    campaign = pending.campaign
    post(browser, campaign, "decide", id=pending.pk, action="reject", reason="No.", expected="pending")
    browser.get(reverse("planning:campaigns"))
    page = browser.get(reverse("planning:queue", args=(campaign.slug,)) + "?status=published")
    press_undo(browser, campaign, page)
    pending.refresh_from_db()
    assert pending.status == PENDING


@pytest.mark.parametrize("kind", ["contributions", "comments"])
def test_many_are_undone_at_once(campaign: Campaign, browser: Client, kind: str) -> None:
    below = personas.make_contribution(campaign)
    made: list[Any] = [
        personas.make_contribution(campaign, status=PENDING)
        if kind == "contributions"
        else personas.make_comment(below, f"Comment {number}", status=CommentStatus.PENDING)
        for number in range(3)
    ]
    keys = [str(one.pk) for one in made]
    page = post(
        browser,
        campaign,
        "decide-many",
        kind=kind,
        selected=keys[:2],
        action="reject",
        reason="No.",
        expected="pending",
    )
    page = press_undo(browser, campaign, page)
    for one in made:
        one.refresh_from_db()
    assert [one.status for one in made] == ["pending"] * 3
    assert words(page)[0] == "2 decisions were taken back."


def test_older_decisions_about_skipped_rows_stay(campaign: Campaign, browser: Client) -> None:
    first, second = (personas.make_contribution(campaign, status=PENDING) for _ in range(2))
    post(browser, campaign, "decide", id=first.pk, action="publish", expected="pending")
    keys = [str(first.pk), str(second.pk)]
    page = post(browser, campaign, "decide-many", selected=keys, action="publish", expected="pending")
    press_undo(browser, campaign, page)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("published", "pending")


def test_undo_names_who_decided_since(pending: Contribution, browser: Client, manager: User) -> None:
    campaign = pending.campaign
    page = post(browser, campaign, "decide", id=pending.pk, action="publish", expected="pending")
    moderate.reject(pending, manager, "Off topic.")
    page = press_undo(browser, campaign, page)
    pending.refresh_from_db()
    assert pending.status == "rejected"
    assert words(page) == [f"{manager.email} decided about this since. It was left as it is."]


def test_edit_is_undone(published: Contribution, browser: Client) -> None:
    campaign, text = published.campaign, published.text
    page = post(browser, campaign, "edit", published.pk, text="Other words", category="spot")
    published.refresh_from_db()
    assert published.text == "Other words"
    press_undo(browser, campaign, page)
    published.refresh_from_db()
    assert published.text == text


def test_edit_without_a_change_offers_no_older_decision(published: Contribution, browser: Client) -> None:
    campaign = published.campaign
    post(browser, campaign, "decide", id=published.pk, action="reject", reason="No.", expected="published")
    other = personas.make_contribution(campaign)
    page = post(browser, campaign, "edit", other.pk, text=other.text, category="spot")
    press_undo(browser, campaign, page)
    published.refresh_from_db()
    assert published.status == "published"


def test_reply_is_undone(published: Contribution, browser: Client) -> None:
    campaign = published.campaign
    page = post(browser, campaign, "reply", published.pk, status="done", text="Lamps\r\nare up & lit.")
    assert Reply.objects.count() == 1
    page = press_undo(browser, campaign, page)
    assert not Reply.objects.exists()
    assert words(page) == [
        "The reply was taken back.",
        "It was public in between: who has read it knows it.",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"event": "x"},
        {"event": "9" * 30},
        {"event": "999999"},
        {"reply": "x"},
        {"reply": "1\x00"},
        {"reply": "999999"},
    ],
)
def test_undo_of_nothing_says_so(campaign: Campaign, browser: Client, fields: dict[str, str]) -> None:
    assert words(post(browser, campaign, "undo", **fields)) == ["This is not here any more."]


@pytest.mark.parametrize("who", ["analyst", "outsider"])
def test_undo_is_for_moderators(
    pending: Contribution, moderator: User, who: str, request: pytest.FixtureRequest
) -> None:
    moderate.publish(pending, moderator)
    event = pending.moderation_events.first()
    assert event is not None
    stranger = staff_browser(request.getfixturevalue(who))
    address = reverse("planning:undo", args=(pending.campaign.slug,))
    assert stranger.post(address, {"event": str(event.pk)}).status_code == 403
    pending.refresh_from_db()
    assert pending.status == "published"
