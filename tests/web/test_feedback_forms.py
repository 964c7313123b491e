"""Comments and opinions as plain forms on a contribution's page."""

import pytest
from django.test import Client

from mapping.models import (
    Campaign,
    Comment,
    CommentStatus,
    Contribution,
    ContributionStatus,
    Reply,
    ReplyStatus,
)
from tests import personas
from tests.personas import Citizen

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """A stranger who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def address_of(contribution: Contribution, action: str = "") -> str:
    return f"/campaigns/{contribution.campaign.slug}/contributions/{contribution.pk}/{action}"


def test_the_page_tells_answers_with_their_questions_and_the_citys_reply(
    reader: Client, campaign: Campaign
) -> None:
    contribution = personas.make_contribution(campaign, category="survey", answers=personas.GOOD_ANSWERS)
    Reply.objects.create(contribution=contribution, status=ReplyStatus.PLANNED, text="In spring.")
    question = campaign.categories.get(slug="survey").questions.get(slug="single-choice")
    html = reader.get(address_of(contribution)).content.decode()
    for words in (
        question.title,
        "At night",
        "By day, At night",
        "4 of 5",
        "12.5 min",
        "22:30",
        "In spring.",
        "Planned",
    ):
        assert words in html


def test_a_comment_waits_for_its_review_and_only_its_author_sees_it(
    reader: Client, published: Contribution, another_citizen: Citizen
) -> None:
    response = reader.post(address_of(published, "comment/"), {"text": "I agree"})
    assert (response.status_code, response.headers["Location"]) == (303, address_of(published))
    assert "participant" in response.cookies
    assert Comment.objects.get().status == CommentStatus.PENDING
    assert "I agree" in reader.get(address_of(published)).content.decode()
    assert "I agree" not in another_citizen.browser().get(address_of(published)).content.decode()


def test_a_refused_comment_stays_in_the_form(reader: Client, published: Contribution) -> None:
    response = reader.post(address_of(published, "comment/"), {"text": "x" * 2001})
    html = response.content.decode()
    assert response.status_code == 422
    assert "x" * 2001 in html
    assert "too long" in html
    assert reader.post(address_of(published, "comment/"), {"text": "  "}).status_code == 422


def test_an_opinion_is_given_changed_and_taken_back(reader: Client, published: Contribution) -> None:
    for value, counted in (("1", (1, 0)), ("1", (1, 0)), ("-1", (0, 1)), ("0", (0, 0))):
        response = reader.post(address_of(published, "support/"), {"value": value})
        assert response.status_code == 303
        published.refresh_from_db()
        assert (published.support_count, published.opposition_count) == counted


@pytest.mark.parametrize("value", ["", "2", "x", "1e3", "\x00"])
def test_a_strange_opinion_changes_nothing(reader: Client, published: Contribution, value: str) -> None:
    assert reader.post(address_of(published, "support/"), {"value": value}).status_code == 422
    published.refresh_from_db()
    assert published.support_count == 0


def test_after_the_end_nothing_is_taken_and_no_form_is_shown(
    reader: Client, closed_campaign: Campaign
) -> None:
    contribution = personas.make_contribution(closed_campaign)
    html = reader.get(address_of(contribution)).content.decode()
    assert "<form" not in html.split("<article", 1)[1]
    for action, data in (("comment/", {"text": "Late"}), ("support/", {"value": "1"})):
        response = reader.post(address_of(contribution, action), data)
        assert response.status_code == 403
        assert "This campaign ended on" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("action", ["comment/", "support/"])
def test_nobody_reacts_to_what_is_not_public(reader: Client, pending: Contribution, action: str) -> None:
    assert reader.post(address_of(pending, action), {"text": "Hm", "value": "1"}).status_code == 404


def test_ones_own_waiting_contribution_is_shown_but_takes_no_reaction(
    citizen: Citizen, pending: Contribution
) -> None:
    browser = citizen.browser()
    html = browser.get(address_of(pending)).content.decode()
    assert "/mine/" in html
    assert "comment-form" not in html
    assert browser.post(address_of(pending, "support/"), {"value": "1"}).status_code == 403


def test_a_withdrawn_contribution_is_gone_for_everyone(citizen: Citizen, published: Contribution) -> None:
    from mapping.services.erase import withdraw

    withdraw(published)
    assert published.status == ContributionStatus.PUBLISHED, "the row was changed, not this copy"
    assert citizen.browser().get(address_of(published)).status_code == 404


def test_campaigns_without_comments_and_support_offer_none(reader: Client, campaign: Campaign) -> None:
    campaign.allows_comments = campaign.allows_support = campaign.allows_opposition = False
    campaign.save()
    contribution = personas.make_contribution(campaign)
    article = reader.get(address_of(contribution)).content.decode().split("<article", 1)[1]
    assert "opinion" not in article
    assert "comment-form" not in article
