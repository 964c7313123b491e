"""Registrations: places, the waiting list, letters, deletion."""

import uuid
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from engagement import tasks
from engagement.models import EventDate, EventStatus, Letter, LetterAbout, Registration, RegistrationState
from engagement.services.events import single
from engagement.services.events.changes import change_event, values_of
from engagement.services.events.timing import timing_of_date
from engagement.services.events.values import Timing
from engagement.services.registrations import registering
from engagement.services.registrations.registering import Applicant, register
from engagement.services.registrations.reminders import write_reminders
from engagement.services.registrations.retention import delete_persons
from engagement.services.registrations.waiting import position_of
from engagement.services.subscriptions import sending
from mapping.services.erasures.ledger import current_ledger
from mapping.services.erasures.replaying import replay
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.identity import edit_token
from tests.background import waiting_tasks
from tests.engagement.making import make_editor, make_event
from tests.engagement.subscriptions.conftest import sends_to
from tests.engagement.subscriptions.post import free_port, open_office

REGISTERED, WAITING, CANCELLED = RegistrationState.values


@pytest.fixture(autouse=True)
def sends_mail(settings: Settings) -> None:
    settings.SENDS_MAIL = True


def make_date(places: int | None = 2, **fields: Any) -> EventDate:
    event = make_event(takes_registrations=True, registration_places=places, place_name="Hall", **fields)
    return event.dates.get()


def come(date: EventDate, name: str, people: int = 1) -> Registration:
    applicant = Applicant(name=name, mail=f"{name}@example.org", people=people, language="en")
    return register(date, applicant).registration


def weeks_later(date: EventDate) -> Timing:
    """The same times of day three weeks later."""
    timing = timing_of_date(date.event, date)
    ends_on = (timing.ends_on or timing.starts_on) + timedelta(weeks=3)
    return replace(timing, starts_on=timing.starts_on + timedelta(weeks=3), ends_on=ends_on)


def states(date: EventDate) -> dict[str, str]:
    return dict(date.registrations.order_by("created_at").values_list("name", "state"))


def test_places_go_to_who_comes_first(db: None) -> None:
    date = make_date()
    for name in ("ada", "bob", "cem"):
        come(date, name)
    assert states(date) == {"ada": REGISTERED, "bob": REGISTERED, "cem": WAITING}


def test_waiting_list_moves_up_in_order(db: None) -> None:
    date = make_date()
    ada, _bob = come(date, "ada"), come(date, "bob")
    cem, dan = come(date, "cem"), come(date, "dan")
    assert [position_of(cem), position_of(dan)] == [1, 2]
    registering.cancel(ada)
    assert states(date) == {"": CANCELLED, "bob": REGISTERED, "cem": REGISTERED, "dan": WAITING}


def test_nobody_passes_a_group_that_waits(db: None) -> None:
    date = make_date()
    ada = come(date, "ada")
    come(date, "group", people=2)
    come(date, "cem")
    assert states(date) == {"ada": REGISTERED, "group": WAITING, "cem": WAITING}
    registering.cancel(ada)
    assert states(date) == {"": CANCELLED, "group": REGISTERED, "cem": WAITING}


def test_more_places_move_the_waiting_list_up(db: None) -> None:
    date = make_date(places=1)
    come(date, "ada")
    come(date, "bob")
    values = values_of(date.event)
    object.__setattr__(values, "registration_places", 2)
    change_event(date.event, make_editor(), values, None)
    assert states(date) == {"ada": REGISTERED, "bob": REGISTERED}


def test_date_that_is_over_hands_out_no_places(db: None) -> None:
    """How many people came stays true, whatever is changed of the series later."""
    date = make_date(places=1)
    ada, _bob = come(date, "ada"), come(date, "bob")
    EventDate.objects.filter(pk=date.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    values = values_of(date.event)
    object.__setattr__(values, "registration_places", 2)
    change_event(date.event, make_editor(), values, None)
    assert states(date) == {"ada": REGISTERED, "bob": WAITING}
    registering.cancel(ada)
    assert states(date) == {"": CANCELLED, "bob": WAITING}


def test_cancelled_date_that_is_moved_instead_hands_free_places_out(db: None) -> None:
    date, editor = make_date(places=1), make_editor()
    ada, _bob = come(date, "ada"), come(date, "bob")
    single.cancel_date(date, editor, "Storm")
    registering.cancel(ada)
    assert states(date)["bob"] == WAITING
    single.move_date(date, editor, weeks_later(date), "A better day")
    assert states(date)["bob"] == REGISTERED


def test_cancelled_date_that_gets_its_start_back_and_another_end_is_announced(db: None) -> None:
    starts_at = (timezone.now() + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    date, editor = make_date(starts_at=starts_at), make_editor()
    come(date, "ada")
    single.cancel_date(date, editor, "Storm")
    Letter.objects.all().delete()
    single.move_date(date, editor, replace(timing_of_date(date.event, date), ends_time=time(20)), "")
    date.refresh_from_db()
    assert date.status == EventStatus.PLANNED
    assert [letter.about for letter in Letter.objects.all()] == [LetterAbout.CHANGED]


def test_address_registers_once_per_date_whatever_its_case(db: None) -> None:
    date = make_date()
    first = register(date, Applicant(name="Ada", mail="ada@example.org"))
    again = register(date, Applicant(name="Eve", mail=" ADA@Example.org ", people=2))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.registration == first.registration
    assert date.registrations.get().name == "Ada"


def test_who_cancelled_may_register_again(db: None) -> None:
    date = make_date()
    registering.cancel(come(date, "ada"))
    assert come(date, "ada").state == REGISTERED


def test_cancelling_deletes_name_and_address_at_once(db: None) -> None:
    ada = come(make_date(), "ada")
    registering.cancel(ada)
    registering.cancel(ada)
    ada.refresh_from_db()
    assert (ada.name, ada.mail, ada.needs, ada.state) == ("", "", "", CANCELLED)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": " "}, {"name": "required"}),
        ({"mail": ""}, {"mail": "required"}),
        ({"mail": "ada"}, {"mail": "mail_invalid"}),
        ({"mail": "ada@example.org\nBcc: eve@example.org"}, {"mail": "mail_invalid"}),
        ({"name": "x" * 121}, {"name": "too_long"}),
        ({"needs": "x" * 301}, {"needs": "too_long"}),
        ({"people": 0}, {"people": "people_number"}),
        ({"people": 21}, {"people": "people_number"}),
        ({"people": 3}, {"people": "more_than_places"}),
    ],
)
def test_registrations_that_cannot_be(db: None, changed: dict[str, Any], expected: dict[str, str]) -> None:
    values: dict[str, Any] = {"name": "Ada", "mail": "ada@example.org"}
    with pytest.raises(Invalid) as caught:
        register(make_date(), Applicant(**(values | changed)))
    assert {name: problems[0].code for name, problems in caught.value.fields.items()} == expected


def test_registration_ends(db: None) -> None:
    date = make_date(registration_closes_hours=24)
    with pytest.raises(NotAllowed, match="registration_closed"):
        register(date, Applicant(name="Ada", mail="a@example.org"), date.starts_at - timedelta(hours=24))


def test_site_without_mail_stores_no_address(db: None, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    date = make_date()
    stored = register(date, Applicant(name="Ada", mail="ada@example.org")).registration
    assert stored.mail == ""
    sending.send_letters()
    assert mail.outbox == []


# --- letters --------------------------------------------------------------------------------------------------------


def test_letter_confirms_with_link_to_cancel(db: None) -> None:
    ada = come(make_date(), "ada")
    sending.send_letters()
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert f"/registrations/{registering.token_of(ada)}/" in letter.body
    assert letter.subject.startswith("Your registration: ")


def test_online_link_comes_with_a_place_only(db: None) -> None:
    date = make_date(places=1, online_link="https://meet.example/x", hides_online_link=True, kind="hybrid")
    come(date, "ada")
    come(date, "bob")
    sending.send_letters()
    first, second = mail.outbox
    assert "https://meet.example/x" in first.body
    assert "https://meet.example/x" not in second.body
    assert "number 1 on the waiting list" in second.body


def test_letters_follow_the_date(db: None) -> None:
    date, editor = make_date(), make_editor()
    come(date, "ada")
    sending.send_letters()
    single.cancel_date(date, editor, "Storm")
    sending.send_letters()
    single.restore_date(date, editor)
    sending.send_letters()
    subjects = [one.subject.partition(":")[0] for one in mail.outbox]
    assert subjects == ["Your registration", "Cancelled", "New date"]
    assert "Storm" in mail.outbox[1].body


def test_letter_that_is_true_no_more_is_not_sent(db: None) -> None:
    ada = come(make_date(), "ada")
    registering.cancel(ada)
    sending.send_letters()
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_letters_are_german_for_who_reads_german(db: None) -> None:
    register(make_date(), Applicant(name="Ada", mail="ada@example.org", language="de"))
    sending.send_letters()
    assert mail.outbox[0].subject.startswith("Ihre Anmeldung: ")
    assert "Bitte sagen Sie hier ab" in mail.outbox[0].body


def test_letter_waits_in_the_ledger_until_the_mail_server_is_back(db: None, settings: Settings) -> None:
    port = free_port()
    sends_to(settings, port)
    ada = come(make_date(), "ada")
    sending.send_letters()
    letter = Letter.objects.get(registration=ada)
    assert (letter.state, letter.kind, letter.about) == ("waiting", "registration", "state")
    with open_office(port) as office:
        sending.send_letters()
        assert office.recipients == ["ada@example.org"]
        assert office.mails[0]["Message-ID"] == f"<{letter.pk}@beteiligung.example.org>"
        assert "Hello ada," in office.words()
        assert "Hello ada," in office.html()
        assert "List-Unsubscribe" not in office.mails[0]


def test_registration_enqueues_a_sender_behind_its_commit(
    db: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        come(make_date(), "ada")
        assert waiting_tasks() == []
    assert [name for name, _arguments in waiting_tasks()] == ["engagement.send_letters"] * 2


def test_job_of_a_version_without_ledger_is_sent_by_it(db: None) -> None:
    ada = come(make_date(), "ada")
    Letter.objects.all().delete()
    tasks.send_registration_letter(registration=str(ada.pk), about="state")
    tasks.send_registration_letter(registration=str(uuid.uuid4()), about="state")
    sending.send_letters()
    assert [one.to for one in mail.outbox] == [["ada@example.org"]]


# --- reminders --------------------------------------------------------------------------------------------------------


def begin_in(date: EventDate, **hours: float) -> EventDate:
    start = timezone.now() + timedelta(**hours)
    EventDate.objects.filter(pk=date.pk).update(starts_at=start, ends_at=start + timedelta(hours=2))
    date.refresh_from_db()
    return date


def subjects_sent() -> list[str]:
    sending.send_letters()
    found = [one.subject.partition(":")[0] for one in mail.outbox]
    mail.outbox.clear()
    return found


def test_people_with_a_place_are_reminded_once_two_days_before(db: None) -> None:
    date = make_date(places=1)
    ada = come(date, "ada")
    come(date, "bob")
    subjects_sent()
    assert write_reminders() == 0
    begin_in(date, hours=47)
    assert [write_reminders(), write_reminders()] == [1, 0]
    sending.send_letters()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject.partition(":")[0]) == (["ada@example.org"], "Soon")
    assert f"/registrations/{registering.token_of(ada)}/" in letter.body


def test_date_that_was_moved_is_reminded_of_anew(db: None) -> None:
    date, editor = make_date(), make_editor()
    come(date, "ada")
    begin_in(date, hours=40)
    assert write_reminders() == 1
    single.move_date(date, editor, weeks_later(date), "A better day")
    assert write_reminders() == 0
    begin_in(date, hours=30)
    assert write_reminders() == 1


def test_who_just_got_a_mail_about_this_start_is_not_reminded(db: None) -> None:
    date = begin_in(make_date(places=1), hours=30)
    ada, _bob = come(date, "ada"), come(date, "bob")
    registering.cancel(ada)
    assert write_reminders() == 0
    assert sorted(Letter.objects.values_list("about", flat=True)) == ["moved_up", "state", "state"]


@pytest.mark.parametrize("what", ["cancelled", "draft", "begun", "no address", "no mail server"])
def test_nobody_is_reminded_for_nothing(db: None, settings: Settings, what: str) -> None:
    date = make_date()
    ada = come(date, "ada")
    begin_in(date, hours=-1 if what == "begun" else 20)
    if what == "cancelled":
        single.cancel_date(date, make_editor(), "Storm")
    date.event.is_draft = what == "draft"
    date.event.save()
    if what == "no address":
        Registration.objects.filter(pk=ada.pk).update(mail="")
    settings.SENDS_MAIL = what != "no mail server"
    assert write_reminders() == 0


def test_reminder_that_comes_too_late_is_not_sent(db: None) -> None:
    date = make_date()
    come(date, "ada")
    subjects_sent()
    begin_in(date, hours=20)
    write_reminders()
    begin_in(date, hours=-1)
    assert subjects_sent() == []
    assert Letter.objects.filter(about="reminder").count() == 0


# --- deletion ---------------------------------------------------------------------------------------------------------


def test_names_are_deleted_a_day_after_the_date(db: None) -> None:
    old, new = make_date(), make_date()
    for date in (old, new):
        come(date, "ada")
    EventDate.objects.filter(pk=old.pk).update(
        starts_at=timezone.now() - timedelta(days=3), ends_at=timezone.now() - timedelta(days=2)
    )
    assert delete_persons() == 1
    assert delete_persons() == 0
    assert (old.registrations.get().mail, old.registrations.get().name) == ("", "")
    assert new.registrations.get().name == "ada"


def test_forged_link_opens_nothing(db: None) -> None:
    ada = come(make_date(), "ada")
    token = registering.token_of(ada)
    assert registering.registration_of_token(token) == ada
    assert registering.registration_of_token(token[:-2] + "AA") is None
    assert registering.registration_of_token("") is None
    assert registering.registration_of_token(edit_token(ada.pk)) is None


@pytest.mark.django_db
def test_cancelled_registration_of_a_site_without_mail_is_erased_once_more(settings: Settings) -> None:
    settings.SENDS_MAIL = False
    date = make_date()
    going = register(date, Applicant(name="Ada")).registration
    staying = register(date, Applicant(name="Bob")).registration
    registering.cancel(going)
    found = current_ledger()
    assert [one.kind for one in found.entries] == ["registration"]
    # As a restored backup has it.
    Registration.objects.filter(pk=going.pk).update(name="Ada", state=REGISTERED)
    assert replay(found) == {"registration": 1}
    assert states(date) == {"": CANCELLED, "Bob": REGISTERED}
    assert Registration.objects.get(pk=staying.pk).name == "Bob"
