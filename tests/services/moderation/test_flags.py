"""Reports of content: stored without a person, decided by moderators, deleted after half a year."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from mapping.models import Comment, CommentStatus, Contribution, ContributionStatus, Flag
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.moderation import flags, moderate
from mapping.services.moderation.undo import undo
from tests import personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(published: Contribution) -> Comment:
    return personas.make_comment(published)


def outcomes() -> list[str]:
    return list(Flag.objects.order_by("pk").values_list("outcome", flat=True))


def test_what_is_reported_stays_public(published: Contribution, comment: Comment) -> None:
    flags.flag(published, "unlawful", " It lies\x00. ")
    flags.flag(comment, "insulting")
    assert [(one.reason, one.text, one.comment) for one in Flag.objects.all()] == [
        ("unlawful", "It lies.", None),
        ("insulting", "", comment),
    ]
    assert Contribution.objects.published().count() == 1
    assert Comment.objects.published().count() == 1


def test_a_report_sent_twice_is_one_report(published: Contribution) -> None:
    for text in ("", "", "Look"):
        flags.flag(published, "advertising", text)
    assert Flag.objects.count() == 2


def test_only_so_many_reports_of_one_thing_wait(published: Contribution, comment: Comment) -> None:
    for number in range(flags.MOST_UNDECIDED + 5):
        flags.flag(published, "other", f"Reason {number}")
    flags.flag(comment, "insulting")
    assert Flag.objects.count() == flags.MOST_UNDECIDED + 1


@pytest.mark.parametrize(
    ("reason", "text", "field", "code"),
    [
        ("", "", "reason", "unknown_flag_reason"),
        ("boring", "", "reason", "unknown_flag_reason"),
        ("unlawful", " \n", "text", "flag_unexplained"),
        ("other", "", "text", "flag_unexplained"),
        ("insulting", "x" * 1001, "text", "too_long"),
    ],
)
def test_bad_reports_are_refused_at_their_field(
    published: Contribution, reason: str, text: str, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        flags.flag(published, reason, text)
    assert refused.value.fields[field][0].code == code
    assert not Flag.objects.exists()


def test_what_is_not_public_cannot_be_reported(pending: Contribution, published: Contribution) -> None:
    waiting = personas.make_comment(published, status=CommentStatus.PENDING)
    for item, code in (
        (pending, "not_public"),
        (waiting, "gone"),
        (personas.make_comment(pending), "not_public"),
    ):
        with pytest.raises(NotAllowed) as refused:
            flags.flag(item, "insulting")
        assert refused.value.code == code
    assert not Flag.objects.exists()


def test_moderators_leave_it_as_it_is(published: Contribution, comment: Comment, moderator: User) -> None:
    for item in (published, comment):
        flags.flag(item, "insulting")
    assert flags.keep(published, moderator) == 1
    assert outcomes() == ["kept", ""]
    closed = Flag.objects.get(contribution=published)
    assert closed.closed_by == moderator
    assert flags.keep(comment, moderator) == 1
    flags.flag(published, "insulting")
    assert outcomes() == ["kept", "kept", ""]


def test_only_moderators_decide(published: Contribution, analyst: User) -> None:
    flags.flag(published, "insulting")
    with pytest.raises(NotAllowed):
        flags.keep(published, analyst)
    assert outcomes() == [""]


def test_rejecting_closes_reports_and_taking_that_back_opens_them(
    published: Contribution, comment: Comment, moderator: User
) -> None:
    for item in (published, comment):
        flags.flag(item, "insulting")
    moderate.reject_comment(comment, moderator)
    assert outcomes() == ["", "removed"]
    moderate.reject(published, moderator, "It insults.")
    assert outcomes() == ["removed", "removed"]
    event = published.moderation_events.latest("created_at")
    undo([event.pk], published.campaign, moderator)
    assert outcomes() == ["", "removed"]
    published.refresh_from_db()
    assert published.status == ContributionStatus.PUBLISHED


def test_rejecting_many_closes_their_reports(published: Contribution, moderator: User) -> None:
    flags.flag(published, "insulting")
    moderate.bulk([published.pk], published.campaign, "reject", moderator, "It insults.")
    assert outcomes() == ["removed"]


def test_decided_reports_are_deleted_after_half_a_year(published: Contribution, moderator: User) -> None:
    flags.flag(published, "insulting")
    assert flags.remove_decided(timezone.now() + timedelta(days=1000)) == 0
    flags.keep(published, moderator)
    assert flags.remove_decided(timezone.now() + timedelta(days=179)) == 0
    assert flags.remove_decided(timezone.now() + timedelta(days=181)) == 1
    assert not Flag.objects.exists()
