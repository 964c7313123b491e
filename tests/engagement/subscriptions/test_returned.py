"""Mails that came back: who is suspended, who is counted, and who cannot make others lose their mails."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from engagement.mail.bounces import read_bounce
from engagement.models import Letter, LetterState, Subscriber
from engagement.services.subscriptions.returned import take_back
from engagement.services.subscriptions.sending import MOST_BOUNCES
from tests.engagement.subscriptions.making import make_letters

pytestmark = pytest.mark.django_db

NOTIFICATION = """\
From: MAILER-DAEMON@example.org
To: {to}
Subject: Undelivered mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; reader@example.org
Action: {action}
Status: {status}

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: News

{body}
--b--
"""


def notification(letter: Letter | None = None, **fields: str) -> bytes:
    """A delivery status notification (RFC 3464) about a letter."""
    known = f"<{letter.pk if letter else uuid.uuid4()}@beteiligung.example.org>"
    values = {
        "to": "noreply@example.org",
        "action": "failed",
        "status": "5.1.1",
        "kind": "message/rfc822",
        "message_id": known,
        "body": "Hello",
    }
    return NOTIFICATION.format(**(values | fields)).encode()


def is_suspended(letter: Letter) -> bool:
    assert letter.subscriber is not None
    return Subscriber.objects.get(pk=letter.subscriber.pk).suspended_at is not None


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_permanent_failure_suspends_the_address(kind: str) -> None:
    letter, other = make_letters(2)
    assert take_back(notification(letter, kind=kind))
    assert is_suspended(letter)
    assert not is_suspended(other)


def test_address_of_return_names_the_letter(db: None) -> None:
    [letter] = make_letters(1)
    raw = notification(to=f"bounces+{letter.pk.hex}@example.org", message_id="<other@example.org>")
    assert take_back(raw)
    assert is_suspended(letter)


def returned(number: int) -> list[Letter]:
    """Letters to one reader, an hour apart, that were sent."""
    [first] = make_letters(1)
    sent = {"kind": first.kind, "subscription": first.subscription, "state": LetterState.SENT}
    return Letter.objects.bulk_create(
        Letter(
            subscriber=first.subscriber, created_at=first.created_at - timedelta(hours=number - one), **sent
        )
        for one in range(number)
    )


def bounces(letter: Letter) -> int:
    assert letter.subscriber is not None
    return Subscriber.objects.get(pk=letter.subscriber.pk).bounces


def test_temporary_failures_are_counted() -> None:
    *letters, last = returned(MOST_BOUNCES)
    for letter in letters:
        take_back(notification(letter, status="4.4.7"))
    assert not is_suspended(last)
    take_back(notification(last, status="4.4.7"))
    assert is_suspended(last)


def test_notification_that_is_read_again_counts_once() -> None:
    [letter] = returned(1)
    for _time in range(MOST_BOUNCES + 1):
        assert take_back(notification(letter, status="4.4.7"))
    assert bounces(letter) == 1
    assert not is_suspended(letter)


def test_letter_that_arrived_begins_the_count_anew() -> None:
    letters = returned(6)
    for letter in (*letters[:4], letters[5]):
        take_back(notification(letter, status="4.4.7"))
    assert bounces(letters[0]) == 1


@pytest.mark.parametrize("status", ["5.7.1", "5.3.2", "5.5.1", "5.6.0", "4.7.1"])
def test_what_a_server_has_against_the_site_counts_for_no_reader(status: str) -> None:
    [letter] = returned(1)
    assert take_back(notification(letter, status=status))
    assert not is_suspended(letter)
    assert bounces(letter) == 0


@pytest.mark.parametrize("status", ["5.2.2", "5.4.4", "5.0.0"])
def test_permanent_failure_that_is_not_about_the_address_is_counted(status: str) -> None:
    [letter] = returned(1)
    take_back(notification(letter, status=status))
    assert bounces(letter) == 1
    assert not is_suspended(letter)


@pytest.mark.parametrize(
    "fields",
    [{"action": "delayed", "status": "4.4.1"}, {"action": "delivered", "status": "2.0.0"}, {"status": "x"}],
)
def test_delays_and_deliveries_are_no_failures(fields: dict[str, str]) -> None:
    [letter] = make_letters(1)
    assert not take_back(notification(letter, **fields))
    assert not is_suspended(letter)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: holiday\n\nI am away until Monday.",
        notification(message_id="<nothing>"),
        notification(message_id="=?utf-8?b?////?="),
        notification(to="=?utf-8?q?=00?= <"),
        b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n" * 2000,
        b"Content-Type: message/rfc822\n\n" * 1500,
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one) for one in range(1500)
        ),
    ],
)
def test_what_names_no_letter_changes_nothing(raw: bytes) -> None:
    [letter] = make_letters(1)
    assert not take_back(raw)
    assert not is_suspended(letter)


def test_forged_notification_with_an_address_alone_is_nothing() -> None:
    [letter] = make_letters(1)
    assert letter.subscriber is not None
    raw = notification().replace(b"reader@example.org", letter.subscriber.mail.encode())
    bounce = read_bounce(raw)
    assert bounce is not None
    assert not take_back(raw)
    assert not is_suspended(letter)


def test_command_reads_mailboxes_folders_and_mails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letters = make_letters(3)
    single, box, folder = tmp_path / "one.eml", tmp_path / "box", tmp_path / "folder"
    single.write_bytes(notification(letters[0]))
    box.write_bytes(b"From MAILER-DAEMON Mon Mar  2 12:00:00 2026\n" + notification(letters[1]) + b"\n")
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "new" / "1.eml").write_bytes(notification(letters[2]))
    call_command("read_bounces", single, box, folder)
    assert "3 mails, 3 about" in capsys.readouterr().out
    assert all(is_suspended(letter) for letter in letters)
    with pytest.raises(CommandError, match="nothing"):
        call_command("read_bounces", tmp_path / "nothing")
