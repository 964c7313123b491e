"""What people reported, in the queue of moderators: found, explained, left as it is or rejected."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, CommentStatus, Contribution, Flag
from tests import personas
from tests.personas import staff_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(moderator: User) -> Client:
    client = staff_browser(moderator)
    client.cookies["django_language"] = "en"
    return client


def page_of(browser: Client, campaign: Campaign, query: str = "") -> str:
    response = browser.get(f"{reverse('planning:queue', args=(campaign.slug,))}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_reported_things_have_a_tab_of_their_own(
    campaign: Campaign, published: Contribution, browser: Client
) -> None:
    assert "Reported" not in page_of(browser, campaign)
    for text in ("It lies.", "It lies again."):
        personas.make_flag(published, text)
    personas.make_flag(personas.make_comment(published, "You fools"), "It insults.")
    page = page_of(browser, campaign)
    assert "Reported contributions" in page
    assert "Reported comments" in page
    reported = page_of(browser, campaign, "?status=reported")
    assert f'data-row="{published.pk}"' in reported
    assert reported.count("data-row=") == 1
    assert "It lies again." in reported
    assert "Another reason" in reported
    comments = page_of(browser, campaign, "?status=reported&kind=comments")
    assert "You fools" in comments
    assert "It insults." in comments


def test_the_start_page_counts_reports(
    campaign: Campaign, published: Contribution, browser: Client, analyst: User
) -> None:
    personas.make_flag(published)
    personas.make_flag(personas.make_comment(published))
    personas.make_flag(personas.make_contribution(personas.make_campaign("elsewhere")))
    assert "Reported: 2" in browser.get(reverse("planning:campaigns")).content.decode()
    others = staff_browser(analyst).get(reverse("planning:campaigns")).content.decode()
    assert "status=reported" not in others


def test_reports_of_other_campaigns_are_not_there(campaign: Campaign, browser: Client) -> None:
    other = personas.make_campaign("elsewhere")
    personas.make_flag(personas.make_contribution(other), "SECRET")
    assert "Reported" not in page_of(browser, campaign)
    assert "SECRET" not in page_of(browser, campaign, "?status=reported")


@pytest.mark.parametrize("kind", ["contributions", "comments"])
def test_a_moderator_leaves_it_as_it_is(
    campaign: Campaign, published: Contribution, browser: Client, kind: str
) -> None:
    item = personas.make_comment(published) if kind == "comments" else published
    personas.make_flag(item)
    response = browser.post(
        reverse("planning:keep-reported", args=(campaign.slug,)), {"kind": kind, "id": item.pk}, follow=True
    )
    assert "Nothing was changed." in response.content.decode()
    assert Flag.objects.get().outcome == "kept"
    assert "Reported" not in page_of(browser, campaign)


def test_nothing_of_another_campaign_is_decided(campaign: Campaign, browser: Client) -> None:
    foreign = personas.make_contribution(personas.make_campaign("elsewhere"))
    personas.make_flag(foreign)
    address = reverse("planning:keep-reported", args=(campaign.slug,))
    for key in (foreign.pk, "x", ""):
        assert browser.post(address, {"kind": "contributions", "id": key}).status_code == 404
    assert Flag.objects.get().outcome == ""


def test_the_comment_that_is_answered_stands_beside_the_answer(
    campaign: Campaign, published: Contribution, browser: Client
) -> None:
    parent = personas.make_comment(published, "First words")
    personas.make_comment(published, "Second words", parent=parent, status=CommentStatus.PENDING)
    page = page_of(browser, campaign, "?kind=comments")
    assert "Answer to this comment" in page
    assert "First words" in page
