"""The planners' start page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from mapping.models import Campaign, CommentStatus, ContributionStatus
from mapping.planning.campaigns.start import campaign_cards
from tests import personas


def test_cards_count_what_waits(campaign: Campaign, manager: User) -> None:
    published = personas.make_contribution(campaign)
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    personas.make_contribution(campaign, status=ContributionStatus.REJECTED)
    personas.make_comment(published, status=CommentStatus.PENDING)
    personas.make_comment(published)
    (card,) = campaign_cards(manager)
    assert (card.pending, card.published, card.rejected, card.pending_comments) == (1, 1, 1, 1)
    assert card.waiting == 2
    assert (card.may_moderate, card.may_analyse) == (True, True)


def test_members_see_their_own_campaigns_only(campaign: Campaign, analyst: User, outsider: User) -> None:
    assert [card.campaign for card in campaign_cards(analyst)] == [campaign]
    assert campaign not in [card.campaign for card in campaign_cards(outsider)]


def test_cards_know_the_role(campaign: Campaign, moderator: User, analyst: User) -> None:
    (card,) = campaign_cards(moderator)
    assert (card.may_moderate, card.may_analyse) == (True, False)
    (card,) = campaign_cards(analyst)
    assert (card.may_moderate, card.may_analyse) == (False, True)


def test_number_of_queries_does_not_grow(administrator: User) -> None:
    browser = personas.staff_browser(administrator)
    personas.make_campaign("one")
    with CaptureQueriesContext(
        connection,
    ) as first:
        browser.get("/planning/")
    for slug in ("two", "three", "four"):
        personas.make_campaign(slug)
    with CaptureQueriesContext(connection) as second:
        browser.get("/planning/")
    assert len(second) == len(first)


def test_running_campaigns_come_first(administrator: User) -> None:
    personas.make_closed()
    personas.make_upcoming()
    personas.make_campaign()
    slugs = [card.campaign.slug for card in campaign_cards(administrator)]
    assert slugs == ["fear-spaces", "next-year", "last-year"]


@pytest.mark.django_db
def test_somebody_without_a_campaign_is_told_so() -> None:
    user = personas.make_user("new@example.org")
    page = personas.staff_browser(user).get("/planning/")
    assert page.status_code == 200
    assert not page.context["cards"]


def test_drafts_and_roles_elsewhere_stay_apart(draft_campaign: Campaign) -> None:
    member = personas.make_user("member@example.org", draft_campaign, Role.MODERATOR)
    (card,) = campaign_cards(member)
    assert card.campaign.is_draft


@pytest.mark.parametrize(
    ("waiting", "to_analysts", "to_moderators"),
    [
        (0, "Nothing waits for a review.", "Nothing waits for a review."),
        (
            1,
            "Nothing waits for you. 1 contribution or comment waits for those who review.",
            "1 contribution or comment waits for a review.",
        ),
        (
            7,
            "Nothing waits for you. 7 contributions and comments wait for those who review.",
            "7 contributions and comments wait for a review.",
        ),
    ],
)
def test_words_above_the_campaigns_agree_with_the_numbers_below(
    campaign: Campaign, analyst: User, moderator: User, *, waiting: int, to_analysts: str, to_moderators: str
) -> None:
    for _ in range(waiting):
        personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    for user, words in ((analyst, to_analysts), (moderator, to_moderators)):
        browser = personas.staff_browser(user)
        browser.cookies["django_language"] = "en"
        page = " ".join(browser.get("/planning/").content.decode().split())
        assert f'<p class="lead"> {words} </p>' in page
        assert f"<dt>Waiting</dt> <dd> {waiting} </dd>" in page
