"""What the administration changes, it changes through services: publishing, rejecting, erasing."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, CommentStatus, Contribution, ContributionStatus, Participant, Withdrawal
from tests import personas
from tests.personas import Citizen, staff_browser

LIST = "admin:mapping_contribution_changelist"


@pytest.fixture
def browser(administrator: User) -> Client:
    return staff_browser(administrator)


def act(browser: Client, name: str, action: str, *keys: object, **fields: str) -> list[str]:
    """Run an action on rows; the messages of the next page."""
    answer = browser.post(
        reverse(f"admin:mapping_{name}_changelist"),
        {"action": action, ACTION_CHECKBOX_NAME: [str(key) for key in keys], **fields},
        follow=True,
    )
    assert answer.status_code == 200
    return [str(message) for message in answer.context.get("messages", [])]


def test_publishing_is_recorded(pending: Contribution, browser: Client, administrator: User) -> None:
    act(browser, "contribution", "publish", pending.pk)
    pending.refresh_from_db()
    assert pending.status == ContributionStatus.PUBLISHED
    event = pending.moderation_events.first()
    assert event is not None
    assert event.actor == administrator


def test_rejecting_needs_a_reason(pending: Contribution, browser: Client) -> None:
    assert act(browser, "contribution", "reject", pending.pk)
    pending.refresh_from_db()
    assert pending.status == ContributionStatus.PENDING
    act(browser, "contribution", "reject", pending.pk, reason="Advertising")
    pending.refresh_from_db()
    assert pending.status == ContributionStatus.REJECTED


def test_several_campaigns_at_once(campaign: Campaign, cells_campaign: Campaign, browser: Client) -> None:
    made = [
        personas.make_contribution(one, status=ContributionStatus.PENDING)
        for one in (campaign, cells_campaign)
    ]
    act(browser, "contribution", "publish", *(one.pk for one in made))
    statuses = {Contribution.objects.get(pk=one.pk).status for one in made}
    assert statuses == {ContributionStatus.PUBLISHED}


def test_staff_without_a_role_in_the_campaign_decide_nothing(pending: Contribution) -> None:
    clerk = personas.make_user("clerk@example.org", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_contribution"))
    act(staff_browser(clerk), "contribution", "publish", pending.pk)
    pending.refresh_from_db()
    assert pending.status == ContributionStatus.PENDING


def test_erasing_asks_first(published: Contribution, browser: Client) -> None:
    act(browser, "contribution", "withdraw", published.pk)
    published.refresh_from_db()
    assert published.status == ContributionStatus.PUBLISHED
    act(browser, "contribution", "withdraw", published.pk, confirmed="1")
    assert not Contribution.objects.exists()
    assert Withdrawal.objects.get().actor is not None


def test_erasing_needs_the_right_to_delete(published: Contribution) -> None:
    clerk = personas.make_user("clerk@example.org", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_contribution"))
    act(staff_browser(clerk), "contribution", "withdraw", published.pk, confirmed="1")
    published.refresh_from_db()
    assert published.status == ContributionStatus.PUBLISHED


def test_erasing_a_person(campaign: Campaign, citizen: Citizen, browser: Client) -> None:
    own = personas.make_contribution(campaign, by=citizen)
    foreign = personas.make_contribution(campaign)
    personas.make_comment(foreign, by=citizen)
    person = citizen.participant(campaign)
    act(browser, "participant", "erase", person.pk)
    assert Participant.objects.filter(pk=person.pk).exists()
    act(browser, "participant", "erase", person.pk, confirmed="1")
    foreign.refresh_from_db()
    assert not Contribution.objects.filter(pk=own.pk).exists()
    assert Withdrawal.objects.of(own.pk).get().actor is not None
    assert (foreign.comment_count, foreign.comments.count()) == (0, 0)
    assert not Participant.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize(
    ("action", "status"), [("publish", CommentStatus.PUBLISHED), ("reject", CommentStatus.REJECTED)]
)
def test_comments(published: Contribution, browser: Client, action: str, status: CommentStatus) -> None:
    comment = personas.make_comment(published, status=CommentStatus.PENDING)
    act(browser, "comment", action, comment.pk)
    comment.refresh_from_db()
    assert comment.status == status


def test_a_contribution_is_found_by_its_id(
    published: Contribution, pending: Contribution, browser: Client
) -> None:
    answer = browser.get(reverse(LIST), {"q": str(published.pk)})
    assert list(answer.context["cl"].result_list) == [published]


def test_members_without_staff_rights_stay_outside(moderator: User) -> None:
    assert staff_browser(moderator).get(reverse("admin:index")).status_code == 302
