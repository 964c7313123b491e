"""Letters on their way: none is lost, and none sent twice but that of a killed sender, whatever the server does."""

from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from engagement.mail.answers import Cause, cause_at_content, cause_at_recipient
from engagement.models import Letter, LetterState, Subscriber
from engagement.services.subscriptions import noting, sending
from tests.engagement.making import make_event, make_plan
from tests.engagement.subscriptions.conftest import sends_to
from tests.engagement.subscriptions.making import make_letters, make_subscriber, make_subscription
from tests.engagement.subscriptions.post import PostOffice, free_port, open_office

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return sorted(Letter.objects.values_list("state", flat=True))


def make_all_due() -> None:
    Letter.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def pass_minutes(minutes: int) -> None:
    """As if some minutes had passed."""
    for letter in Letter.objects.exclude(taken_at=None):
        assert letter.taken_at is not None
        letter.taken_at -= timedelta(minutes=minutes)
        letter.save(update_fields=["taken_at"])
    make_all_due()


def test_letters_are_sent_once_over_one_connection(post: PostOffice) -> None:
    make_letters(7)
    assert not sending.send_letters()
    assert not sending.send_letters()
    assert len(post.mails) == len(set(post.recipients)) == 7
    assert post.connections == 1
    assert states() == ["sent"] * 7


def test_burst_is_spread_over_jobs(post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MOST_AT_A_TIME", 3)
    make_letters(7)
    assert [sending.send_letters(), sending.send_letters(), sending.send_letters()] == [True, True, False]
    assert len(post.mails) == 7


def test_senders_rest_between_letters(post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a half of the processor time of each letter, so that pages get their turn."""
    rests: list[float] = []
    clock = count(0, 0.004)
    monkeypatch.setattr(sending, "time", SimpleNamespace(sleep=rests.append, thread_time=lambda: next(clock)))
    make_letters(3)
    sending.send_letters()
    assert rests == pytest.approx([0.002] * 3)


def test_dead_server_loses_nothing(settings: Settings) -> None:
    port = free_port()
    sends_to(settings, port)
    make_letters(3)
    assert not sending.send_letters()
    assert states() == ["waiting"] * 3
    assert set(Letter.objects.values_list("attempts", "interruptions")) == {(0, 0)}
    with open_office(port) as office:
        sending.send_letters()
        assert len(office.mails) == 3


def test_letter_that_is_put_off_waits_and_the_others_do_not(post: PostOffice) -> None:
    late, *_others = make_letters(3)
    assert late.subscriber is not None
    address = late.subscriber.mail
    post.rcpt = lambda one: "451 4.2.1 later" if one == address else "250 OK"
    sending.send_letters()
    assert states() == ["sent", "sent", "waiting"]
    assert not Letter.objects.due(timezone.now()).exists()
    post.rcpt = lambda _one: "250 OK"
    make_all_due()
    sending.send_letters()
    assert states() == ["sent"] * 3


def test_letter_that_is_always_put_off_is_given_up_after_days(post: PostOffice) -> None:
    make_letters(1)
    post.data = lambda _one: "452 4.3.1 full"
    waited = timedelta()
    for _attempt in range(40):
        before = timezone.now()
        sending.send_letters()
        waited += Letter.objects.get().due_at - before
        make_all_due()
    assert states() == ["refused"]
    assert len(sending.PAUSES) == 32
    assert timedelta(days=4) < sum(sending.PAUSES, timedelta()) < timedelta(days=5)
    assert Subscriber.objects.get().bounces == 1
    assert Subscriber.objects.get().suspended_at is None


def test_unknown_address_is_suspended(post: PostOffice) -> None:
    make_letters(2)
    post.rcpt = lambda _one: "550 5.1.1 nobody here"
    sending.send_letters()
    assert states() == ["refused"] * 2
    assert not Subscriber.objects.filter(suspended_at=None).exists()
    assert not post.mails


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 Relay access denied",
        "550 5.7.1 SPF check failed",
        "550 5.1.8 sender domain unknown",
        "554 no relaying",
    ],
)
def test_relay_with_a_wrong_setting_suspends_nobody_and_loses_nothing(
    post: PostOffice, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    make_letters(5)
    post.rcpt = lambda _one: answer
    assert not sending.send_letters()
    assert states() == ["waiting"] * 5
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 0, 1, 1, 1]
    assert not Subscriber.objects.exclude(suspended_at=None).exists()
    assert f"because of this site: {answer[:3]}" in caplog.text
    assert "example.org" not in caplog.text
    post.rcpt = lambda _one: "250 OK"
    make_all_due()
    sending.send_letters()
    assert len(post.mails) == 5


def test_letter_that_one_recipient_declines_is_given_up_only_while_others_arrive(post: PostOffice) -> None:
    [letter] = make_letters(1)
    Letter.objects.update(attempts=len(sending.PAUSES))
    post.rcpt = lambda _one: "550 5.7.1 refused by policy"
    sending.send_letters()
    assert Letter.objects.get().state == LetterState.WAITING
    [other] = make_letters(1)
    Letter.objects.filter(pk=other.pk).update(state=LetterState.SENT, taken_at=timezone.now())
    make_all_due()
    sending.send_letters()
    assert Letter.objects.get(pk=letter.pk).state == LetterState.REFUSED
    assert not Subscriber.objects.exclude(suspended_at=None).exists()


def test_refusals_of_some_recipients_do_not_keep_the_others_waiting(post: PostOffice) -> None:
    [other] = make_letters(1)
    Letter.objects.filter(pk=other.pk).update(state=LetterState.SENT, taken_at=timezone.now())
    letters = make_letters(6)
    refused = {str(letter.subscriber.mail) for letter in letters[:5] if letter.subscriber is not None}
    post.rcpt = lambda one: "554 5.7.1 Access denied" if one in refused else "250 OK"
    sending.send_letters()
    assert sorted(states()) == ["sent", "sent", *["waiting"] * 5]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("550 5.1.1 unknown", Cause.ADDRESS),
        ("550 5.2.1 disabled", Cause.ADDRESS),
        ("550 no such user", Cause.ADDRESS),
        ("553 no such user", Cause.ADDRESS),
        ("550 5.0.0 no", Cause.ADDRESS),
        ("556 5.1.10 null MX", Cause.ADDRESS),
        ("552 mailbox full", Cause.MAILBOX),
        ("552 5.2.2 mailbox full", Cause.MAILBOX),
        ("550 5.4.1 no route", Cause.MAILBOX),
        ("530 5.7.0 authentication required", Cause.SITE),
        ("503 bad sequence", Cause.SITE),
        ("550 5.3.2 system not accepting mail", Cause.SITE),
        ("550 5.5.1 not now", Cause.SITE),
        ("550 5.1.7 sender", Cause.SITE),
        ("554 no", Cause.SITE),
        ("550 5.1.0 <noreply@city.example>: Sender address rejected: User unknown in table", Cause.SITE),
        ("550 relay not permitted", Cause.SITE),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Cause.SITE),
        ("550 authentication required", Cause.SITE),
        ("550 Sender verify failed", Cause.SITE),
        ("550 5.1.1 <sender@city.example>: User unknown in relay recipient table", Cause.ADDRESS),
        ("550 <relay@city.example>: User unknown in relay recipient table", Cause.ADDRESS),
        ("550 5.1.0 address rejected", Cause.MAILBOX),
        ("550 5.5.0 mailbox unavailable", Cause.MAILBOX),
    ],
)
def test_answers_to_the_recipient_name_a_cause(answer: str, cause: Cause) -> None:
    code, _blank, words = answer.partition(" ")
    assert cause_at_recipient(int(code), words) is cause


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("554 5.7.1 spam", Cause.CONTENT),
        ("554 rejected", Cause.CONTENT),
        ("550 5.7.26 neither SPF nor DKIM", Cause.SITE),
        ("530 5.7.0 authentication required", Cause.SITE),
        ("550 5.1.1 unknown", Cause.ADDRESS),
        ("550 5.1.8 sender domain", Cause.SITE),
        ("552 5.3.4 too large", Cause.CONTENT),
        ("550 5.3.2 system not accepting mail", Cause.SITE),
    ],
)
def test_answers_to_the_content_name_a_cause(answer: str, cause: Cause) -> None:
    code, _blank, words = answer.partition(" ")
    assert cause_at_content(int(code), words) is cause


def test_nothing_more_goes_to_an_address_that_was_suspended(post: PostOffice) -> None:
    reader, plan = make_subscriber(), make_plan()
    make_subscription(reader)
    make_subscription(reader, plan=plan)
    make_event()
    plan.changes.create(text="The square gets larger")
    noting.note_happenings()
    assert noting.write_letters() == 2
    [other] = make_letters(1)
    asked: list[str] = []

    def answer(recipient: str) -> str:
        asked.append(recipient)
        return "550 no" if recipient == reader.mail else "250 OK"

    post.rcpt = answer
    sending.send_letters()
    assert asked.count(reader.mail) == 1
    assert Letter.objects.filter(subscriber=reader).values_list("state", flat=True).get() == "refused"
    assert Letter.objects.get(pk=other.pk).state == LetterState.SENT


def test_refused_content_says_nothing_about_the_address(post: PostOffice) -> None:
    make_letters(1)
    post.data = lambda _one: "554 5.7.1 looks like spam"
    sending.send_letters()
    assert states() == ["refused"]
    assert Subscriber.objects.get().suspended_at is None


def test_slow_server_gets_each_letter_at_most_twice_with_the_same_id(
    post: PostOffice, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    make_letters(1)
    post.delay = 0.6
    sending.send_letters()
    assert states() == ["waiting"]
    make_all_due()
    sending.send_letters()
    assert states() == ["unclear"]
    make_all_due()
    sending.send_letters()
    assert len({mail["Message-ID"] for mail in post.mails}) <= 1
    assert len(post.mails) <= 2


def test_broken_connection_after_a_letter_was_taken_repeats_it_once(post: PostOffice) -> None:
    make_letters(2)
    post.drops = 1
    sending.send_letters()
    make_all_due()
    sending.send_letters()
    assert states() == ["sent", "sent"]
    assert len(post.mails) == 3
    assert len({mail["Message-ID"] for mail in post.mails}) == 2


def test_server_that_closes_between_two_letters_is_called_again(post: PostOffice) -> None:
    make_letters(3)
    answers = iter(["250 OK", "421 4.3.2 closing", "250 OK", "250 OK", "250 OK"])
    post.data = lambda _one: next(answers)
    sending.send_letters()
    make_all_due()
    sending.send_letters()
    assert states() == ["sent"] * 3
    assert len(post.mails) == 3


def test_two_senders_never_send_the_same_letter(post: PostOffice) -> None:
    [letter] = make_letters(1)
    assert sending._take_up(letter, timezone.now())
    assert not sending._take_up(letter, timezone.now())
    sending.send_letters()
    assert not post.mails


def test_interrupted_letter_is_repeated_once_and_not_before_its_sender_is_lost(post: PostOffice) -> None:
    [letter] = make_letters(1)
    for expected in ([1, 0], [0, 0]):
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENDING, taken_at=timezone.now())
        sending.send_letters()
        assert not post.mails
        pass_minutes(6)
        sending.send_letters()
        assert len(post.mails) == expected[0]
        post.mails.clear()
    assert states() == ["unclear"]


def test_header_injection_is_impossible(post: PostOffice) -> None:
    [letter] = make_letters(1)
    Subscriber.objects.update(mail="a@example.org\nBcc: b@example.org")
    sending.send_letters()
    assert Letter.objects.get(pk=letter.pk).state == LetterState.REFUSED
    assert not post.mails


def test_letter_of_somebody_who_left_is_not_sent(post: PostOffice) -> None:
    make_letters(1)
    Subscriber.objects.all().delete()
    assert not Letter.objects.exists()
    sending.send_letters()
    assert not post.mails


def test_envelope_names_the_letter_where_bounces_have_a_mailbox(post: PostOffice, settings: Settings) -> None:
    settings.EMAIL_BOUNCES = "bounces@example.org"
    [letter] = make_letters(1)
    sending.send_letters()
    assert post.senders == [f"bounces+{letter.pk.hex}@example.org"]
    assert post.mails[0]["From"].addresses[0].addr_spec == "noreply@example.org"
    assert post.mails[0]["Message-ID"] == f"<{letter.pk}@beteiligung.example.org>"


def test_stopped_sender_leaves_the_rest(post: PostOffice) -> None:
    make_letters(3)
    sending.send_letters(lambda: len(post.mails) == 1)
    assert len(post.mails) == 1
    assert states() == ["sent", "waiting", "waiting"]


def test_site_without_a_mail_server_keeps_letters(settings: Settings) -> None:
    settings.SENDS_MAIL = False
    make_letters(1)
    assert not sending.send_letters()
    assert states() == ["waiting"]
