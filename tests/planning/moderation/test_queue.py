"""The moderation queue: what is in it, in which order, in pages that neither skip nor repeat."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mapping.models import Campaign, CommentStatus, Contribution, ContributionStatus
from mapping.planning.moderation.keyset import Cursor, page_of
from mapping.services.erase import withdraw
from tests import personas
from tests.personas import EPOCH, staff_browser


@pytest.fixture
def browser(moderator: User) -> Client:
    return staff_browser(moderator)


def queue(campaign: Campaign) -> str:
    return reverse("planning:queue", args=(campaign.slug,))


def some_pending(campaign: Campaign, number: int) -> list[Contribution]:
    """Some pending contributions, an hour apart, in the order of their time."""
    return [
        personas.make_contribution(
            campaign,
            status=ContributionStatus.PENDING,
            created_at=EPOCH + timedelta(hours=hour),
            text=f"Text {hour}.",
        )
        for hour in range(number)
    ]


def test_who_waits_longest_comes_first(campaign: Campaign, browser: Client) -> None:
    made = some_pending(campaign, 3)
    page = browser.get(queue(campaign))
    assert [row.item for row in page.context["rows"]] == made
    assert page.context["current"] == made[0]


def test_decided_ones_are_shown_newest_first(campaign: Campaign, browser: Client) -> None:
    made = [
        personas.make_contribution(campaign, created_at=EPOCH + timedelta(hours=hour)) for hour in range(3)
    ]
    page = browser.get(queue(campaign), {"status": "published"})
    assert [row.item for row in page.context["rows"]] == made[::-1]


def test_nothing_of_other_campaigns(campaign: Campaign, post_campaign: Campaign, browser: Client) -> None:
    foreign = personas.make_contribution(post_campaign, status=ContributionStatus.PENDING)
    page = browser.get(queue(campaign), {"item": str(foreign.pk)})
    assert not page.context["rows"]
    assert page.context["current"] is None


def test_what_its_author_took_back_is_gone(pending: Contribution, browser: Client) -> None:
    withdraw(pending)
    page = browser.get(queue(pending.campaign), {"item": str(pending.pk)})
    assert not page.context["rows"]
    assert page.context["current"] is None


def test_tabs_count(campaign: Campaign, browser: Client) -> None:
    some_pending(campaign, 2)
    published = personas.make_contribution(campaign)
    personas.make_comment(published, status=CommentStatus.PENDING)
    page = browser.get(queue(campaign))
    assert [tab.number for tab in page.context["kinds"]] == [2, 1]
    assert [tab.number for tab in page.context["statuses"]] == [2, 1, 0]


def test_category_filters(campaign: Campaign, browser: Client) -> None:
    some_pending(campaign, 2)
    idea = personas.make_contribution(campaign, None, category="idea", status=ContributionStatus.PENDING)
    page = browser.get(queue(campaign), {"category": "idea"})
    assert [row.item for row in page.context["rows"]] == [idea]


def test_comments_are_reviewed_with_their_contribution(campaign: Campaign, browser: Client) -> None:
    below = personas.make_contribution(campaign, text="The place in question.")
    comment = personas.make_comment(below, "A comment.", status=CommentStatus.PENDING)
    page = browser.get(queue(campaign), {"kind": "comments"})
    assert page.context["current"] == comment
    assert b"The place in question." in page.content


def test_pages_show_everything_once(campaign: Campaign, browser: Client) -> None:
    made = some_pending(campaign, 60)
    seen: list[Contribution] = []
    address = queue(campaign)
    while address:
        page = browser.get(address)
        seen += [row.item for row in page.context["rows"]]
        address = page.context["next_page"]
    assert seen == made


def test_pages_survive_decisions_of_others(campaign: Campaign, browser: Client) -> None:
    made = some_pending(campaign, 40)
    first = browser.get(queue(campaign))
    Contribution.objects.filter(pk__in=[one.pk for one in made[:20]]).update(
        status=ContributionStatus.PUBLISHED
    )
    second = browser.get(first.context["next_page"])
    assert [row.item for row in second.context["rows"]] == made[25:]


def test_going_back_finds_the_page_before(campaign: Campaign, browser: Client) -> None:
    some_pending(campaign, 60)
    first = browser.get(queue(campaign))
    second = browser.get(first.context["next_page"])
    back = browser.get(second.context["previous_page"])
    assert [row.item for row in back.context["rows"]] == [row.item for row in first.context["rows"]]
    assert not back.context["previous_page"]


def test_ties_in_time_are_broken_by_id(campaign: Campaign) -> None:
    made = [
        personas.make_contribution(campaign, status=ContributionStatus.PENDING, created_at=EPOCH)
        for _ in range(5)
    ]
    everything = sorted(made, key=lambda one: one.pk)
    rows = Contribution.objects.filter(campaign=campaign)
    first = page_of(rows, newest_first=False, size=3)
    assert list(first.rows) == everything[:3]
    second = page_of(rows, newest_first=False, after=first.next, size=3)
    assert list(second.rows) == everything[3:]
    assert second.next is None
    down = page_of(rows, newest_first=True, size=3)
    assert list(down.rows) == everything[::-1][:3]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~",
        "yesterday~1",
        "2026-05-01T10:00:00+00:00~",
        "2026-05-01T10:00:00+00:00~x",
        "2026-05-01T10:00~1",
    ],
)
def test_what_is_no_cursor_means_the_first_page(text: str) -> None:
    assert Cursor.parse(text, Contribution) is None


def test_cursor_reads_what_it_wrote() -> None:
    cursor = Cursor(EPOCH, str(uuid4()))
    assert Cursor.parse(str(cursor), Contribution) == cursor


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "nonsense", "status": "withdrawn", "category": "none", "item": "x" * 500, "after": "~~~"},
        {"kind": "comments", "item": "9" * 40},
        {"kind": "comments", "item": "١٢"},
        {"item": str(uuid4()), "before": "2026-05-01T10:00:00+00:00~no"},
        {"item": "\x00", "category": "\x00"},
    ],
)
def test_nonsense_in_the_address_is_ignored(
    campaign: Campaign, browser: Client, query: dict[str, str]
) -> None:
    some_pending(campaign, 1)
    assert browser.get(queue(campaign), query).status_code == 200


def test_text_is_shown_as_text(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign, status=ContributionStatus.PENDING, text="<script>alert(1)</script>")
    page = browser.get(queue(campaign)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_answers_are_shown_in_words(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(
        campaign, category="survey", status=ContributionStatus.PENDING, answers=personas.GOOD_ANSWERS
    )
    shown = {one.title: one.words for one in browser.get(queue(campaign)).context["shown"].answers}
    assert "At night" in shown.values()
    assert "By day, At night" in shown.values()
    assert "4 von 5" in shown.values()
    assert "12,5 min" in shown.values()


def test_a_busy_queue_needs_few_queries(
    campaign: Campaign, browser: Client, django_assert_max_num_queries: object
) -> None:
    some_pending(campaign, 30)
    with django_assert_max_num_queries(31):  # type: ignore[operator]
        browser.get(queue(campaign))


# --- bursts ---------------------------------------------------------------------------------------------------


def a_burst(campaign: Campaign) -> list[Contribution]:
    """Many at once yesterday, and one an hour before."""
    at = (timezone.now() - timedelta(days=1)).replace(minute=5, second=0, microsecond=0)
    before = personas.make_contribution(
        campaign, status=ContributionStatus.PENDING, created_at=at - timedelta(hours=1), footprint=False
    )
    sent = [
        personas.make_contribution(
            campaign,
            status=ContributionStatus.PENDING,
            created_at=at + timedelta(seconds=number),
            footprint=False,
        )
        for number in range(25)
    ]
    return [before, *sent]


def test_burst_is_told_and_shown_alone(campaign: Campaign, browser: Client) -> None:
    before, *sent = a_burst(campaign)
    page = browser.get(queue(campaign))
    [notice] = page.context["notices"]
    assert notice.burst.number == 25
    assert "Ungewöhnlich viele Beiträge zwischen" in page.content.decode()
    only = browser.get(notice.address)
    assert {row.item for row in only.context["rows"]} <= set(sent)
    assert [tab.number for tab in only.context["statuses"]] == [25, 0, 0]
    assert only.context["notices"][0].is_current
    every = browser.get(only.context["without_period"])
    assert before in {row.item for row in every.context["rows"]}


def test_pages_and_decisions_keep_the_period(campaign: Campaign, browser: Client) -> None:
    a_burst(campaign)
    only = browser.get(browser.get(queue(campaign)).context["notices"][0].address)
    for name in ("here", "then", "back"):
        assert "start=" in only.context[name]
        assert "end=" in only.context[name]
    assert all("start=" in tab.address for tab in only.context["statuses"])


def test_quiet_campaign_has_no_notice(campaign: Campaign, browser: Client) -> None:
    some_pending(campaign, 3)
    assert browser.get(queue(campaign)).context["notices"] == []


@pytest.mark.parametrize(
    "moment",
    [
        "nonsense",
        "2026-05-01T10:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-05-01T10:00:00Z" * 20,
        "\0",
        "١٢",
    ],
)
def test_unreadable_period_is_left_out(moment: str, campaign: Campaign, browser: Client) -> None:
    made = some_pending(campaign, 2)
    page = browser.get(queue(campaign), {"start": moment, "end": moment})
    assert [row.item for row in page.context["rows"]] == made
