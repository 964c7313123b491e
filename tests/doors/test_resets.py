"""A new password by a letter: nobody learns who has an account, nobody is flooded, and a failing post is no failure."""

import re
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, User
from doors.models import LogInDoor, LogInRecord, Outcome
from geoparticipation.logs import WithoutPrivateLinks
from tests import personas
from tests.background import run_waiting_tasks, waiting_tasks, work
from tests.personas import PASSWORD, staff_browser

ASK = "/accounts/reset/"
NEW_PASSWORD = "a better horse staples batteries"


@pytest.fixture(autouse=True)
def post(settings: Settings) -> None:
    settings.SENDS_MAIL = True
    settings.SITE_URL = "https://beteiligung.example.org"


@pytest.fixture
def planner(db: None) -> User:
    return personas.make_user("planner@example.org")


def ask(email: str, address: str = "192.0.2.1", **more: Any) -> Any:
    answer = Client(REMOTE_ADDR=address).post(ASK, {"email": email}, **more)
    run_waiting_tasks()
    return answer


def link() -> str:
    """The path of the link in the last letter."""
    found = re.search(r"https://beteiligung\.example\.org(/accounts/reset/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def opened(client: Client, path: str) -> str:
    """The address of the form, which has no secret in it."""
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    return str(answer.headers["Location"])


def choose(client: Client, form: str, new: str = NEW_PASSWORD) -> Any:
    return client.post(form, {"new_password1": new, "new_password2": new})


def test_log_in_page_leads_to_it(db: None) -> None:
    assert f'href="{ASK}"' in Client().get("/accounts/login/").content.decode()


def test_letter_leads_to_a_new_password(planner: User) -> None:
    token, browser = ApiToken.issue(planner), staff_browser(planner)
    assert ask("Planner@Example.org").status_code == 302
    [letter] = mail.outbox
    assert letter.to == [planner.email]
    assert letter.subject == "Neues Passwort für Kaiserslautern"
    assert "2 Stunden" in str(letter.body)
    client, path = Client(), link()
    form = opened(client, path)
    page = client.get(form)
    assert path.rsplit("/", 2)[1] not in form + page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert choose(client, form).headers["Location"] == "/accounts/login/"
    assert Client().login(email=planner.email, password=NEW_PASSWORD)
    assert not Client().login(email=planner.email, password=PASSWORD)
    assert ApiToken.find(token) is None
    assert browser.get("/planning/account/").status_code == 302
    # Once is all.
    assert Client().get(path).status_code == 404
    assert choose(client, form).status_code == 404


def test_letter_is_in_the_language_of_the_page(planner: User) -> None:
    client = Client()
    client.cookies["django_language"] = "en"
    client.post(ASK, {"email": planner.email})
    run_waiting_tasks()
    assert "2 hours" in str(mail.outbox[0].body)


def test_answer_does_not_tell_who_has_an_account(planner: User, django_assert_num_queries: Any) -> None:
    personas.make_user("gone@example.org", is_active=False)
    User.objects.create_user("locked@example.org")
    ask("first@example.org")  # begins the day
    answers = []
    tasks = []
    for name in ("planner", "nobody", "gone", "locked"):
        with django_assert_num_queries(5):
            answers.append(Client(REMOTE_ADDR="192.0.2.1").post(ASK, {"email": f"{name}@example.org"}))
        tasks += waiting_tasks()
        run_waiting_tasks()
    assert [name for name, _arguments in tasks] == ["doors.send_reset_letter"] * 4
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {
        (302, "/accounts/reset/asked/")
    }
    assert [letter.to for letter in mail.outbox] == [[planner.email]]
    words = Client().get("/accounts/reset/asked/").content.decode()
    assert "Wenn es zu dieser E-Mail-Adresse ein Konto gibt" in words


@pytest.mark.parametrize("name", ["planner", "nobody"])
def test_fourth_letter_to_one_address_has_to_wait(planner: User, name: str) -> None:
    answers = [ask(f"{name}@example.org", f"192.0.{number}.1") for number in range(5)]
    assert [one.status_code for one in answers] == [302] * 3 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) > 1000
    assert f"{name}@example.org" in answers[-1].content.decode()
    assert len(mail.outbox) == (3 if name == "planner" else 0)


def test_one_network_asks_for_ten_accounts(db: None) -> None:
    answers = [ask(f"number{number}@example.org").status_code for number in range(11)]
    assert answers == [302] * 10 + [429]
    assert ask("number1@example.org", "198.51.100.1").status_code == 302


@pytest.mark.parametrize(
    "email", ["", "planner", "planner@example.org\0", "a\nb@example.org", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_is_told(db: None, email: str) -> None:
    assert ask(email).status_code == 422
    assert not mail.outbox


def test_host_of_the_request_does_not_get_into_the_letter(planner: User, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ask(planner.email, headers={"Host": "evil.example"})
    assert "evil" not in str(mail.outbox[0].body)
    assert link()


@pytest.mark.parametrize(
    "error", [smtplib.SMTPServerDisconnected("planner@example.org"), OSError("no route")]
)
def test_failing_mail_server_tells_nobody_anything(
    planner: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(_letter: EmailMessage) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", fail)
    answers = [ask(planner.email), ask("nobody@example.org")]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {
        (302, "/accounts/reset/asked/")
    }
    assert type(error).__name__ in caplog.text
    assert planner.email not in caplog.text


def test_queue_knows_no_address(planner: User) -> None:
    Client().post(ASK, {"email": planner.email})
    [(_name, arguments)] = waiting_tasks()
    assert set(arguments) == {"user", "language", "asked_at"}
    assert arguments["user"] == planner.pk
    run_waiting_tasks()
    assert len(mail.outbox) == 1
    assert waiting_tasks() == []


def test_letter_is_not_sent_when_its_account_was_closed_meanwhile(planner: User) -> None:
    Client().post(ASK, {"email": planner.email})
    User.objects.update(is_active=False)
    run_waiting_tasks()
    assert not mail.outbox


def test_letter_is_not_sent_hours_later(planner: User, settings: Settings) -> None:
    Client().post(ASK, {"email": planner.email})
    settings.PASSWORD_RESET_TIMEOUT = 0
    run_waiting_tasks()
    assert not mail.outbox


@pytest.mark.django_db(transaction=True)
def test_worker_tries_three_times_to_send_a_letter(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(letter: EmailMessage) -> int:
        tries.append(letter)
        raise smtplib.SMTPServerDisconnected(letter.to[0])

    tries: list[EmailMessage] = []
    planner = personas.make_user("planner@example.org")
    monkeypatch.setattr(EmailMessage, "send", fail)
    Client().post(ASK, {"email": planner.email})
    for attempt in (1, 2, 3):
        work()
        assert len(tries) == attempt
        with connection.cursor() as cursor:  # half an hour later
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    work()
    assert len(tries) == 3
    assert waiting_tasks() == []
    assert planner.email not in caplog.text


def test_site_without_a_mail_server_says_so(planner: User, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    for answer in (Client().get(ASK), ask(planner.email)):
        assert answer.status_code == 200
        assert "kann keine E-Mails verschicken" in answer.content.decode()
        assert "<form" not in answer.content.decode().partition("<main")[2].partition("</main")[0]
    assert not mail.outbox


@pytest.mark.parametrize(
    "path", ["MQ/x-y/", "MQ/set-password/", "AAAA/x-y/", "LTE/x-y/", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y/"]
)
def test_wrong_link_opens_nothing(planner: User, path: str) -> None:
    for answer in (Client().get(ASK + path), choose(Client(), ASK + path)):
        assert answer.status_code == 404
        assert "no-store" in answer.headers["Cache-Control"]
        assert f'href="{ASK}"' in answer.content.decode()


def test_link_is_too_old_after_two_hours(planner: User, settings: Settings) -> None:
    ask(planner.email)
    path = link()
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(path).status_code == 404


def test_link_ends_with_another_change_of_the_password(planner: User) -> None:
    ask(planner.email)
    planner.set_password("other")
    planner.save()
    assert Client().get(link()).status_code == 404


def test_weak_password_is_refused_and_the_link_stays(planner: User) -> None:
    ask(planner.email)
    client = Client()
    form = opened(client, link())
    assert choose(client, form, "short").status_code == 422
    assert choose(client, form).status_code == 302


def test_wishes_and_what_became_of_them_are_recorded(planner: User) -> None:
    for _ in range(4):
        ask(planner.email)
    ask("nobody@example.org")
    client = Client()
    choose(client, opened(client, link()))
    Client().get(f"{ASK}MQ/x-y/")
    assert {(one.door, one.outcome, one.user_id, one.times) for one in LogInRecord.objects.all()} == {
        (LogInDoor.PASSWORD_RESET, Outcome.SUCCEEDED, planner.pk, 3),
        (LogInDoor.PASSWORD_RESET, Outcome.THROTTLED, planner.pk, 1),
        (LogInDoor.PASSWORD_RESET, Outcome.FAILED, None, 1),
        (LogInDoor.PASSWORD_CHANGE, Outcome.SUCCEEDED, planner.pk, 1),
        (LogInDoor.PASSWORD_CHANGE, Outcome.FAILED, None, 1),
    }
    assert LogInRecord.objects.latest("last_at").last_at <= timezone.now()


def test_secret_of_the_link_reaches_no_log(caplog: pytest.LogCaptureFixture) -> None:
    from logging import makeLogRecord

    record = makeLogRecord({"msg": "Forbidden: %s", "args": ("/accounts/reset/MQ/c0ffee-0123456789/",)})
    WithoutPrivateLinks().filter(record)
    assert record.getMessage() == "Forbidden: /accounts/reset/MQ/…/"
