"""What the worker and the operator's commands do: senders enqueued, digests for staff, old rows deleted."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from engagement import tasks
from engagement.models import ConsentRecord, Letter, LetterState
from engagement.services.subscriptions import noting, retention, staff, subscribing
from engagement.services.subscriptions.staff import staff_content
from mapping.models import Campaign, Contribution, ContributionStatus
from tests import personas
from tests.background import waiting_tasks
from tests.engagement.making import make_body
from tests.engagement.subscriptions.making import make_letters, make_subscriber
from tests.engagement.subscriptions.post import PostOffice

pytestmark = pytest.mark.django_db


def test_two_senders_are_enqueued_once_while_letters_wait() -> None:
    tasks.note_happenings(0)
    assert waiting_tasks() == []
    make_letters(1)
    for _time in range(2):
        tasks.note_happenings(0)
        names = [name for name, _arguments in waiting_tasks()]
        assert names == ["engagement.send_letters"] * 2


@pytest.mark.parametrize("mail", ["new@example.org", "known@example.org", "no address"])
@pytest.mark.parametrize("what", ["", "link/"])
def test_link_is_sent_at_once_and_each_address_costs_the_same(
    settings: Settings, django_capture_on_commit_callbacks: Any, mail: str, what: str
) -> None:
    settings.SENDS_MAIL = True
    make_subscriber(mail="known@example.org")
    body = make_body()
    sent = {"mail": mail, "rhythm": "at_once"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = Client().post(f"/subscriptions/{what or f'?body={body.slug}'}", sent)
    names = [name for name, _arguments in waiting_tasks() if name == "engagement.send_letters"]
    assert names == ["engagement.send_letters"] * (2 if answer.status_code == 302 else 0)
    assert (answer.status_code == 302) == (mail != "no address")


def test_command_sends_and_says_how_much(
    post: PostOffice, pending: Contribution, manager: User, capsys: pytest.CaptureFixture[str]
) -> None:
    noting.note_happenings()
    make_letters(2)
    call_command("send_digests", "--staff")
    assert len(post.mails) == 3
    assert "1 new mails; 0 wait" in capsys.readouterr().out
    digest = post.recipients.index(manager.email)
    assert "1 Beitrag wartet auf Prüfung" in post.words(digest)
    assert f"/planning/{pending.campaign.slug}/queue/" in post.words(digest)
    assert "List-Unsubscribe" not in post.mails[digest]


def test_command_needs_a_mail_server(settings: Settings) -> None:
    settings.SENDS_MAIL = False
    with pytest.raises(CommandError, match="EMAIL_HOST"):
        call_command("send_digests")


def test_staff_is_told_what_had_no_answer_for_two_weeks(
    campaign: Campaign, manager: User, analyst: User, outsider: User
) -> None:
    old, young = personas.make_contribution(campaign), personas.make_contribution(campaign)
    Contribution.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=15))
    Contribution.objects.filter(pk=young.pk).update(created_at=timezone.now() - timedelta(days=13))
    content = staff_content(manager)
    assert content is not None
    [item] = content.items
    assert item.lines == ("1 Beitrag hat seit zwei Wochen keine Antwort",)
    assert staff_content(analyst) is staff_content(outsider) is None
    old.replies.create(status="planned", text="We build it.")
    assert staff_content(manager) is None


def test_digest_comes_once_a_week_to_those_who_ordered_it(
    settings: Settings, pending: Contribution, manager: User, moderator: User
) -> None:
    settings.SENDS_MAIL = True
    zone = ZoneInfo("Europe/Berlin")
    User.objects.filter(pk=manager.pk).update(digest_at=datetime(2026, 3, 4, 12, tzinfo=zone))
    moments = [(9, 6), (9, 7), (9, 8), (15, 12), (16, 6), (16, 7)]  # from Monday to Monday
    written = [staff.write_weekly_digests(datetime(2026, 3, day, hour, tzinfo=zone)) for day, hour in moments]
    assert written == [0, 1, 0, 0, 0, 1]
    assert set(Letter.objects.values_list("user", flat=True)) == {manager.pk}
    assert moderator.digest_at is None


def test_week_without_anything_to_do_brings_no_digest_later_in_the_week(
    settings: Settings, campaign: Campaign, manager: User
) -> None:
    settings.SENDS_MAIL = True
    zone = ZoneInfo("Europe/Berlin")
    User.objects.filter(pk=manager.pk).update(digest_at=datetime(2026, 3, 4, 12, tzinfo=zone))
    assert staff.write_weekly_digests(datetime(2026, 3, 9, 7, tzinfo=zone)) == 0
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    assert staff.write_weekly_digests(datetime(2026, 3, 12, 7, tzinfo=zone)) == 0
    assert staff.write_weekly_digests(datetime(2026, 3, 16, 7, tzinfo=zone)) == 1


def test_old_letters_and_consents_are_deleted() -> None:
    letters = make_letters(3)
    long_ago = timezone.now() - timedelta(days=31)
    Letter.objects.filter(pk__in=[one.pk for one in letters[:2]]).update(due_at=long_ago)
    Letter.objects.filter(pk=letters[0].pk).update(state=LetterState.SENT)
    assert retention.remove_letters() == 1
    reader = make_subscriber()
    for mail in (reader.mail, "gone@example.org"):
        for years in (1, 4):
            ConsentRecord.objects.create(
                key=subscribing.consent_key(mail),
                what="confirmed",
                subject="calendar",
                wording=1,
                at=timezone.now() - timedelta(days=366 * years),
            )
    assert retention.remove_consents() == 1
    assert ConsentRecord.objects.count() == 3
