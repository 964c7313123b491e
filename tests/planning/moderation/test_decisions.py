"""Publishing, rejecting, many at once, replying: through the forms of the queue."""

from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.models import Campaign, CommentStatus, Contribution, ContributionStatus, ModerationEvent
from mapping.services.moderation import moderate
from tests import personas
from tests.personas import staff_browser

PENDING, PUBLISHED, REJECTED = (
    ContributionStatus.PENDING,
    ContributionStatus.PUBLISHED,
    ContributionStatus.REJECTED,
)


@pytest.fixture
def browser(moderator: User) -> Client:
    return staff_browser(moderator)


def decide(browser: Client, item: Contribution, action: str, **fields: str) -> str:
    """Press a button as the page sends it; the words that the next page shows."""
    values = {"kind": "contributions", "id": str(item.pk), "action": action, "expected": str(item.status)}
    answer = browser.post(
        reverse("planning:decide", args=(item.campaign.slug,)),
        values | fields,
        follow=True,
        headers={"accept-language": "en"},
    )
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def test_publishing(pending: Contribution, browser: Client, moderator: User) -> None:
    decide(browser, pending, "publish")
    pending.refresh_from_db()
    assert pending.status == PUBLISHED
    event = pending.moderation_events.first()
    assert event is not None
    assert event.actor == moderator


def test_rejecting_with_a_chosen_reason_and_own_words(pending: Contribution, browser: Client) -> None:
    decide(browser, pending, "reject", reason_template="off-topic", reason="It is about another city.")
    pending.refresh_from_db()
    assert pending.status == REJECTED
    event = pending.moderation_events.first()
    assert event is not None
    assert event.reason.endswith("\nIt is about another city.")


@pytest.mark.parametrize("fields", [{}, {"reason": "  "}, {"reason_template": "unknown"}])
def test_rejecting_needs_a_reason(pending: Contribution, browser: Client, fields: dict[str, str]) -> None:
    words = decide(browser, pending, "reject", **fields)
    pending.refresh_from_db()
    assert pending.status == PENDING
    assert words


def test_the_slower_moderator_is_told_who_was_faster(
    pending: Contribution, browser: Client, manager: User
) -> None:
    moderate.reject(pending, manager, "Off topic.")
    pending.status = PENDING
    words = decide(browser, pending, "publish")
    pending.refresh_from_db()
    assert pending.status == REJECTED
    assert manager.email in words


def test_after_a_decision_the_next_one_is_in_view(campaign: Campaign, browser: Client) -> None:
    first = personas.make_contribution(campaign, status=PENDING)
    second = personas.make_contribution(campaign, status=PENDING)
    page = browser.get(reverse("planning:queue", args=(campaign.slug,)))
    answer = browser.post(
        reverse("planning:decide", args=(campaign.slug,)),
        {"id": first.pk, "action": "publish", "expected": "pending", "then": page.context["then"]},
        follow=True,
    )
    assert answer.context["current"] == second


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/", "//example.org", "/admin/", "/planning/elsewhere/queue/", "javascript:1"],
)
def test_a_decision_never_leads_elsewhere(pending: Contribution, browser: Client, elsewhere: str) -> None:
    answer = browser.post(
        reverse("planning:decide", args=(pending.campaign.slug,)),
        {"id": pending.pk, "action": "publish", "then": elsewhere},
    )
    assert answer.headers["Location"] == reverse("planning:queue", args=(pending.campaign.slug,))


def test_comments_are_decided_the_same_way(published: Contribution, browser: Client) -> None:
    comment = personas.make_comment(published, status=CommentStatus.PENDING)
    address = reverse("planning:decide", args=(published.campaign.slug,))
    browser.post(address, {"kind": "comments", "id": comment.pk, "action": "publish", "expected": "pending"})
    comment.refresh_from_db()
    published.refresh_from_db()
    assert comment.status == CommentStatus.PUBLISHED
    assert published.comment_count == 1


def test_many_at_once(campaign: Campaign, browser: Client) -> None:
    made = [personas.make_contribution(campaign, status=PENDING) for _ in range(3)]
    browser.post(
        reverse("planning:decide-many", args=(campaign.slug,)),
        {"selected": [str(one.pk) for one in made[:2]], "action": "publish", "expected": "pending"},
    )
    statuses = [Contribution.objects.get(pk=one.pk).status for one in made]
    assert statuses == [PUBLISHED, PUBLISHED, PENDING]


def test_many_at_once_with_too_long_a_reason_are_left_with_words(
    campaign: Campaign, pending: Contribution, browser: Client
) -> None:
    values = {"selected": [str(pending.pk)], "action": "reject", "reason": "x" * 5000, "expected": PENDING}
    answer = browser.post(reverse("planning:decide-many", args=(campaign.slug,)), values, follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    pending.refresh_from_db()
    assert pending.status == PENDING


def test_many_at_once_leave_alone_what_others_decided(
    campaign: Campaign, browser: Client, manager: User
) -> None:
    first, second = (personas.make_contribution(campaign, status=PENDING) for _ in range(2))
    moderate.reject(first, manager, "Off topic.")
    browser.post(
        reverse("planning:decide-many", args=(campaign.slug,)),
        {"selected": [str(first.pk), str(second.pk)], "action": "publish", "expected": "pending"},
    )
    assert Contribution.objects.get(pk=first.pk).status == REJECTED
    assert Contribution.objects.get(pk=second.pk).status == PUBLISHED


def test_many_comments_at_once(published: Contribution, browser: Client) -> None:
    comments = [personas.make_comment(published, status=CommentStatus.PENDING) for _ in range(2)]
    browser.post(
        reverse("planning:decide-many", args=(published.campaign.slug,)),
        {
            "kind": "comments",
            "selected": [str(one.pk) for one in comments],
            "action": "reject",
            "reason_template": "insulting",
            "expected": "pending",
        },
    )
    assert {comment.status for comment in published.comments.all()} == {CommentStatus.REJECTED}


def test_items_of_other_campaigns_are_out_of_reach(
    post_campaign: Campaign, browser: Client, campaign: Campaign
) -> None:
    foreign = personas.make_contribution(post_campaign, status=PENDING)
    answer = browser.post(
        reverse("planning:decide", args=(campaign.slug,)), {"id": foreign.pk, "action": "publish"}
    )
    assert answer.status_code == 404
    browser.post(
        reverse("planning:decide-many", args=(campaign.slug,)),
        {"selected": [str(foreign.pk)], "action": "publish", "expected": "pending"},
    )
    foreign.refresh_from_db()
    assert foreign.status == PENDING


@pytest.mark.parametrize("key", ["", "1", "x", "\x00", "9" * 60])
def test_nonsense_ids_are_not_found(campaign: Campaign, browser: Client, key: str) -> None:
    address = reverse("planning:decide", args=(campaign.slug,))
    for kind in ("contributions", "comments"):
        assert browser.post(address, {"kind": kind, "id": key, "action": "publish"}).status_code == 404


@pytest.mark.parametrize("name", ["decide", "decide-many"])
def test_analysts_decide_nothing(pending: Contribution, analyst: User, name: str) -> None:
    answer = staff_browser(analyst).post(
        reverse(f"planning:{name}", args=(pending.campaign.slug,)),
        {"id": pending.pk, "selected": [str(pending.pk)], "action": "publish", "expected": "pending"},
    )
    assert answer.status_code == 403
    pending.refresh_from_db()
    assert pending.status == PENDING


@pytest.mark.parametrize("name", ["decide", "decide-many"])
def test_looking_decides_nothing(pending: Contribution, browser: Client, name: str) -> None:
    address = reverse(f"planning:{name}", args=(pending.campaign.slug,))
    assert browser.get(address, {"id": str(pending.pk), "action": "publish"}).status_code == 405


def test_forms_are_guarded_against_other_sites(pending: Contribution, moderator: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(moderator)
    answer = browser.post(
        reverse("planning:decide", args=(pending.campaign.slug,)), {"id": pending.pk, "action": "publish"}
    )
    assert answer.status_code == 403


def test_replying_as_the_city(published: Contribution, browser: Client, moderator: User) -> None:
    address = reverse("planning:reply", args=(published.campaign.slug, published.pk))
    browser.post(address, {"status": "planned", "text": "Lamps come in autumn."})
    reply = published.replies.get()
    assert (reply.text, reply.status, reply.author) == ("Lamps come in autumn.", "planned", moderator)


@pytest.mark.parametrize("fields", [{"status": "nonsense", "text": "x"}, {"status": "done", "text": " "}, {}])
def test_a_wrong_reply_is_refused_with_words(
    published: Contribution, browser: Client, fields: dict[str, str]
) -> None:
    address = reverse("planning:reply", args=(published.campaign.slug, published.pk))
    answer = browser.post(address, fields, follow=True)
    assert list(answer.context["messages"])
    assert not published.replies.exists()


def test_a_reply_to_a_comment_thread_needs_the_role(published: Contribution) -> None:
    analyst = personas.make_user("other@example.org", published.campaign, Role.ANALYST)
    address = reverse("planning:reply", args=(published.campaign.slug, published.pk))
    assert staff_browser(analyst).post(address, {"status": "done", "text": "x"}).status_code == 403


def test_everything_goes_through_the_service(pending: Contribution, browser: Client) -> None:
    with patch.object(moderate, "publish") as publish:
        decide(browser, pending, "publish")
    publish.assert_called_once()
    assert not ModerationEvent.objects.filter(contribution=pending, to_status=PUBLISHED).exists()
